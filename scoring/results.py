"""Scores of a stage: exact ratio, printed number, what was kept, and the steps that led there."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction
from functools import cached_property

import numpy as np

from scoring.arrays import Bools, Codes, Ints, SmallInts
from scoring.errors import InvalidRule
from scoring.marks import Status
from scoring.parts import Part
from scoring.pooling import Panel, Pooled, pool
from scoring.rounding import Round, check_bound, round_ratios
from scoring.rule import Rule
from scoring.totals import Totals, pairs_with, weight_factors
from scoring.trace import Explanation


class ResultStatus(IntEnum):
    """Codes of `Results.status`. From `insufficient` on, except provisional, an entry has no score and no rank."""

    OK = 0
    UNTRIMMED = 1
    INSUFFICIENT = 2
    PROVISIONAL = 3
    BLOCKED = 4
    GATED = 5


@dataclass(frozen=True, eq=False)
class Results:
    """Exact score = num / den in minor units of the marks; `printed` in units of the rule's result rounding.

    Entries without a score have num 0, den 1, printed 0.
    """

    num: Ints
    den: Ints
    printed: Ints
    n_valid: Ints
    status: Codes
    rule: Rule
    totals: Totals | None = None
    deducted: Ints | None = None
    substituted: tuple[tuple[int, int], ...] = ()
    kept_by_criterion: SmallInts | None = None
    parts: tuple[Part, ...] = ()
    entries: tuple[str, ...] = ()
    category: Ints | None = None
    keep: Callable[[], SmallInts] | None = None

    @cached_property
    def kept(self) -> SmallInts:
        """i8[N, J]: 1 kept, 0 dropped, -1 absent, recused or not assigned; worked out when first asked for."""
        if self.totals is None or self.keep is None:
            return np.zeros((self.num.size, 0), np.int8)
        return np.where(self.totals.valid, self.keep().T, np.int8(-1))

    @cached_property
    def scored(self) -> Bools:
        """Entries that have a score (provisional ones included); worked out once, as it is asked for entry by entry."""
        return (self.status <= ResultStatus.UNTRIMMED) | (self.status == ResultStatus.PROVISIONAL)

    def exact(self, i: int) -> Fraction:
        """The unrounded score in points."""
        return Fraction(int(self.num[i]), int(self.den[i]) * 10**self.rule.mark_decimals)

    def entry_id(self, i: int) -> str:
        if self.totals is not None:
            return self.totals.marks.entry_id(i)
        return self.entries[i] if self.entries else str(i)

    @cached_property
    def filled(self) -> frozenset[tuple[int, int]]:
        """The pairs of `substituted`, for looking one up."""
        return frozenset(self.substituted)

    def explain(self, i: int) -> Explanation:
        """Every step from the judges' totals to the printed score, as decimal strings."""
        from scoring.explaining import explain_entry  # noqa: PLC0415 -- explaining reads Results

        return explain_entry(self, i)


def aggregate(t: Totals, rule: Rule, category: Ints | None = None, *, deduction: Ints | None = None) -> Results:
    """Totals to scores by the rule's method, missing-judge policies, deductions and rounding.

    `category[J]`: positions into `Categories.weights`. `deduction[N]`: the scorer's deduction in minor units of the marks.
    Raises InvalidRule, Insufficient.
    """
    if rule.result_round.decimals > 9 or t.num.shape != t.valid.shape:
        raise InvalidRule("totals and their mask differ in shape", {"field": "totals"})
    filled, scale, substituted = _substitute(t, rule)
    counting = (filled.n >= rule.min_judges) & ~_withheld(t, rule)
    panel = Panel(filled.num, t.den, filled.valid, _judges_by_id(t), 10**rule.mark_decimals, _category(category), counting)
    by_criterion = None
    if rule.trim_on == "criterion":
        pooled, by_criterion = _criterion_by_criterion(t, rule, panel)
    else:
        pooled = pool(panel, rule.aggregate)
    num, den = pooled.num, pooled.den * scale
    num, den, deducted = _deduct(t, num, den, deduction)
    status = _status(t, rule, pooled, panel)
    has_score = np.isin(status, (ResultStatus.OK, ResultStatus.UNTRIMMED, ResultStatus.PROVISIONAL))
    num, den = np.where(has_score, num, 0), np.where(has_score, den, 1)
    printed = print_scores(num, den, rule)
    n_valid = t.valid.sum(axis=1, dtype=np.int64)
    return Results(
        num, den, printed, n_valid, status, rule, t, deducted, substituted, by_criterion, (), (), panel.category, pooled.keep
    )  # fmt: skip


def print_scores(num: Ints, den: Ints, rule: Rule) -> Ints:
    """The one rounding of the result: minor units of the marks to units of the printed score."""
    shift = rule.result_round.decimals - rule.mark_decimals
    if shift >= 0:
        check_bound(2 * int(np.abs(num).max(initial=0)) * 10**shift)
        return round_ratios(num * 10**shift, den, rule.result_round.mode)
    return round_ratios(num, den * 10**-shift, rule.result_round.mode)


def _category(category: Ints | None) -> Ints | None:
    return None if category is None else np.asarray(category, np.int64)


def _judges_by_id(t: Totals) -> list[int]:
    ids = t.marks.judges
    places = range(t.num.shape[1])
    return sorted(places, key=lambda j: ids[j]) if ids else list(places)


def _substitute(t: Totals, rule: Rule) -> tuple[Panel, Ints | int, tuple[tuple[int, int], ...]]:
    """Fill declared pairs with the exact mean of the entry's valid judges (multiplying its denominator by their number)."""
    num, valid = t.num.T, t.valid.T
    wanted = [s for s, policy in ((Status.ABSENT, rule.missing), (Status.RECUSED, rule.recused)) if policy == "substitute"]
    pairs = pairs_with(t.marks, *wanted) if wanted else []
    pairs = [(e, j) for e, j in pairs if t.valid[e].any()]
    if not pairs:
        return Panel(num, t.den, np.ascontiguousarray(valid), [], 1), 1, ()
    n = t.valid.sum(axis=1, dtype=np.int64)
    scale = np.ones_like(n)
    scale[[e for e, _ in pairs]] = n[[e for e, _ in pairs]]
    check_bound(2 * int(np.abs(num).max(initial=0)) * int(scale.max()) * num.shape[0])
    filled, mask = num * scale, valid.copy()
    total = np.where(valid, num, 0).sum(axis=0)
    for e, j in pairs:
        filled[j, e], mask[j, e] = total[e], True
    return Panel(filled, t.den, mask, [], 1), scale, tuple(pairs)


def _deduct(t: Totals, num: Ints, den: Ints, scorer: Ints | None) -> tuple[Ints, Ints, Ints | None]:
    """Subtract the mean of the judges' deduction items and the scorer's deduction; third value: units of 1/den deducted."""
    if t.deduction is None and scorer is None:
        return num, den, None
    safe = np.maximum(den, 1)
    taken = np.zeros_like(num)
    if scorer is not None:
        extra = np.asarray(scorer)
        if extra.shape != num.shape or not np.issubdtype(extra.dtype, np.integer) or (extra < 0).any():
            raise InvalidRule("deductions are one non-negative whole number of minor units per entry", {"field": "deduction"})
        check_bound(2 * int(extra.max(initial=0)) * int(safe.max(initial=1)))
        taken = taken + extra * safe
    if t.deduction is not None:
        n = np.maximum(t.valid.sum(axis=1, dtype=np.int64), 1)
        total = np.where(t.valid, t.deduction, 0).sum(axis=1)
        common = np.lcm(safe, n * t.den)
        check_bound(
            2
            * max(int(np.abs(num).max(initial=0)), int(taken.max(initial=0)), int(total.max(initial=0)))
            * int((common // safe).max(initial=1))
        )
        num, taken = num * (common // safe), taken * (common // safe) + total * (common // (n * t.den))
        den = np.where(den > 0, common, 0)
    return num - taken, den, taken


def _status(t: Totals, rule: Rule, pooled: Pooled, panel: Panel) -> Codes:
    status = np.where(pooled.untrimmed, ResultStatus.UNTRIMMED, ResultStatus.OK).astype(np.uint8)
    for e, _ in pairs_with(t.marks, Status.PENDING):
        status[e] = ResultStatus.PROVISIONAL
    if t.gate_no is not None:
        status[t.gate_no] = ResultStatus.GATED
    status[(panel.n < rule.min_judges) | (pooled.den == 0)] = ResultStatus.INSUFFICIENT
    status[_blocked(t, rule)] = ResultStatus.BLOCKED
    return status


def _blocked(t: Totals, rule: Rule) -> list[int]:
    """Entries that wait for a judge by the rule."""
    policies = ((Status.ABSENT, rule.missing), (Status.PENDING, rule.missing), (Status.RECUSED, rule.recused))
    blocking = [status for status, policy in policies if policy == "block"]
    return [e for e, _ in pairs_with(t.marks, *blocking)] if blocking else []


def _withheld(t: Totals, rule: Rule) -> Bools:
    """Entries that have no score whatever their marks: failed gates, and those that wait for a judge."""
    out = np.zeros(t.num.shape[0], bool) if t.gate_no is None else t.gate_no.copy()
    out[_blocked(t, rule)] = True
    return out


def _criterion_by_criterion(t: Totals, rule: Rule, panel: Panel) -> tuple[Pooled, SmallInts]:
    """Aggregate each criterion over the judges, round it, weight it, round again, and add (the ISU pipeline)."""
    factors, den = weight_factors(rule)
    kept = np.full(t.values.shape, -1, np.int8)
    num = np.zeros(t.values.shape[0], np.int64)
    common: Ints = np.ones_like(num)
    first: Pooled | None = None
    for c in rule.marked:
        column = Panel(np.ascontiguousarray(t.values[:, :, c].T), 1, panel.valid, panel.order, panel.unit, None, panel.counting)
        part = pool(column, rule.aggregate)
        first = first or part
        kept[:, :, c] = part.keep().T
        value, per = _component(part, factors[c], den, rule)
        num, common = num + value, per
    if first is None:
        raise InvalidRule("no criterion to aggregate", {"field": "criteria"})
    everyone = np.where(panel.valid, 1, -1).astype(np.int8)
    return Pooled(num, np.where(first.den > 0, common, 0), lambda: everyone, first.untrimmed), kept


def _component(part: Pooled, factor: int, den: int, rule: Rule) -> tuple[Ints, Ints]:
    """One criterion's contribution as (num, den) in minor units of the marks; den is the same for all criteria."""
    num, per = part.num, np.maximum(part.den, 1)
    if rule.criterion_round is not None:
        num, per = _round_to(num, per, rule.criterion_round, rule.mark_decimals)
    check_bound(2 * int(np.abs(num).max(initial=0)) * max(factor, 1) * 50)
    num, per = num * factor, per * den
    if rule.component_round is not None:
        num, per = _round_to(num, per, rule.component_round, rule.mark_decimals)
    return num, per


def _round_to(num: Ints, den: Ints, rounding: Round, decimals: int) -> tuple[Ints, Ints]:
    shift = rounding.decimals - decimals
    up, down = 10 ** max(shift, 0), 10 ** max(-shift, 0)
    rounded = round_ratios(num * up, den * down, rounding.mode) * down
    return rounded, np.full_like(rounded, up)
