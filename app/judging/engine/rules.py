"""A stage's rules as the scoring package understands them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from app.calls.rules import Rubric, StageRules
from app.core.later import later
from app.core.money import exact
from app.judging.rules import Item, items_of

if TYPE_CHECKING:
    import scoring
else:
    scoring = later("scoring")


def places_of(value: Decimal) -> int:
    """Decimals that are needed to write the value exactly."""
    return max(0, -int(value.normalize().as_tuple().exponent))


def rule_of(rules: StageRules, group: str | None) -> scoring.Rule:
    """The scoring rule of one sheet in a group: criteria, weights, deductions, yes/no items, exact."""
    return rubric_rule(rules.rubric_for(group))


def rubric_rule(rubric: Rubric) -> scoring.Rule:
    """Only what the judge's own total needs; aggregation, ties and rounding of results belong to the results engine."""
    items = items_of(rubric)
    places = max(places_of(i.step) for i in items) if items else 0
    places = max([places, *(places_of(i.high) for i in items)])
    return _weights(rubric, items, places) if rubric.mode == "weights" else _points(rubric, items, places)


def _minor(value: Decimal, places: int) -> int:
    return int(value.scaleb(places))


def _step(item: Item, places: int) -> int:
    step, high = _minor(item.step, places), _minor(item.high, places)
    return step if high % step == 0 else 1  # the sheet checks the step; a full mark off the step is still reachable


def _common(items: tuple[Item, ...], places: int, weights: dict[str, int]) -> tuple[scoring.Criterion, ...]:
    return tuple(
        scoring.Criterion(i.key, weights.get(i.key, 0), 0, _minor(i.high, places), _step(i, places), kind=i.kind)
        for i in items
    )  # fmt: skip


def _points(rubric: Rubric, items: tuple[Item, ...], places: int) -> scoring.Rule:
    weights = {i.key: 1 for i in items if i.kind == "mark"}
    return scoring.Rule(
        _common(items, places, weights), mark_decimals=places, scheme="points", full_mark=_minor(exact(rubric.full), places),
        aggregate=scoring.Mean(), ties=(), deductions="before", min_judges=1,
    )  # fmt: skip


def _weights(rubric: Rubric, items: tuple[Item, ...], places: int) -> scoring.Rule:
    exacts = {i.key: exact(i.weight) for i in items if i.kind == "mark"}
    scale = 10 ** max(places_of(w) for w in exacts.values())
    weights = {key: int(w * scale) for key, w in exacts.items()}
    return scoring.Rule(
        _common(items, places, weights), mark_decimals=places, scheme="weights", weight_sum=sum(weights.values()),
        aggregate=scoring.Mean(), ties=(), deductions="before", min_judges=1,
    )  # fmt: skip
