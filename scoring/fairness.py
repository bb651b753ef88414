"""Fair to the worst-served entry: a proved upper bound first, then the largest total in which every entry reaches as much of it."""

from dataclasses import dataclass, field, replace

import numpy as np

from scoring.arrays import Floats, Ints
from scoring.demand import Demand
from scoring.errors import Infeasible, NotConverged
from scoring.pricing import BLOCK
from scoring.sideways import side_rows
from scoring.transport import Transport

EXACT_PAIRS = 1500
BOUND_PAIRS = 30_000
TRIES = 3
WIDTH = 40
NEIGHBOURS = 60
STEPS = 300


def entry_sums(d: Demand, code: Ints, values: Floats) -> Ints:
    """Sum of scores of each entry in a solution."""
    j = d.shape[1]
    used = code[values > 0.5]
    return np.bincount(used // j, d.score[used // j, used % j], d.shape[0]).astype(np.int64)


def fair_pairs(d: Demand, model: Transport, values: Floats, bound: float, time_limit_s: float) -> tuple[Floats, int]:
    """Values of the pairs, and an upper bound of the worst sum that no assignment can pass (`bound` is that of the total).

    Up to 1,500 pairs a whole-number programme over everything: the worst sum and then the total are the largest there are.
    Above, the bound is tried first; where it fails, re-weighted optima, and sums between these and the bound.
    """
    needed = np.nonzero(d.need > 0)[0]
    low = int(entry_sums(d, model.code, values)[needed].min())
    most = max(min(worst_bound(d, needed, time_limit_s), int(bound // needed.size)), low)
    if model.code.size <= EXACT_PAIRS:
        try:
            return _exact(d, model, values, (low, most), time_limit_s)
        except NotConverged:
            pass
    search, best, high = _Search(d, model, needed), values, most
    model.patience(600.0)  # what follows is bounded by rounds; a clock would make the result depend on the machine
    step = max(int(np.gcd.reduce(np.unique(d.score))), 1)
    most = high = most // step * step
    for attempt in range(TRIES):
        if low >= high:
            break
        if attempt == 1:
            best = reweighted(d, model, np.concatenate((values, np.zeros(model.code.size - values.size))), most)
            low = int(entry_sums(d, model.code, best)[needed].min())
        target = high if attempt == 0 else low + -(-(high - low) // (2 * step)) * step
        found = search.at_least(target, values)
        if found is None:
            high = target - step
        else:
            best, low = found, int(entry_sums(d, model.code, found)[needed].min())
    missing = model.code.size - best.size
    return np.concatenate((best, np.zeros(missing))), most


def worst_bound(d: Demand, needed: Ints, time_limit_s: float) -> int:
    """The largest worst sum of the hardest entries alone (all of them up to 30,000 pairs), parts of judges allowed."""
    j = d.shape[1]
    own = _own_best(d, needed)
    hardest = needed[np.argsort(own, kind="stable")[: max(BOUND_PAIRS // j, 1)]]
    everybody = hardest.size == needed.size
    part = _part(d, np.sort(hardest), np.zeros(j, np.int64), floors=everybody)
    code = np.nonzero(~part.conflict.ravel())[0]
    model = Transport(part, code, np.zeros(code.size), time_limit_s=time_limit_s)
    model.add_rows(side_rows(part, code))
    try:
        return min(int(np.floor(model.largest_worst(part) + 1e-6)), int(own.min()))
    except NotConverged:
        return int(own.min())


def _own_best(d: Demand, needed: Ints) -> Ints:
    """The sum that each entry could have if it chose its judges first."""
    out = []
    for start in range(0, needed.size, BLOCK):
        rows = needed[start : start + BLOCK]
        best = np.sort(np.where(d.conflict[rows], np.int16(-1), d.score[rows]), axis=1)[:, ::-1]
        out.append(np.cumsum(best, axis=1, dtype=np.int64)[np.arange(rows.size), d.need[rows] - 1])
    return np.concatenate(out)


def _part(d: Demand, entries: Ints, loads: Ints, *, floors: bool = True) -> Demand:
    """The same demand for some entries, when `loads` of each judge's are given to the others."""
    row = {int(i): k for k, i in enumerate(entries)}
    lo = np.maximum(d.lo - loads, 0) if floors else np.zeros_like(d.lo)
    fixed = tuple((row[int(e)], k) for e, k in d.fixed if int(e) in row)
    need, score = d.need[entries], d.score[entries]
    return replace(d, k=need, lo=lo, hi=d.hi - loads, conflict=d.conflict[entries], score=score, fixed=fixed, keep=())


def _exact(d: Demand, model: Transport, values: Floats, limits: tuple[int, int], time_limit_s: float) -> tuple[Floats, int]:
    """Raise the demanded worst sum by bisection between what is reached and the bound."""
    needed = np.nonzero(d.need > 0)[0]
    low, high = limits
    while low < high:
        middle = (low + high + 1) // 2
        try:
            low = int(entry_sums(d, model.code, _at_least(d, model, needed, middle, time_limit_s))[needed].min())
        except Infeasible:
            high = middle - 1
    return _at_least(d, model, needed, low, time_limit_s), low


def _at_least(d: Demand, model: Transport, needed: Ints, worst: int, time_limit_s: float) -> Floats:
    """Largest total with every entry's sum at least `worst`, in whole judges."""
    exact = _demanding(d, model.code, model.gain, needed, worst, time_limit_s)
    exact.whole()
    return exact.solve()


def _demanding(d: Demand, code: Ints, gain: Floats, needed: Ints, worst: int, time_limit_s: float = 600.0) -> Transport:
    """The programme over these pairs with a least sum for every entry."""
    model = Transport(d, code, gain, time_limit_s=time_limit_s)
    model.add_rows(side_rows(d, code))
    for i in needed.tolist():
        model.require(d, i, worst)
    return model


def reweighted(d: Demand, model: Transport, values: Floats, most: int) -> Floats:
    """Raise the weight of the entries that are served worst and solve again; keep the best worst sum, then the best total."""
    needed = np.nonzero(d.need > 0)[0]
    base, entry, weight = model.gain.copy(), model.code // d.shape[1], np.ones(d.shape[0])
    model.lower_sums(0)
    best, best_key = values, _quality(d, model.code, values, needed)
    for _ in range(20 if model.code.size <= 30_000 else 4):
        if best_key[0] >= most:
            break
        sums = entry_sums(d, model.code, values)
        line = max(float(np.quantile(sums[needed], 0.02)), float(best_key[0]))
        poor = (sums <= line) & (d.need > 0)
        weight[poor] *= 1.0 + 0.3 * (1.0 - (sums[poor] - sums[needed].min()) / max(line - float(sums[needed].min()) + 1, 1.0)) + 0.05
        model.set_gains(base * weight[entry])
        try:
            values = model.solve()
        except NotConverged:
            break
        key = _quality(d, model.code, values, needed)
        if key > best_key:
            best, best_key = values, key
    model.set_gains(base)
    return best


def _quality(d: Demand, code: Ints, values: Floats, needed: Ints) -> tuple[int, int]:
    """Worst sum and total; nothing where judges are given in parts, as further limits can make them."""
    if np.abs(values - np.rint(values)).max(initial=0) > 1e-6:
        return (-1, 0)
    sums = entry_sums(d, code, values)
    return int(sums[needed].min()), int(sums.sum())


@dataclass
class _Search:
    """Assignments in which every entry reaches a given sum; the rows of earlier tries are kept."""

    d: Demand
    model: Transport
    needed: Ints
    rows: set[int] = field(default_factory=set)

    def at_least(self, target: int, values: Floats) -> Floats | None:
        """Solve with parts of judges, one row more for every entry that falls short, then in whole judges."""
        self.model.lower_sums(target)
        values = np.concatenate((values, np.zeros(self.model.code.size - values.size)))
        try:
            if self.rows:
                values = self.model.solve()
            while True:
                short = self._short(values, target)
                if not short:
                    return self._whole(values, target)
                self._demand(short, target)
                values = self.model.solve()
        except (Infeasible, NotConverged):
            return None

    def _short(self, values: Floats, target: int) -> list[int]:
        j = self.d.shape[1]
        entry = self.model.code // j
        sums = np.bincount(entry, values * self.d.score[entry, self.model.code % j], self.d.shape[0])
        return [i for i in self.needed[sums[self.needed] < target - 1e-6].tolist() if i not in self.rows]

    def _demand(self, short: list[int], target: int) -> None:
        """Give these entries their best judges to choose from, and demand the sum."""
        j = self.d.shape[1]
        best = [i * j + np.argsort(np.where(self.d.conflict[i], -1, self.d.score[i]), kind="stable")[-WIDTH:] for i in short]
        code = np.concatenate(best)
        code = code[~self.d.conflict[code // j, code % j] & ~np.isin(code, self.model.code)]
        if code.size:
            self.model.add_pairs(code, self.d.score[code // j, code % j].astype(np.float64))
        for i in short:
            self.model.require(self.d, i, target)
        self.rows |= set(short)

    def _whole(self, values: Floats, target: int) -> Floats | None:
        """Entries with parts of judges are solved again in whole ones, alone and then with some that share their judges."""
        j = self.d.shape[1]
        entry, judge = self.model.code // j, self.model.code % j
        parts = np.abs(values - np.rint(values)) > 1e-6
        if not parts.any():
            return values
        open_ = np.isin(np.arange(self.d.shape[0]), [*np.unique(entry[parts]).tolist(), *self.rows])
        sharing = np.unique(entry[np.isin(judge, judge[parts]) & (values > 0.5)])
        for wider in (np.zeros(0, np.int64), sharing[:NEIGHBOURS]):
            open_[wider] = True
            free = open_[entry]
            kept = np.where(free, 0.0, values) > 0.5
            part = _part(self.d, np.nonzero(open_)[0], np.bincount(judge[kept], minlength=j))
            row = np.cumsum(open_) - 1
            code = row[entry[free]] * j + judge[free]
            try:
                found = _demanding(part, code, self.model.gain[free], np.nonzero(part.need > 0)[0], target).dive(STEPS)
            except (Infeasible, NotConverged):
                continue
            out = kept.astype(np.float64)
            out[free] = found
            return out
        return None
