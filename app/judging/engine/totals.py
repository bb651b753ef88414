"""The exact weighted total of one sheet, as the scoring package computes it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from app.calls.rules import Rubric
from app.core.later import later

from .rules import rubric_rule

if TYPE_CHECKING:
    import scoring
else:
    scoring = later("scoring")

PLACES = 6


def sheet_total(rubric: Rubric, marks: Mapping[str, Decimal]) -> Decimal | None:
    """Points in full, deductions taken off; None while a criterion is missing. Absent deductions count as nothing.

    A total that needs more than six decimals cannot come from a rubric that may be opened; it would raise ArithmeticError.
    """
    rule = rubric_rule(rubric)
    rows = [("e", "j", c.id, _value(c.kind, marks.get(c.id))) for c in rule.criteria]
    if any(value is None for *_, value in rows):
        return None
    totals = scoring.judge_totals(scoring.Marks.from_rows(rows, rule), rule)
    exact = totals.exact(0, 0)
    value = Decimal(exact.numerator) / Decimal(exact.denominator)
    if value * exact.denominator != exact.numerator:
        raise ArithmeticError(f"total {exact} is no finite decimal")
    return value.quantize(Decimal(1).scaleb(-PLACES))


def _value(kind: str, value: Decimal | None) -> str | None:
    if value is None:
        return "0" if kind == "deduction" else None
    return f"{value:f}"
