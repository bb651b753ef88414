"""What an assignment of judges must satisfy, and what it turned out to be."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from scoring.arrays import Bools, Floats, Ints
from scoring.errors import Infeasible, InvalidRule
from scoring.graph import Graph, graph


@dataclass(frozen=True, eq=False)
class Demand:
    """k judges for every entry, between lo[j] and hi[j] entries for judge j, never a pair in `conflict`.

    `score` 0..1000 (N x J) is the fit of a pair; None asks for a random design. `group[J]` with `max_same_group` limits
    judges of one unit on an entry; `category[J]` with `seats` demands at least so many judges of a category on each
    entry; `apart` lists judges who may not sit on the same entry. `fixed` pairs must stay, `keep` pairs are preferred by
    `keep_bonus`. `max_probability` (0..1) caps how likely any pair may be. Dense tables or CSR (indptr, indices, data, shape).
    """

    k: int | Ints
    lo: Ints
    hi: Ints
    conflict: Any
    score: Any = None
    group: Ints | None = None
    max_same_group: int | None = None
    fixed: Sequence[tuple[int, int]] = ()
    keep: Sequence[tuple[int, int]] = ()
    keep_bonus: int = 0
    category: Ints | None = None
    seats: Mapping[int, int] = field(default_factory=dict)
    apart: Sequence[tuple[int, int]] = ()
    max_probability: float | None = None

    def __post_init__(self) -> None:
        for name in ("lo", "hi"):
            object.__setattr__(self, name, np.asarray(getattr(self, name), np.int64))
        object.__setattr__(self, "conflict", dense_table(self.conflict, np.bool_))
        if self.score is not None:
            object.__setattr__(self, "score", dense_table(self.score, np.int16))
        _check(self)

    @property
    def shape(self) -> tuple[int, int]:
        rows, columns = self.conflict.shape
        return int(rows), int(columns)

    @cached_property
    def barred(self) -> tuple[Ints, Ints]:
        """Entries and judges of the conflicts, in order: one pass over the table serves every count."""
        return np.divmod(np.flatnonzero(self.conflict), max(self.shape[1], 1))

    @cached_property
    def need(self) -> Ints:
        """k as an array over entries."""
        return np.broadcast_to(np.asarray(self.k, np.int64), (self.shape[0],)).copy()


def dense_table(table: Any, kind: Any) -> Any:
    """A dense array from a dense or CSR table."""
    if not hasattr(table, "indptr"):
        dense = np.asarray(table)
        if dense.ndim != 2:
            raise InvalidRule("conflicts and scores are tables entries x judges", {"field": "conflict"})
        if (
            kind is np.int16
            and dense.size
            and (not np.issubdtype(dense.dtype, np.integer) or int(dense.min()) < 0 or int(dense.max()) > 30000)
        ):
            raise InvalidRule("scores are whole numbers from 0 (to 1000; at most 30000)", {"field": "score"})
        return dense.astype(kind, copy=False)
    out = np.zeros(table.shape, kind)
    rows = np.repeat(np.arange(table.shape[0]), np.diff(table.indptr))
    out[rows, table.indices] = table.data
    return out


def _check(d: Demand) -> None:
    n, j = d.shape
    if d.lo.shape != (j,) or d.hi.shape != (j,):
        raise InvalidRule("lo and hi have one number per judge", {"field": "lo"})
    if (d.lo < 0).any() or (d.lo > d.hi).any():
        raise Infeasible("a judge's lower limit lies above the upper", {"judge": int(np.argmax((d.lo > d.hi) | (d.lo < 0)))})
    if np.asarray(d.k).shape not in ((), (n,)) or (d.need < 0).any():
        raise InvalidRule("k is a non-negative number, or one per entry", {"field": "k"})
    if d.score is not None and d.score.shape != (n, j):
        raise InvalidRule("scores and conflicts differ in shape", {"field": "score"})
    for name in ("group", "category"):
        codes = getattr(d, name)
        if codes is not None and np.asarray(codes).shape != (j,):
            raise InvalidRule(f"{name} has one code per judge", {"field": name})
    if d.max_same_group is not None and (d.group is None or d.max_same_group < 1):
        raise InvalidRule("max_same_group needs the judges' groups and is at least 1", {"field": "max_same_group"})
    if d.seats and d.category is None:
        raise InvalidRule("seats need the judges' categories", {"field": "seats"})
    _check_pairs(d)


def _check_pairs(d: Demand) -> None:
    n, j = d.shape
    for name in ("fixed", "keep"):
        for e, k in getattr(d, name):
            if not (0 <= e < n and 0 <= k < j):
                raise InvalidRule(f"a {name} pair outside the table", {"entry": int(e), "judge": int(k)})
    for e, k in d.fixed:
        if d.conflict[e, k]:
            raise Infeasible("a fixed pair is a conflict", {"entry": int(e), "judge": int(k)})


@dataclass(frozen=True, eq=False)
class Duals:
    """Prices that prove optimality: entry[i] + judge[j] >= score for unused pairs, <= for used ones, zero at slack loads."""

    entry: Floats
    judge: Floats


@dataclass(frozen=True, eq=False)
class Assignment:
    """pairs[P, 2] (entry, judge), sorted; total and worst entry's sum of scores.

    `bound`: an upper bound of the total; `worst_bound`: one of the worst entry's sum (nan: none was asked for). Where the sum
    reaches its bound it is proved to be the largest.
    """

    pairs: Ints
    total: int
    worst: int
    bound: float
    certificate: Duals | None
    graph: Graph
    seed: str
    digest: str
    worst_bound: float = float("nan")

    def loads(self, n_judges: int) -> Ints:
        return np.bincount(self.pairs[:, 1], minlength=n_judges)

    def table(self, shape: tuple[int, int]) -> Bools:
        """The pairs as a table entries x judges."""
        out = np.zeros(shape, bool)
        out[self.pairs[:, 0], self.pairs[:, 1]] = True
        return out


def build_assignment(
    d: Demand, pairs: Ints, seed: str, *, bound: float = float("nan"), certificate: Duals | None = None, links: Graph | None = None,
    worst_bound: float = float("nan"),
) -> Assignment:  # fmt: skip
    """Sort, sum and digest a set of pairs; `links` is their graph where it is known already."""
    n, j = d.shape
    code = np.sort(np.asarray(pairs[:, 0] * j + pairs[:, 1], np.int64))
    ordered = np.stack((code // j, code % j), axis=1)
    total = worst = 0
    if d.score is not None and code.size:
        fit = d.score[ordered[:, 0], ordered[:, 1]].astype(np.int64)
        sums = np.bincount(ordered[:, 0], fit, n).astype(np.int64)
        total, worst = int(fit.sum()), int(sums[d.need > 0].min())
    digest = hashlib.sha256(f"{seed}\x1f{n}x{j}\x1f".encode() + ordered.astype("<i8").tobytes()).hexdigest()
    if links is None:
        links = graph(ordered[:, 0], ordered[:, 1], n_entries=n, n_judges=j) if code.size else Graph.empty(n, j)
    return Assignment(ordered, total, worst, bound, certificate, links, seed, digest, worst_bound)
