"""The assignment as a linear programme over listed pairs, solved by HiGHS; pairs can be added and prices changed warm."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

from scoring.arrays import Floats, Ints
from scoring.demand import Demand
from scoring.errors import Infeasible, InvalidRule, NotConverged

DUAL, PRIMAL = 1, 4
ITERATIONS = 10_000
Row = tuple[Ints, float, float]


@cache
def solver_library() -> Any:
    """HiGHS, loaded on first use: it costs 70 ms, and it cannot share a process with OR-tools once that is loaded."""
    try:
        import highspy  # noqa: PLC0415 -- see above
    except ImportError as error:
        reason = "HiGHS cannot be loaded (not installed, or OR-tools is already loaded in this process)"
        raise InvalidRule(reason, {"field": "solver", "reason": str(error)[:200]}) from None
    return highspy


class Transport:
    """max gain x pairs; each entry needs[i] pairs, judge j between lo and hi; `rows` are further limits on sets of pairs.

    Everything in one thread and without random choices: the same input gives the same vertex.
    """

    def __init__(self, d: Demand, code: Ints, gain: Floats, *, upper: float = 1.0, time_limit_s: float = 60.0) -> None:
        self.n, self.j = d.shape
        self.code, self.gain = code, gain.astype(np.float64)
        self.sum_rows: list[int] = []
        highspy = solver_library()
        self.solver = highspy.Highs()
        options: dict[str, bool | int | float | str] = {
            "output_flag": False, "threads": 1, "presolve": "off", "simplex_strategy": DUAL, "time_limit": float(time_limit_s),
            "random_seed": 0,
        }  # fmt: skip
        for name, value in options.items():
            self.solver.setOptionValue(name, value)
        fixed = np.array([e * self.j + k for e, k in d.fixed], np.int64)
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = code.size, self.n + self.j
        model.col_cost_ = -self.gain
        model.col_lower_ = np.isin(code, fixed).astype(np.float64)
        model.col_upper_ = np.maximum(np.full(code.size, upper), model.col_lower_)
        model.row_lower_ = np.concatenate((d.need, d.lo)).astype(np.float64)
        model.row_upper_ = np.concatenate((d.need, d.hi)).astype(np.float64)
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_ = np.arange(code.size + 1, dtype=np.int32) * 2
        model.a_matrix_.index_ = self._index(code)
        model.a_matrix_.value_ = np.ones(2 * code.size)
        self.solver.passModel(model)

    def _index(self, code: Ints) -> np.ndarray:
        index = np.empty(2 * code.size, np.int32)
        index[0::2], index[1::2] = code // self.j, code % self.j + self.n
        return index

    def add_rows(self, rows: Sequence[Row]) -> None:
        """Further limits: positions of pairs in `code`, lower and upper bound of their sum."""
        for places, lower, upper in rows:
            self.solver.addRow(lower, upper, places.size, places.astype(np.int32), np.ones(places.size))

    def require(self, d: Demand, entry: int, lower: float) -> None:
        """The entry's scores must add up to `lower`; no pair of the entry may be added afterwards."""
        places = np.nonzero(self.code // self.j == entry)[0].astype(np.int32)
        self.sum_rows.append(self.solver.getNumRow())
        self.solver.addRow(lower, float("inf"), places.size, places, d.score[entry, self.code[places] % self.j].astype(np.float64))
        self.solver.setOptionValue("simplex_strategy", DUAL)

    def patience(self, seconds: float) -> None:
        """Another limit of time, counted over all solutions of this programme."""
        self.solver.setOptionValue("time_limit", seconds)

    def lower_sums(self, lower: float) -> None:
        """Another demand on all the entries of `require`."""
        for row in self.sum_rows:
            self.solver.changeRowBounds(row, lower, float("inf"))
        self.solver.setOptionValue("simplex_strategy", DUAL)

    def largest_worst(self, d: Demand) -> float:
        """The largest sum that every entry can reach at once, parts of judges allowed. Raises Infeasible, NotConverged."""
        worst = self.code.size
        self.solver.addCol(-1.0, 0.0, float("inf"), 0, np.zeros(0, np.int32), np.zeros(0))
        order = np.argsort(self.code // self.j, kind="stable")
        starts = np.searchsorted(self.code[order] // self.j, np.arange(self.n + 1))
        for i in np.nonzero(d.need > 0)[0].tolist():
            places = np.append(order[starts[i] : starts[i + 1]], worst).astype(np.int32)
            weights = np.append(d.score[i, self.code[places[:-1]] % self.j].astype(np.float64), -1.0)
            self.solver.addRow(0.0, float("inf"), places.size, places, weights)
        self.solve()
        return float(-self.solver.getInfo().objective_function_value)

    def hold_worst(self, lower: float) -> None:
        """After `largest_worst`: demand that sum of every entry and return to the gains of the pairs."""
        self.solver.changeColBounds(self.code.size, lower, float("inf"))
        self.solver.changeColCost(self.code.size, 0.0)
        self.solver.setOptionValue("simplex_strategy", PRIMAL)

    def add_pairs(self, code: Ints, gain: Floats) -> None:
        """New pairs join the solved programme; the next solve starts from its basis."""
        m = code.size
        cost = -gain.astype(np.float64)
        starts = np.arange(m, dtype=np.int32) * 2
        self.solver.addCols(m, cost, np.zeros(m), np.ones(m), 2 * m, starts, self._index(code), np.ones(2 * m))
        self.code, self.gain = np.concatenate((self.code, code)), np.concatenate((self.gain, -cost))
        self.solver.setOptionValue("simplex_strategy", PRIMAL)

    def set_gains(self, gain: Floats) -> None:
        """Other gains on the same pairs; the next solve starts from the present vertex."""
        self.gain = gain.astype(np.float64)
        places = np.arange(gain.size, dtype=np.int32)
        self.solver.changeColsCost(gain.size, places, -self.gain)
        self.solver.setOptionValue("simplex_strategy", PRIMAL)

    def forbid(self, places: Ints) -> None:
        """Take pairs away; the next solve repairs the present vertex."""
        self.solver.changeColsBounds(places.size, places.astype(np.int32), np.zeros(places.size), np.zeros(places.size))
        self.solver.setOptionValue("simplex_strategy", DUAL)

    def dive(self, steps: int) -> Floats:
        """Whole values by settling the largest parts of a judge first; bounded by steps and iterations, not by time, so that it repeats.

        Raises Infeasible where it went astray (that proves nothing), NotConverged.
        """
        values, spent = self.solve(), 0
        for _ in range(steps):
            parts = np.abs(values - np.rint(values)) > 1e-6
            if not parts.any():
                return np.rint(values)
            spent += self.solver.getInfo().simplex_iteration_count
            if spent > ITERATIONS:
                break
            largest = np.array([int(np.argmax(np.where(parts, values, -1.0)))])
            many = np.nonzero(parts & (values > 0.7))[0]
            for places, value in ((many, 1.0), (largest, 1.0), (largest, 0.0)):
                if not places.size:
                    continue
                try:
                    self._settle(places, value, value)
                    values = self.solve()
                    break
                except Infeasible:
                    self._settle(places, 0.0, 1.0)
                    spent += self.solver.getInfo().simplex_iteration_count
            else:
                raise Infeasible("settling parts of judges one after the other went astray", {"rule": "limits"})
        raise NotConverged("too many parts of judges", {"steps": steps})

    def _settle(self, places: Ints, lower: float, upper: float) -> None:
        self.solver.changeColsBounds(places.size, places.astype(np.int32), np.full(places.size, lower), np.full(places.size, upper))

    def whole(self) -> None:
        """Demand whole numbers (needed only with limits beyond entries and judges)."""
        m = self.code.size
        kinds = np.full(m, int(solver_library().HighsVarType.kInteger), np.uint8)
        self.solver.changeColsIntegrality(m, np.arange(m, dtype=np.int32), kinds)

    def solve(self) -> Floats:
        """Values of the pairs. Raises Infeasible, NotConverged (time limit)."""
        self.solver.run()
        status, known = self.solver.getModelStatus(), solver_library().HighsModelStatus
        if status == known.kOptimal:
            return np.array(self.solver.getSolution().col_value)
        if status in (known.kInfeasible, known.kUnboundedOrInfeasible):
            raise Infeasible("no assignment satisfies all limits", {"rule": "limits"})
        raise NotConverged("the solver stopped before the optimum", {"status": str(status)})

    def prices(self) -> tuple[Floats, Floats]:
        """Dual prices of entries and judges: gain <= entry + judge for pairs not used."""
        dual = -np.array(self.solver.getSolution().row_dual)
        return dual[: self.n], dual[self.n : self.n + self.j]
