"""How sure a rank is: intervals and P(top k) from posterior draws or bootstraps, repeatable from a seed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import erfc, sqrt
from typing import Literal, get_args

import numpy as np

from scoring.arrays import Bools, Floats, Ints
from scoring.draws import generator
from scoring.errors import Insufficient, InvalidRule
from scoring.mixed import Mixed, fit_mixed
from scoring.resampling import bootstrap_scores
from scoring.totals import Totals

UncertaintyMethod = Literal["posterior", "bootstrap_entry", "bootstrap_judges", "simultaneous"]
BLOCK_CELLS = 2_000_000


@dataclass(frozen=True, eq=False)
class RankUncertainty:
    """lo, hi: limits of each entry's rank; p_top[N, len(k)]: probability of being among the first k (ties share the places).

    `ranks[N, draws]`: best rank in every draw (empty for simultaneous sets). Entries without marks have lo 0, hi 0.
    """

    lo: Ints
    hi: Ints
    p_top: Floats
    k: tuple[int, ...]
    level: float
    method: str
    ranks: Ints

    def p_beats(self, i: int, j: int) -> float:
        """Probability that entry i stands before entry j (ties half)."""
        if not self.ranks.size:
            raise Insufficient("simultaneous sets have no draws", {"field": "method"})
        a, b = self.ranks[i], self.ranks[j]
        return float((a < b).mean() + 0.5 * (a == b).mean())

    def p_rank(self, i: int) -> Floats:
        """Share of draws in which entry i has each rank 1..N (rank = 1 + number strictly better)."""
        return np.bincount(self.ranks[i], minlength=self.lo.size + 1)[1:] / self.ranks.shape[1]

    def unsupported(self, order: Ints) -> list[tuple[int, int]]:
        """Neighbours of the published order whose order the data do not support at the level asked for."""
        tail = (1 + self.level) / 2
        pairs = zip(order[:-1].tolist(), order[1:].tolist(), strict=True)
        return [(a, b) for a, b in pairs if self.hi[a] and self.hi[b] and self.p_beats(a, b) < tail]


def rank_uncertainty(
    model: Mixed | Totals,
    *,
    k: Sequence[int],
    draws: int = 2000,
    level: float = 0.95,
    method: UncertaintyMethod = "posterior",
    seed: str,
) -> RankUncertainty:
    """Rank limits by posterior draws of a mixed model (default), by bootstrap of the judges (within entries, or jointly),
    or simultaneous sets from studentised differences. Raises Insufficient, InvalidRule, NotConverged.
    """
    if method not in get_args(UncertaintyMethod):
        raise InvalidRule("unknown method of uncertainty", {"field": "method"})
    if not 0 < level < 1 or draws < 10 or any(v < 1 for v in k):
        raise InvalidRule("level lies between 0 and 1, draws and k are positive", {"field": "draws"})
    ks = tuple(int(v) for v in k)
    if method in ("bootstrap_entry", "bootstrap_judges"):
        if not isinstance(model, Totals):
            raise InvalidRule("a bootstrap needs the totals", {"field": "model"})
        blocks = bootstrap_scores(model, draws, jointly=method == "bootstrap_judges", seed=seed)
        return _collect(blocks, np.any(model.valid, axis=1), ks, level, method)
    mixed = fit_totals(model) if isinstance(model, Totals) else model
    here = np.bincount(mixed.e, minlength=mixed.entry.size) > 0
    if method == "simultaneous":
        return _simultaneous(mixed, here, ks, draws, level, seed)
    return _collect(posterior_draws(mixed, draws, seed), here, ks, level, method)


def fit_totals(t: Totals) -> Mixed:
    """The mixed model of judge totals in points."""
    e, j = np.nonzero(t.valid)
    return fit_mixed(e, j, t.points()[e, j])


def posterior_draws(m: Mixed, draws: int, seed: str) -> Iterator[Ints]:
    """Blocks of entry effects drawn from their joint posterior (variances at their estimates), as sortable integers."""
    rng = generator(seed, "posterior")
    system, data = m.system, m.system.data
    sigma, theta = float(np.sqrt(m.var["residual"])), system.theta[0]
    upper = np.linalg.inv(system.lower).T * sigma
    slots = _slots(m.e, m.j, data.per_entry.astype(np.int64))
    gain = (theta / (1 + theta * data.per_entry)).astype(np.float32)
    spread = (sigma * np.sqrt(gain)).astype(np.float32)
    base = data.sums.astype(np.float32)
    size = max(1, min(draws, BLOCK_CELLS // max(base.size, 1)))
    for start in range(0, draws, size):
        count = min(size, draws - start)
        unit = system.solution[:, None] + upper @ rng.standard_normal((upper.shape[0], count))
        judges = np.vstack((system.basis @ unit, np.zeros((1, count)))).astype(np.float32)
        rest = np.repeat(base[:, None], count, axis=1)
        for slot in slots:
            rest -= judges[slot]
        rest *= gain[:, None]
        noise = rng.standard_normal((base.size, count), dtype=np.float32)
        noise *= spread[:, None]
        yield sortable(np.ascontiguousarray((rest + noise).T))


def _slots(e: Ints, j: Ints, counts: Ints) -> list[Ints]:
    """Judge of each entry's 1st, 2nd … mark; -1 (a row of zeros) where there are fewer."""
    order = np.argsort(e, kind="stable")
    starts = np.concatenate(([0], np.cumsum(counts)))[:-1]
    out = []
    for place in range(int(counts.max())):
        at = np.minimum(starts + place, j.size - 1)
        out.append(np.where(counts > place, j[order][at], -1))
    return out


def sortable(values: Floats) -> Ints:
    """32-bit floats as integers of the same order."""
    bits = values.view(np.int32)
    return (bits ^ ((bits >> 31) & 0x7FFFFFFF)).astype(np.int64)


def _collect(blocks: Iterator[Ints], here: Bools, ks: tuple[int, ...], level: float, method: str) -> RankUncertainty:
    at = np.nonzero(here)[0]
    if at.size == 0:
        raise Insufficient("no entry has marks", {"field": "model"})
    kind = np.uint16 if at.size < 65000 else np.uint32
    bests, worsts, tied = [], [], False
    top = np.zeros((len(ks), at.size))
    for block in blocks:
        best, worst = np.empty((2, block.shape[0], at.size), kind)
        tied |= rank_block(block[:, at] if at.size < here.size else block, best, worst, ks, top)
        bests.append(best)
        worsts.append(worst)
    first = np.ascontiguousarray(np.vstack(bests).T)
    last = np.ascontiguousarray(np.vstack(worsts).T) if tied else first
    draws = first.shape[1]
    low_at, high_at = int((1 - level) / 2 * draws), min(int(np.ceil((1 + level) / 2 * draws)), draws) - 1
    lo, hi = np.zeros(here.size, np.int64), np.zeros(here.size, np.int64)
    lo[at] = np.partition(first, low_at, axis=1)[:, low_at]
    hi[at] = np.partition(last, high_at, axis=1)[:, high_at]
    p_top, ranks = np.zeros((here.size, len(ks))), np.zeros((here.size, draws), kind)
    p_top[at], ranks[at] = (top / draws).T, first
    return RankUncertainty(lo, hi, p_top, ks, level, method, ranks)


def rank_block(values: Ints, best: np.ndarray, worst: np.ndarray, ks: tuple[int, ...], top: Floats) -> bool:
    """Ranks of each row (larger is better) by one sort of value and position packed together; adds to the counts of `top`."""
    rows, n = values.shape
    shift = int(n).bit_length()
    packed = (-values << shift) | np.arange(n)
    packed.sort(axis=1)
    place = packed & ((1 << shift) - 1)
    ordered = packed >> shift
    new = np.ones((rows, n), bool)
    np.not_equal(ordered[:, 1:], ordered[:, :-1], out=new[:, 1:])
    tied = not bool(new.all())
    position = np.arange(1, n + 1, dtype=best.dtype)
    if not tied:
        np.put_along_axis(best, place, np.broadcast_to(position, (rows, n)), axis=1)
        worst[:] = best
        for column, k in enumerate(ks):
            top[column] += np.bincount(place[:, : min(k, n)].ravel(), minlength=n)
        return False
    first = np.maximum.accumulate(np.where(new, position, 0), axis=1)
    ends = np.ones((rows, n), bool)
    ends[:, :-1] = new[:, 1:]
    last = np.minimum.accumulate(np.where(ends, position, np.iinfo(best.dtype).max)[:, ::-1], axis=1)[:, ::-1]
    np.put_along_axis(best, place, first.astype(best.dtype), axis=1)
    np.put_along_axis(worst, place, last.astype(best.dtype), axis=1)
    size = last.astype(np.float64) - first + 1
    for column, k in enumerate(ks):
        share = np.clip(k - (first - 1.0), 0, size) / size
        top[column] += np.bincount(place.ravel(), share.ravel(), n)
    return True


def _simultaneous(m: Mixed, here: Bools, ks: tuple[int, ...], draws: int, level: float, seed: str) -> RankUncertainty:
    """Rank sets that hold for all entries at once: studentised largest difference (Mogstad, Romano, Shaikh, Wilhelm).

    Entry means corrected by the judges' predictions, errors taken as independent; above 400 entries a conservative bound
    replaces the largest difference.
    """
    at = np.nonzero(here)[0]
    counts = np.bincount(m.e, minlength=m.entry.size).astype(np.float64)[at]
    value = np.bincount(m.e, m.y - m.judge[m.j], m.entry.size)[at] / counts
    error = np.sqrt(m.var["residual"] / counts + m.pev_judge.mean() / counts)
    z = generator(seed, "simultaneous").standard_normal((draws, at.size))
    if at.size <= 400:
        pair = np.sqrt(error[:, None] ** 2 + error**2)
        peaks = np.array([float((np.abs((row * error)[:, None] - row * error) / pair).max()) for row in z])
    else:
        two = np.sort(z * z, axis=1)[:, -2:]
        peaks = np.sqrt(two.sum(axis=1))
    limit = float(np.quantile(peaks, level))
    margin = limit * np.sqrt(error[:, None] ** 2 + error**2)
    gap = value[:, None] - value
    lo, hi = np.zeros(here.size, np.int64), np.zeros(here.size, np.int64)
    lo[at] = 1 + (gap < -margin).sum(axis=1)
    hi[at] = at.size - (gap > margin).sum(axis=1)
    sure = (hi[:, None] <= np.array(ks)) & (hi[:, None] > 0)
    return RankUncertainty(lo, hi, sure.astype(np.float64), ks, level, "simultaneous", np.zeros((0, 0), np.int64))


def p_top_normal(mean: Floats, sd: Floats, k: int, *, nodes: int = 2001) -> Floats:
    """P(among the k largest) of independent normal values, by quadrature: for each entry the chance that fewer than k others exceed it."""
    mu, sigma = np.asarray(mean, np.float64), np.asarray(sd, np.float64)
    if mu.shape != sigma.shape or mu.size > 500 or k < 1 or not (np.isfinite(mu) & (sigma > 0) & np.isfinite(sigma)).all():
        raise InvalidRule("up to 500 means with positive standard deviations, and at least one place", {"field": "sd"})
    z = np.linspace(-8.5, 8.5, nodes)
    weight = np.exp(-z * z / 2) / np.sqrt(2 * np.pi) * (z[1] - z[0])
    return np.array([float(weight @ _fewer_than(mu, sigma, i, mu[i] + sigma[i] * z, k)) for i in range(mu.size)])


def _fewer_than(mu: Floats, sigma: Floats, i: int, x: Floats, k: int) -> Floats:
    """P(fewer than k of the others exceed x), by adding one entry after the other."""
    chance = np.zeros((k, x.size))
    chance[0] = 1.0
    for other in range(mu.size):
        if other == i:
            continue
        above = 1 - normal_cdf((x - mu[other]) / sigma[other])
        chance[1:] = chance[1:] * (1 - above) + chance[:-1] * above
        chance[0] *= 1 - above
    return chance.sum(axis=0)


def normal_cdf(x: Floats) -> Floats:
    """Standard normal distribution function of an array, to about 1e-15 (the standard library's erfc, element by element)."""
    return np.array([0.5 * erfc(-v / sqrt(2)) for v in x.tolist()])
