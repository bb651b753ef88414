"""Judge severity by least squares: y = entry + judge, severities adding up to 0 (conjugate gradients on the judges)."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from scoring.arrays import Floats, Ints, sum_by, whole
from scoring.errors import Insufficient, NotConverged, NotIdentifiable
from scoring.graph import graph

DENSE_LIMIT = 3000


@dataclass(frozen=True, eq=False)
class Additive:
    """Entry levels, judge severities (sum 0; positive = generous), residual sum of squares, degrees of freedom, sigma.

    Standard errors are exact up to 3,000 judges; beyond, they use the diagonal of the Schur complement (slightly small).
    """

    entry: Floats
    judge: Floats
    rss: float
    dof: int
    e: Ints
    j: Ints
    y: Floats
    iterations: int

    @property
    def sigma(self) -> float:
        """Residual standard deviation; nan without degrees of freedom."""
        return float(np.sqrt(self.rss / self.dof)) if self.dof > 0 else float("nan")

    @property
    def residuals(self) -> Floats:
        return self.y - self.entry[self.e] - self.judge[self.j]

    @cached_property
    def _covariance(self) -> Floats | None:
        """Pseudo-inverse of the judge Schur complement."""
        if self.judge.size > DENSE_LIMIT:
            return None
        size = self.judge.size
        schur = dense_schur(self.e, self.j, self.entry.size, size)
        return np.linalg.inv(schur + 1.0 / size) - 1.0 / size

    @cached_property
    def se_judge(self) -> Floats:
        if self._covariance is None:
            return self.sigma / np.sqrt(_diagonal(self.e, self.j, self.entry.size, self.judge.size))
        return self.sigma * np.sqrt(np.maximum(np.diag(self._covariance), 0.0))

    @cached_property
    def se_entry(self) -> Floats:
        counts = np.maximum(np.bincount(self.e, minlength=self.entry.size), 1)
        if self._covariance is None:
            inner = np.bincount(self.e, (self.se_judge**2)[self.j], self.entry.size) / counts**2
            return np.sqrt(self.sigma**2 / counts + inner)
        return self.sigma * np.sqrt(np.maximum(1 / counts + quadratic(self.e, self.j, self._covariance, self.entry.size), 0.0))


def quadratic(e: Ints, j: Ints, matrix: Floats, n: int) -> Floats:
    """h_i' M h_i for every entry, h_i the mean incidence of its judges."""
    order = np.argsort(e, kind="stable")
    e, j = e[order], j[order]
    starts = np.searchsorted(e, np.arange(n + 1))
    sizes = np.diff(starts)
    out = np.zeros(n)
    for size in np.unique(sizes[sizes > 0]):
        rows = np.nonzero(sizes == size)[0]
        block = j[starts[rows][:, None] + np.arange(size)]
        out[rows] = sum(matrix[block[:, a], block[:, b]] for a in range(size) for b in range(size)) / size**2
    return out


def dense_schur(e: Ints, j: Ints, n: int, m: int, weight: Floats | None = None) -> Floats:
    """diag(marks per judge) - sum over entries of w_i a_i a_i' (w_i = 1 / marks of entry i unless given)."""
    counts = np.bincount(e, minlength=n)
    w = 1 / np.maximum(counts, 1) if weight is None else weight
    order = np.argsort(e, kind="stable")
    e, j = e[order], j[order]
    starts = np.concatenate(([0], np.cumsum(counts)))
    out = np.zeros(m * m)
    for size in np.unique(counts[counts > 0]):
        rows = np.nonzero(counts == size)[0]
        block = j[starts[rows][:, None] + np.arange(size)]
        for a in range(size):
            for b in range(size):
                out -= np.bincount(block[:, a] * m + block[:, b], w[rows], m * m)
    table = out.reshape(m, m)
    table[np.diag_indices(m)] += np.bincount(j, minlength=m)
    return table


def _diagonal(e: Ints, j: Ints, n: int, m: int) -> Floats:
    per_entry = np.maximum(np.bincount(e, minlength=n), 1)
    return np.maximum(sum_by(j, 1 - 1 / per_entry[e], m), 1e-12)


def check_long(e: Ints, j: Ints, y: Floats) -> tuple[Ints, Ints, Floats]:
    """The three parallel arrays as positions and finite floats. Raises Insufficient."""
    entry, judge, value = whole(e, "entry"), whole(j, "judge"), np.asarray(y, np.float64)
    if not entry.size or not entry.shape == judge.shape == value.shape or entry.ndim != 1:
        raise Insufficient("entries, judges and marks are arrays of one common length, not empty", {"field": "y"})
    if int(entry.min()) < 0 or int(judge.min()) < 0:
        raise Insufficient("positions are not negative", {"field": "entry"})
    if not np.isfinite(value).all():
        at = int(np.argmin(np.isfinite(value)))
        raise Insufficient("a mark is not a number", {"entry": int(entry[at]), "judge": int(judge[at])})
    return entry, judge, value


def fit_additive(e: Ints, j: Ints, y: Floats, *, tol: float = 1e-10) -> Additive:
    """Least squares of M marks. Raises NotIdentifiable (graph in several components), Insufficient, NotConverged."""
    e, j, y = check_long(e, j, y)
    n, m = int(e.max()) + 1, int(j.max()) + 1
    per_entry, per_judge = (
        np.bincount(e, minlength=n).astype(np.float64),
        np.bincount(j, minlength=m).astype(np.float64),
    )
    refuse_disconnected(e, j, per_entry, per_judge)
    mean = sum_by(e, y, n) / per_entry
    right = sum_by(j, y - mean[e], m)
    judge, steps = _solve(e, j, per_entry, per_judge, right, tol)
    judge -= judge.mean()
    entry = sum_by(e, y - judge[j], n) / per_entry
    rest = y - entry[e] - judge[j]
    return Additive(entry, judge, float(rest @ rest), y.size - (n + m - 1), e, j, y, steps)


def _solve(e: Ints, j: Ints, per_entry: Floats, per_judge: Floats, right: Floats, tol: float) -> tuple[Floats, int]:
    """Conjugate gradients with the diagonal of the Schur complement as preconditioner."""
    n, m = per_entry.size, per_judge.size
    diagonal = np.maximum(sum_by(j, 1 - (1 / per_entry)[e], m), 1e-12)
    inverse = 1 / per_entry
    x = np.zeros(m)
    r = right - right.mean()
    target = tol * max(float(np.sqrt(r @ r)), 1e-300)
    z = r / diagonal
    p, rz = z.copy(), float(r @ z)
    for step in range(1, 20 * m + 100):
        if float(np.sqrt(r @ r)) <= target:
            return x, step
        mean = sum_by(e, p[j], n) * inverse
        q = per_judge * p - sum_by(j, mean[e], m)
        length = float(p @ q)
        if length <= 0:
            return x, step
        a = rz / length
        x += a * p
        r -= a * q
        r -= r.mean()
        z = r / diagonal
        rz, before = float(r @ z), rz
        p = z + (rz / before) * p
    raise NotConverged("conjugate gradients did not reach the tolerance", {"field": "tol"})


def refuse_disconnected(e: Ints, j: Ints, per_entry: Floats, per_judge: Floats) -> None:
    """Raise NotIdentifiable unless every judge can be reached from every other over shared entries."""
    if (per_entry == 0).any() or (per_judge == 0).any():
        lacking = ("entry", per_entry) if (per_entry == 0).any() else ("judge", per_judge)
        raise NotIdentifiable("somebody has no mark at all", {lacking[0]: int(np.argmax(lacking[1] == 0))})
    if _spreads_to_all(e, j, per_entry.size, per_judge.size):
        return
    links = graph(e, j, n_entries=per_entry.size, n_judges=per_judge.size)
    if links.components > 1:
        other = int(np.argmax(links.labels_judge != links.labels_judge[0]))
        where = {"components": links.components, "judge": 0, "other_judge": other}
        raise NotIdentifiable("the panels share no judge and no entry: severity cannot be told from quality", where)


def _spreads_to_all(e: Ints, j: Ints, n: int, m: int, rounds: int = 12) -> bool:
    """True when a few rounds from the first judge reach everybody (the usual case, much cheaper than labels)."""
    judges = np.zeros(m, bool)
    judges[j[0]] = True
    for _ in range(rounds):
        entries = np.zeros(n, bool)
        entries[e[judges[j]]] = True
        judges[j[entries[e]]] = True
        if judges.all() and entries.all():
            return True
    return False
