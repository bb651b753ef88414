"""What `make bench-scoring` measures: for each task our function and the best installable alternatives, on the same data.

Every entry of TASKS builds its data for a size and returns the function to be timed. Alternatives import their package
inside, so that a missing one is reported and not a failure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np

import scoring

Job = Callable[[], Any]
JUDGES, CRITERIA = 7, 5
WEIGHTS = (30, 25, 20, 15, 10)


def generator(size: int) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(size))


def mark_table(size: int) -> np.ndarray:
    """Marks in steps of half a point, in hundredths: entries x judges x criteria."""
    return generator(size).integers(120, 200, (size, JUDGES, CRITERIA)) * 50


def contest_rule() -> scoring.Rule:
    criteria = tuple(scoring.Criterion(f"c{k}", w, 0, 10000, 50) for k, w in enumerate(WEIGHTS))
    return scoring.Rule(criteria, judge_total_round=scoring.Round(2), ties=())


def long_columns(table: np.ndarray) -> tuple[np.ndarray, ...]:
    n = table.size
    index = np.arange(n)
    return index // (JUDGES * CRITERIA), index // CRITERIA % JUDGES, index % CRITERIA, table.ravel()


def ours_from_table(size: int) -> Job:
    rule = contest_rule()
    marks = scoring.Marks.from_dense(mark_table(size), rule)
    return lambda: scoring.rank(scoring.aggregate(scoring.judge_totals(marks, rule), rule), rule)


def ours_from_rows(size: int) -> Job:
    rule = contest_rule()
    marks = scoring.Marks(*long_columns(mark_table(size)))
    return lambda: scoring.rank(scoring.aggregate(scoring.judge_totals(marks, rule), rule), rule)


def ours_from_objects(size: int) -> Job:
    rule = contest_rule()
    rows = object_rows(size)
    return lambda: scoring.aggregate(scoring.judge_totals(scoring.Marks.from_rows(rows, rule), rule), rule)


def object_rows(size: int) -> list[tuple[str, str, str, str]]:
    e, j, c, v = (column.tolist() for column in long_columns(mark_table(size)))
    return [(f"E{a}", f"J{b}", f"c{k}", f"{m / 100:.1f}") for a, b, k, m in zip(e, j, c, v, strict=True)]


def decimal_loop(size: int) -> Job:
    """The plain way: Decimal arithmetic row by row."""
    rows = object_rows(size)
    weights = {f"c{k}": Decimal(w) / 100 for k, w in enumerate(WEIGHTS)}
    cent = Decimal("0.01")

    def run() -> list[Decimal]:
        totals: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
        for entry, judge, criterion, mark in rows:
            totals[entry, judge] += weights[criterion] * Decimal(mark)
        by_entry: dict[str, list[Decimal]] = defaultdict(list)
        for (entry, _), total in totals.items():
            by_entry[entry].append(total.quantize(cent, ROUND_HALF_UP))
        scores = [(sum(v) - max(v) - min(v)) / (len(v) - 2) for v in by_entry.values()]
        return sorted((s.quantize(cent, ROUND_HALF_UP) for s in scores), reverse=True)

    return run


def pandas_groupby(size: int) -> Job:
    import pandas as pd

    e, j, c, v = long_columns(mark_table(size))
    frame = pd.DataFrame({"e": e, "j": j, "part": v / 100 * np.array(WEIGHTS)[c] / 100})

    def run() -> Any:
        totals = frame.groupby(["e", "j"])["part"].sum().round(2).groupby("e")
        score = ((totals.sum() - totals.max() - totals.min()) / (totals.count() - 2)).round(2)
        return score.rank(method="min", ascending=False)

    return run


def polars_lazy(size: int) -> Job:
    import polars as pl

    e, j, c, v = long_columns(mark_table(size))
    frame = pl.DataFrame({"e": e, "j": j, "part": v * np.array(WEIGHTS)[c]})
    total = pl.col("part").sum()

    def run() -> Any:
        judges = frame.lazy().group_by("e", "j").agg(((2 * total + 100) // 200).alias("part"))
        kept = pl.col("part").sum() - pl.col("part").max() - pl.col("part").min()
        score = judges.group_by("e").agg(((2 * kept + (pl.len() - 2)) // (2 * (pl.len() - 2))).alias("score"))
        return score.with_columns(pl.col("score").rank("min", descending=True)).collect()

    return run


def balanced(size: int, judges_per: int = 5) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """size entries x 5 marks, 50 marks a judge: entry, judge, mark."""
    rng = generator(size)
    judges = max(size * judges_per // 50, judges_per)
    rounds = -(-size * judges_per // judges)
    j = np.concatenate([rng.permutation(judges) for _ in range(rounds)])[: size * judges_per]
    e = np.repeat(np.arange(size), judges_per)
    y = rng.normal(75, 5, size)[e] + rng.normal(0, 2, judges)[j] + rng.normal(0, 4, e.size)
    return e, j, y


def ours_additive(size: int) -> Job:
    e, j, y = balanced(size)
    return lambda: scoring.fit_additive(e, j, y)


def scipy_lsqr(size: int) -> Job:
    from scipy.sparse import csr_array
    from scipy.sparse.linalg import lsqr

    e, j, y = balanced(size)
    n, m = size, int(j.max()) + 1

    def run() -> Any:
        rows = np.repeat(np.arange(y.size), 2)
        columns = np.stack((e, n + j), axis=1).ravel()
        return lsqr(csr_array((np.ones(rows.size), (rows, columns)), shape=(y.size, n + m)), y, atol=1e-10, btol=1e-10)

    return run


def ours_reml(size: int) -> Job:
    e, j, y = balanced(size)
    return lambda: scoring.fit_mixed(e, j, y)


def statsmodels_mixed(size: int) -> Job:
    import pandas as pd
    import statsmodels.formula.api as smf

    e, j, y = balanced(size)
    frame = pd.DataFrame({"y": y, "e": e, "j": j, "all": 1})
    parts = {"entry": "0 + C(e)", "judge": "0 + C(j)"}
    return lambda: smf.mixedlm("y ~ 1", frame, groups="all", vc_formula=parts).fit()


def panel(size: int) -> np.ndarray:
    rng = generator(size)
    return np.round(rng.normal(75, 5, (size, 1)) + rng.normal(0, 2, JUDGES) + rng.normal(0, 4, (size, JUDGES)), 1)


def panel_totals(size: int) -> scoring.Totals:
    rule = scoring.Rule((scoring.Criterion("m", 100, 0, 20000, 1),))
    cents = np.clip(np.rint(panel(size) * 100), 0, 20000).astype(np.int64)
    return scoring.judge_totals(scoring.Marks.from_dense(cents[:, :, None], rule), rule)


def ours_bootstrap(size: int) -> Job:
    totals = panel_totals(size)
    top = max(size // 10, 1)
    return lambda: scoring.rank_uncertainty(totals, k=[top], draws=1000, method="bootstrap_entry", seed="bench")


def ours_posterior(size: int) -> Job:
    fit = scoring.fit_mixed(*balanced(size))
    top = max(size // 10, 1)
    return lambda: scoring.rank_uncertainty(fit, k=[top], draws=2000, seed="bench")


def rankdata_loop(size: int) -> Job:
    from scipy.stats import rankdata

    table = panel(size)

    def run() -> Any:
        rng = np.random.default_rng(1)
        ranks = np.empty((1000, size), np.int32)
        for draw in range(1000):
            picked = np.take_along_axis(table, rng.integers(0, JUDGES, table.shape), axis=1)
            ranks[draw] = rankdata(-(picked.sum(axis=1) - picked.max(axis=1) - picked.min(axis=1)), method="min")
        return np.quantile(ranks, [0.025, 0.975], axis=0), (ranks <= size // 10).mean(axis=0)

    return run


def ours_icc(size: int) -> Job:
    table = panel(size)
    return lambda: scoring.icc(table)


def pingouin_icc(size: int) -> Job:
    import pandas as pd
    import pingouin

    table = panel(size)
    frame = pd.DataFrame({"e": np.repeat(np.arange(size), JUDGES), "j": np.tile(np.arange(JUDGES), size), "y": table.ravel()})
    return lambda: pingouin.intraclass_corr(frame, targets="e", raters="j", ratings="y")


def gappy(size: int) -> np.ndarray:
    table = panel(size)
    table[generator(size + 1).random(table.shape) < 0.1] = np.nan
    return table


def ours_alpha(size: int) -> Job:
    table = gappy(size)
    return lambda: scoring.krippendorff_alpha(table, None, "interval")


def krippendorff_alpha(size: int) -> Job:
    import krippendorff

    table = gappy(size).T
    return lambda: krippendorff.alpha(reliability_data=table, level_of_measurement="interval")


def votes(size: int) -> tuple[np.ndarray, np.ndarray]:
    rng = generator(size)
    strength = rng.normal(size=size)
    a = rng.integers(0, size, 20 * size)
    b = (a + rng.integers(1, size, a.size)) % size
    first = rng.random(a.size) < 1 / (1 + np.exp(strength[b] - strength[a]))
    return np.where(first, a, b), np.where(first, b, a)


def ours_pairs(size: int) -> Job:
    winner, loser = votes(size)
    return lambda: scoring.bradley_terry(winner, loser, size)


def choix_pairs(size: int) -> Job:
    import choix

    pairs = list(zip(*(side.tolist() for side in votes(size)), strict=True))
    return lambda: choix.ilsr_pairwise(size, pairs, alpha=0.01)


def ours_rasch(size: int) -> Job:
    e, j, y = balanced(size)
    levels = np.clip(np.rint((y - 60) / 10), 0, 3).astype(int)
    return lambda: scoring.fit_mfrm(e, j, None, levels, 4, estimator="jml", tol=1e-4)


def demand(size: int) -> scoring.Demand:
    """Topic overlap and noise, 0.5 % conflicts, five judges an entry, loads within 0.85 to 1.15 of their mean."""
    rng = generator(size)
    judges = {600: 100, 5000: 600, 20000: 2000}.get(size, max(size // 10, 10))
    topics = rng.random((size, 40)) < 0.12, rng.random((judges, 40)) < 0.15
    overlap = topics[0].astype(np.float32) @ topics[1].T.astype(np.float32)
    score = np.minimum(overlap * 180 + rng.random((size, judges), dtype=np.float32) * 300, 1000).astype(np.int16)
    conflict = rng.random((size, judges), dtype=np.float32) < 0.005
    mean = 5 * size / judges
    lo, hi = np.full(judges, int(0.85 * mean)), np.full(judges, int(np.ceil(1.15 * mean)))
    return scoring.Demand(5, lo, hi, conflict, score)


def ours_optimal(size: int) -> Job:
    d = demand(size)
    return lambda: scoring.optimal(d, objective="total", solver="highs", seed="bench", time_limit_s=600).total


def ours_fair(size: int) -> Job:
    d = demand(size)
    return lambda: scoring.optimal(d, objective="fair", solver="highs", seed="bench", time_limit_s=600).total


def _flow(d: scoring.Demand, open_pairs: np.ndarray) -> int:
    """The bare minimum-cost flow over the open pairs (entries x judges): the total score of what it assigns."""
    from ortools.graph.python import min_cost_flow

    n, j = d.shape
    e, k = np.nonzero(open_pairs)
    flow = min_cost_flow.SimpleMinCostFlow()
    arcs = flow.add_arcs_with_capacity_and_unit_cost(e, k + n, np.ones(e.size, int), -d.score[e, k].astype(int))
    judges, sink = np.arange(j) + n, n + j
    flow.add_arcs_with_capacity_and_unit_cost(judges, np.full(j, sink), d.lo, np.full(j, -10000))
    flow.add_arcs_with_capacity_and_unit_cost(judges, np.full(j, sink), d.hi - d.lo, np.zeros(j, int))
    flow.set_nodes_supplies(np.arange(n), d.need)
    flow.set_node_supply(sink, -int(d.need.sum()))
    flow.solve()
    used = flow.flows(arcs) > 0
    return int(d.score[e[used], k[used]].astype(int).sum())


def ortools_dense(size: int) -> Job:
    d = demand(size)
    return lambda: _flow(d, ~d.conflict)


def ours_by_flow(size: int) -> Job:
    """Our own assignment with OR-tools as its solver; in the interpreter that has it."""
    d = demand(size)
    return lambda: scoring.optimal(d, objective="total", solver="ortools", seed="bench").total


def ortools_pruned(size: int) -> Job:
    """The bare flow on each entry's best 60 judges and each judge's best entries, twice as many as the limit."""
    d = demand(size)
    n, j = d.shape

    def run() -> int:
        open_score = np.where(d.conflict, np.int16(-1), d.score)
        keep = np.zeros((n, j), bool)
        np.put_along_axis(keep, np.argpartition(open_score, j - min(60, j), axis=1)[:, j - min(60, j) :], True, axis=1)
        most = min(2 * int(d.hi.max()), n)
        np.put_along_axis(keep, np.argpartition(open_score, n - most, axis=0)[n - most :], True, axis=0)
        return _flow(d, keep & ~d.conflict)

    return run


def scipy_milp(size: int) -> Job:
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    d = demand(size)
    n, j = d.shape

    def run() -> int:
        e, k = np.nonzero(~d.conflict)
        columns = np.arange(e.size)
        rows = csr_array((np.ones(2 * e.size), (np.concatenate((e, n + k)), np.tile(columns, 2))), shape=(n + j, e.size))
        limits = LinearConstraint(rows, np.concatenate((d.need, d.lo)), np.concatenate((d.need, d.hi)))
        found = milp(-d.score[e, k].astype(float), constraints=limits, bounds=Bounds(0, 1))
        return round(-found.fun)

    return run


def ours_random(size: int) -> Job:
    judges = max(size // 10, 10)
    conflict = generator(size).random((size, judges), dtype=np.float32) < 0.005 if size <= 20000 else np.zeros((size, judges), bool)
    lo, hi = np.full(judges, 5 * size // judges), np.full(judges, -(-5 * size // judges))
    return lambda: scoring.random_design(scoring.Demand(5, lo, hi, conflict), seed="bench")


ALL = (600, 5_000, 20_000, 100_000)
MIDDLE = ALL[:3]
TASKS: dict[str, tuple[tuple[int, ...], dict[str, Callable[[int], Job]]]] = {
    "score and rank a table of marks (7 judges x 5 criteria)": (
        ALL, {"scoring, table": ours_from_table, "scoring, rows": ours_from_rows, "polars": polars_lazy, "pandas": pandas_groupby}),
    "the same from Python objects, with all checks": (MIDDLE, {"scoring": ours_from_objects, "Decimal loop": decimal_loop}),
    "judge severity, least squares (5 marks an entry)": (ALL, {"scoring": ours_additive, "scipy lsqr": scipy_lsqr}),
    "judge severity, REML": (MIDDLE, {"scoring": ours_reml, "statsmodels": statsmodels_mixed}),
    "rank intervals, 1,000 bootstraps": (MIDDLE, {"scoring": ours_bootstrap, "scipy rankdata": rankdata_loop}),
    "rank intervals, 2,000 posterior draws": (MIDDLE, {"scoring": ours_posterior}),
    "six intraclass correlations": (ALL, {"scoring": ours_icc, "pingouin": pingouin_icc}),
    "Krippendorff's alpha, interval, 10 % missing": (ALL, {"scoring": ours_alpha, "krippendorff": krippendorff_alpha}),
    "Bradley-Terry, 20 votes an item": (ALL, {"scoring": ours_pairs, "choix": choix_pairs}),
    "many-facet Rasch, joint likelihood": (ALL, {"scoring": ours_rasch}),
    "assignment, largest total": (
        MIDDLE, {"scoring": ours_optimal, "our pairs in OR-tools": ours_by_flow, "OR-tools, best pairs": ortools_pruned,
                 "OR-tools, all pairs": ortools_dense, "scipy milp": scipy_milp}),
    "assignment, fair to the worst": (ALL[:2], {"scoring": ours_fair}),
    "assignment, random and even": (ALL[:3], {"scoring": ours_random}),
}  # fmt: skip
