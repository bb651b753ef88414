"""Each judge's weighted total of each entry, as exact integers over one common denominator."""

from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm

import numpy as np

from scoring.arrays import Bools, Ints
from scoring.errors import InvalidMark
from scoring.marks import Marks, Status
from scoring.rounding import check_bound, round_ratios
from scoring.rule import Rule


@dataclass(frozen=True, eq=False)
class Totals:
    """Judge totals num[N, J] / den in minor units of the rule's `mark_decimals`; `valid` marks the pairs that count.

    `deduction[N, J]` (over the same den) waits for the result where the rule deducts after aggregation; `gate_no[N]`
    is True where the rule's gate fails.
    """

    num: Ints
    den: int
    valid: Bools
    rule: Rule
    marks: Marks
    deduction: Ints | None = None
    gate_no: Bools | None = None
    values: Ints = field(default_factory=lambda: np.zeros((0, 0, 0), np.int64))

    def exact(self, entry: int, judge: int) -> Fraction:
        """One judge's total in points."""
        return Fraction(int(self.num[entry, judge]), self.den * 10**self.rule.mark_decimals)

    def points(self) -> np.ndarray:
        """Totals as floats in points, NaN where not valid: for models and diagnostics, never for decisions."""
        return np.where(self.valid, self.num / (self.den * 10.0**self.rule.mark_decimals), np.nan)


def judge_totals(m: Marks, rule: Rule) -> Totals:
    """num = sum(weight x mark), den = weight_sum (weights), or weight_unit (points); rounded where the rule says so.

    With `full_mark` in a weights rubric every mark is first scaled by full_mark / hi. Raises InvalidMark, InvalidRule.
    """
    values, valid = m.dense()
    if values.shape[2] not in (len(rule.criteria), 0):
        raise InvalidMark("the marks do not have the criteria of the rule", {"field": "criterion"})
    factors, den = weight_factors(rule)
    peak = sum(abs(f) * max(abs(c.lo), abs(c.hi)) for f, c in zip(factors, rule.criteria, strict=True))
    check_bound(2 * peak * max(values.shape[1], 1) * 10**4)
    num = weigh(values, factors)
    deducted = deduction_factors(rule, den)
    if rule.deductions == "before" and any(deducted):
        num = num - weigh(values, deducted)
    if rule.judge_total_round is not None:
        num, den = _rounded(num, den, rule)
    after = weigh(values, deduction_factors(rule, den)) if rule.deductions == "after" and any(deducted) else None
    num = np.where(valid, num, 0) if not valid.all() else num
    return Totals(num, den, valid, rule, m, after, gate_failures(values, valid, rule), values)


def weight_factors(rule: Rule) -> tuple[list[int], int]:
    """Integer factor per criterion (0 for gates and deductions) and the common denominator of the total."""
    factors = [c.weight if c.kind == "mark" else 0 for c in rule.criteria]
    if rule.scheme == "points":
        return factors, rule.weight_unit
    if rule.full_mark is None:
        return factors, rule.weight_sum
    common = lcm(*(rule.criteria[i].hi for i in rule.marked))
    scaled = [f * rule.full_mark * (common // c.hi) if f else 0 for f, c in zip(factors, rule.criteria, strict=True)]
    return scaled, rule.weight_sum * common


def deduction_factors(rule: Rule, den: int) -> list[int]:
    """A deduction item counts its mark x weight (weight 0 counts as 1), in the denominator of the total."""
    return [max(c.weight, 1) * den if c.kind == "deduction" else 0 for c in rule.criteria]


def weigh(values: Ints, factors: list[int]) -> Ints:
    """sum over criteria of factor x value: i64[N, J], stored judge by judge so that reductions over judges are fast."""
    return np.ascontiguousarray((values @ np.array(factors, np.int64)).T).T


def _rounded(num: Ints, den: int, rule: Rule) -> tuple[Ints, int]:
    rounding = rule.judge_total_round
    if rounding is None:
        return num, den
    shift = rounding.decimals - rule.mark_decimals
    if shift >= 0:
        return round_ratios(num * 10**shift, den, rounding.mode), 10**shift
    return round_ratios(num, den * 10**-shift, rounding.mode) * 10**-shift, 1


def gate_failures(values: Ints, valid: Bools, rule: Rule) -> Bools | None:
    """Entries that fail a gate: any, a majority, or all of the valid judges said no (a tie is not a majority)."""
    gates = [i for i, c in enumerate(rule.criteria) if c.kind == "gate"]
    if not gates:
        return None
    n = valid.sum(axis=1)
    failed = np.zeros(valid.shape[0], bool)
    for gate in gates:
        no = (valid & (values[:, :, gate] == 0)).sum(axis=1)
        failed |= {"any": no > 0, "majority": 2 * no > n, "all": (no == n) & (n > 0)}[rule.gate_fails]
    return failed


def pairs_with(m: Marks, *wanted: Status) -> list[tuple[int, int]]:
    """The (entry, judge) pairs of these statuses, in order."""
    return sorted(pair for pair, status in m.status.items() if status in wanted)
