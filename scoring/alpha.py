"""Krippendorff's alpha for nominal, ordinal, interval and ratio marks, with missing ones; memory linear in the marks."""

from typing import Literal, get_args

import numpy as np

from scoring.agreement import NAN, Estimate, float_table
from scoring.arrays import Bools, Floats, Ints
from scoring.draws import generator
from scoring.errors import Insufficient, InvalidRule

Metric = Literal["nominal", "ordinal", "interval", "ratio"]


def krippendorff_alpha(
    y: Floats,
    mask: Bools | None = None,
    metric: Metric = "interval",
    *,
    boot: int = 0,
    level: float = 0.95,
    seed: str = "alpha",
) -> Estimate:
    """1 - observed / expected disagreement of N units x J judges; units with fewer than two marks do not count.

    `boot` resamples units for the limits. All values equal: nan with a reason. Raises Insufficient, InvalidRule.
    """
    if metric not in get_args(Metric):
        raise InvalidRule("metric must be nominal, ordinal, interval or ratio", {"field": "metric"})
    table = float_table(y)
    if table.ndim != 2 or (mask is not None and np.shape(mask) != table.shape):
        raise Insufficient("a table of units by judges is needed, and a mask of the same shape", {"field": "y"})
    seen = np.isfinite(table) if mask is None else np.asarray(mask, bool) & np.isfinite(table)
    rows = seen.sum(axis=1) >= 2
    table, seen = table[rows], seen[rows]
    if not seen.any():
        raise Insufficient("no unit has two marks to compare", {"field": "y"})
    if metric == "ratio" and bool((table[seen] < 0).any()):
        raise InvalidRule("the ratio metric needs marks that are not negative", {"field": "metric"})
    value = _alpha(table, seen, metric)
    if np.isnan(value):
        return Estimate(NAN, reason="all marks are equal: there is no disagreement to expect")
    if not boot:
        return Estimate(value)
    rng = generator(seed, "krippendorff")
    picks = rng.integers(0, table.shape[0], (boot, table.shape[0]))
    draws = np.array([_alpha(table[pick], seen[pick], metric) for pick in picks])
    low, high = np.nanquantile(draws, [(1 - level) / 2, (1 + level) / 2]) if np.isfinite(draws).any() else (NAN, NAN)
    return Estimate(value, float(low), float(high))


def _alpha(table: Floats, seen: Bools, metric: Metric) -> float:
    if metric == "interval":
        return _squared(table, seen)
    if metric == "ratio":
        return _ratio(table, seen)
    values, codes = np.unique(table[seen], return_inverse=True)
    if metric == "ordinal":
        counts = np.bincount(codes)
        middle = np.cumsum(counts) - counts / 2
        ranked = np.zeros(table.shape)
        ranked[seen] = middle[codes]
        return _squared(ranked, seen)
    return _nominal(np.nonzero(seen)[0], codes, seen.sum(axis=1), values.size)


def _squared(table: Floats, seen: Bools) -> float:
    """Squared differences need only the sums and sums of squares of each unit."""
    m = seen.sum(axis=1).astype(np.float64)
    centre = float(table[seen].mean())
    x = np.where(seen, table - centre, 0.0)
    total, squares = x.sum(axis=1), np.einsum("ij,ij->i", x, x)
    n = float(m.sum())
    observed = float(((m * squares - total**2) / (m - 1)).sum()) / n
    expected = (n * float(squares.sum()) - float(total.sum()) ** 2) / (n * (n - 1))
    return 1 - observed / expected if expected > 1e-300 else NAN


def _nominal(unit: Ints, codes: Ints, m: Ints, n_values: int) -> float:
    cells, counts = np.unique(unit * n_values + codes, return_counts=True)
    same = np.bincount(cells // n_values, counts.astype(np.float64) ** 2, m.size)
    n = float(m.sum())
    observed = float(((m.astype(np.float64) ** 2 - same) / (m - 1)).sum()) / n
    overall = np.bincount(codes).astype(np.float64)
    expected = (n * n - float(overall @ overall)) / (n * (n - 1))
    return 1 - observed / expected if expected > 0 else NAN


def _ratio(table: Floats, seen: Bools) -> float:
    m = seen.sum(axis=1).astype(np.float64)
    observed = np.zeros(table.shape[0])
    for a in range(table.shape[1]):
        for b in range(a + 1, table.shape[1]):
            both = seen[:, a] & seen[:, b]
            observed += np.where(both, _share(table[:, a], table[:, b]), 0.0)
    n = float(m.sum())
    values, counts = np.unique(table[seen], return_counts=True)
    expected = sum(float(counts[k] * (counts[k + 1 :] @ _share(values[k], values[k + 1 :]))) for k in range(values.size - 1))
    if expected <= 0:
        return NAN
    return 1 - (2 * float((observed / (m - 1)).sum()) / n) / (2 * expected / (n * (n - 1)))


def _share(a: Floats | float, b: Floats) -> Floats:
    """((a - b) / (a + b))^2, 0 where both are 0."""
    total = a + b
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(total > 0, ((a - b) / total) ** 2, 0.0)
