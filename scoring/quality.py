"""How good an assignment is, in figures an organizer can read before releasing it."""

from dataclasses import dataclass

import numpy as np

from scoring.additive import dense_schur
from scoring.arrays import Floats, Ints, sum_by
from scoring.demand import Assignment, Demand

DENSE_LIMIT = 1500


@dataclass(frozen=True, eq=False)
class AssignmentQuality:
    """loads[J]; fit of entries (sum of scores) as worst, median, best; share of the bound reached (nan without scores);
    `worst_bound`: what the worst sum could be at most (nan unless the assignment is a fair one).

    `components`, `connectivity`: how well judges can be compared; `contrast_se`: standard error of a typical difference of
    two judges' severities, in units of one mark's standard error (nan when not connected). `kept` of the asked pairs.
    """

    loads: Ints
    worst: int
    median: float
    best: int
    share_of_bound: float
    components: int
    connectivity: float
    contrast_se: float
    conflicts: int
    kept: int
    asked_to_keep: int
    worst_bound: float = float("nan")


def assignment_quality(a: Assignment, d: Demand) -> AssignmentQuality:
    """Figures of one assignment; `conflicts` is 0 for everything that this package assigns."""
    n, j = d.shape
    sums: Floats = np.zeros(n)
    if d.score is not None:
        sums = sum_by(a.pairs[:, 0], d.score[a.pairs[:, 0], a.pairs[:, 1]], n)
    served = sums[d.need > 0] if (d.need > 0).any() else np.zeros(1)
    pairs = {(int(e), int(k)) for e, k in a.pairs}
    kept = sum((int(e), int(k)) in pairs for e, k in d.keep)
    share = a.total / a.bound if d.score is not None and a.bound > 0 else float("nan")
    return AssignmentQuality(
        a.loads(j), int(served.min()), float(np.median(served)), int(served.max()), share, a.graph.components,
        a.graph.connectivity, _contrast(a, n, j), int(d.conflict[a.pairs[:, 0], a.pairs[:, 1]].sum()), kept, len(d.keep), a.worst_bound,
    )  # fmt: skip


def _contrast(a: Assignment, n: int, j: int) -> float:
    """Root mean variance of severity differences under unit mark variance."""
    used = np.unique(a.pairs[:, 1])
    if a.graph.components > 1 or used.size < 2 or used.size > DENSE_LIMIT:
        return float("nan")
    schur: Floats = dense_schur(a.pairs[:, 0], a.pairs[:, 1], n, j)[np.ix_(used, used)]
    inverse = np.linalg.inv(schur + 1.0 / used.size) - 1.0 / used.size
    return float(np.sqrt(2 * np.trace(inverse) / (used.size - 1)))
