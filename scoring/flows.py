"""The plain assignment as a minimum-cost flow of OR-tools, where that optional package is installed."""

from typing import Any

import numpy as np

from scoring.arrays import Ints
from scoring.demand import Assignment, Demand, build_assignment
from scoring.errors import Infeasible, InvalidRule
from scoring.mixing import words_at
from scoring.pricing import candidate_pairs, judge_prices

SPREAD = 8


def flow_assignment(d: Demand, seed: str, objective: str = "total") -> Assignment:
    """Largest total by min-cost flow on each entry's promising pairs (all pairs up to 20,000). Raises InvalidRule, Infeasible."""
    try:
        from ortools.graph.python import min_cost_flow  # noqa: PLC0415 -- optional dependency
    except ImportError as error:
        reason = "OR-tools cannot be loaded (not installed, or HiGHS is already loaded in this process); use solver highs"
        raise InvalidRule(reason, {"field": "solver", "reason": str(error)[:80]}) from None
    if objective != "total" or d.group is not None or d.seats or d.apart or d.fixed:
        raise InvalidRule("the flow solver takes plain totals only; use solver highs", {"field": "solver"})
    n, j = d.shape
    everything = n * j <= 20_000
    extra = np.zeros(0, np.int64)
    if not everything:
        from scoring.designs import random_design  # noqa: PLC0415 -- designs may fall back on the solvers

        pairs = random_design(Demand(d.k, d.lo, d.hi, d.conflict), seed=seed, bridges_per_panel=0).pairs
        extra = pairs[:, 0] * j + pairs[:, 1]
    code = candidate_pairs(d, judge_prices(d, seed), j if everything else 40, extra)
    used = _solve(min_cost_flow.SimpleMinCostFlow(), d, code, seed)
    picked = code[used]
    return build_assignment(d, np.stack((picked // j, picked % j), axis=1), seed)


def _solve(flow: Any, d: Demand, code: Ints, seed: str) -> Ints:
    """source -> entries -> judges -> sink; the first lo[j] units through a judge carry a bonus that outweighs all scores."""
    n, j = d.shape
    slots = int(d.need.sum())
    score = np.zeros(code.size, np.int64) if d.score is None else d.score[code // j, code % j].astype(np.int64)
    kept = np.isin(code, np.array([e * j + k for e, k in d.keep], np.int64))
    gain = (score + d.keep_bonus * kept) * slots * SPREAD + (words_at(seed, "ties", code) % np.uint64(SPREAD)).astype(np.int64)
    bonus = (int(gain.max(initial=0)) + 1) * 2
    sink = n + j
    judges = np.arange(j) + n
    arcs = flow.add_arcs_with_capacity_and_unit_cost(code // j, code % j + n, np.ones(code.size, np.int64), -gain)
    flow.add_arcs_with_capacity_and_unit_cost(judges, np.full(j, sink), d.lo, np.full(j, -bonus))
    flow.add_arcs_with_capacity_and_unit_cost(judges, np.full(j, sink), d.hi - d.lo, np.zeros(j, np.int64))
    flow.set_nodes_supplies(np.arange(n), d.need)
    flow.set_node_supply(sink, -slots)
    if flow.solve() != flow.OPTIMAL:
        raise Infeasible("no assignment satisfies all limits", {"rule": "flow"})
    used = flow.flows(arcs) > 0
    loads = np.bincount(code[used] % j, minlength=j)
    if (loads < d.lo).any():
        raise Infeasible("a judge's lower limit cannot be met", {"judge": int(np.argmax(loads < d.lo)), "rule": "lo"})
    return np.asarray(used)
