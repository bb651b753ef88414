"""Marks that the chair should look at again: wide spread, outliers. A flag asks a question and never changes a mark."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import numpy as np

from scoring.errors import InvalidRule
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
    flags: list[Flag] = []
    unit = 10**t.rule.mark_decimals
    limit = format_fraction(Fraction(max_range, unit))
    for i in np.nonzero(t.valid.sum(axis=1) >= 2)[0].tolist():
        judges = np.nonzero(t.valid[i])[0]
        values = t.num[i, judges]
        width = int(values.max() - values.min())
        if width > max_range * t.den:
            flags.append(Flag("range", t.marks.entry_id(i), None, format_fraction(Fraction(width, t.den * unit)), limit))
        flags += _outliers(t, i, judges.tolist(), max_range, mad_k) if judges.size >= 4 else []
    return flags


def _outliers(t: Totals, i: int, judges: list[int], max_range: int, mad_k: float) -> list[Flag]:
    out = []
    unit = t.den * 10**t.rule.mark_decimals
    for j in judges:
        others = t.num[i, [k for k in judges if k != j]].astype(np.float64)
        centre = float(np.median(others))
        mad = float(np.median(np.abs(others - centre)))
        limit = mad_k * 1.4826 * mad if mad > 0 else max_range * t.den / 2
        distance = abs(float(t.num[i, j]) - centre)
        if distance > limit:
            out.append(Flag("outlier", t.marks.entry_id(i), t.marks.judge_id(j), f"{distance / unit:.2f}", f"{limit / unit:.2f}"))
    return out
