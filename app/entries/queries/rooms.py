"""How many bytes are taken: by an entry, by a person, by the entries of a host organization. Replaced files are kept and count."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import ColumnElement, ScalarSelect, func, select
from sqlalchemy.orm import Session

from app.calls.models import Edition
from app.entries.models import Entry, EntryFile
from app.files.models import Blob


class Taken(NamedTuple):
    """Bytes: all files of an entry; all files of all entries of its host's editions; everything that a person sent and that is kept."""

    entry: int
    host: int
    person: int


def taken(session: Session, entry: Entry, user_id: int | None) -> Taken:
    """What is taken now, in one statement."""
    theirs = select(Entry.id).join(Edition, Edition.id == Entry.edition_id).where(Edition.host_id == entry.call.edition.host_id)
    row = session.execute(
        select(
            _attached(EntryFile.entry_id == entry.id), _attached(EntryFile.entry_id.in_(theirs)),
            select(_BYTES).where(Blob.uploaded_by_id == user_id).scalar_subquery(),
        )
    ).one()  # fmt: skip
    return Taken(*map(int, row))


_BYTES = func.coalesce(func.sum(Blob.size), 0)


def _attached(which: ColumnElement[bool]) -> ScalarSelect[int]:
    return select(_BYTES).select_from(EntryFile).join(Blob, Blob.id == EntryFile.blob_id).where(which).scalar_subquery()
