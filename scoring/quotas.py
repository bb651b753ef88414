"""How many advance: the quota of a rule as a value, and its arithmetic."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from scoring.errors import Infeasible, InvalidRule
from scoring.rounding import round_ratio

Rounding = Literal["ceil", "floor", "half_up"]
AtLine = Literal["include_all", "exclude_all", "chain", "draw"]


@dataclass(frozen=True)
class Top:
    """The first `n` (0 or less, or more than there are: everybody), of those at or above `pass_mark` (printed units)."""

    n: int
    pass_mark: int | None = None

    def __post_init__(self) -> None:
        if type(self.n) is not int:
            raise InvalidRule("a quota is a whole number", {"field": "quota"})


@dataclass(frozen=True)
class Percent:
    """A share of the declared base, e.g. 30 or "37.5" percent; `at_least` / `at_most` bound the count."""

    percent: int | str | Decimal | Fraction
    pass_mark: int | None = None
    at_least: int | None = None
    at_most: int | None = None

    def __post_init__(self) -> None:
        if isinstance(self.percent, (bool, float)):
            raise InvalidRule("a percentage is a whole number or decimal text", {"field": "quota"})
        try:
            share = Fraction(self.percent)
        except (ValueError, TypeError, ZeroDivisionError, OverflowError):
            raise InvalidRule("not a percentage", {"field": "quota"}) from None
        if not 0 < share <= 100:
            raise InvalidRule("a percentage lies above 0 and up to 100", {"field": "quota"})


@dataclass(frozen=True)
class Threshold:
    """Everybody whose printed score reaches `score` (printed units), at most `cap` of them."""

    score: int
    cap: int | None = None

    def __post_init__(self) -> None:
        if type(self.score) is not int or (self.cap is not None and (type(self.cap) is not int or self.cap < 1)):
            raise InvalidRule("a pass mark is a whole number of printed units, a cap at least 1", {"field": "quota"})


@dataclass(frozen=True)
class PerGroup:
    """Places by group: a number for each group, or the same quota inside each, or `total` split by size (largest remainder).

    Group keys are the codes in `group`; a group without a number gets `minimum`. `minimum` is a floor for every group.
    """

    quotas: Mapping[int, int] | Top | Percent | Threshold | None = None
    minimum: int = 0
    total: int | None = None
    bases: Mapping[int, int] | None = None

    def __post_init__(self) -> None:
        if (self.quotas is None) == (self.total is None):
            raise InvalidRule("give either quotas or a total to distribute", {"field": "quota"})
        listed = {} if self.quotas is None or isinstance(self.quotas, (Top, Percent, Threshold)) else self.quotas
        _refuse_odd([self.minimum, self.total or 0, *listed.values(), *(self.bases or {}).values()])


@dataclass(frozen=True)
class Spread:
    """`n` places over all, at least `floors[g]` and at most `ceilings[g]` from group g."""

    n: int
    floors: Mapping[int, int] = field(default_factory=dict)
    ceilings: Mapping[int, int] = field(default_factory=dict)
    pass_mark: int | None = None

    def __post_init__(self) -> None:
        _refuse_odd([self.n, *self.floors.values(), *self.ceilings.values()])
        if sum(self.floors.values()) > self.n:
            raise Infeasible("the floors of the groups add up to more than the places", {"field": "floors"})
        for g, floor in self.floors.items():
            if floor > self.ceilings.get(g, floor):
                raise Infeasible("a floor above the ceiling", {"group": g})


def _refuse_odd(numbers: list[int]) -> None:
    if any(type(number) is not int or number < 0 for number in numbers):
        raise InvalidRule("numbers of places are whole and not negative", {"field": "quota"})


Quota = Top | Percent | Threshold | PerGroup | Spread


def percent_count(percent: int | str | Decimal | Fraction, base: int, rounding: Rounding) -> int:
    """`percent` of `base` as a whole number, rounded as declared."""
    exact = Fraction(percent) * base / 100
    if rounding == "half_up":
        return round_ratio(exact.numerator, exact.denominator, "half_up")
    if rounding not in ("ceil", "floor"):
        raise InvalidRule("rounding must be ceil, floor or half_up", {"field": "rounding"})
    return -(-exact.numerator // exact.denominator) if rounding == "ceil" else exact.numerator // exact.denominator


def count_of(quota: Top | Percent, base: int, rounding: Rounding) -> int:
    if isinstance(quota, Top):
        return quota.n
    count = percent_count(quota.percent, base, rounding)
    count = max(count, quota.at_least or 0)
    return min(count, quota.at_most) if quota.at_most is not None else count


def largest_remainder(places: int, sizes: Sequence[int], *, minimum: int = 0, order: Sequence[int] | None = None) -> list[int]:
    """Hamilton's distribution of `places` by `sizes`; equal remainders follow `order` (default: as listed)."""
    if places < 0 or any(s < 0 for s in sizes):
        raise InvalidRule("places and sizes are not negative", {"field": "quota"})
    floors = [min(minimum, s) for s in sizes]
    if sum(floors) > places:
        raise Infeasible("the minimum of every group needs more places than there are", {"field": "minimum"})
    total = sum(sizes)
    if total == 0:
        return [0] * len(sizes)
    exact = [Fraction(places * s, total) for s in sizes]
    given = [max(e.numerator // e.denominator, f) for e, f in zip(exact, floors, strict=True)]
    turn = {group: k for k, group in enumerate(order if order is not None else range(len(sizes)))}
    by_rest = sorted(range(len(sizes)), key=lambda g: (-(exact[g] - exact[g].numerator // exact[g].denominator), turn[g]))
    while sum(given) > places:
        richest = max((g for g in range(len(sizes)) if given[g] > floors[g]), key=lambda g: (given[g] - exact[g], -turn[g]))
        given[richest] -= 1
    for g in (*by_rest, *by_rest):
        if sum(given) < places and given[g] < exact[g] + 1:
            given[g] += 1
    return given
