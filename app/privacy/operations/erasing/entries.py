"""Erasing a person from entries: those that were theirs alone lose their content, a team's entry only the person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from app.core.db import Base
from app.core.uow import after_commit
from app.downloads.models import Download
from app.entries.models import (
    BlindCopy,
    BlindFile,
    EditionRoom,
    Entry,
    EntryFile,
    EntryMember,
    EntryMove,
    EntryVersion,
    Exclusion,
    FormalCheck,
    StageEntry,
)
from app.files.models import Blob
from app.files.setup import storage
from app.privacy.queries.footprint import Footprint
from app.privacy.rules import GONE, redact, withheld

from .people import placeholder

#: Reasons typed about an entry, in which its people may be named.
_REASONS: tuple[tuple[type[Base], str], ...] = (
    (EntryMove, "reason"), (FormalCheck, "reason"), (Exclusion, "reason"), (StageEntry, "left_reason"),
)  # fmt: skip


def erase_from_entries(session: Session, found: Footprint) -> dict[str, int]:
    """Counts by kind. The results of the entries know them by number only and are not touched."""
    for entry in _rows(session, Entry, Entry.id, found.alone):
        _empty(session, entry, keep_title=entry.id in found.official)
    for entry in _rows(session, Entry, Entry.id, found.shared):
        entry.answers, entry.eligibility = redact(entry.answers, found.words), redact(entry.eligibility, found.words)
        entry.title, entry.sort_key = redact(entry.title, found.words), redact(entry.sort_key, found.words)
        for version in session.scalars(select(EntryVersion).where(EntryVersion.entry_id == entry.id)):
            version.content, version.receipt = redact(version.content, found.words), redact(version.receipt, found.words)
        for copy in session.scalars(select(BlindCopy).where(BlindCopy.entry_id == entry.id)):
            copy.content, copy.title = redact(copy.content, found.words), redact(copy.title, found.words)
    _rename_files(session, found)
    for model, column in _REASONS:
        for row in _rows(session, model, model.entry_id, found.entries):  # type: ignore[attr-defined]
            setattr(row, column, redact(getattr(row, column), found.words))
    members = _leave_teams(session, found)
    return {"entries_emptied": len(found.alone), "entries_shared": len(found.shared), "entry_members": members,
            "blobs": _remove_files(session, found), "downloads": _remove_downloads(session, found)}  # fmt: skip


def _empty(session: Session, entry: Entry, *, keep_title: bool) -> None:
    entry.answers, entry.eligibility = {}, {}
    if not keep_title:
        entry.title, entry.sort_key, entry.unit_name, entry.unit_uscc = GONE, "", "", None
    for version in session.scalars(select(EntryVersion).where(EntryVersion.entry_id == entry.id)):
        version.content = withheld(version.content, keep_title=keep_title)
        version.receipt = {**version.receipt, "files": [], **({} if keep_title else {"title": GONE})}
    for copy in session.scalars(select(BlindCopy).where(BlindCopy.entry_id == entry.id)):
        copy.title, copy.content, copy.findings, copy.undecided = GONE, {"answers": {}, "files": []}, [], 0


def _leave_teams(session: Session, found: Footprint) -> int:
    """The person's place in every team, empty; of entries that were theirs alone also those who only were invited."""
    away = EntryMember.email == placeholder(found.user_id)
    mine = or_(EntryMember.user_id == found.user_id, EntryMember.email.in_(found.words), EntryMember.entry_id.in_(found.alone))
    rows = list(session.scalars(select(EntryMember).where(EntryMember.entry_id.in_(found.entries), mine, ~away).order_by(EntryMember.id)))
    for row in rows:
        is_person = row.user_id == found.user_id or row.email in found.words
        row.email = placeholder(found.user_id) if is_person else f"erased-member-{row.id}@erased.invalid"
        row.name, row.unit, row.position = GONE, "", ""
    return len(rows)


def _rename_files(session: Session, found: Footprint) -> None:
    """A team keeps its files; only their names may name the person."""
    for blob in session.scalars(select(Blob).join(EntryFile, EntryFile.blob_id == Blob.id).where(EntryFile.entry_id.in_(found.shared))):
        blob.name = redact(blob.name, found.words)[:255]


def _remove_files(session: Session, found: Footprint) -> int:
    """Rows now, objects after the commit; the nightly sweep takes what that step leaves behind."""
    copies = select(BlindCopy.id).where(BlindCopy.entry_id.in_(found.alone))
    session.execute(delete(BlindFile).where(BlindFile.copy_id.in_(copies)))
    _give_room_back(session, found)
    session.execute(delete(EntryFile).where(EntryFile.entry_id.in_(found.alone)))
    return _remove_blobs(session, found.files)


def _give_room_back(session: Session, found: Footprint) -> None:
    """What the files of the entries took, per edition."""
    files = select(Entry.edition_id, func.sum(Blob.size)).join(EntryFile, EntryFile.entry_id == Entry.id)
    freed = files.join(Blob, Blob.id == EntryFile.blob_id).where(Entry.id.in_(found.alone)).group_by(Entry.edition_id)
    for edition_id, size in session.execute(freed).all():
        less = update(EditionRoom).where(EditionRoom.edition_id == edition_id).values(taken=EditionRoom.taken - int(size))
        session.execute(less, execution_options={"synchronize_session": False})


def _remove_downloads(session: Session, found: Footprint) -> int:
    """Lists and tables that were made for somebody to fetch: those of the person's editions and of the person; they can be made again."""
    near = or_(Download.requester_id == found.user_id, Download.edition_id.in_(found.editions), Download.edition_id.is_(None))
    made = list(session.execute(delete(Download).where(near).returning(Download.id, Download.blob_id)).all())
    _remove_blobs(session, tuple(row.blob_id for row in made if row.blob_id is not None))
    return len(made)


def _remove_blobs(session: Session, ids: tuple[int, ...]) -> int:
    keys = list(session.scalars(delete(Blob).where(Blob.id.in_(ids)).returning(Blob.key)))
    for key in keys:
        after_commit(session, _forget_object, key)
    return len(keys)


def _forget_object(key: str) -> None:
    storage().delete(key)


def _rows(session: Session, model: type[Base], column: Any, ids: tuple[int, ...]) -> list[Any]:
    return list(session.scalars(select(model).where(column.in_(ids)).order_by(model.id)))  # type: ignore[attr-defined]
