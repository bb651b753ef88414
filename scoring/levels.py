"""Fair assignments where scores take few values: a least sum of an entry becomes least numbers of judges by level.

With levels 1000, 400, 0 and three judges, a sum of 1400 means one judge at 1000 and a second at 400 or better, or two at 1000.
Which of these ways an entry takes is a choice among a handful; once all are chosen, the counts are nested within each entry,
so that the programme is a network again and gives whole judges by itself. Its relaxation is tight, so whole choices come quickly.
"""

from collections.abc import Callable
from functools import cache
from itertools import combinations_with_replacement
from math import comb
from typing import Any

import numpy as np

from scoring.arrays import Floats, Ints
from scoring.demand import Demand
from scoring.errors import Infeasible, NotConverged
from scoring.sideways import needs_whole_numbers, side_rows
from scoring.transport import Transport, solver_library

MOST_VALUES = 8
MOST_COUNTS = 800
MOST_PAIRS = 130_000
MOST_WAYS = 20_000
NOISY_PAIRS = 30_000
NODES = 200
Way = tuple[int, ...]
Gains = Callable[[Ints], Floats]


@cache
def ways(values: tuple[int, ...], k: int, least: int) -> tuple[Way, ...]:
    """The smallest numbers of judges at or above each level (best first, without the last) whose scores add up to `least`."""
    counts = {
        tuple(sum(level <= place for level in pick) for place in range(len(values) - 1))
        for pick in combinations_with_replacement(range(len(values)), k)
        if sum(values[level] for level in pick) >= least
    }
    return tuple(sorted(a for a in counts if not any(b != a and all(x <= y for x, y in zip(b, a, strict=True)) for b in counts)))


def sums(values: tuple[int, ...], k: int) -> set[int]:
    """Every sum that k judges can give."""
    return {sum(pick) for pick in combinations_with_replacement(values, k)}


def fair_by_levels(d: Demand, gains: Gains, low: int) -> tuple[Ints | None, int] | None:
    """The used pairs (codes) and an upper bound of the worst sum; None where scores take too many values or nothing settles.

    `low` is a worst sum that some assignment is known to reach; where that is proved to be the largest, there are no codes.
    """
    plan = _Plan.of(d, gains)
    try:
        return None if plan is None else _largest(plan, low)
    except NotConverged:
        return None


def _largest(plan: "_Plan", low: int) -> tuple[Ints | None, int] | None:
    reachable = sorted(t for t in set().union(*(sums(plan.values, k) for k in set(plan.need.tolist()))) if t > low)
    first, last = 0, len(reachable)
    while first < last:  # the first target that even parts of judges cannot reach
        middle = (first + last) // 2
        first, last = (middle + 1, last) if plan.solve(reachable[middle], whole=False) is not None else (first, middle)
    bound = reachable[first - 1] if first else low
    for target in reversed(reachable[:first]):
        try:
            used = plan.solve(target, whole=True)
        except NotConverged:
            continue
        if used is not None:
            return used, bound
        bound = max((t for t in reachable if t < target), default=low)
    return (None, low) if bound == low else None


class _Plan:
    """All open pairs of a demand with their levels."""

    def __init__(self, d: Demand, gains: Gains, values: tuple[int, ...], code: Ints) -> None:
        gain = gains(code)
        if code.size > NOISY_PAIRS:  # the seed's small amounts would cost minutes: it orders the pairs instead
            order = np.argsort(gain - np.floor(gain), kind="stable")
            code, gain = code[order], np.floor(gain[order])
        self.d, self.values, self.code, self.gain = d, values, code, gain
        self.entry, self.score = code // d.shape[1], d.score.ravel()[code]
        self.entries = np.nonzero(d.need > 0)[0]
        self.need = d.need[self.entries]
        self.there = np.array([np.bincount(self.entry[self.score >= v], minlength=d.shape[0]) for v in values[:-1]]).T
        order = np.argsort(self.entry, kind="stable")
        starts = np.searchsorted(self.entry[order], np.arange(d.shape[0] + 1))
        self.pairs = [order[starts[i] : starts[i + 1]] for i in range(d.shape[0])]

    @classmethod
    def of(cls, d: Demand, gains: Gains) -> "_Plan | None":
        code = np.nonzero(~d.conflict.ravel())[0]
        values = tuple(sorted(np.unique(d.score.ravel()[code]).tolist(), reverse=True))
        if len(values) > MOST_VALUES or code.size > MOST_PAIRS:
            return None
        if comb(len(values) + int(d.need.max()) - 1, len(values) - 1) > MOST_COUNTS:
            return None
        return cls(d, gains, values, code)

    def solve(self, target: int, *, whole: bool) -> Ints | None:
        """Codes of the used pairs of the best assignment with every sum at least `target`; None if there is none (proved).

        Without `whole`: whether parts of judges could do it (the codes are then of no use). Raises NotConverged.
        """
        choices = [self._ways(i, k, target) for i, k in zip(self.entries.tolist(), self.need.tolist(), strict=True)]
        if any(not mine for mine in choices):
            return None
        if sum(map(len, choices)) > MOST_WAYS:
            raise NotConverged("too many ways to reach the sum", {"target": target})
        sides = needs_whole_numbers(self.d)
        values = self._run(choices, self.gain if whole and sides else np.floor(self.gain), whole=whole)
        if values is None or not whole:
            return None if values is None else self.code[:0]
        if sides:
            return self.code[values[: self.code.size] > 0.5]
        chosen, at = [], self.code.size
        for mine in choices:
            chosen.append([mine[int(np.argmax(values[at : at + len(mine)]))]])
            at += len(mine)
        settled = self._run(chosen, self.gain, whole=False)  # now a network: its vertices are whole
        if settled is None or np.abs(settled - np.rint(settled)).max(initial=0) > 1e-6:
            raise NotConverged("chosen levels did not give whole judges", {"target": target})
        return self.code[settled[: self.code.size] > 0.5]

    def _ways(self, entry: int, k: int, target: int) -> list[Way]:
        """The ways of one entry, as far as it has judges enough at each level."""
        return [way for way in ways(self.values, k, target) if all(a <= b for a, b in zip(way, self.there[entry], strict=True))]

    def _run(self, choices: list[list[Way]], gain: Floats, *, whole: bool) -> Floats | None:
        """Values of pairs and choices; None if there are none. Raises NotConverged.

        The seed's small amounts in `gain` cost ten times the pivots, so only the last step has them.
        """
        model = Transport(self.d, self.code, gain, time_limit_s=600.0)
        sizes = [len(mine) for mine in choices]
        starts = self.code.size + np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)
        solver, total = model.solver, int(sum(sizes))
        solver.addCols(
            total, np.zeros(total), np.zeros(total), np.ones(total), 0, np.zeros(total, np.int32), np.zeros(0, np.int32), np.zeros(0)
        )
        _add_rows(solver, self._rows(choices, starts))
        sides = side_rows(self.d, self.code)
        model.add_rows(sides)
        if whole:
            integer = np.arange(0 if sides else self.code.size, self.code.size + total, dtype=np.int32)
            kind = int(solver_library().HighsVarType.kInteger)
            solver.changeColsIntegrality(integer.size, integer, np.full(integer.size, kind, np.uint8))
            for name, value in {"mip_rel_gap": 0.0, "mip_abs_gap": 0.5, "mip_max_nodes": NODES}.items():
                solver.setOptionValue(name, value)
        solver.setOptionValue("presolve", "on")
        try:
            return model.solve()
        except Infeasible:
            return None
        except NotConverged:
            if whole and solver.getInfo().primal_solution_status == 2:  # the best of the nodes looked at
                return np.array(solver.getSolution().col_value)
            raise

    def _rows(self, choices: list[list[Way]], starts: Ints) -> list[tuple[Ints, Floats, float, float]]:
        """One way for each entry, and at each level as many judges as that way needs."""
        rows: list[tuple[Ints, Floats, float, float]] = []
        for entry, mine, start in zip(self.entries.tolist(), choices, starts.tolist(), strict=False):
            own = np.arange(start, start + len(mine))
            rows.append((own, np.ones(own.size), 1.0, 1.0))
            for level, value in enumerate(self.values[:-1]):
                least = np.array([way[level] for way in mine], np.float64)
                if least.any():
                    at = self.pairs[entry][self.score[self.pairs[entry]] >= value]
                    rows.append((np.concatenate((at, own)), np.concatenate((np.ones(at.size), -least)), 0.0, float("inf")))
        return rows


def _add_rows(solver: Any, rows: list[tuple[Ints, Floats, float, float]]) -> None:
    lengths = [places.size for places, _, _, _ in rows]
    starts = np.concatenate(([0], np.cumsum(lengths)))[:-1].astype(np.int32)
    solver.addRows(
        len(rows), np.array([row[2] for row in rows]), np.array([row[3] for row in rows]), sum(lengths), starts,
        np.concatenate([row[0] for row in rows]).astype(np.int32), np.concatenate([row[1] for row in rows]),
    )  # fmt: skip
