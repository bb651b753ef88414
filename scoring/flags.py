"""Marks that the chair should look at again: wide spread, outliers. A flag asks a question and never changes a mark."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import numpy as np

from scoring.arrays import Floats
from scoring.errors import InvalidRule
from scoring.ordinals import FAR
from scoring.rounding import format_fraction
from scoring.sentences import sentence
from scoring.totals import Totals


@dataclass(frozen=True)
class Flag:
    """kind range: the judges of `entry` lie further apart than declared; outlier: `judge` stands away from the others."""

    kind: Literal["range", "outlier"]
    entry: str
    judge: str | None
    value: str
    limit: str

    def sentence(self, lang: str = "zh_CN") -> str:
        values = {"entry": self.entry, "judge": self.judge or "", "value": self.value, "limit": self.limit}
        return sentence(f"flag.{self.kind}", lang, values)


def spread_flags(t: Totals, *, max_range: int, mad_k: float = 3.0) -> list[Flag]:
    """Entries whose totals span more than `max_range` (minor units of the marks), and totals further from the median of the
    other judges than `mad_k` x 1.4826 x their median absolute deviation (where that is 0: further than max_range / 2).
    """
    if max_range < 0 or mad_k <= 0:
        raise InvalidRule("the limits of flags are positive", {"field": "max_range"})
    unit = 10**t.rule.mark_decimals
    wide, far = _ranges(t, max_range, unit), _outliers(t, max_range, mad_k, unit)
    order = {name: place for place, name in enumerate(t.marks.entry_id(i) for i in range(t.num.shape[0]))}
    return sorted([*wide, *far], key=lambda flag: order[flag.entry])


def _ranges(t: Totals, max_range: int, unit: int) -> list[Flag]:
    width = np.where(t.valid, t.num, -FAR).max(axis=1, initial=-FAR) - np.where(t.valid, t.num, FAR).min(axis=1, initial=FAR)
    limit = format_fraction(Fraction(max_range, unit))
    at = np.nonzero((t.valid.sum(axis=1) >= 2) & (width > max_range * t.den))[0]
    return [Flag("range", t.marks.entry_id(i), None, format_fraction(Fraction(int(width[i]), t.den * unit)), limit) for i in at.tolist()]


def _outliers(t: Totals, max_range: int, mad_k: float, unit: int) -> list[Flag]:
    """Judge by judge against the others of each entry; entries with fewer than four judges are left out."""
    values = np.where(t.valid, t.num.astype(np.float64), np.nan)
    enough = t.valid.sum(axis=1) >= 4
    found: list[tuple[int, int, float, float]] = []
    for j in range(t.num.shape[1]):
        others = np.delete(values, j, axis=1)
        centre = row_medians(others)
        mad = row_medians(np.abs(others - centre[:, None]))
        limit = np.where(mad > 0, mad_k * 1.4826 * mad, max_range * t.den / 2)
        distance = np.abs(values[:, j] - centre)
        hit = np.nonzero(enough & t.valid[:, j] & (distance > limit))[0]
        found += [(int(i), j, float(distance[i]), float(limit[i])) for i in hit]
    scale = unit * t.den
    return [
        Flag("outlier", t.marks.entry_id(i), t.marks.judge_id(j), f"{d / scale:.2f}", f"{limit / scale:.2f}")
        for i, j, d, limit in sorted(found)
    ]


def row_medians(table: Floats) -> Floats:
    """Median of the finite values of each row (nan where there are none)."""
    ordered = np.sort(table, axis=1)
    count = np.isfinite(table).sum(axis=1)
    rows = np.arange(table.shape[0])
    if not table.shape[1]:
        return np.full(table.shape[0], np.nan)
    return (ordered[rows, np.maximum(count - 1, 0) // 2] + ordered[rows, np.minimum(count // 2, table.shape[1] - 1)]) / 2
