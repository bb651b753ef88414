"""How many bytes are taken: by an entry, by a person, by the entries of a host organization. Replaced files are kept and count."""

from __future__ import annotations

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.calls.models import Edition
from app.entries.models import Entry, EntryFile
from app.files.models import Blob


def used_by_entry(session: Session, entry_id: int) -> int:
    """All files of an entry, in bytes."""
    return _attached(session, EntryFile.entry_id == entry_id)


def used_by_host(session: Session, host_id: int) -> int:
    """All files of all entries of an organization's editions, in bytes."""
    theirs = select(Entry.id).join(Edition, Edition.id == Entry.edition_id).where(Edition.host_id == host_id)
    return _attached(session, EntryFile.entry_id.in_(theirs))


def used_by_person(session: Session, user_id: int | None) -> int:
    """Everything that a person sent and that is still kept, in bytes."""
    return int(session.scalar(select(func.coalesce(func.sum(Blob.size), 0)).where(Blob.uploaded_by_id == user_id)) or 0)


def _attached(session: Session, which: ColumnElement[bool]) -> int:
    total = select(func.coalesce(func.sum(Blob.size), 0)).select_from(EntryFile).join(Blob, Blob.id == EntryFile.blob_id).where(which)
    return int(session.scalar(total) or 0)
