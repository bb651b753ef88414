"""Which pairs are worth giving to the solver: approximate judge prices from a sample, then each entry's best pairs at those prices."""

import numpy as np

from scoring.arrays import Floats, Ints
from scoring.demand import Demand
from scoring.mixing import permutation

BLOCK = 2000
BARRED = -30000.0
FEW_JUDGES = 800


def gains(d: Demand, start: int, stop: int) -> Floats:
    """Scores of a block of entries as 32-bit floats; barred pairs far below every score."""
    if d.score is None:
        return np.where(d.conflict[start:stop], np.float32(BARRED), np.float32(0))
    return np.where(d.conflict[start:stop], np.float32(BARRED), d.score[start:stop].astype(np.float32))


def judge_prices(d: Demand, seed: str) -> Floats:
    """Prices at which entries that choose freely load the judges about as demanded (damped adjustment on a sample).

    Few judges settle in half the rounds, each entry looking at fewer of them.
    """
    n, j = d.shape
    rounds, width = (20, 60) if j <= FEW_JUDGES else (40, 200)
    prices = np.zeros(j, np.float32)
    k = max(int(d.need.max(initial=0)), 1)
    size = min(n, max(1500, 24 * j // k))
    if d.score is None or k >= j:
        return prices
    sample = np.sort(permutation(seed, "prices", n)[:size])
    candidates, values = _widest(d, sample, min(j, max(width, 4 * k)))
    scale = size / n
    lo, hi, mean = d.lo * scale, d.hi * scale, max(float(d.need.sum()) * scale / j, 1e-9)
    step = np.float32(max(float(d.score.max()), 1.0) / 5)
    for _ in range(rounds):
        offer = values - prices[candidates]
        pick = np.argpartition(offer, offer.shape[1] - k, axis=1)[:, offer.shape[1] - k :]
        load = np.bincount(np.take_along_axis(candidates, pick, 1).ravel(), minlength=j)
        excess = np.where(load > hi, load - hi, np.where(load < lo, load - lo, 0)) / mean
        prices += step * np.clip(excess, -1, 1).astype(np.float32)
        step = max(step * np.float32(0.9), np.float32(1))
    return prices


def _widest(d: Demand, sample: Ints, width: int) -> tuple[Ints, Floats]:
    """The best `width` judges of every sampled entry and their scores."""
    picks, values = [], []
    for start in range(0, sample.size, BLOCK):
        rows = sample[start : start + BLOCK]
        block = np.where(d.conflict[rows], np.float32(BARRED), d.score[rows].astype(np.float32))
        pick = np.argpartition(-block, width - 1, axis=1)[:, :width]
        picks.append(pick)
        values.append(np.take_along_axis(block, pick, 1))
    return np.concatenate(picks), np.concatenate(values)


def candidate_pairs(d: Demand, prices: Floats, per_entry: int, extra: Ints) -> Ints:
    """Codes entry x J + judge, sorted: each entry's best pairs at these prices, fixed and kept pairs, and `extra`."""
    n, j = d.shape
    top = min(per_entry, j)
    codes = [extra, np.array([e * j + k for e, k in (*d.fixed, *d.keep)], np.int64)]
    for start in range(0, n, BLOCK):
        block = gains(d, start, min(start + BLOCK, n)) - prices
        pick = np.argpartition(-block, top - 1, axis=1)[:, :top] if top < j else np.tile(np.arange(j), (block.shape[0], 1))
        rows = np.arange(start, start + block.shape[0])[:, None]
        codes.append((rows * j + pick).ravel())
    code = np.unique(np.concatenate(codes))
    return code[~d.conflict[code // j, code % j]]


def better_pairs(d: Demand, known: Ints, entry_price: Floats, judge_price: Floats, tolerance: float) -> tuple[Ints, float]:
    """Pairs left out whose score exceeds their prices, and the sum of these excesses (what optimality may still lack)."""
    n, j = d.shape
    found, lacking = [], 0.0
    for start in range(0, n, BLOCK):
        stop = min(start + BLOCK, n)
        over = gains(d, start, stop) - entry_price[start:stop, None].astype(np.float32) - judge_price.astype(np.float32)
        rows, columns = np.nonzero(over > tolerance)
        code = (rows + start) * j + columns
        new = ~np.isin(code, known, assume_unique=True)
        found.append(code[new])
        lacking += float(over[rows[new], columns[new]].sum())
    return np.concatenate(found) if found else np.zeros(0, np.int64), lacking
