"""Blind copies for the staff: their files with what was found in each, and where a decision is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.calls.models import Stage, StageRuleVersion
from app.entries.models import BlindCopy, Entry
from app.entries.rules.blinding import must_be_cleaned, waits_for_decision
from app.files.models import Blob


@dataclass(frozen=True)
class JudgesFile:
    """A file of a blind copy. ``state``: cleaning, waiting, given, asked, withheld."""

    number: int
    name: str
    state: str
    is_cleaned: bool
    was_sent_anew: bool
    reason: str
    findings: tuple[dict[str, Any], ...]


def blind_copy(session: Session, entry_id: int) -> BlindCopy | None:
    return session.scalar(select(BlindCopy).where(BlindCopy.entry_id == entry_id))


def judges_files(copy: BlindCopy) -> list[JudgesFile]:
    """Every file, in order."""
    return [
        JudgesFile(
            number, file["name"], _state(file), bool(file.get("blob_id") or file.get("held_blob_id")), bool(file.get("sent")),
            (file.get("decision") or {}).get("reason", ""), tuple(row for row in copy.findings if row["place"] == file["name"]),
        )
        for number, file in enumerate(copy.content["files"])
    ]  # fmt: skip


def _state(file: dict[str, Any]) -> str:
    if file.get("blob_id"):
        return "given"
    if must_be_cleaned(file):
        return "cleaning"
    if waits_for_decision(file):
        return "waiting"
    return "asked" if file["decision"]["choice"] == "ask" else "withheld"


def cleaned_file(session: Session, copy: BlindCopy, number: int) -> tuple[Blob, str] | None:
    """The cleaned copy of a file and its name for judges, also while it is held back."""
    files = copy.content["files"]
    if number >= len(files):
        return None
    blob_id = files[number].get("blob_id") or files[number].get("held_blob_id")
    blob = session.get(Blob, blob_id) if blob_id else None
    return (blob, files[number]["name"]) if blob else None


def is_blind_edition(session: Session, edition_id: int) -> bool:
    """Whether any stage is blind, by its working rules or by those in force: only then judges get cleaned files."""
    query = (
        select(Stage.rules, StageRuleVersion.rules)
        .outerjoin(StageRuleVersion, StageRuleVersion.id == Stage.rule_version_id)
        .where(Stage.edition_id == edition_id)
    )
    return any(rules.disclosure.blind for row in session.execute(query) for rules in row if rules is not None)


def undecided_entries(session: Session, edition_id: int) -> list[Row[Any]]:
    """Entries with files that wait, with the number of them; longest waiting first. None where no stage is blind."""
    if not is_blind_edition(session, edition_id):
        return []
    query = (
        select(Entry.code, Entry.public_code, Entry.title, BlindCopy.undecided, BlindCopy.made_at)
        .join(BlindCopy, BlindCopy.entry_id == Entry.id)
        .where(Entry.edition_id == edition_id, BlindCopy.undecided > 0)
    )
    return list(session.execute(query.order_by(BlindCopy.made_at, Entry.id)))
