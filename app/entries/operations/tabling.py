"""The organizer's table: saved views, steps for several entries at once, messages, exports."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.audit.operations import record
from app.calls.models import Edition
from app.calls.operations.freezing import hold_edition
from app.core.authz import Actor
from app.core.errors import DomainError
from app.entries.enums import EntryState, MemberState
from app.entries.events import EntriesExported, TeamsWrittenTo
from app.entries.models import Entry, EntryMember, SavedView
from app.entries.operations.checking import accept_entry, return_entry
from app.notify.operations import queue_message


@dataclass(frozen=True)
class Outcome:
    """What a step for several entries did, and why it left some out."""

    done: list[int]
    left_out: dict[int, str]


def save_view(session: Session, *, edition: Edition, name: str, parameters: Mapping[str, Any], actor: Actor, now: datetime) -> SavedView:
    """Keep filters and columns under a name; the same name is replaced."""
    known = select(SavedView).where(SavedView.user_id == actor.user_id, SavedView.edition_id == edition.id, SavedView.name == name)
    view = session.scalar(known)
    if view is None:
        view = SavedView(user_id=actor.user_id, edition_id=edition.id, name=name, parameters=dict(parameters))
        session.add(view)
    view.parameters = dict(parameters)
    return view


def accept_entries(session: Session, *, edition: Edition, ids: Sequence[int], actor: Actor, now: datetime) -> Outcome:
    """Pass the formal check for several; those that cannot pass are left out with the reason."""
    return _each(session, edition, ids, lambda entry: accept_entry(session, entry=entry, actor=actor, now=now))


def return_entries(session: Session, *, edition: Edition, ids: Sequence[int], reason: str, open_fields: Sequence[str], due_at: datetime,
                   actor: Actor, now: datetime) -> Outcome:  # fmt: skip
    """Return several with the same reason, fields and due time."""
    return _each(
        session, edition, ids,
        lambda entry: return_entry(session, entry=entry, reason=reason, open_fields=open_fields, due_at=due_at, actor=actor, now=now),
    )  # fmt: skip


def _each(session: Session, edition: Edition, ids: Sequence[int], act: Callable[[Entry], Any]) -> Outcome:
    hold_edition(session, edition.id)
    done: list[int] = []
    left_out: dict[int, str] = {}
    for entry in entries_among(session, edition, ids):
        if entry.state != EntryState.SUBMITTED:
            left_out[entry.id] = str(entry.state.label)
            continue
        try:
            with session.begin_nested():
                act(entry)
            done.append(entry.id)
        except DomainError as error:
            left_out[entry.id] = str(error)
    return Outcome(done, left_out)


def entries_among(session: Session, edition: Edition, ids: Sequence[int]) -> list[Entry]:
    """Those of the ids that are handed-in entries of the edition, locked in one order."""
    wanted = select(Entry).where(Entry.id.in_(ids), Entry.edition_id == edition.id, Entry.submitted_at.is_not(None)).order_by(Entry.id)
    return list(session.scalars(wanted.with_for_update(of=Entry)))


def write_to_teams(session: Session, *, edition: Edition, ids: Sequence[int], subject: str, text: str, actor: Actor, now: datetime) -> int:
    """One mail to each confirmed member of the entries; returns how many. Records TeamsWrittenTo."""
    same = hashlib.sha256(f"{subject}\0{text}".encode()).hexdigest()[:16]
    batch, sent = f"teams:{edition.id}:{same}:{now:%Y%m%d%H%M}", 0  # a second click within the minute sends nothing more
    hold_edition(session, edition.id)
    entries = {entry.id: entry for entry in entries_among(session, edition, ids)}
    people = (
        select(EntryMember, User).join(User, User.id == EntryMember.user_id)
        .where(EntryMember.entry_id.in_(entries), EntryMember.state == MemberState.CONFIRMED).order_by(EntryMember.id)
    )  # fmt: skip
    for member, user in session.execute(people):
        entry = entries[member.entry_id]
        context = {"subject": subject, "text": text, "entry": entry, "edition": edition}
        queue_message(
            session, template="entries/message", to=user, locale=user.locale, context=context,
            dedup=f"{batch}:{entry.id}:{user.id}", rests_on=f"member:{member.id}", now=now,
            edition_id=edition.id, batch=batch, link=f"/my/entries/{entry.code}",
        )  # fmt: skip
        sent += 1
    record(session, TeamsWrittenTo(edition.id, edition.id, subject, len(entries), sent), actor=actor, now=now)
    return sent


def note_export(session: Session, *, edition: Edition, columns: Sequence[str], number: int, actor: Actor, now: datetime) -> None:
    """Who took which columns of how many entries out of the system. Records EntriesExported."""
    record(session, EntriesExported(edition.id, edition.id, list(columns), number), actor=actor, now=now)
