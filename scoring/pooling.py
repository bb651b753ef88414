"""From the valid judge totals of each entry to one exact ratio: mean, trimmed, median, ranks, categories."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from math import lcm

import numpy as np

from scoring.arrays import Bools, Ints, SmallInts
from scoring.errors import Insufficient, InvalidRule
from scoring.methods import (
    Aggregate,
    Borda,
    Categories,
    MajorityJudgement,
    Mean,
    Median,
    Ordinals,
    RankPoints,
    Total,
    Trimmed,
    Winsorised,
)
from scoring.ordinals import FAR, level_counts, majorities, ordinals
from scoring.rounding import check_bound


@dataclass(frozen=True, eq=False)
class Panel:
    """Judge totals `num[J, N] / den`, judge by judge; `order` lists the judges by id (equal extremes: the lowest id is dropped).

    `counting[N]`: the entries that will have a score as far as that is known beforehand (None: all that have judges).
    """

    num: Ints
    den: int
    valid: Bools
    order: Sequence[int]
    unit: int
    category: Ints | None = None
    counting: Bools | None = None

    @property
    def n(self) -> Ints:
        return self.valid.sum(axis=0, dtype=np.int64)

    def total(self) -> Ints:
        """Sum of the valid totals."""
        return np.where(self.valid, self.num, 0).sum(axis=0) if not self.valid.all() else self.num.sum(axis=0)


@dataclass(frozen=True, eq=False)
class Pooled:
    """Scores num[N] / den[N] (den 0: no score), and where the planned trim was not applied.

    `keep` tells on demand which totals were used: i8[J, N], 1 kept, 0 dropped, -1 not valid.
    """

    num: Ints
    den: Ints
    keep: Callable[[], SmallInts]
    untrimmed: Bools


def pool(panel: Panel, method: Aggregate) -> Pooled:
    """Apply one aggregation method. Raises Insufficient, InvalidRule."""
    if isinstance(method, (Trimmed, Winsorised)):
        return _trimmed(panel, method)
    if isinstance(method, (Borda, RankPoints)):
        return _by_rank(panel, method)
    if isinstance(method, Ordinals):
        return _by_majority(panel, method)
    if isinstance(method, Categories):
        return _by_category(panel, method)
    if isinstance(method, (Median, MajorityJudgement)):
        return _median(panel, lower=isinstance(method, MajorityJudgement))
    if isinstance(method, Total):
        return _total(panel)
    return Pooled(panel.total(), panel.n * panel.den, partial(_all_kept, panel), _nowhere(panel))


def _all_kept(panel: Panel) -> SmallInts:
    return np.where(panel.valid, 1, -1).astype(np.int8)


def _nowhere(panel: Panel) -> Bools:
    return np.zeros(panel.num.shape[1], bool)


def _total(panel: Panel) -> Pooled:
    n = panel.n
    counts = set(np.unique(n).tolist()) - {0}
    if len(counts) > 1:
        raise Insufficient("a sum needs the same number of judges for every entry; declare mean instead", {"field": "aggregate"})
    return Pooled(panel.total(), np.where(n > 0, panel.den, 0), partial(_all_kept, panel), _nowhere(panel))


def _trimmed(panel: Panel, method: Trimmed | Winsorised) -> Pooled:
    n = panel.n
    trim = n >= max(method.min_n, method.k_low + method.k_high + 1)
    there = n > 0 if panel.counting is None else panel.counting & (n > 0)
    trim = trim & (settled(method, n[there]) is method)
    total = panel.total()
    if isinstance(method, Winsorised):
        return Pooled(total + _pulled_in(panel, method, trim), n * panel.den, partial(_all_kept, panel), ~trim)
    if method.k_low <= 1 and method.k_high <= 1:
        dropped = _single_extremes(panel, method)
    else:
        dropped = _drop_all(panel, method, trim)[1]
    left = np.where(trim, n - (method.k_low + method.k_high), n if method.below == "mean" else 0)
    return Pooled(total - np.where(trim, dropped, 0), left * panel.den, lambda: _drop_all(panel, method, trim)[0], ~trim)


def settled(method: Aggregate, n: Ints) -> Aggregate:
    """The method itself, or the plain mean where it treats all entries alike and one of them has too few judges (`n`) for dropping."""
    if isinstance(method, Trimmed) and method.alike and method.below == "mean" and bool((n < method.min_n).any()):
        return Mean()
    return method


def _single_extremes(panel: Panel, method: Trimmed) -> Ints:
    """Sum of one lowest and one highest total of each entry."""
    everyone = bool(panel.valid.all())
    out = np.zeros(panel.num.shape[1], np.int64)
    if method.k_low:
        out += (panel.num if everyone else np.where(panel.valid, panel.num, FAR)).min(axis=0, initial=FAR)
    if method.k_high:
        out += (panel.num if everyone else np.where(panel.valid, panel.num, -FAR)).max(axis=0, initial=-FAR)
    return out


def _drop_all(panel: Panel, method: Trimmed | Winsorised, trim: Bools) -> tuple[SmallInts, Ints]:
    """Which totals are kept, and the sum of the dropped ones."""
    kept = _all_kept(panel)
    dropped = np.zeros(panel.num.shape[1], np.int64)
    for sign, times in ((1, method.k_low), (-1, method.k_high)):
        for _ in range(times):
            dropped += _drop(panel, kept, trim, sign=sign)
    return kept, dropped


def _drop(panel: Panel, kept: SmallInts, trim: Bools, *, sign: int) -> Ints:
    """Mark the lowest (sign 1) or highest (sign -1) kept total of each entry as dropped; return its value (0 where not trimmed)."""
    best = np.full(panel.num.shape[1], FAR)
    at = np.zeros(panel.num.shape[1], np.intp)
    for j in panel.order:
        value = panel.num[j] if sign > 0 else -panel.num[j]
        better = (value < best) & (kept[j] == 1)
        np.copyto(best, value, where=better)
        np.copyto(at, j, where=better)
    where = np.nonzero(trim)[0] if not trim.all() else slice(None)
    columns = np.arange(panel.num.shape[1])[where]
    kept[at[where], columns] = 0
    return np.where(trim, sign * best, 0)


def _pulled_in(panel: Panel, method: Winsorised, trim: Bools) -> Ints:
    """What winsorising adds to the plain sum: dropped totals replaced by the nearest kept one."""
    kept, dropped = _drop_all(panel, method, trim)
    low = np.where(kept == 1, panel.num, FAR).min(axis=0, initial=FAR)
    high = np.where(kept == 1, panel.num, -FAR).max(axis=0, initial=-FAR)
    return np.where(trim, method.k_low * low + method.k_high * high - dropped, 0)


def _median(panel: Panel, *, lower: bool) -> Pooled:
    n = panel.n
    ordered = np.sort(np.where(panel.valid, panel.num, FAR), axis=0)
    columns = np.arange(n.size)
    low = ordered[np.maximum(n - 1, 0) // 2, columns] if ordered.size else np.zeros(n.size, np.int64)
    if lower:
        return Pooled(np.where(n > 0, low, 0), np.where(n > 0, panel.den, 0), partial(_all_kept, panel), _nowhere(panel))
    high = ordered[np.minimum(n // 2, len(ordered) - 1), columns] if ordered.size else low
    return Pooled(
        np.where(n > 0, low, 0) + np.where(n > 0, high, 0),
        np.where(n > 0, 2 * panel.den, 0),
        partial(_all_kept, panel),
        _nowhere(panel),
    )


def _by_category(panel: Panel, method: Categories) -> Pooled:
    category = panel.category
    if category is None or category.shape != (panel.num.shape[0],):
        raise InvalidRule("this rule needs the category of every judge", {"field": "category"})
    if category.size and not 0 <= int(category.min()) <= int(category.max()) < len(method.weights):
        raise InvalidRule("a judge of a category that has no weight", {"field": "category"})
    size = panel.num.shape[1]
    num, common, weight = np.zeros(size, np.int64), np.ones(size, np.int64), np.zeros(size, np.int64)
    untrimmed = np.zeros(size, bool)
    parts: list[tuple[Bools, Pooled | None]] = []
    for k, w in enumerate(method.weights):
        mine = category == k
        if w == 0:
            parts.append((mine, None))
            continue
        own = Panel(panel.num, panel.den, panel.valid & mine[:, None], panel.order, panel.unit, None, panel.counting)
        part = pool(own, method.inner)
        there = part.den > 0
        num, common = _add(num, common, np.where(there, part.num * w, 0), np.where(there, part.den, 1))
        weight += np.where(there, w, 0)
        parts.append((mine, part))
        untrimmed |= part.untrimmed & there
    complete = weight == sum(method.weights)
    if method.missing == "error" and not complete.all():
        place = int(np.argmin(complete | (panel.n == 0)))
        if not (complete | (panel.n == 0)).all():
            raise Insufficient("a judge category without a valid judge", {"entry": place})
    return Pooled(num, common * weight, lambda: _kept_by_category(panel, parts), untrimmed)


def _kept_by_category(panel: Panel, parts: list[tuple[Bools, Pooled | None]]) -> SmallInts:
    """Judges of a category without weight count as dropped."""
    kept = np.full(panel.num.shape, -1, np.int8)
    for mine, part in parts:
        kept[mine] = np.where(panel.valid[mine], 0, -1) if part is None else part.keep()[mine]
    return kept


def _add(num: Ints, den: Ints, more: Ints, more_den: Ints) -> tuple[Ints, Ints]:
    """num/den + more/more_den over the least common denominator, refused before it could overflow."""
    common = np.lcm(den, more_den)
    check_bound(int(common.max(initial=1)) * 2)
    left, right = common // den, common // more_den
    for a, b in ((num, left), (more, right)):
        check_bound(2 * int(np.abs(a).max(initial=0)) * int(b.max(initial=1)))
    return num * left + more * right, common


def _by_rank(panel: Panel, method: Borda | RankPoints) -> Pooled:
    n = panel.n
    judges = int(panel.valid.any(axis=1).sum())
    points = np.zeros(panel.num.shape, np.int64)
    counts = [level_counts(panel.num[j], panel.valid[j]) for j in range(panel.num.shape[0])]
    scale = 2 if isinstance(method, Borda) else lcm(*(int(e) for _, equal in counts for e in np.unique(equal)), 1)
    for j, (above, equal) in enumerate(counts):
        at = panel.valid[j]
        if isinstance(method, Borda):
            points[j, at] = (2 * at.sum() - 2 * above - equal - 1) * panel.unit
        else:
            table = np.cumsum([0, *method.points, *[0] * int(at.sum())])
            points[j, at] = (table[above + equal] - table[above]) * (scale // np.maximum(equal, 1))
    check_bound(2 * int(np.abs(points).max(initial=0)) * max(judges, 1) ** 2)
    return Pooled(points.sum(axis=0) * judges, n * scale, partial(_all_kept, panel), _nowhere(panel))


def _by_majority(panel: Panel, method: Ordinals) -> Pooled:
    found = majorities(ordinals(panel.num, panel.valid, method.equal), panel.valid)
    there = found.n > 0
    points = np.where(there, int(there.sum()) - found.place, 0) * panel.unit
    return Pooled(points, there.astype(np.int64), partial(_all_kept, panel), _nowhere(panel))


def is_plain(method: Aggregate) -> bool:
    """Methods that can be taken criterion by criterion."""
    return isinstance(method, (Mean, Trimmed))
