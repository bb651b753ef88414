"""Entries for judging: who takes part in a stage, and what judges read, as objects that hold no hidden name."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from app.dynforms.display import ShownSection, display
from app.dynforms.models import FormVersion
from app.entries.models import BlindCopy, Entry, EntryVersion, StageEntry
from app.files.models import Blob


@dataclass(frozen=True)
class JudgeFile:
    """A file as a judge sees it. ``number`` names it in addresses; ``ready`` is false until its cleaned copy exists."""

    number: int
    field: str
    name: str
    size: int
    pages: int | None
    content_type: str
    ready: bool = True


@dataclass(frozen=True)
class JudgeEntry:
    """What a judge may read of an entry: no team, no unit, no sender's file names where the stage is blind."""

    entry_id: int
    code: str
    title: str
    call_id: int
    sections: tuple[ShownSection, ...]
    files: tuple[JudgeFile, ...]
    blind: bool


def stage_entries(session: Session, stage_id: int, call_ids: Collection[int] | None = None) -> list[Entry]:
    """The entries that take part in the stage now, with their calls, in the order drawn, else by public code."""
    query = (
        select(Entry).join(StageEntry, StageEntry.entry_id == Entry.id).join(Entry.call)
        .where(StageEntry.stage_id == stage_id, StageEntry.left_at.is_(None)).options(contains_eager(Entry.call))
    )  # fmt: skip
    if call_ids is not None:
        query = query.where(Entry.call_id.in_(call_ids))
    return list(session.scalars(query.order_by(StageEntry.draw_order, Entry.public_code, Entry.id)))


def judge_entry(session: Session, entry_id: int, *, blind: bool, locale: str) -> JudgeEntry | None:
    """Two statements: the row with the blind copy (or the version that counts) and the form."""
    return _blind_entry(session, entry_id, locale) if blind else _open_entry(session, entry_id, locale)


def _blind_entry(session: Session, entry_id: int, locale: str) -> JudgeEntry | None:
    row = session.execute(
        select(Entry.public_code, Entry.call_id, BlindCopy.title, BlindCopy.content, FormVersion)
        .join(BlindCopy, BlindCopy.entry_id == Entry.id).join(EntryVersion, EntryVersion.id == BlindCopy.version_id)
        .join(FormVersion, FormVersion.id == EntryVersion.form_version_id).where(Entry.id == entry_id)
    ).first()  # fmt: skip
    if row is None or row.public_code is None:
        return None
    files = tuple(_blind_file(number, file) for number, file in enumerate(row.content["files"]))
    sections = _sections(row.FormVersion, row.content["answers"], files, "blind", locale)
    return JudgeEntry(entry_id, row.public_code, row.title, row.call_id, sections, files, blind=True)


def _open_entry(session: Session, entry_id: int, locale: str) -> JudgeEntry | None:
    row = session.execute(
        select(Entry.public_code, Entry.call_id, Entry.title, EntryVersion.content, FormVersion)
        .join(EntryVersion, EntryVersion.id == Entry.current_version_id).join(FormVersion, FormVersion.id == EntryVersion.form_version_id)
        .where(Entry.id == entry_id)
    ).first()  # fmt: skip
    if row is None or row.public_code is None:
        return None
    files = tuple(_open_file(number, file) for number, file in enumerate(row.content["files"]))
    sections = _sections(row.FormVersion, row.content["answers"], files, "judges", locale)
    shown = {file.number for section in sections for field in section.fields for file in field.files}
    seen = tuple(file for file in files if file.number in shown)
    return JudgeEntry(entry_id, row.public_code, row.content["title"], row.call_id, sections, seen, blind=False)


def _sections(
    form: FormVersion, answers: Mapping[str, Any], files: Collection[JudgeFile], audience: str, locale: str
) -> tuple[ShownSection, ...]:
    by_field: dict[str, list[JudgeFile]] = {}
    for file in files:
        by_field.setdefault(file.field, []).append(file)
    return tuple(display(form.schema, answers, audience=audience, locale=locale, files=by_field))


def _blind_file(number: int, file: Mapping[str, Any]) -> JudgeFile:
    ready = file.get("blob_id") is not None
    return JudgeFile(number, file["field"], file["name"], file["size"], file["pages"], file["type"], ready)


def _open_file(number: int, file: Mapping[str, Any]) -> JudgeFile:
    return JudgeFile(number, file["field"], file["name"], file["size"], file["pages"], file["type"])


def judge_file(session: Session, entry_id: int, number: int, *, blind: bool, locale: str = "zh_CN") -> tuple[Blob, str] | None:
    """The bytes and name to deliver to a judge, or None when there is no such file for a judge (or not yet)."""
    shown = judge_entry(session, entry_id, blind=blind, locale=locale)
    wanted = next((file for file in shown.files if file.number == number), None) if shown else None
    if wanted is None or not wanted.ready:
        return None
    if blind:
        content = session.scalar(select(BlindCopy.content).where(BlindCopy.entry_id == entry_id))
    else:
        content = session.scalar(
            select(EntryVersion.content).join(Entry, Entry.current_version_id == EntryVersion.id).where(Entry.id == entry_id)
        )
    blob = session.get(Blob, content["files"][number]["blob_id"]) if content else None
    return (blob, wanted.name) if blob else None
