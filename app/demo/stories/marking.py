"""How invented judges mark: an entry has a quality, a judge a temper, and every mark is on the rubric's step."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from app.calls.rules import Rubric
from app.core.money import exact
from app.demo.projects import COMMENTS

Marks = dict[str, Decimal]


def marks_for(rubric: Rubric, quality: int, temper: int, random: Random) -> dict[str, Decimal]:
    """Marks on every item. ``quality`` (60–95) is the entry's level in percent, ``temper`` the judge's leaning in percent."""
    step = exact(rubric.step)
    marks = {}
    for leaf in rubric.leaves():
        full = exact(rubric.full) if rubric.mode == "weights" else exact(leaf.full)
        percent = max(30, min(100, quality + temper + random.randrange(-5, 6)))
        marks[leaf.key] = _on_step(full * percent / 100, step, full)
    marks |= {item.key: Decimal(0) for item in rubric.deductions}
    marks |= {item.key: Decimal(1) for item in rubric.gates}
    return marks


def comment_for(random: Random) -> str:
    return random.choice(COMMENTS)


def _on_step(value: Decimal, step: Decimal, full: Decimal) -> Decimal:
    return min(full, (value / step).to_integral_value() * step)
