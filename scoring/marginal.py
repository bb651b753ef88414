"""Marginal likelihood of the many-facet model: entries normal, integrated out on a grid; judges, criteria, steps by EM."""

from dataclasses import dataclass

import numpy as np

from scoring.arrays import Floats, Ints, sum_by
from scoring.errors import NotConverged

NODES = np.linspace(-6.0, 6.0, 61)
LIMIT = 3000


@dataclass(frozen=True, eq=False)
class Marginal:
    """Entries: posterior means (EAP) and standard deviations; steps carry the mean level; variance of the entries."""

    entry: Floats
    sd_entry: Floats
    judge: Floats
    criterion: Floats
    steps: Floats
    variance: float
    loglik: float
    iterations: int


@dataclass(frozen=True, eq=False)
class _Rows:
    """The marks by item = judge x criterion, sorted by entry."""

    item: Ints
    level: Ints
    starts: Ints
    judge_of: Ints
    criterion_of: Ints
    levels: int


def _rows(e: Ints, j: Ints, c: Ints, x: Ints, levels: int) -> _Rows:
    q = int(c.max()) + 1
    pairs, item = np.unique(j * q + c, return_inverse=True)
    order = np.argsort(e, kind="stable")
    starts = np.searchsorted(e[order], np.arange(int(e.max()) + 1))
    return _Rows(item[order], x[order], starts, pairs // q, pairs % q, levels)


def fit_marginal(e: Ints, j: Ints, c: Ints, x: Ints, levels: int, *, tol: float) -> Marginal:
    """EM with one Newton step for judges, criteria and steps in each round. Raises NotConverged."""
    r = _rows(e, j, c, x, levels)
    judge: Floats = np.zeros(int(j.max()) + 1)
    criterion: Floats = np.zeros(int(c.max()) + 1)
    share = np.array([(x >= k).mean() for k in range(1, levels)])
    steps = -np.log(share / (1 - share)) / 2 if (share < 1).all() else np.zeros(levels - 1)
    s = 1.0
    for round_ in range(1, LIMIT + 1):
        log_p = _table(r, judge, criterion, steps, s)
        weight, loglik = _posterior(r, log_p)
        theta = s * NODES
        new_s = float(np.sqrt((weight @ theta**2).mean()))
        moved = _maximise(r, weight, theta, judge, criterion, steps, np.exp(log_p))
        change = max(float(np.abs(a - b).max()) for a, b in zip(moved, (judge, criterion, steps), strict=True))
        judge, criterion, steps = moved
        change = max(change, abs(new_s - s))
        s = new_s
        if change < max(tol, 1e-7):
            mean = weight @ theta
            spread = np.sqrt(np.maximum(weight @ theta**2 - mean**2, 0.0))
            return Marginal(mean, spread, judge, criterion, steps, s * s, loglik, round_)
    raise NotConverged("the marginal estimates did not settle", {"rounds": LIMIT})


def _table(r: _Rows, judge: Floats, criterion: Floats, steps: Floats, s: float) -> Floats:
    """log P(level | node) of every item: items x levels x nodes."""
    eta = s * NODES - judge[r.judge_of][:, None] - criterion[r.criterion_of][:, None]
    base = np.concatenate(([0.0], np.cumsum(steps)))
    score = eta[:, None, :] * np.arange(r.levels)[:, None] - base[:, None]
    peak = score.max(axis=1, keepdims=True)
    return score - peak - np.log(np.exp(score - peak).sum(axis=1, keepdims=True))


def _posterior(r: _Rows, log_p: Floats) -> tuple[Floats, float]:
    """Weights of the nodes for every entry, and the marginal log likelihood."""
    prior = -(NODES**2) / 2
    prior -= np.log(np.exp(prior).sum())
    joint = np.add.reduceat(log_p[r.item, r.level], r.starts, axis=0) + prior
    peak = joint.max(axis=1, keepdims=True)
    weight = np.exp(joint - peak)
    total = weight.sum(axis=1, keepdims=True)
    return weight / total, float((np.log(total) + peak).sum())


def _maximise(
    r: _Rows, weight: Floats, theta: Floats, judge: Floats, criterion: Floats, steps: Floats, p: Floats
) -> tuple[Floats, Floats, Floats]:
    """One Newton step each for judges, criteria and steps on the expected counts of items at nodes."""
    entry = np.repeat(np.arange(r.starts.size), np.diff(np.append(r.starts, r.item.size)))
    count = np.zeros((r.judge_of.size, theta.size))
    np.add.at(count, r.item, weight[entry])
    k = np.arange(r.levels)
    mean = np.einsum("k,ikq->iq", k, p)
    spread = np.einsum("k,ikq->iq", k * k, p) - mean**2
    gap = (count * mean).sum(axis=1) - sum_by(r.item, r.level.astype(np.float64), r.judge_of.size)
    info = (count * spread).sum(axis=1)
    new_judge = judge + _step(r.judge_of, gap, info, judge.size)
    new_criterion = criterion + _step(r.criterion_of, gap, info, criterion.size) if criterion.size > 1 else criterion
    tail = p[:, ::-1].cumsum(axis=1)[:, ::-1][:, 1:]
    expected = np.einsum("iq,ikq->k", count, tail)
    observed = np.array([float((r.level >= h).sum()) for h in range(1, r.levels)])
    size = steps.size
    matrix = np.array([[float((count * (tail[:, max(a, b)] - tail[:, a] * tail[:, b])).sum()) for b in range(size)] for a in range(size)])
    new_steps = steps + np.clip(np.linalg.solve(matrix, expected - observed), -1, 1)
    shift = float(new_judge.mean()) + float(new_criterion.mean())
    return new_judge - new_judge.mean(), new_criterion - new_criterion.mean(), new_steps + shift


def _step(index: Ints, gap: Floats, info: Floats, size: int) -> Floats:
    return np.clip(sum_by(index, gap, size) / np.maximum(sum_by(index, info, size), 1e-9), -1.0, 1.0)
