"""Bootstrap of the judges behind each score: the rule's mean or trimmed mean on resampled totals, in integers."""

from collections.abc import Iterator
from dataclasses import replace
from math import lcm

import numpy as np

from scoring.arrays import Bools, Ints
from scoring.draws import generator
from scoring.methods import Aggregate, Median, Trimmed
from scoring.pooling import settled
from scoring.totals import Totals

BLOCK_CELLS = 6_000_000
COMPLETE = 20_000


def bootstrap_scores(t: Totals, draws: int, *, jointly: bool, seed: str) -> Iterator[Ints]:
    """Blocks of draws x N scores (larger is better; entries without marks get the lowest value).

    Within entries: every entry draws as many of its own judges as it has; where all such draws are no more than 20,000,
    each is taken once and nothing is left to chance. Jointly: one set of judges for all entries; an entry that none of
    them marked keeps its own score.
    """
    rng = generator(seed, "judges" if jointly else "entry")
    totals, counts = _front(t)
    t = replace(t, rule=replace(t.rule, aggregate=settled(t.rule.aggregate, counts[counts >= t.rule.min_judges])))
    ways = complete_draws(counts)
    if not jointly and ways <= min(COMPLETE, BLOCK_CELLS // max(totals.size, 1)):
        yield _every_draw(t, totals, counts)
        return
    size = max(1, min(draws, BLOCK_CELLS // max(totals.size, 1)))
    for start in range(0, draws, size):
        count = min(size, draws - start)
        yield _joint_block(t, rng, count) if jointly else _entry_block(t, totals, counts, rng, count)


def complete_draws(counts: Ints) -> int:
    """How many ways there are to draw n judges for each entry of n, up to one more than are ever enumerated."""
    ways = 1
    for n in counts[counts > 0].tolist():
        ways *= n**n if n < 8 else COMPLETE + 1
        if ways > COMPLETE:
            return COMPLETE + 1
    return ways


def _every_draw(t: Totals, totals: Ints, counts: Ints) -> Ints:
    """The scores of all draws within entries, each once: the complete bootstrap of a handful of entries."""
    sizes = [max(int(n), 1) for n in counts]
    outcome = np.unravel_index(np.arange(complete_draws(counts)), [n**n for n in sizes])
    width = totals.shape[1]
    values = np.zeros((outcome[0].size, len(sizes), width), np.int64)
    for i, n in enumerate(sizes):
        picks = np.indices((n,) * n).reshape(n, -1).T
        values[:, i, :n] = totals[i, picks[outcome[i]]]
    present = np.broadcast_to(np.arange(width) < counts[:, None], values.shape)
    return score_rows(values, present, t.rule.aggregate)


def _front(t: Totals) -> tuple[Ints, Ints]:
    """Valid totals moved to the front of each row, in the smallest integer type that holds their sums."""
    counts = t.valid.sum(axis=1)
    order = np.argsort(~t.valid, axis=1, kind="stable")
    values = np.take_along_axis(t.num, order, axis=1)[:, : max(int(counts.max(initial=1)), 1)]
    small = int(np.abs(values).max(initial=0)) * values.shape[1] < 2**31
    return np.ascontiguousarray(values, np.int32 if small else np.int64), counts


def _entry_block(t: Totals, totals: Ints, counts: Ints, rng: np.random.Generator, draws: int) -> Ints:
    n, width = totals.shape
    offset = np.arange(n) * width
    flat = totals.ravel()
    if bool((counts == width).all()) and width < 256:
        return _trimmed_stream(t, flat, offset, width, rng, draws)
    u = rng.random((draws, n, width), dtype=np.float32)
    pick = np.minimum((u * counts[:, None]).astype(np.int64), np.maximum(counts[:, None] - 1, 0))
    values = flat[pick + offset[:, None]].astype(np.int64)
    present = np.broadcast_to(np.arange(width) < counts[:, None], values.shape)
    return score_rows(values, present, t.rule.aggregate)


def _trimmed_stream(t: Totals, flat: Ints, offset: Ints, width: int, rng: np.random.Generator, draws: int) -> Ints:
    """All entries have the same number of judges: running sum, maximum and minimum, one judge at a time."""
    method = t.rule.aggregate
    trims = _trims(method, width)
    if trims not in ((0, 0), (1, 1)):
        pick = rng.integers(0, width, (draws, offset.size, width), dtype=np.uint8)
        values = flat[pick + offset[:, None]].astype(np.int64)
        return score_rows(values, np.ones(values.shape, bool), method)

    def draw() -> Ints:
        return flat[rng.integers(0, width, (draws, offset.size), dtype=np.uint8) + offset]

    total = draw()
    low, high = total.copy(), total.copy()
    for _ in range(width - 1):
        drawn = draw()
        total += drawn
        if trims == (1, 1):
            np.minimum(low, drawn, out=low)
            np.maximum(high, drawn, out=high)
    if trims == (1, 1):
        total = total - low - high
    return np.asarray(total, np.int64)


def _trims(method: Aggregate, n: int) -> tuple[int, int]:
    if isinstance(method, Trimmed):
        return (method.k_low, method.k_high) if n >= method.min_n else (0, 0)
    return (-1, -1) if isinstance(method, Median) else (0, 0)


def _joint_block(t: Totals, rng: np.random.Generator, draws: int) -> Ints:
    m = t.num.shape[1]
    picks = rng.integers(0, m, (draws, m))
    values = t.num.T[picks].transpose(0, 2, 1)
    present = t.valid.T[picks].transpose(0, 2, 1)
    lost = ~present.any(axis=2)
    if lost.any():
        rows, entries = np.nonzero(lost)
        values, present = values.copy(), present.copy()
        values[rows, entries], present[rows, entries] = t.num[entries], t.valid[entries]
    return score_rows(values, present, t.rule.aggregate)


def score_rows(values: Ints, present: Bools, method: Aggregate) -> Ints:
    """Mean, trimmed mean or median of the last axis over a common denominator, so that integers compare; other methods: mean."""
    counts = present.sum(axis=2)
    sizes = np.unique(counts[counts > 0]).tolist()
    ordered = np.sort(np.where(present, values, 2**61), axis=2)
    place = np.arange(values.shape[2])
    plans = {size: _kept_range(method, size) for size in sizes}
    common = lcm(*(stop - start for start, stop in plans.values())) if plans else 1
    out = np.full(counts.shape, -(2**40), np.int64)
    for size, (start, stop) in plans.items():
        rows = counts == size
        kept = ((place >= start) & (place < stop)).astype(np.int64)
        out[rows] = np.where(kept, ordered[rows], 0).sum(axis=1) * (common // (stop - start))
    return out


def _kept_range(method: Aggregate, n: int) -> tuple[int, int]:
    if isinstance(method, Median):
        return (n - 1) // 2, n // 2 + 1
    low, high = _trims(method, n)
    return low, n - high
