"""Assignments by fit: largest total, best worst pair, or fair to the worst-served entry; proved by dual prices."""

from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np

from scoring.arrays import Floats, Ints
from scoring.blocking import floor_violator, hall_violator, refuse_if_blocked
from scoring.demand import Assignment, Demand, Duals, build_assignment
from scoring.errors import Infeasible, InvalidRule
from scoring.fairness import EXACT_PAIRS, fair_pairs
from scoring.levels import fair_by_levels
from scoring.mixing import words_at
from scoring.pricing import better_pairs, candidate_pairs, judge_prices
from scoring.sideways import needs_whole_numbers, side_rows
from scoring.transport import Transport

Objective = Literal["total", "bottleneck", "fair"]
Solver = Literal["auto", "highs", "ortools"]
PER_ENTRY = 20
ALL_PAIRS = 20_000


def optimal(d: Demand, *, objective: Objective = "fair", solver: Solver = "auto", seed: str, time_limit_s: float = 60) -> Assignment:
    """The best assignment by the scores of the demand; equally good ones are chosen by the seed.

    total: largest sum. bottleneck: largest lowest score of a used pair, then the sum. fair: the worst entry's sum, then the
    total; proved largest up to 1,500 pairs, above as far as `worst` reaches `worst_bound`. `bound` bounds the total from above.
    Raises Infeasible (with the blocking set), NotConverged.
    """
    if objective not in get_args(Objective) or solver not in get_args(Solver):
        raise InvalidRule("unknown objective or solver", {"field": "objective"})
    refuse_if_blocked(d)
    if not d.need.any():
        return build_assignment(d, np.zeros((0, 2), np.int64), seed)
    if d.max_probability is not None and d.max_probability < 1:
        from scoring.lottery import draw_assignment  # noqa: PLC0415 -- only capped assignments need it

        return draw_assignment(d, seed, time_limit_s, fair=objective == "fair")
    if solver == "ortools":
        from scoring.flows import flow_assignment  # noqa: PLC0415 -- optional dependency

        return flow_assignment(d, seed, objective)
    try:
        return _solve(d, objective, seed, time_limit_s)
    except Infeasible as refusal:
        raise Infeasible("no assignment satisfies all limits", _reason(d, refusal)) from None


def _reason(d: Demand, refusal: Infeasible) -> dict[str, object]:
    return hall_violator(d) or floor_violator(d) or refusal.where


def _solve(d: Demand, objective: Objective, seed: str, time_limit_s: float) -> Assignment:
    model, values, bound, duals = best_total(d, seed, time_limit_s)
    most = float("nan")
    if objective == "bottleneck":
        values = _bottleneck(d, model, seed)
        duals = None
    if objective == "fair" and d.score is not None:
        duals, low = None, worst_sum(d, chosen(model, values))
        found = fair_by_levels(d, lambda code: pair_gains(d, code, seed), low) if d.conflict.size > EXACT_PAIRS else None
        if found is not None:
            pairs = chosen(model, values) if found[0] is None else np.stack(np.divmod(found[0], d.shape[1]), axis=1)
            return build_assignment(d, pairs, seed, bound=bound, worst_bound=float(found[1]))
        values, most = fair_pairs(d, model, values, bound, time_limit_s)
    return build_assignment(d, chosen(model, values), seed, bound=bound, certificate=duals, worst_bound=most)


def worst_sum(d: Demand, pairs: Ints) -> int:
    """The smallest sum of scores of an entry that needs judges."""
    sums = np.bincount(pairs[:, 0], d.score[pairs[:, 0], pairs[:, 1]], d.shape[0])
    return int(sums[d.need > 0].min())


def chosen(model: Transport, values: Floats) -> Ints:
    """Pairs of the solution."""
    code = model.code[values > 0.5]
    return np.stack((code // model.j, code % model.j), axis=1)


def pair_gains(d: Demand, code: Ints, seed: str) -> Floats:
    """Score (plus the bonus of kept pairs) and a seeded amount too small to change the total by 1."""
    j = d.shape[1]
    base = np.zeros(code.size) if d.score is None else d.score[code // j, code % j].astype(np.float64)
    kept = np.array([e * j + k for e, k in d.keep], np.int64)
    base += d.keep_bonus * np.isin(code, kept)
    return base + tie_break(code, seed, int(d.need.sum()))


def tie_break(code: Ints, seed: str, slots: int) -> Floats:
    """A number in [0, 0.4 / slots) for every pair, from the seed and the pair alone."""
    return (words_at(seed, "ties", code) >> np.uint64(11)) / 2.0**53 * 0.4 / max(slots, 1)


def best_total(d: Demand, seed: str, time_limit_s: float) -> tuple[Transport, Floats, float, Duals | None]:
    """Largest total: solve on promising pairs, add every pair that the prices show to be missing, until none is left."""
    n, j = d.shape
    everything = n * j <= ALL_PAIRS or (needs_whole_numbers(d) and n * j <= 40 * ALL_PAIRS)
    feasible = np.zeros(0, np.int64)
    if not everything:
        from scoring.designs import random_design  # noqa: PLC0415 -- designs falls back on this module

        pairs = random_design(Demand(d.k, d.lo, d.hi, d.conflict, fixed=d.fixed), seed=seed, bridges_per_panel=0).pairs
        feasible = pairs[:, 0] * j + pairs[:, 1]
    prices = np.zeros(j, np.float32) if everything else judge_prices(d, seed)
    code = candidate_pairs(d, prices, j if everything else max(PER_ENTRY, 3 * int(d.need.max(initial=0))), feasible)
    model = Transport(d, code, pair_gains(d, code, seed), time_limit_s=time_limit_s)
    model.add_rows(side_rows(d, code))
    values = model.solve()
    if needs_whole_numbers(d) and np.abs(values - np.rint(values)).max(initial=0) > 1e-6:
        bound = float(np.floor(float(model.gain @ values) + 1e-6))
        model.whole()
        return model, model.solve(), bound, None
    for _ in range(0 if everything else 30):
        entry, judge = model.prices()
        missing, _ = better_pairs(d, np.sort(model.code), entry, judge, 1e-3)
        if not missing.size:
            break
        model.add_pairs(missing, pair_gains(d, missing, seed))
        values = model.solve()
    duals = None if needs_whole_numbers(d) else Duals(*model.prices())
    return model, values, _bound(d, model, values, duals), duals


def _bound(d: Demand, model: Transport, values: Floats, duals: Duals | None) -> float:
    """An upper bound of the total of scores (bonus of kept pairs left out only when there is none)."""
    if duals is None or d.score is None:
        return float(np.floor(float(model.gain @ values) + 0.5)) if d.score is not None else float("nan")
    used = float(duals.entry @ d.need + np.where(duals.judge > 0, duals.judge * d.hi, duals.judge * d.lo).sum())
    j = d.shape[1]
    over = model.gain - duals.entry[model.code // j] - duals.judge[model.code % j]
    return float(np.floor(used + float(np.maximum(over, 0).sum()) + 1e-6))


def _bottleneck(d: Demand, model: Transport, seed: str) -> Floats:
    """Largest t such that all used pairs reach t (bisection over the scores), then the largest total above it."""
    if d.score is None:
        raise InvalidRule("a bottleneck needs scores", {"field": "score"})
    steps = np.unique(d.score[~d.conflict])
    low, high = 0, steps.size - 1
    while low < high:
        middle = (low + high + 1) // 2
        if _feasible_at(d, int(steps[middle])):
            low = middle
        else:
            high = middle - 1
    narrowed = Demand(d.k, d.lo, d.hi, d.conflict | (d.score < steps[low]), d.score, d.group, d.max_same_group, d.fixed)
    again, values, _, _ = best_total(narrowed, seed, 600)
    model.code, model.gain = again.code, again.gain
    return values


def _feasible_at(d: Demand, t: int) -> bool:
    barred = d.conflict | (d.score < t)
    narrowed = Demand(d.k, d.lo, d.hi, barred, None, d.group, d.max_same_group, (), category=d.category, seats=d.seats, apart=d.apart)
    try:
        refuse_if_blocked(narrowed)
        feasible_pairs(narrowed, "bottleneck")
    except Infeasible:
        return False
    return True


def feasible_pairs(d: Demand, seed: str) -> Ints:
    """Any assignment that satisfies all limits, over all pairs. Raises Infeasible with the blocking set."""
    j = d.shape[1]
    code = np.nonzero(~d.conflict.ravel())[0]
    model = Transport(d, code, tie_break(code, seed, 1), time_limit_s=600)
    model.add_rows(side_rows(d, code))
    try:
        values = model.solve()
        if needs_whole_numbers(d) and np.abs(values - np.rint(values)).max(initial=0) > 1e-6:
            model.whole()
            values = model.solve()
    except Infeasible as refusal:
        raise Infeasible("no assignment satisfies all limits", _reason(d, refusal)) from None
    picked = code[values > 0.5]
    return np.stack((picked // j, picked % j), axis=1)


def reassign(a: Assignment, d: Demand, removed: Sequence[int]) -> Assignment:
    """Judges drop out: keep as many of the other pairs as possible, fill the gaps at the best fit.

    `d` is the demand as before; the removed judges are barred and their lower limit lapses. Raises Infeasible.
    """
    gone = np.zeros(d.shape[1], bool)
    for judge in removed:
        if not 0 <= judge < gone.size:
            raise InvalidRule("no such judge", {"judge": int(judge)})
        gone[judge] = True
    stay = [(int(e), int(j)) for e, j in a.pairs if not gone[j]]
    bonus = (2 + 2 * int(d.need.max(initial=1))) * (int(d.score.max(initial=0)) if d.score is not None else 1) + 1
    conflict = d.conflict | gone
    again = Demand(
        d.k, np.where(gone, 0, d.lo), d.hi, conflict, d.score, d.group, d.max_same_group,
        tuple(p for p in d.fixed if not gone[p[1]]), stay, bonus, d.category, d.seats, d.apart,
    )  # fmt: skip
    return optimal(again, objective="total", solver="highs", seed=a.seed)
