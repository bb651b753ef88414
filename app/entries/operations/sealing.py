"""Sealing what an earlier version of the system kept in clear: answers of entries and their handed-in versions."""

from __future__ import annotations

import msgspec
from sqlalchemy import Text, select, type_coerce, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.core.types import SealedJSON
from app.entries.models import Entry, EntryVersion

SEALED_COLUMNS: tuple[InstrumentedAttribute[object], ...] = (Entry.answers, EntryVersion.content)


def seal_some(session: Session, limit: int = 200) -> int:
    """Seal up to ``limit`` rows of each table and say how many. A row that changed meanwhile was sealed by that change.

    Nothing of the record changes, so nothing is recorded: the digest of a version is taken of its words.
    """
    return sum(_seal_column(session, column, limit) for column in SEALED_COLUMNS)


def _seal_column(session: Session, column: InstrumentedAttribute[object], limit: int) -> int:
    model, raw = column.class_, type_coerce(column, Text)
    clear = select(model.id, raw).where(raw.not_like(f"{SealedJSON.MARK}%")).order_by(model.id).limit(limit)
    rows = session.execute(clear).all()
    for number, text in rows:
        again = update(model).where(model.id == number, raw == text).values({column.key: msgspec.json.decode(text)})
        session.execute(again, execution_options={"synchronize_session": False})
    return len(rows)
