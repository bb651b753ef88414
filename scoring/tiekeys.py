"""Values of the keys of a tie chain: one exact integer (larger is better) per entry, or what makes one."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import numpy as np

from scoring.arrays import Ints
from scoring.errors import InvalidRule
from scoring.methods import Ordinals
from scoring.ordinals import FAR, majorities, ordinals
from scoring.results import Results
from scoring.rounding import format_fraction, format_units
from scoring.rubric import TieKey
from scoring.totals import Totals, weight_factors

Show = Callable[[int], str]


@dataclass(frozen=True, eq=False)
class Level:
    """One comparison: its label, values for the asked entries (larger is better) and how to print one entry's value."""

    label: str
    values: Ints
    show: Show


def ratio_codes(num: Ints, den: Ints) -> Ints:
    """Integers ordered as num/den: over the common denominator where it fits 62 bits, otherwise by exact fractions."""
    if not num.size:
        return num
    common = lcm(*np.unique(den).tolist())
    if common * max(abs(int(num.max())), abs(int(num.min())), 1) < 2**62:
        return num * (common // den)
    exact = [Fraction(int(a), int(b)) for a, b in zip(num, den, strict=True)]
    place = {value: k for k, value in enumerate(sorted(set(exact)))}
    return np.array([place[value] for value in exact], np.int64)


def levels(key: TieKey, r: Results, at: Ints, extra: Mapping[str, Ints]) -> Iterator[Level]:
    """The comparisons that `key` stands for, for the entries `at` (positions). Head to head and lot are not here."""
    if key.kind == "exact":
        yield Level(key.label, ratio_codes(r.num[at], r.den[at]), lambda i: format_fraction(r.exact(i)))
    elif key.kind == "extra":
        yield _extra(key, r, at, extra)
    elif key.kind == "fewer_deductions":
        yield _deductions(r, at)
    else:
        if r.totals is None:
            raise InvalidRule("a combined score has no judges' marks to break ties by; use extra keys", {"tie": key.label})
        yield from _from_marks(key, r, r.totals, at)


def _extra(key: TieKey, r: Results, at: Ints, extra: Mapping[str, Ints]) -> Level:
    if key.name not in extra:
        raise InvalidRule("the tie chain needs values that were not given", {"tie": key.label})
    given = np.asarray(extra[key.name])
    if given.shape != r.num.shape or not np.issubdtype(given.dtype, np.integer):
        raise InvalidRule("extra tie values are one whole number per entry", {"tie": key.label})
    values = given[at].astype(np.int64)
    return Level(f"extra:{key.name}", values if key.prefer == "high" else -values, lambda i: str(int(given[i])))


def _deductions(r: Results, at: Ints) -> Level:
    if r.deducted is None:
        return Level("fewer_deductions", np.zeros(at.size, np.int64), lambda i: "0")
    taken = r.deducted
    unit = 10**r.rule.mark_decimals
    return Level(
        "fewer_deductions",
        -ratio_codes(taken[at], r.den[at]),
        lambda i: format_fraction(Fraction(int(taken[i]), int(r.den[i]) * unit)),
    )


def _from_marks(key: TieKey, r: Results, t: Totals, at: Ints) -> Iterator[Level]:
    sign = 1 if key.prefer == "high" else -1
    if key.kind in ("criterion", "section", "criteria_by_weight"):
        for label, factors in _criterion_factors(key, r):
            yield _weighted(label, t, at, factors, sign)
    elif key.kind in ("next_highest", "majority"):
        yield from _sequence(key, t, at)
    elif key.kind == "ordinals":
        yield from _places(r, t, at)
    else:
        num, den = _SINGLE[key.kind](t, at)
        yield Level(key.label, sign * ratio_codes(num, den), _shower(key, t, num, den, at))


def _shower(key: TieKey, t: Totals, num: Ints, den: Ints, at: Ints) -> Show:
    place = {int(i): k for k, i in enumerate(at)}
    unit = 1 if key.kind in ("fewer_low", "first_places") else t.den * 10**t.rule.mark_decimals
    return lambda i: format_fraction(Fraction(abs(int(num[place[i]])), int(den[place[i]]) * unit))


def _criterion_factors(key: TieKey, r: Results) -> Iterator[tuple[str, list[int]]]:
    criteria = r.rule.criteria
    weights, _ = weight_factors(r.rule)
    if key.kind == "section":
        yield key.label, [w if c.section == key.name else 0 for w, c in zip(weights, criteria, strict=True)]
        return
    if key.kind == "criterion":
        chosen = [r.rule.position(key.name)]
    else:
        chosen = sorted(
            r.rule.marked,
            key=lambda i: (-criteria[i].weight * (1 if r.rule.scheme == "weights" else criteria[i].hi), i),
        )
    for c in chosen:
        yield f"criterion:{criteria[c].id}", [int(k == c) for k in range(len(criteria))]


def _weighted(label: str, t: Totals, at: Ints, factors: list[int], sign: int) -> Level:
    """Mean over the valid judges of sum(factor x mark)."""
    marks = (t.values[at] * np.array(factors, np.int64)).sum(axis=2)
    valid = t.valid[at]
    num, den = np.where(valid, marks, 0).sum(axis=1), np.maximum(valid.sum(axis=1), 1).astype(np.int64)
    unit = 10**t.rule.mark_decimals * (1 if label.startswith("criterion") else max(sum(factors), 1))
    place = {int(i): k for k, i in enumerate(at)}
    return Level(
        label,
        sign * ratio_codes(num, den),
        lambda i: format_fraction(Fraction(int(num[place[i]]), int(den[place[i]]) * unit)),
    )


def _sequence(key: TieKey, t: Totals, at: Ints) -> Iterator[Level]:
    """Second-highest, third-highest … total; or the successive lower medians of majority judgement. Fewer judges: nothing beats it."""
    rows = [np.sort(t.num[i][t.valid[i]]).tolist() for i in at]
    if key.kind == "next_highest":
        sequences = [row[::-1][1:] for row in rows]
        first = 2
    else:
        sequences = [_medians(row) for row in rows]
        first = 1
    unit = t.den * 10**t.rule.mark_decimals
    place = {int(i): k for k, i in enumerate(at)}
    for depth in range(max(map(len, sequences), default=0)):
        column = np.array([s[depth] if depth < len(s) else -int(FAR) for s in sequences], np.int64)

        def show(i: int, column: Ints = column) -> str:
            value = int(column[place[i]])
            return "-" if value == -int(FAR) else format_fraction(Fraction(value, unit))

        yield Level(f"{key.kind}:{depth + first}", column, show)


def _places(r: Results, t: Totals, at: Ints) -> Iterator[Level]:
    """Majority placement: size of the majority, sum of its places, sum of all; by share and mean where entries differ in judges."""
    equal = r.rule.aggregate.equal if isinstance(r.rule.aggregate, Ordinals) else "best"
    found = majorities(ordinals(t.num.T, t.valid.T, equal), t.valid.T)
    same = np.unique(found.n[at]).size < 2
    none = np.maximum(found.n, 1)
    for label, num, den, sign in (
        ("ordinals_size", found.size, none, 1), ("ordinals_inside", found.inside, np.maximum(found.size, 1), -1),
        ("ordinals_total", found.total, none, -1),
    ):  # fmt: skip
        halves = 1 if sign > 0 else 2
        parts = sign > 0 or not same

        def show(i: int, num: Ints = num, den: Ints = den, halves: int = halves, parts: bool = parts) -> str:
            text = format_fraction(Fraction(int(num[i]), halves))
            return f"{text}/{int(den[i])}" if parts else text

        yield Level(label, sign * ratio_codes(num[at], den[at]), show)


def _medians(row: list[int]) -> list[int]:
    left, out = list(row), []
    while left:
        out.append(left.pop((len(left) - 1) // 2))
    return out


def _mean_all(t: Totals, at: Ints) -> tuple[Ints, Ints]:
    num, valid = t.num[at], t.valid[at]
    return np.where(valid, num, 0).sum(axis=1), np.maximum(valid.sum(axis=1), 1).astype(np.int64)


def _sum_all(t: Totals, at: Ints) -> tuple[Ints, Ints]:
    num, den = _mean_all(t, at)
    return num, np.ones_like(den)


def _median(t: Totals, at: Ints) -> tuple[Ints, Ints]:
    n = t.valid[at].sum(axis=1)
    ordered = np.sort(np.where(t.valid[at], t.num[at], FAR), axis=1)
    rows = np.arange(at.size)
    low, high = ordered[rows, np.maximum(n - 1, 0) // 2], ordered[rows, np.minimum(n // 2, ordered.shape[1] - 1)]
    return np.where(n > 0, low + high, 0), np.full(at.size, 2, np.int64)


def _fewer_low(t: Totals, at: Ints) -> tuple[Ints, Ints]:
    factors, _ = weight_factors(t.rule)
    full = sum(f * c.hi for f, c in zip(factors, t.rule.criteria, strict=True))
    _, base = weight_factors(t.rule)
    low = t.valid[at] & (t.num[at] * (5 * base) < 3 * full * t.den)
    return -low.sum(axis=1).astype(np.int64), np.ones(at.size, np.int64)


def _highest(t: Totals, at: Ints) -> tuple[Ints, Ints]:
    return np.where(t.valid[at], t.num[at], -FAR).max(axis=1, initial=-FAR), np.ones(at.size, np.int64)


def _lowest(t: Totals, at: Ints) -> tuple[Ints, Ints]:
    return np.where(t.valid[at], t.num[at], FAR).min(axis=1, initial=FAR), np.ones(at.size, np.int64)


def _first_places(t: Totals, at: Ints) -> tuple[Ints, Ints]:
    best = np.where(t.valid, t.num, -FAR).max(axis=0, initial=-FAR)
    first = t.valid[at] & (t.num[at] == best)
    return first.sum(axis=1).astype(np.int64), np.ones(at.size, np.int64)


_SINGLE: Mapping[str, Callable[[Totals, Ints], tuple[Ints, Ints]]] = {
    "mean_all": _mean_all,
    "sum_all": _sum_all,
    "median": _median,
    "fewer_low": _fewer_low,
    "highest": _highest,
    "lowest": _lowest,
    "first_places": _first_places,
}


def prefers(t: Totals, a: int, b: int) -> tuple[int, int]:
    """How many judges who marked both put a above b, and b above a."""
    both = t.valid[a] & t.valid[b]
    return int((both & (t.num[a] > t.num[b])).sum()), int((both & (t.num[b] > t.num[a])).sum())


def show_score(r: Results, i: int) -> str:
    if r.rule.compare == "exact":
        return format_fraction(r.exact(i))
    return format_units(int(r.printed[i]), r.rule.result_round.decimals)
