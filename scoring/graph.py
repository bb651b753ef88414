"""The judge-entry graph: components, how firmly it holds together, and the marks that alone hold it together."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from scoring.arrays import Floats, Ints, whole
from scoring.errors import Insufficient

DENSE_LIMIT = 1500


@dataclass(frozen=True, eq=False)
class Graph:
    """`components` of the bipartite graph of M (entry, judge) pairs; labels count from 0, -1 for whoever has no mark."""

    entry: Ints
    judge: Ints
    components: int
    labels_entry: Ints
    labels_judge: Ints

    @classmethod
    def empty(cls, n_entries: int, n_judges: int) -> "Graph":
        """Nobody marks anything."""
        none = np.zeros(0, np.int64)
        return cls(none, none, 0, np.full(n_entries, -1), np.full(n_judges, -1))

    @cached_property
    def connectivity(self) -> float:
        """Second-smallest eigenvalue of the judge Schur complement (0 when not connected): small = severities barely comparable."""
        used = np.unique(self.judge)
        if self.components > 1 or used.size < 2:
            return 0.0
        if used.size <= DENSE_LIMIT:
            return float(np.linalg.eigvalsh(self._schur()[np.ix_(used, used)])[1])
        return self._lanczos(used)

    @cached_property
    def bridges(self) -> tuple[tuple[int, int], ...]:
        """The (entry, judge) pairs whose single mark alone joins two parts: without it the graph falls apart."""
        return tuple(sorted(_bridges(self.entry, self.judge, self.labels_entry.size, self.labels_judge.size)))

    @property
    def weakest_link(self) -> tuple[int, int] | None:
        """A bridge whose loss separates judges, preferring one between two judges of many marks; None if no single mark matters."""
        degree = np.bincount(self.judge, minlength=self.labels_judge.size)
        per_entry = np.bincount(self.entry, minlength=self.labels_entry.size)
        real = [(e, j) for e, j in self.bridges if per_entry[e] > 1 and degree[j] > 1]
        return max(real, key=lambda pair: (int(degree[pair[1]]), pair)) if real else None

    def _schur(self) -> Floats:
        n = self.labels_judge.size
        out: Floats = np.diag(np.bincount(self.judge, minlength=n).astype(np.float64))
        order = np.argsort(self.entry, kind="stable")
        e, j = self.entry[order], self.judge[order]
        starts = np.searchsorted(e, np.arange(self.labels_entry.size + 1))
        for size in np.unique(np.diff(starts)):
            rows = np.nonzero(np.diff(starts) == size)[0]
            block = j[starts[rows][:, None] + np.arange(size)]
            left, right = np.repeat(block, size, axis=1).ravel(), np.tile(block, (1, size)).ravel()
            out -= (np.bincount(left * n + right, minlength=n * n) / max(float(size), 1.0)).reshape(n, n).astype(np.float64)
        return out

    def _apply(self, x: Floats) -> Floats:
        per_entry = np.maximum(np.bincount(self.entry, minlength=self.labels_entry.size), 1)
        mean = np.bincount(self.entry, x[self.judge], self.labels_entry.size) / per_entry
        return np.bincount(self.judge, x[self.judge] - mean[self.entry], self.labels_judge.size).astype(np.float64)

    def _lanczos(self, used: Ints, steps: int = 150) -> float:
        """Smallest eigenvalue on the space orthogonal to the constant vector; full reorthogonalisation."""
        n = used.size
        here = np.zeros(self.labels_judge.size, bool)
        here[used] = True
        v = np.where(here, np.sin(np.arange(here.size) * 1.7 + 0.3), 0.0)
        v[here] -= v[here].mean()
        basis = [v / np.linalg.norm(v)]
        alpha, beta = [], []
        for _ in range(min(steps, n - 1)):
            w = self._apply(basis[-1])
            alpha.append(float(w @ basis[-1]))
            q = np.array(basis)
            w = w - q.T @ (q @ w)
            w[here] -= w[here].mean()
            size = float(np.linalg.norm(w))
            if size < 1e-10:
                break
            beta.append(size)
            basis.append(w / size)
        tri = np.diag(alpha) + np.diag(beta[: len(alpha) - 1], 1) + np.diag(beta[: len(alpha) - 1], -1)
        return float(np.linalg.eigvalsh(tri)[0])


def graph(e: Ints, j: Ints, *, n_entries: int | None = None, n_judges: int | None = None) -> Graph:
    """The graph of the pairs (e[m], j[m]); repeated pairs (several criteria) count once. Raises Insufficient when empty."""
    entry, judge = whole(e, "entry"), whole(j, "judge")
    if not entry.size or entry.shape != judge.shape:
        raise Insufficient("no pairs of entry and judge", {"field": "entry"})
    if int(entry.min()) < 0 or int(judge.min()) < 0:
        raise Insufficient("positions are not negative", {"field": "entry"})
    n = n_entries if n_entries is not None else int(entry.max()) + 1
    m = n_judges if n_judges is not None else int(judge.max()) + 1
    pairs = np.sort(entry * m + judge)
    pairs = pairs[np.concatenate(([True], pairs[1:] != pairs[:-1]))]
    entry, judge = pairs // m, pairs % m
    labels = _components(entry, judge + n, n + m)
    used = np.zeros(n + m, bool)
    used[entry] = used[judge + n] = True
    roots = np.zeros(n + m, bool)
    roots[labels[used]] = True
    number = np.cumsum(roots) - 1
    label = np.where(used, number[labels], -1)
    return Graph(entry, judge, int(roots.sum()), label[:n], label[n:])


def _components(a: Ints, b: Ints, size: int) -> Ints:
    """Smallest node number of each node's component: hooking and pointer jumping on whole arrays."""
    label = np.arange(size)
    while True:
        low = np.minimum(label[a], label[b])
        np.minimum.at(label, label[a], low)
        np.minimum.at(label, label[b], low)
        while True:
            jumped = label[label]
            if (jumped == label).all():
                break
            label = jumped
        if (label[a] == label[b]).all():
            return label


def _bridges(entry: Ints, judge: Ints, n: int, m: int) -> Iterator[tuple[int, int]]:
    """Tarjan's low-link test without recursion."""
    neighbours: list[list[tuple[int, int]]] = [[] for _ in range(n + m)]
    for edge, (e, j) in enumerate(zip(entry.tolist(), judge.tolist(), strict=True)):
        neighbours[e].append((n + j, edge))
        neighbours[n + j].append((e, edge))
    seen, low = [-1] * (n + m), [0] * (n + m)
    clock = 0
    for root in range(n + m):
        if seen[root] >= 0:
            continue
        seen[root] = low[root] = clock
        clock += 1
        stack = [(root, -1, iter(neighbours[root]))]
        while stack:
            node, via, rest = stack[-1]
            step = next(rest, None)
            if step is None:
                stack.pop()
                if stack:
                    parent = stack[-1][0]
                    low[parent] = min(low[parent], low[node])
                    if low[node] > seen[parent]:
                        yield int(entry[via]), int(judge[via])
            elif seen[step[0]] < 0:
                seen[step[0]] = low[step[0]] = clock
                clock += 1
                stack.append((step[0], step[1], iter(neighbours[step[0]])))
            elif step[1] != via:
                low[node] = min(low[node], seen[step[0]])
