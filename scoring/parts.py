"""A component of a combined score, and audience votes as points."""

from dataclasses import dataclass

import numpy as np

from scoring.arrays import Bools, Ints, whole
from scoring.errors import InvalidRule


@dataclass(frozen=True, eq=False)
class Part:
    """A component of a combined score: num/den in minor units, weight over the sum of weights (stage, votes, interview …)."""

    id: str
    num: Ints
    den: Ints | int = 1
    weight: int = 1
    scored: Bools | None = None


def vote_points(votes: Ints, points: tuple[int, ...], *, rest: int = 0) -> Ints:
    """Audience votes to points (minor units): the k-th most voted gets points[k-1], entries with equal votes the same (better) ones.

    A rule such as 10, 9.5, 9 … 7.5 is points=(1000, 950, …, 750); whoever ranks below the table gets `rest`.
    """
    counts = whole(votes, "votes")
    if counts.size and int(counts.min()) < 0:
        raise InvalidRule("votes are not negative", {"field": "votes"})
    above = counts.size - np.searchsorted(np.sort(counts), counts, "right")
    table = np.array([*points, rest], np.int64)
    return table[np.minimum(above, len(points))]
