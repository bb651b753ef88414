"""How many bytes are taken: by an entry, by a person, by the entries of a host organization. Replaced files are kept and count."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Function, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.calls.models import Edition
from app.entries.models import EditionRoom, Entry, EntryFile
from app.files.models import Blob


class Taken(NamedTuple):
    """Bytes: all files of an entry; all files of all entries of its host's editions; everything that a person sent and that is kept."""

    entry: int
    host: int
    person: int


def taken(session: Session, entry: Entry, user_id: int | None) -> Taken:
    """What is taken now, in one statement."""
    rooms = select(_sum(EditionRoom.taken)).join(Edition, Edition.id == EditionRoom.edition_id)
    row = session.execute(
        select(
            select(_sum(Blob.size)).join(EntryFile, EntryFile.blob_id == Blob.id).where(EntryFile.entry_id == entry.id).scalar_subquery(),
            rooms.where(Edition.host_id == entry.call.edition.host_id).scalar_subquery(),
            select(_sum(Blob.size)).where(Blob.uploaded_by_id == user_id).scalar_subquery(),
        )
    ).one()  # fmt: skip
    return Taken(*map(int, row))


def _sum(bytes_: InstrumentedAttribute[int]) -> Function[int]:
    return func.coalesce(func.sum(bytes_), 0)
