"""Every judge's sheet of a run, read piece by piece: of each standing only the part that is written into a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import msgspec
from sqlalchemy import Text, select, type_coerce
from sqlalchemy.orm import Session

from app.entries.models import Entry
from app.results.models import Standing

CHUNK = 500


class SheetLine(msgspec.Struct, frozen=True):
    """One judge's sheet: total and marks as printed, and what became of it."""

    judge: int
    total: str | None
    fate: str
    marks: dict[str, str] = {}


class _Detail(msgspec.Struct, frozen=True):
    judges: list[SheetLine]


@dataclass(frozen=True)
class Reviewed:
    """An entry with its sheets, in the order of the ranking."""

    code: str
    title: str
    unit: str
    rank: int | None
    score: str | None
    advances: bool
    award_key: str | None
    sheets: list[SheetLine]


def reviews(session: Session, run_id: int, report: Callable[[int], None] = lambda _done: None) -> Iterator[Reviewed]:
    """All entries of the run; one statement for each 500. ``report`` hears how many have been read."""
    decode, last, done = msgspec.json.Decoder(_Detail).decode, -1, 0
    columns = (Standing.position, Entry.public_code, Entry.title, Entry.unit_name, Standing.rank, Standing.score, Standing.advances,
               Standing.award_key, type_coerce(Standing.detail, Text), Standing.entry_id)  # fmt: skip
    wanted = select(*columns).join(Entry, Entry.id == Standing.entry_id).where(Standing.run_id == run_id).order_by(Standing.position)
    while rows := session.execute(wanted.where(Standing.position > last).limit(CHUNK)).all():
        for position, code, title, unit, rank, score, advances, award, detail, entry_id in rows:
            yield Reviewed(code or str(entry_id), title, unit, rank, score, advances, award, decode(detail).judges)
            last = position
        done += len(rows)
        report(done)
