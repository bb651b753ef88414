"""Random entries, judges and panels: REML variance components and shrunken effects (Henderson's equations, entries absorbed)."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from math import exp, log, pi

import numpy as np

from scoring.additive import check_long, quadratic
from scoring.arrays import Floats, Ints, sum_by
from scoring.errors import Insufficient, InvalidRule, NotConverged

JUDGE_LIMIT = 5000
FLOOR = -16.0


@dataclass(frozen=True, eq=False)
class Mixed:
    """y = mean + entry + judge + panel + residual; `var` holds the variances, effects are best linear unbiased predictions.

    `criterion` is -2 log (restricted) likelihood. Entries without marks get 0. `pev_*`: prediction error variances.
    """

    var: dict[str, float]
    mean: float
    entry: Floats
    judge: Floats
    panel: Floats
    criterion: float
    reml: bool
    e: Ints
    j: Ints
    y: Floats
    panel_of: Ints | None
    evaluations: int

    @property
    def loglik(self) -> float:
        return -self.criterion / 2

    @cached_property
    def system(self) -> "System":
        """The absorbed equations at the estimated variances (for errors of prediction and draws)."""
        return System.at(_Data.of(self.e, self.j, self.y, self.panel_of), _ratios(self.var, self.panel_of is not None))

    @cached_property
    def pev_judge(self) -> Floats:
        inner = self.system.inverse_effects()
        return self.var["residual"] * np.maximum(np.diag(inner)[: self.judge.size], 0.0)

    @cached_property
    def pev_entry(self) -> Floats:
        """Variance of entry - its prediction, judges' and the mean's uncertainty included."""
        data, theta = self.system.data, self.system.theta[0]
        if theta == 0:
            return np.zeros(self.entry.size)
        shrink = theta * data.per_entry / (theta * data.per_entry + 1)
        spread = self.system.inverse_marginal()
        extra = quadratic(self.e, self.j, spread, self.entry.size)
        return self.var["residual"] * (theta / (theta * data.per_entry + 1) + shrink**2 * extra)


@dataclass(frozen=True, eq=False)
class _Data:
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
    def of(cls, e: Ints, j: Ints, y: Floats, panel: Ints | None) -> "_Data":
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

    data: _Data
    theta: tuple[float, float, float]
    basis: Floats
    lower: Floats
    solution: Floats
    logdet: float
    quadratic: float

    @classmethod
    def at(cls, data: _Data, theta: tuple[float, float, float]) -> "System":
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


def _project(inner: Floats, right: Floats, data: _Data, judge: float, panel: float) -> tuple[Floats, Floats]:
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


def fit_mixed(e: Ints, j: Ints, y: Floats, panel: Ints | None = None, *, reml: bool = True) -> Mixed:
    """REML (or ML) variances and predictions from M marks. `panel[J]`: panel of each judge. Raises Insufficient, NotConverged."""
    e, j, y = check_long(e, j, y)
    if int(j.max()) + 1 > JUDGE_LIMIT:
        raise Insufficient(
            f"the mixed model is meant for up to {JUDGE_LIMIT} judges; fit the panels' seasons apart",
            {"judges": int(j.max()) + 1},
        )
    data = _Data.of(e, j, y, panel)
    if y.size < 3 or data.squares <= 0:
        raise Insufficient("all marks are equal, or fewer than three: there is no variance to divide", {"field": "y"})
    if y.size <= int((data.per_entry > 0).sum()):
        raise Insufficient("every entry has a single mark: quality and disagreement cannot be told apart", {"field": "y"})
    theta, evaluations = _optimise(data, reml=reml)
    system = System.at(data, theta)
    m = y.size
    residual = system.quadratic / (m - 1 if reml else m)
    var = {
        "entry": theta[0] * residual,
        "judge": theta[1] * residual,
        "panel": theta[2] * residual,
        "residual": residual,
    }
    size = data.per_judge.size
    judge = np.sqrt(theta[1]) * system.solution[:size]
    panels = np.sqrt(theta[2]) * system.solution[size:-1]
    mean = float(system.solution[-1])
    part = judge + (data.panels @ panels if data.panels is not None else 0.0)
    rest = sum_by(e, data.y - mean - part[j], data.per_entry.size)
    entry = theta[0] * rest / (1 + theta[0] * data.per_entry)
    return Mixed(var, mean + data.centre, entry, judge, panels, system.criterion(reml=reml), reml, e, j, y, panel, evaluations)


def _ratios(var: dict[str, float], with_panel: bool) -> tuple[float, float, float]:
    s2 = var["residual"]
    return var["entry"] / s2, var["judge"] / s2, var["panel"] / s2 if with_panel else 0.0


def moment_ratios(data: _Data) -> tuple[float, float]:
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


def _optimise(data: _Data, *, reml: bool) -> tuple[tuple[float, float, float], int]:
    """Newton with numerical derivatives on log ratios, safeguarded; then every ratio is also tried at 0."""
    start = [log(v) for v in moment_ratios(data)] + ([log(0.1)] if data.panels is not None else [])
    calls = 0

    def theta_of(x: Floats) -> tuple[float, float, float]:
        values = [exp(min(v, 30.0)) if v > FLOOR else 0.0 for v in x.tolist()] + [0.0]
        return values[0], values[1], values[2]

    def value(x: Floats) -> float:
        nonlocal calls
        calls += 1
        return System.at(data, theta_of(x)).criterion(reml=reml)

    x, best = minimise(value, np.array(start))
    for place in range(x.size):
        zero = x.copy()
        zero[place] = FLOOR - 1
        if x[place] < -4 and value(zero) <= best + 1e-9:
            x, best = zero, value(zero)
    return theta_of(x), calls


def minimise(value: Callable[[Floats], float], start: Floats, *, tol: float = 1e-9, limit: int = 60) -> tuple[Floats, float]:
    """Minimum of a smooth function of few variables: Newton steps from central differences, backtracking, steps of at most 2."""
    x, best = start, value(start)
    size, h = start.size, 1e-3
    for _ in range(limit):
        gradient, hessian = _derivatives(value, x, best, h)
        eigenvalues, vectors = np.linalg.eigh(hessian)
        step = -vectors @ ((vectors.T @ gradient) / np.maximum(np.abs(eigenvalues), 1e-6))
        step *= min(1.0, 2.0 / max(float(np.abs(step).max()), 1e-300))
        trial, now = _backtrack(value, x, step, best)
        moved, gain = float(np.abs(trial - x).max()), best - now
        x, best = trial, now
        if gain <= tol * (1 + abs(best)) * 1e-2 and moved < 1e-5 * size:
            return x, best
    raise NotConverged("the likelihood did not settle", {"field": "var"})


def _backtrack(value: Callable[[Floats], float], x: Floats, step: Floats, best: float) -> tuple[Floats, float]:
    """The first of ever shorter steps that improves; the old point where none does."""
    for shrink in range(12):
        trial = np.maximum(x + step / 4**shrink, FLOOR - 1)
        now = value(trial)
        if now < best:
            return trial, now
    return x, best


def _derivatives(value: Callable[[Floats], float], x: Floats, centre: float, h: float) -> tuple[Floats, Floats]:
    size = x.size
    steps = np.eye(size) * h
    up, down = np.array([value(x + s) for s in steps]), np.array([value(x - s) for s in steps])
    hessian = np.diag((up - 2 * centre + down) / h**2)
    for a in range(size):
        for b in range(a):
            mixed = value(x + steps[a] + steps[b]) - up[a] - up[b] + centre
            hessian[a, b] = hessian[b, a] = mixed / h**2
    return (up - down) / (2 * h), hessian
