"""What a correction changes, entry by entry."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from app.entries.models import Entry
from app.results.models import Standing


@dataclass(frozen=True)
class Difference:
    """One entry in both runs; None stands for "not in this run"."""

    code: str
    title: str
    old_rank: int | None
    new_rank: int | None
    old_score: str | None
    new_score: str | None
    old_advances: bool
    new_advances: bool
    old_award: str | None
    new_award: str | None


def differences(session: Session, old_id: int, new_id: int) -> list[Difference]:
    """Entries whose rank, score, award or advancement differ between two runs, in the new order. One statement."""
    old, new = aliased(Standing), aliased(Standing)
    rows = session.execute(
        select(Entry.public_code, Entry.title, old, new)
        .join(new, (new.entry_id == Entry.id) & (new.run_id == new_id), isouter=True)
        .join(old, (old.entry_id == Entry.id) & (old.run_id == old_id), isouter=True)
        .where(new.id.is_not(None) | old.id.is_not(None))
        .order_by(new.position.is_(None), new.position, old.position)
    )
    found = [_difference(code or "", title, before, after) for code, title, before, after in rows]
    return [d for d in found if _left(d) != _right(d)]


def _difference(code: str, title: str, old: Standing | None, new: Standing | None) -> Difference:
    return Difference(
        code, title, old.rank if old else None, new.rank if new else None, old.score if old else None, new.score if new else None,
        bool(old and old.advances), bool(new and new.advances), old.award_key if old else None, new.award_key if new else None,
    )  # fmt: skip


def _left(d: Difference) -> tuple[object, ...]:
    return d.old_rank, d.old_score, d.old_advances, d.old_award


def _right(d: Difference) -> tuple[object, ...]:
    return d.new_rank, d.new_score, d.new_advances, d.new_award
