"""Many-facet Rasch model for rubric levels: entries, judges, criteria and steps on one logit scale (Linacre; rating scale)."""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from scoring.additive import refuse_disconnected
from scoring.arrays import Floats, Ints, sum_by, whole
from scoring.errors import Insufficient, InvalidRule, NotConverged
from scoring.marginal import fit_marginal

Estimator = Literal["jml", "jml_corrected", "mml"]
EXTREME = 0.3


@dataclass(frozen=True, eq=False)
class Mfrm:
    """logit P(k)/P(k-1) = entry - judge - criterion - step_k; judges and criteria add up to 0 (positive = severe, hard).

    se: 1 / sqrt(information), other facets fixed (mml: posterior SD of entries). infit, outfit: mean squares by judge
    (1 = as modelled, question outside 0.5 to 1.5). fair_average: expected level of each entry from an average judge.
    `estimator` and `scale` say how it was fitted: joint estimates are biased outwards, corrected ones x (L-1)/L.
    """

    entry: Floats
    judge: Floats
    criterion: Floats
    steps: Floats
    se_entry: Floats
    se_judge: Floats
    infit: Floats
    outfit: Floats
    loglik: float
    fair_average: Floats
    estimator: str
    scale: float
    iterations: int
    variance: float = float("nan")


def fit_mfrm(
    e: Ints,
    j: Ints,
    c: Ints | None,
    x: Ints,
    K: int,  # noqa: N803 -- the name of the published interface
    *,
    estimator: Estimator = "jml_corrected",
    tol: float = 1e-7,
    limit: int = 2000,
) -> Mfrm:
    """Fit M levels x (0..K-1, K levels). `c` None: one criterion. Raises InvalidRule, Insufficient, NotIdentifiable, NotConverged."""
    if estimator not in get_args(Estimator):
        raise InvalidRule("estimator must be jml, jml_corrected or mml", {"field": "estimator"})
    e, j, c, x, levels = _checked(e, j, c, x, K)
    counts = [np.bincount(facet).astype(np.float64) for facet in (e, j, c)]
    refuse_disconnected(e, j, counts[0], counts[1])
    if estimator == "mml":
        m = fit_marginal(e, j, c, x, levels, tol=tol)
        values = (m.entry, m.judge, m.criterion, m.steps)
        return _report(e, j, c, x, values, 1.0, "mml", m.iterations, m.loglik, m.sd_entry, m.variance)
    values, rounds = _joint(e, j, c, x, levels, tol, limit)
    scale = 1.0
    if estimator == "jml_corrected":
        marks = e.size / counts[0].size
        scale = (marks - 1) / marks
    return _report(e, j, c, x, values, scale, estimator, rounds)


def _checked(e: Ints, j: Ints, c: Ints | None, x: Ints, k: int) -> tuple[Ints, Ints, Ints, Ints, int]:
    entry, judge, level = whole(e, "entry"), whole(j, "judge"), whole(x, "x")
    criterion = np.zeros_like(entry) if c is None else whole(c, "criterion")
    if not entry.size or len({entry.shape, judge.shape, level.shape, criterion.shape}) != 1:
        raise Insufficient("entries, judges, criteria and levels are arrays of one common length, not empty", {"field": "x"})
    if k < 2 or min(int(a.min()) for a in (entry, judge, criterion)) < 0:
        raise InvalidRule("at least two levels are needed, and positions that are not negative", {"field": "K"})
    if int(level.min()) < 0 or int(level.max()) > k:
        bad = int(np.argmax((level < 0) | (level > k)))
        raise InvalidRule(f"levels run from 0 to {k - 1}", {"entry": int(entry[bad]), "judge": int(judge[bad])})
    levels = max(k, int(level.max()) + 1)
    if (np.bincount(level, minlength=levels) == 0).any():
        empty = int(np.argmin(np.bincount(level, minlength=levels)))
        raise Insufficient("a level that nobody gave has no step; merge it with its neighbour", {"level": empty})
    return entry, judge, criterion, level, levels


Values = tuple[Floats, Floats, Floats, Floats]


def moments(eta: Floats, steps: Floats) -> tuple[Floats, Floats, Floats]:
    """Expected level, its variance, and log of the normalising sum at eta = entry - judge - criterion."""
    base = np.exp(-np.concatenate(([0.0], np.cumsum(steps))))
    ratio = np.exp(np.clip(eta, -40, 40))
    power = np.ones_like(eta)
    total = np.full_like(eta, base[0])
    first, second = np.zeros_like(eta), np.zeros_like(eta)
    for k in range(1, base.size):
        power = power * ratio
        weight = power * base[k]
        total += weight
        first += k * weight
        second += k * k * weight
    mean = first / total
    return mean, second / total - mean * mean, np.log(total)


def _adjusted(total: Floats, top: Floats) -> Floats:
    """Observed sums with extreme ones moved inwards, so that their measures stay finite."""
    return np.where(total <= 0, EXTREME, np.where(total >= top, top - EXTREME, total))


def _joint(e: Ints, j: Ints, c: Ints, x: Ints, levels: int, tol: float, limit: int) -> tuple[Values, int]:
    """Block Newton: entries, judges, criteria, steps in turn; stops on centred increments of judges, criteria and steps."""
    n, m, q = (int(a.max()) + 1 for a in (e, j, c))
    y = x.astype(np.float64)
    top = levels - 1.0
    sums = [_adjusted(sum_by(a, y, s), np.bincount(a, minlength=s) * top) for a, s in ((e, n), (j, m), (c, q))]
    share = np.clip(sums[0] / (np.bincount(e, minlength=n) * top), 1e-3, 1 - 1e-3)
    entry = np.log(share / (1 - share))
    judge: Floats = np.zeros(m)
    criterion: Floats = np.zeros(q)
    steps: Floats = np.zeros(levels - 1)
    above = np.array([float((x >= k).sum()) for k in range(1, levels)])
    for sweep in range(1, limit + 1):
        entry += _newton(e, n, sums[0], entry[e] - judge[j] - criterion[c], steps)
        before = judge, criterion, steps
        judge = _centred(judge - _newton(j, m, sums[1], entry[e] - judge[j] - criterion[c], steps))
        if q > 1:
            criterion = _centred(criterion - _newton(c, q, sums[2], entry[e] - judge[j] - criterion[c], steps))
        steps, shift = _step_update(entry[e] - judge[j] - criterion[c], steps, above)
        entry -= shift
        change = max(float(np.abs(a - b).max()) for a, b in zip((judge, criterion, steps), before, strict=True))
        if change < tol:
            return (entry, judge, criterion, steps), sweep
    raise NotConverged("the joint estimates did not settle", {"sweeps": limit})


def _centred(values: Floats) -> Floats:
    return values - values.mean()


def _newton(index: Ints, size: int, target: Floats, eta: Floats, steps: Floats) -> Floats:
    mean, variance, _ = moments(eta, steps)
    gap = target - sum_by(index, mean, size)
    return np.clip(gap / np.maximum(sum_by(index, variance, size), 1e-9), -1.0, 1.0)


def _step_update(eta: Floats, steps: Floats, above: Floats) -> tuple[Floats, float]:
    """Newton on all steps together; their mean moves into the entries."""
    base = np.cumsum(np.concatenate(([0.0], steps)))
    weights = np.exp(np.clip(eta, -40, 40)[:, None] * np.arange(base.size) - base)
    weights /= weights.sum(axis=1, keepdims=True)
    tail = weights[:, ::-1].cumsum(axis=1)[:, ::-1][:, 1:]
    gap = tail.sum(axis=0) - above
    size = steps.size
    spread = np.array([[float((tail[:, max(a, b)] - tail[:, a] * tail[:, b]).sum()) for b in range(size)] for a in range(size)])
    moved = steps + np.clip(np.linalg.solve(spread, gap), -1.0, 1.0)
    return moved - moved.mean(), float(moved.mean())


def _report(
    e: Ints, j: Ints, c: Ints, x: Ints, values: Values, scale: float, estimator: str, rounds: int,
    loglik: float | None = None, sd_entry: Floats | None = None, variance: float = float("nan"),
) -> Mfrm:  # fmt: skip
    """Fit statistics at the estimates; the published measures are scaled afterwards."""
    entry, judge, criterion, steps = values
    eta = entry[e] - judge[j] - criterion[c]
    mean, spread, log_total = moments(eta, steps)
    rest = x - mean
    m = judge.size
    infit = sum_by(j, rest**2, m) / sum_by(j, spread, m)
    outfit = sum_by(j, rest**2 / np.maximum(spread, 1e-12), m) / np.bincount(j, minlength=m)
    base = np.concatenate(([0.0], np.cumsum(steps)))
    joint = float((x * eta - base[x] - log_total).sum())
    se_entry = 1 / np.sqrt(sum_by(e, spread, entry.size)) if sd_entry is None else sd_entry
    se_judge = 1 / np.sqrt(sum_by(j, spread, m))
    fair = moments(entry * scale, steps * scale)[0]
    return Mfrm(
        entry * scale, judge * scale, criterion * scale, steps * scale, se_entry, se_judge, infit, outfit,
        joint if loglik is None else loglik, fair, estimator, scale, rounds, variance,
    )  # fmt: skip
