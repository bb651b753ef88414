"""Rankings as ballots: Borda, Copeland, Schulze, Kemeny, and majority judgement on grades; all in whole numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np

from scoring.arrays import Ints, whole
from scoring.errors import InvalidRule

KEMENY_LIMIT = 8


@dataclass(frozen=True, eq=False)
class BallotResult:
    """points[N] of the method (larger is better) and the candidates best first; equal points stay in candidate order."""

    method: str
    points: Ints
    order: tuple[int, ...]
    score: int = 0


def preferences(ballots: Sequence[Sequence[int]], counts: Sequence[int], n: int) -> Ints:
    """p[a, b]: how many ballots put a before b. A ballot lists candidates best first; those it omits stand below, level."""
    if len(ballots) != len(counts) or n < 1:
        raise InvalidRule("every ballot needs its count", {"field": "counts"})
    whole(list(counts), "counts")
    table = np.zeros((n, n), np.int64)
    for ballot, count in zip(ballots, counts, strict=True):
        listed = list(ballot)
        if len(set(listed)) != len(listed) or any(not 0 <= a < n for a in listed) or count < 0:
            raise InvalidRule("a ballot names each candidate once", {"ballot": str(listed)[:60]})
        rest = [b for b in range(n) if b not in set(listed)]
        for place, a in enumerate(listed):
            table[a, listed[place + 1 :] + rest] += count
    return table


def borda(ballots: Sequence[Sequence[int]], counts: Sequence[int], n: int) -> BallotResult:
    """n-1 points for first, n-2 for second …; candidates left out share the lowest places (points doubled when that halves)."""
    table = preferences(ballots, counts, n)
    voters = sum(counts)
    doubled = (table - table.T).sum(axis=1) + (n - 1) * voters
    points = doubled // 2 if not (doubled % 2).any() else doubled
    return _result("borda", points)


def copeland(ballots: Sequence[Sequence[int]], counts: Sequence[int], n: int) -> BallotResult:
    """Number of candidates beaten head to head (doubled with halves for draws when there are draws)."""
    table = preferences(ballots, counts, n)
    wins, draws = (table > table.T).sum(axis=1), (table == table.T).sum(axis=1) - 1
    return _result("copeland", (wins if not draws.any() else 2 * wins + draws).astype(np.int64))


def schulze(ballots: Sequence[Sequence[int]], counts: Sequence[int], n: int) -> BallotResult:
    """Strongest paths of winning majorities; points = candidates beaten by them."""
    table = preferences(ballots, counts, n)
    strength = np.where(table > table.T, table, 0)
    for via in range(n):
        strength = np.maximum(strength, np.minimum(strength[:, via : via + 1], strength[via]))
    return _result("schulze", (strength > strength.T).sum(axis=1).astype(np.int64))


def kemeny(ballots: Sequence[Sequence[int]], counts: Sequence[int], n: int) -> BallotResult:
    """The order that agrees with most pairwise preferences (all orders tried, up to 8 candidates); `score` = agreements."""
    if n > KEMENY_LIMIT:
        raise InvalidRule(f"Kemeny's order is computed for up to {KEMENY_LIMIT} candidates", {"field": "n"})
    table = preferences(ballots, counts, n)
    best = max(permutations(range(n)), key=lambda order: _agreement(table, order))
    points = np.zeros(n, np.int64)
    points[list(best)] = np.arange(n)[::-1]
    return BallotResult("kemeny", points, best, _agreement(table, best))


def _agreement(table: Ints, order: Sequence[int]) -> int:
    return sum(int(table[a, b]) for place, a in enumerate(order) for b in order[place + 1 :])


def majority_judgement(grades: Ints) -> BallotResult:
    """grades[N, J], larger is better: lower medians compared one after the other, each removed after use; points = places from below."""
    if np.ndim(grades) != 2 or 0 in np.shape(grades):
        raise InvalidRule("grades are a table candidates x judges", {"field": "grades"})
    table = np.sort(whole(grades, "grades"), axis=1)
    sequences = [_medians(row) for row in table.tolist()]
    levels = {values: k for k, values in enumerate(sorted(set(sequences)))}
    return _result("majority_judgement", np.array([levels[s] for s in sequences], np.int64))


def _medians(row: list[int]) -> tuple[int, ...]:
    left, out = list(row), []
    while left:
        out.append(left.pop((len(left) - 1) // 2))
    return tuple(out)


def _result(method: str, points: Ints) -> BallotResult:
    order = np.argsort(-points, kind="stable")
    return BallotResult(method, points, tuple(order.tolist()))
