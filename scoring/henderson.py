"""Henderson's equations with entries absorbed: what one evaluation of the mixed model's likelihood needs."""

from dataclasses import dataclass
from math import log, pi

import numpy as np

from scoring.arrays import Floats, Ints, sum_by
from scoring.errors import InvalidRule, NotConverged


@dataclass(frozen=True, eq=False)
class Data:
    """What every evaluation needs: counts, and the judge cross-products of entries with the same number of marks."""

    e: Ints
    j: Ints
    y: Floats
    centre: float
    per_entry: Floats
    per_judge: Floats
    sums: Floats
    judge_sums: Floats
    squares: float
    blocks: tuple[tuple[int, Floats, Floats], ...]
    panels: Floats | None

    @classmethod
    def of(cls, e: Ints, j: Ints, y: Floats, panel: Ints | None) -> "Data":
        n, m = int(e.max()) + 1, int(j.max()) + 1
        centre = float(y.mean())
        x = y - centre
        counts = np.bincount(e, minlength=n)
        table = None
        if panel is not None:
            codes = np.asarray(panel, np.int64)
            if codes.shape != (m,) or int(codes.min()) < 0:
                raise InvalidRule("the panel of every judge is needed", {"field": "panel"})
            table = np.zeros((m, int(codes.max()) + 1))
            table[np.arange(m), codes] = 1
        sums = sum_by(e, x, n)
        return cls(
            e, j, x, centre, counts.astype(np.float64), np.bincount(j, minlength=m).astype(np.float64), sums,
            sum_by(j, x, m), float(x @ x), tuple(_blocks(e, j, counts, sums, m)), table,
        )  # fmt: skip


def _blocks(e: Ints, j: Ints, counts: Ints, sums: Floats, m: int) -> list[tuple[int, Floats, Floats]]:
    """For each number of marks: sum of a a' and of a * (entry sum) over the entries that have it."""
    order = np.argsort(e, kind="stable")
    ordered = j[order]
    starts = np.concatenate(([0], np.cumsum(counts)))
    out: list[tuple[int, Floats, Floats]] = []
    for size in np.unique(counts[counts > 0]).tolist():
        rows = np.nonzero(counts == size)[0]
        block = ordered[starts[rows][:, None] + np.arange(size)]
        left, right = np.repeat(block, size, axis=1).ravel(), np.tile(block, (1, size)).ravel()
        cross = np.bincount(left * m + right, minlength=m * m).astype(np.float64).reshape(m, m)
        weighted = sum_by(block.ravel(), np.repeat(sums[rows], size), m)
        out.append((size, cross, weighted))
    return out


@dataclass(frozen=True, eq=False)
class System:
    """Scaled Henderson equations at variance ratios theta = (entry, judge, panel) / residual, entries absorbed.

    Effects are solved as u = sqrt(theta) x unit effects, so that a ratio of 0 is no special case.
    """

    data: Data
    theta: tuple[float, float, float]
    basis: Floats
    lower: Floats
    solution: Floats
    logdet: float
    quadratic: float

    @classmethod
    def at(cls, data: Data, theta: tuple[float, float, float]) -> "System":
        entry, judge, panel = theta
        m = data.per_judge.size
        inner = np.diag(data.per_judge)
        right = data.judge_sums.copy()
        own = entry / (1 + entry * data.per_entry)
        for size, cross, weighted in data.blocks:
            w = entry / (1 + entry * size)
            inner -= w * cross
            right -= w * weighted
        parts = [np.sqrt(judge) * np.eye(m)]
        if data.panels is not None:
            parts.append(np.sqrt(panel) * data.panels)
        parts.append(np.ones((m, 1)))
        basis = np.hstack(parts)
        matrix, side = _project(inner, right, data, judge, panel)
        matrix[np.arange(basis.shape[1] - 1), np.arange(basis.shape[1] - 1)] += 1.0
        try:
            lower = np.linalg.cholesky(matrix)
        except np.linalg.LinAlgError:
            raise NotConverged("the mixed model equations are singular", {"theta": theta}) from None
        half = _forward(lower, side)
        solution = _backward(lower, half)
        rest = data.squares - float(own @ data.sums**2) - float(half @ half)
        logdet = 2 * float(np.log(np.diag(lower)).sum()) + float(np.log1p(entry * data.per_entry).sum())
        return cls(data, theta, basis, lower, solution, logdet, max(rest, 1e-300))

    def criterion(self, *, reml: bool) -> float:
        """-2 log likelihood with the residual variance at its best value."""
        m = self.data.y.size
        if reml:
            return self.logdet + (m - 1) * (1 + log(2 * pi * self.quadratic / (m - 1)))
        fixed = 2 * log(float(self.lower[-1, -1]))
        return self.logdet - fixed + m * (1 + log(2 * pi * self.quadratic / m))

    def inverse(self) -> Floats:
        half = np.linalg.inv(self.lower)
        return half.T @ half

    def inverse_effects(self) -> Floats:
        """Covariance / residual of the judge effects' prediction errors."""
        m = self.data.per_judge.size
        return self.theta[1] * self.inverse()[:m, :m]

    def inverse_marginal(self) -> Floats:
        """Covariance / residual of mean + judge + panel, judge by judge."""
        return self.basis @ self.inverse() @ self.basis.T


def _project(inner: Floats, right: Floats, data: Data, judge: float, panel: float) -> tuple[Floats, Floats]:
    """basis' inner basis and basis' right, without multiplying by the diagonal judge part."""
    columns = [np.sqrt(panel) * data.panels] if data.panels is not None else []
    tail = np.hstack([*columns, np.ones((inner.shape[0], 1))])
    cross = inner @ tail
    scale = np.sqrt(judge)
    matrix = np.block([[judge * inner, scale * cross], [scale * cross.T, tail.T @ cross]])
    return matrix, np.concatenate((scale * right, tail.T @ right))


def _forward(lower: Floats, side: Floats) -> Floats:
    return np.linalg.solve(lower, side) if lower.shape[0] < 200 else _blocked(lower, side)


def _backward(lower: Floats, half: Floats) -> Floats:
    return np.linalg.solve(lower.T, half) if lower.shape[0] < 200 else _blocked(lower[::-1, ::-1].T, half[::-1])[::-1]


def _blocked(lower: Floats, side: Floats, size: int = 64) -> Floats:
    """Forward substitution in blocks (numpy has no triangular solver); `lower` lower triangular."""
    x = side.astype(np.float64).copy()
    n = lower.shape[0]
    for start in range(0, n, size):
        stop = min(start + size, n)
        if start:
            x[start:stop] -= lower[start:stop, :start] @ x[:start]
        x[start:stop] = np.linalg.solve(lower[start:stop, start:stop], x[start:stop])
    return x


def moment_ratios(data: Data) -> tuple[float, float]:
    """Starting values: variances of entry and judge from three sums of squares (Henderson's method 1)."""
    m, n, k = data.y.size, int((data.per_entry > 0).sum()), int((data.per_judge > 0).sum())
    ss = np.array([
        data.squares,
        float((data.sums**2 / np.maximum(data.per_entry, 1)).sum()),
        float((data.judge_sums**2 / np.maximum(data.per_judge, 1)).sum()),
    ]) - float(data.sums.sum()) ** 2 / m  # fmt: skip
    entry, judge = float((data.per_entry**2).sum()) / m, float((data.per_judge**2).sum()) / m
    expected = np.array([
        [m - entry, m - judge, m - 1.0], [m - entry, n - judge, n - 1.0], [k - entry, m - judge, k - 1.0],
    ])  # fmt: skip
    try:
        a, b, s = np.linalg.solve(expected, ss)
    except np.linalg.LinAlgError:
        return 1.0, 0.1
    s = max(float(s), 1e-3 * data.squares / m)
    return max(float(a) / s, 1e-3), max(float(b) / s, 1e-3)
