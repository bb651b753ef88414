"""What must hold of the data at every moment, beyond what one operation or one constraint sees.

Every feature lists its own in ``invariants.py``; ``admin.invariants`` puts them together. Each is a plain select that both engines
run and that returns the rows which break it: the identifying columns, nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session


@dataclass(frozen=True)
class Invariant:
    """One rule: its name (``feature.what_holds``), the sentence that people read, and the select of what breaks it."""

    name: str
    sentence: object
    breaks: str

    def broken(self, session: Session, limit: int = 20) -> list[tuple[Any, ...]]:
        """The rows that break the rule, at most ``limit`` of them."""
        broken = text(self.breaks).columns().subquery("broken")
        return [tuple(row) for row in session.execute(select(text("*")).select_from(broken).limit(limit))]


def gaps(table: str, owner: str, number: str = "number") -> str:
    """The owners whose rows are not numbered 1, 2, 3 … without gap or repeat."""
    return (
        f"SELECT {owner} FROM {table} GROUP BY {owner} "  # nosec B608 -- names of our own tables
        f"HAVING max({number}) <> count(*) OR count(DISTINCT {number}) <> count(*) OR min({number}) <> 1"
    )
