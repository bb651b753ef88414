"""Journal rows as pages show them: with names of people, in words, without what must stay unseen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.accounts.enums import Role
from app.audit.events import AlarmRaised
from app.audit.labels import event_label, payload_label, subject_label
from app.audit.models import JournalEvent, Reading
from app.audit.queries import payload_of
from app.calls.affected import in_words
from app.calls.models import Edition
from app.entries.models import Entry
from app.judging.models import Assignment, ScoreSheet

from .troubles import told
from .users import names_of
from .wording import word_of

#: Payload keys that tell marks or ranks; supervisors and auditors never see them (trust: no scores before sealing).
HIDDEN = frozenset(
    {"marks", "mark", "total", "totals", "score", "scores", "rank", "value", "values", "deviation", "mean", "comment", "old_email"}
)
#: Keys that are the row's own business, shown elsewhere or of no use to a reader.
SILENT = frozenset({"edition_id", "id", "reopening_id"})
#: Things about one entry each, which a reader knows by the entry's code.
CODED = frozenset({"entry", "assignment", "score_sheet"})
PEOPLE = frozenset({"user_id", "judge_id", "by_id", "to_user_id", "leader_id", "officer_id", "from_user_id"})


@dataclass(frozen=True)
class Line:
    """One fact in words."""

    seq: int
    chain: str
    at: datetime
    name: str
    label: object
    actor: str
    role: object
    subject: object
    subject_id: int | None
    #: the code of the entry that the fact is about, where the reader works with entries; empty otherwise
    entry: str
    details: list[tuple[object, str]]
    reason: str
    is_erased: bool
    hash: str


@dataclass(frozen=True)
class Opened:
    """One look at something."""

    at: datetime
    who: str
    subject: object
    subject_id: int
    #: the entry's code and title, the edition's code; empty for other things
    title: str
    edition_id: int | None
    details: str


def lines(session: Session, rows: Iterable[JournalEvent], *, coded: bool = False) -> list[Line]:
    """The rows with names, in one further statement; ``coded`` with the codes of their entries, in two more."""
    rows = list(rows)
    payloads = {row.id: payload_of(row) for row in rows}
    people = {row.actor_id for row in rows} | {
        value for payload in payloads.values() if payload for key, value in payload.items() if key in PEOPLE and isinstance(value, int)
    }
    names = names_of(session, people)
    codes = _codes(session, rows, payloads) if coded else {}
    return [_line(row, payloads[row.id], names, codes) for row in rows]


def _codes(session: Session, rows: list[JournalEvent], payloads: dict[int, Any]) -> dict[tuple[str, int], str]:
    """By kind and id, the codes under which staff and judges know the entries."""
    ids: dict[str, set[int]] = {"entry": {payload["entry_id"] for payload in payloads.values() if payload and payload.get("entry_id")}}
    for row in rows:
        if row.subject in CODED and row.subject_id is not None:
            ids.setdefault(row.subject, set()).add(row.subject_id)
    shown = func.coalesce(Entry.public_code, Entry.code)
    found = {("entry", key): code for key, code in session.execute(select(Entry.id, shown).where(Entry.id.in_(ids["entry"])))}
    of = select(Assignment.id, ScoreSheet.id, shown).join(Entry, Entry.id == Assignment.entry_id)
    of = of.outerjoin(ScoreSheet, ScoreSheet.assignment_id == Assignment.id)
    wanted = or_(Assignment.id.in_(ids.get("assignment", set())), ScoreSheet.id.in_(ids.get("score_sheet", set())))
    for assignment_id, sheet_id, code in session.execute(of.where(wanted)):
        found |= {("assignment", assignment_id): code, ("score_sheet", sheet_id): code}
    return found


def opened(session: Session, rows: Iterable[Reading], *, titled: bool) -> list[Opened]:
    """Looks with the names of who looked and, where ``titled``, of what was looked at. Two or three further statements.

    Whoever watches one edition reads titles; an auditor of the site has nothing to do with entries.
    """
    rows = list(rows)
    names = names_of(session, {row.actor_id for row in rows})
    titles = _titles(session, rows) if titled else {}
    return [
        Opened(row.at, names.get(row.actor_id, f"#{row.actor_id}"), subject_label(row.subject), row.subject_id,
               titles.get((row.subject, row.subject_id), ""), row.edition_id,
               ", ".join(f"{payload_label(key)}: {value}" for key, value in (row.detail or {}).items()))
        for row in rows
    ]  # fmt: skip


def _titles(session: Session, rows: list[Reading]) -> dict[tuple[str, int], str]:
    """Entries by code and title, editions by their code."""
    ids = {noun: {row.subject_id for row in rows if row.subject == noun} for noun in ("entry", "edition")}
    entries = session.execute(select(Entry.id, Entry.code, Entry.title).where(Entry.id.in_(ids["entry"])))
    editions = session.execute(select(Edition.id, Edition.code).where(Edition.id.in_(ids["edition"]))) if ids["edition"] else ()
    return {("entry", key): f"{code} · {title}" for key, code, title in entries} | {("edition", key): code for key, code in editions}


def _line(row: JournalEvent, payload: dict[str, Any] | None, names: dict[int, str], codes: dict[tuple[str, int], str]) -> Line:
    shown = payload or {}
    if row.name == AlarmRaised.name and payload:
        shown = {**shown, "detail": told(shown["kind"], shown["detail"])}
    coded = {key: codes.get(("entry", value)) for key, value in shown.items() if key == "entry_id"}
    details = [
        (payload_label(key), coded.get(key) or _said(row.name, key, value, names)) for key, value in shown.items() if _is_shown(key, value)
    ]
    role = Role(row.actor_role).label if row.actor_role in set(Role) else ""
    actor = names.get(row.actor_id, f"#{row.actor_id}") if row.actor_id else ""
    return Line(
        row.seq, row.chain, row.at, row.name, event_label(row.name), actor, role, subject_label(row.subject), row.subject_id,
        codes.get((row.subject, row.subject_id or 0), ""), details,
        word_of(row.name, "reason", str(shown.get("reason") or "")), payload is None, row.hash,
    )  # fmt: skip


def _is_shown(key: str, value: Any) -> bool:
    return key not in HIDDEN and key not in SILENT and key != "reason" and value not in (None, "", [], {})


def _said(event_name: str, key: str, value: Any, names: dict[int, str]) -> str:
    if key in PEOPLE and isinstance(value, int):
        return names.get(value, f"#{value}")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if key.endswith("digest") or key == "sha256":
        return f"{value!s:.16}…"
    if isinstance(value, dict):
        said = in_words(value) or [_("nobody")]
    else:
        said = [word_of(event_name, key, str(each)) for each in (value if isinstance(value, list) else [value])]
    text = _(", ").join(said)
    return text if len(text) <= 120 else text[:117] + "…"
