"""Files of an entry with their history."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.entries.models import EntryFile


def history(session: Session, entry_id: int, key: str | None = None) -> list[EntryFile]:
    """All files of a field (or of the entry), those in force first, then by time."""
    rows = select(EntryFile).where(EntryFile.entry_id == entry_id).options(joinedload(EntryFile.blob))
    if key is not None:
        rows = rows.where(EntryFile.field_key == key)
    return list(
        session.scalars(rows.order_by(EntryFile.replaced_at.is_not(None), EntryFile.position, EntryFile.added_at.desc(), EntryFile.id))
    )
