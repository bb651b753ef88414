"""The place that each judge gives each entry, and majority placement by these places (figure skating until 2004, "6.0")."""

from dataclasses import dataclass

import numpy as np

from scoring.arrays import Bools, Ints

FAR = np.int64(2**62)


@dataclass(frozen=True, eq=False)
class Majorities:
    """For every entry: valid judges `n`; the best `place` at which more than half of them put it, or better; how many do (`size`).

    `inside` and `total` are the sums of the places of that majority and of all judges, in halves (places shared by mean are halves).
    """

    n: Ints
    place: Ints
    size: Ints
    inside: Ints
    total: Ints


def level_counts(values: Ints, valid: Bools) -> tuple[Ints, Ints]:
    """For each valid entry: how many the judge put strictly above it, and how many level with it (itself included)."""
    mine = values[valid]
    ordered = np.sort(mine)
    left, right = np.searchsorted(ordered, mine, "left"), np.searchsorted(ordered, mine, "right")
    return mine.size - right, right - left


def ordinals(num: Ints, valid: Bools, equal: str) -> Ints:
    """Places in halves, [J, N], 0 where not valid: equal totals share the best of their places, or the mean of them."""
    out = np.zeros(num.shape, np.int64)
    for j in range(num.shape[0]):
        above, level = level_counts(num[j], valid[j])
        out[j, valid[j]] = 2 * above + (2 if equal == "best" else level + 1)
    return out


def majorities(doubled: Ints, valid: Bools) -> Majorities:
    """Majority placement of every entry from the places in halves; entries without a judge have place 0."""
    n = valid.sum(axis=0, dtype=np.int64)
    if not doubled.size:
        return Majorities(n, n, n, n, n)
    ordered = np.sort(np.where(valid, doubled, FAR), axis=0)
    middle = ordered[np.minimum(n // 2, len(ordered) - 1), np.arange(n.size)]
    place = np.where(n > 0, (middle + 1) // 2, 0)
    inside = valid & (doubled <= 2 * place)
    sums = [np.where(mask, doubled, 0).sum(axis=0) for mask in (inside, valid)]
    return Majorities(n, place, inside.sum(axis=0, dtype=np.int64), sums[0], sums[1])
