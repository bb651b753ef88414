"""Fair to the worst-served entry: exactly for small instances, by re-weighted optima for large ones."""

import numpy as np

from scoring.arrays import Floats, Ints
from scoring.demand import Demand
from scoring.errors import Infeasible, NotConverged
from scoring.sideways import needs_whole_numbers, side_rows
from scoring.transport import Transport

EXACT_PAIRS = 1500


def entry_sums(d: Demand, code: Ints, values: Floats) -> Ints:
    """Sum of scores of each entry in a solution."""
    j = d.shape[1]
    used = code[values > 0.5]
    return np.bincount(used // j, d.score[used // j, used % j], d.shape[0]).astype(np.int64)


def fair_pairs(d: Demand, model: Transport, values: Floats, time_limit_s: float) -> Floats:
    """Largest worst sum, then largest total: a whole-number programme up to 1,500 pairs, otherwise re-weighting."""
    if model.code.size <= EXACT_PAIRS:
        try:
            return _exact(d, model, values, time_limit_s)
        except NotConverged:
            pass
    if needs_whole_numbers(d):
        return values
    return _reweighted(d, model, values)


def _weights(d: Demand, code: Ints, i: int) -> Floats:
    j = d.shape[1]
    return np.where(code // j == i, d.score[code // j, code % j].astype(np.float64), 0.0)


def _exact(d: Demand, model: Transport, values: Floats, time_limit_s: float) -> Floats:
    """Raise the demanded worst sum by bisection between what is reached and what every entry could have."""
    needed = np.nonzero(d.need > 0)[0]
    low = int(entry_sums(d, model.code, values)[needed].min())
    high = _ceiling(d, needed)
    best = values
    while low < high:
        middle = (low + high + 1) // 2
        try:
            best = _at_least(d, model, needed, middle, time_limit_s)
            low = int(entry_sums(d, model.code, best)[needed].min())
        except Infeasible:
            high = middle - 1
    return _at_least(d, model, needed, low, time_limit_s)


def _ceiling(d: Demand, needed: Ints) -> int:
    """The smallest best possible sum of an entry on its own: no assignment can do better for the worst."""
    out = []
    for i in needed.tolist():
        own = np.sort(d.score[i][~d.conflict[i]])[::-1]
        out.append(int(own[: int(d.need[i])].astype(np.int64).sum()))
    return min(out)


def _at_least(d: Demand, model: Transport, needed: Ints, worst: int, time_limit_s: float) -> Floats:
    """Largest total with every entry's sum at least `worst`."""
    exact = Transport(d, model.code, model.gain, time_limit_s=time_limit_s)
    exact.add_rows(side_rows(d, model.code))
    for i in needed.tolist():
        exact.add_weighted_row(_weights(d, model.code, i), float(worst))
    exact.whole()
    return exact.solve()


def _reweighted(d: Demand, model: Transport, values: Floats) -> Floats:
    """Raise the weight of the entries that are served worst and solve again; keep the best worst sum, then the best total."""
    j = d.shape[1]
    needed = np.nonzero(d.need > 0)[0]
    ceiling = _ceiling(d, needed) if needed.size * j <= 10**7 else None
    base, entry = model.gain.copy(), model.code // j
    weight = np.ones(d.shape[0])
    best, best_key = values, _quality(d, model.code, values, needed)
    rounds = 60 if model.code.size <= 30_000 else 20 if model.code.size <= 200_000 else 6
    for _ in range(rounds):
        sums = entry_sums(d, model.code, values)
        if ceiling is not None and best_key[0] >= ceiling:
            break
        line = max(float(np.quantile(sums[needed], 0.02)), float(best_key[0]))
        poor = (sums <= line) & (d.need > 0)
        weight[poor] *= 1.0 + 0.3 * (1.0 - (sums[poor] - sums[needed].min()) / max(line - float(sums[needed].min()) + 1, 1.0)) + 0.05
        model.set_gains(base * weight[entry])
        values = model.solve()
        key = _quality(d, model.code, values, needed)
        if key > best_key:
            best, best_key = values, key
    model.gain = base
    return best


def _quality(d: Demand, code: Ints, values: Floats, needed: Ints) -> tuple[int, int]:
    sums = entry_sums(d, code, values)
    return int(sums[needed].min()), int(sums.sum())
