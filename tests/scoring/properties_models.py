"""Invariants of models, agreement, assignment and confidence; registered beside those of `properties.py`."""

from fractions import Fraction
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import strategies as st

from scoring import (
    Borda,
    Criterion,
    Demand,
    Infeasible,
    Mean,
    NotIdentifiable,
    Ordinals,
    Round,
    Rule,
    Trimmed,
    anova,
    blup,
    bradley_terry,
    fit_additive,
    fit_mixed,
    icc,
    kendall_w,
    krippendorff_alpha,
    optimal,
    rank,
    rank_uncertainty,
)  # fmt: skip
from tests.scoring.building import HUNDRED
from tests.scoring.properties import SEEDS, prop, random_contest, random_table, score, single
from tests.scoring.slow_reference import majority_ranks

Long = tuple[np.ndarray, np.ndarray, np.ndarray]


def random_marks(seed: int) -> np.ndarray:
    """A complete table of marks with differences of entries and judges, in tenths of a point."""
    rng = np.random.Generator(np.random.Philox(seed))
    n, m = int(rng.integers(4, 10)), int(rng.integers(3, 7))
    spread = rng.choice((0.2, 2.0, 8.0), 3)
    table = 75 + spread[0] * rng.normal(size=(n, 1)) + spread[1] * rng.normal(size=m) + spread[2] * rng.normal(size=(n, m))
    return np.round(table, 1)


def long_of(table: np.ndarray, keep: np.ndarray | None = None) -> Long:
    e, j = np.nonzero(np.ones(table.shape, bool) if keep is None else keep)
    return e, j, table[e, j]


def linked_marks(seed: int) -> Long:
    """The same with gaps; the first judge saw everything and everybody saw the first entry, so that all are linked."""
    table = random_marks(seed)
    keep = np.random.Generator(np.random.Philox(seed + 1)).random(table.shape) < 0.7
    keep[:, 0] = keep[0] = True
    return long_of(table, keep)


@prop(seed=SEEDS)
def names_and_order_of_criteria_and_entries_do_not_matter(seed: int) -> None:
    rule, sheets, n, j = random_contest(seed)
    base = score(rule, sheets, n, j)
    rng = np.random.Generator(np.random.Philox(seed))
    criteria, entries = rng.permutation(len(rule.criteria)).tolist(), rng.permutation(n).tolist()
    turned = Rule(
        tuple(rule.criteria[c] for c in criteria), mark_decimals=rule.mark_decimals, judge_total_round=rule.judge_total_round,
        aggregate=rule.aggregate, min_judges=rule.min_judges, result_round=rule.result_round, compare=rule.compare, ties=(),
    )  # fmt: skip
    moved = score(turned, {(entries[e], k): marks for (e, k), marks in sheets.items()}, n, j)
    assert moved.printed[entries].tolist() == base.printed.tolist()
    assert moved.status[entries].tolist() == base.status.tolist()


@prop(seed=SEEDS)
def a_better_mark_never_hurts_under_borda_and_helps_nobody_else(seed: int) -> None:
    table = random_table(seed)
    rng = np.random.Generator(np.random.Philox(seed))
    e, k = int(rng.integers(len(table))), int(rng.integers(len(table[0])))
    before = single(table, Borda())
    table[e][k] = min(10000, table[e][k] + int(rng.integers(1, 400)))
    after = single(table, Borda())
    assert after.exact(e) >= before.exact(e)
    assert all(after.exact(i) <= before.exact(i) for i in range(len(table)) if i != e)


@prop(seed=SEEDS, equal=st.sampled_from(("best", "mean")))
def majority_placement_gives_out_place_after_place(seed: int, equal: str) -> None:
    rng = np.random.Generator(np.random.Philox(seed))
    table = rng.integers(60, 60 + int(rng.integers(3, 12)), (int(rng.integers(2, 8)), int(rng.integers(1, 8)))) * 100
    above = (table[None] > table[:, None]).sum(axis=1)
    level = (table[None] == table[:, None]).sum(axis=1)
    places = [
        [Fraction(int(a) + 1) if equal == "best" else Fraction(2 * int(a) + int(k) + 1, 2) for a, k in zip(*rows, strict=True)]
        for rows in zip(above, level, strict=True)
    ]
    ranking = rank(single(table.tolist(), Ordinals(equal), ties=()), Rule(HUNDRED, aggregate=Ordinals(equal), ties=()))  # type: ignore[arg-type]
    assert ranking.rank.tolist() == majority_ranks(places)


@prop(seed=SEEDS)
def a_better_mark_never_hurts_under_majority_placement(seed: int) -> None:
    table = random_table(seed)
    rng = np.random.Generator(np.random.Philox(seed))
    e, k = int(rng.integers(len(table))), int(rng.integers(len(table[0])))
    rule = Rule(HUNDRED, aggregate=Ordinals(), min_judges=1, ties=())
    before = rank(single(table, rule.aggregate, ties=()), rule)
    table[e][k] = min(10000, table[e][k] + int(rng.integers(1, 400)))
    after = rank(single(table, rule.aggregate, ties=()), rule)
    assert after.place[e] <= before.place[e]


@prop(seed=SEEDS)
def a_finer_scale_of_the_same_marks_keeps_the_ranks(seed: int) -> None:
    table = np.array(random_table(seed)) // 10
    coarse = Rule((Criterion("c0", 100, 0, 1000, 1),), mark_decimals=1, aggregate=Mean(), min_judges=1, result_round=Round(3))
    fine = Rule((Criterion("c0", 100, 0, 10000, 1),), mark_decimals=2, aggregate=Mean(), min_judges=1, result_round=Round(3))
    first, second = (
        score(rule, {(e, k): [int(v) * times] for e, row in enumerate(table) for k, v in enumerate(row)}, *table.shape)
        for rule, times in ((coarse, 1), (fine, 10))
    )
    assert first.printed.tolist() == second.printed.tolist()
    assert rank(first, coarse).rank.tolist() == rank(second, fine).rank.tolist()


@prop(seed=SEEDS)
def a_judge_at_the_mean_leaves_the_mean(seed: int) -> None:
    table = [[mark * len(row) % 9000 + 500 for mark in row] for row in random_table(seed)]
    rounded = [[*row[:-1], row[-1] + (-sum(row)) % len(row)] for row in table]  # so that the mean is a whole number of units
    more = [[*row, sum(row) // len(row)] for row in rounded]
    before, after = single(rounded, Mean()), single(more, Mean())
    assert [after.exact(i) for i in range(len(table))] == [before.exact(i) for i in range(len(table))]


@prop(seed=SEEDS)
def entries_with_the_same_judges_keep_the_order_of_their_means(seed: int) -> None:
    e, j, y = linked_marks(seed)
    fit = fit_additive(e, j, y)
    seen = {i: frozenset(j[e == i].tolist()) for i in range(fit.entry.size)}
    means = np.bincount(e, y) / np.bincount(e)
    for a, b in combinations(range(fit.entry.size), 2):
        if seen[a] == seen[b] and abs(means[a] - means[b]) > 1e-9:
            assert (fit.entry[a] > fit.entry[b]) == (means[a] > means[b])
    turn = np.random.Generator(np.random.Philox(seed)).permutation(fit.judge.size)
    assert np.allclose(fit_additive(e, turn[j], y).judge[turn], fit.judge, atol=1e-7)


@prop(seed=SEEDS)
def two_parts_without_a_link_are_refused(seed: int) -> None:
    left, right = linked_marks(seed), linked_marks(seed + 7)
    n, m = int(left[0].max()) + 1, int(left[1].max()) + 1
    marks = [np.concatenate(pair) for pair in zip(left, (right[0] + n, right[1] + m, right[2]), strict=True)]
    with pytest.raises(NotIdentifiable) as refusal:
        fit_additive(*marks)
    assert refusal.value.where["components"] == 2


@prop(seed=SEEDS)
def predictions_lie_between_least_squares_and_no_effect(seed: int) -> None:
    e, j, y = linked_marks(seed)
    free = fit_additive(e, j, y)
    loose = blup(e, j, y, {"entry": 1e7, "judge": 1e7, "residual": 1.0})
    assert np.allclose(loose.judge - loose.judge.mean(), free.judge, atol=1e-3)
    assert np.allclose(loose.entry - loose.entry.mean(), free.entry - free.entry.mean(), atol=1e-3)
    tight = blup(e, j, y, {"entry": 1e-7, "judge": 1e-7, "residual": 1.0})
    assert np.abs(tight.judge).max() < 1e-3
    assert np.abs(tight.entry).max() < 1e-3
    assert tight.mean == pytest.approx(y.mean(), abs=1e-3)
    alike = blup(e, j, y, {"entry": 4.0, "judge": 0.0, "residual": 9.0})
    assert not alike.judge.any()
    n = np.bincount(e)
    assert np.allclose(alike.entry, 4.0 * n / (4.0 * n + 9.0) * (np.bincount(e, y) / n - alike.mean))


@prop(seed=SEEDS, entry=st.floats(0.1, 20), judge=st.floats(0.0, 20))
def complete_panels_keep_the_order_of_plain_means(seed: int, entry: float, judge: float) -> None:
    table = random_marks(seed)
    fit = blup(*long_of(table), {"entry": entry, "judge": judge, "residual": 4.0})
    means = table.mean(axis=1)
    gaps = means[:, None] - means
    assert (np.sign(fit.entry[:, None] - fit.entry)[np.abs(gaps) > 1e-9] == np.sign(gaps)[np.abs(gaps) > 1e-9]).all()


@prop(seed=SEEDS)
def balanced_tables_give_the_same_components_by_every_road(seed: int) -> None:
    table = random_marks(seed)
    squares = anova(table)
    parts = squares.components
    value = icc(table)
    assert value["A1"].value == pytest.approx(parts["entry"] / sum(parts.values()))
    assert value["C1"].value == pytest.approx(parts["entry"] / (parts["entry"] + parts["residual"]))
    if min(parts.values()) > 1e-3 * parts["residual"]:
        fit = fit_mixed(*long_of(table))
        assert {name: fit.var[name] for name in parts} == pytest.approx(parts, rel=2e-3, abs=1e-4 * sum(parts.values()))
    n, k = table.shape
    apart = 1 - krippendorff_alpha(table, None, "interval").value
    lowest, highest = (n * k - 1) / (n * k), (n * k - 1) / (n * k - k)
    assert lowest - 1e-9 <= apart / (1 - value["1"].value) <= highest + 1e-9


@prop(seed=SEEDS)
def perfect_agreement_is_one_and_no_variation_is_no_number(seed: int) -> None:
    rng = np.random.Generator(np.random.Philox(seed))
    marks = rng.integers(1, 9, int(rng.integers(3, 9))).astype(float)
    same = np.repeat(marks[:, None], int(rng.integers(2, 6)), axis=1)
    for metric in ("nominal", "ordinal", "interval", "ratio"):
        estimate = krippendorff_alpha(same, None, metric)  # type: ignore[arg-type]
        assert estimate.value == pytest.approx(1.0) if np.ptp(marks) else (np.isnan(estimate.value) and estimate.reason)
    if np.ptp(marks):
        assert kendall_w(same).w_corrected == pytest.approx(1.0)
    table = rng.permuted(np.repeat(np.arange(6.0)[:, None], 4, axis=1), axis=0)
    w = kendall_w(table)
    sums = (table + 1).sum(axis=1)  # Friedman's statistic of four rankings of six
    assert w.chi2 == pytest.approx(12 / (4 * 6 * 7) * float(sums @ sums) - 3 * 4 * 7)
    assert 0 <= w.w <= 1


@prop(seed=SEEDS)
def swapping_all_votes_negates_and_repeating_them_sharpens(seed: int) -> None:
    rng = np.random.Generator(np.random.Philox(seed))
    n = int(rng.integers(3, 9))
    win, lose = np.array([(a, b) for a in range(n) for b in range(n) if a != b]).T
    more = rng.integers(1, 5, win.size)
    win, lose = np.repeat(win, more), np.repeat(lose, more)
    fit, mirrored = bradley_terry(win, lose, n), bradley_terry(lose, win, n)
    assert abs(float(fit.strength.sum())) < 1e-9
    assert np.allclose(mirrored.strength, -fit.strength, atol=1e-8)
    once = bradley_terry(win, lose, n, prior_precision=0)
    twice = bradley_terry(np.tile(win, 2), np.tile(lose, 2), n, prior_precision=0)
    assert np.allclose(once.se**2, 2 * twice.se**2, rtol=1e-6)


def every_assignment(d: Demand) -> list[np.ndarray]:
    """All tables that keep the rules, by trying everything."""
    n, m = d.shape
    rows = [[c for c in combinations(range(m), int(d.need[i])) if not d.conflict[i, list(c)].any()] for i in range(n)]
    found = []
    for pick in product(*rows):
        table = np.zeros((n, m), bool)
        for i, judges in enumerate(pick):
            table[i, list(judges)] = True
        loads = table.sum(axis=0)
        if (loads >= d.lo).all() and (loads <= d.hi).all():
            found.append(table)
    return found


@prop(seed=SEEDS)
def small_assignments_are_the_best_there_are(seed: int) -> None:
    rng = np.random.Generator(np.random.Philox(seed))
    n, m, k = int(rng.integers(2, 5)), int(rng.integers(2, 5)), int(rng.integers(1, 3))
    score_of = rng.integers(0, 40, (n, m))
    lo, extra = rng.integers(0, 2, m), rng.integers(1, 4, m)
    d = Demand(k, lo, lo + extra, rng.random((n, m)) < 0.15, score_of)
    tables = every_assignment(d)
    if not tables:
        with pytest.raises(Infeasible):
            optimal(d, solver="highs", seed="s")
        return
    sums = [(int((score_of * t).sum()), int((score_of * t).sum(axis=1).min()), int(score_of[t].min())) for t in tables]
    total, fair, floor = (optimal(d, objective=o, solver="highs", seed=str(seed)) for o in ("total", "fair", "bottleneck"))  # type: ignore[arg-type]
    assert total.total == max(s[0] for s in sums)
    assert (fair.worst, fair.total) == max((s[1], s[0]) for s in sums)
    lowest = int(score_of[floor.pairs[:, 0], floor.pairs[:, 1]].min())
    assert (lowest, floor.total) == max((s[2], s[0]) for s in sums)
    duals = total.certificate
    assert duals is not None
    over = np.maximum(score_of - duals.entry[:, None] - duals.judge, 0) * ~d.conflict
    proved = k * duals.entry.sum() + np.where(duals.judge > 0, duals.judge * d.hi, duals.judge * d.lo).sum() + over.sum()
    assert proved == pytest.approx(total.total, abs=0.5)
    assert optimal(d, objective="total", solver="highs", seed=str(seed)).digest == total.digest


@prop(seed=SEEDS, method=st.sampled_from(("posterior", "bootstrap_entry", "bootstrap_judges")))
def chances_add_up_and_grow_with_the_places(seed: int, method: str) -> None:
    table = np.rint(random_marks(seed) * 100).astype(int).clip(0, 10000).tolist()
    n = len(table)
    totals = single(table, Trimmed(1, 1, min_n=5)).totals
    assert totals is not None
    ks = [1, 2, n]
    sure = rank_uncertainty(totals, k=ks, draws=60, method=method, seed=str(seed))  # type: ignore[arg-type]
    assert sure.p_top.sum(axis=0) == pytest.approx(ks)
    assert (np.diff(sure.p_top, axis=1) >= -1e-12).all()
    assert (sure.lo >= 1).all()
    assert (sure.lo <= sure.hi).all()
    assert (sure.hi <= n).all()
