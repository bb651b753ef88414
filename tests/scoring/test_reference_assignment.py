"""Reference results of assignment: published unit tests, a reproducible instance with known optima, blocking sets."""

import sys
from typing import Any

import numpy as np
import pytest

from scoring import (
    Demand,
    Infeasible,
    InvalidRule,
    assignment_quality,
    fairness,
    make_panels,
    optimal,
    pair_probabilities,
    random_design,
    reassign,
)
from scoring.levels import fair_by_levels


def generated() -> Demand:
    """24 entries x 8 judges from a linear congruential generator, 12 conflicts, k = 3, loads 8 to 10."""
    x, drawn = 17, []
    for _ in range(24 * 8):
        x = (1103515245 * x + 12345) % 2**31
        drawn.append((x >> 16) % 101)
    conflict = np.array([[(7 * i + 3 * j) % 17 == 0 for j in range(8)] for i in range(24)])
    return Demand(3, np.full(8, 8), np.full(8, 10), conflict, np.array(drawn).reshape(24, 8))


def open_demand(k: int, lo: list[int], hi: list[int], score: list[list[int]] | None = None, n: int = 3) -> Demand:
    table = None if score is None else np.array(score)
    return Demand(k, np.array(lo), np.array(hi), np.zeros((n if score is None else len(score), len(lo)), bool), table)


def test_generated_instance_is_the_published_one() -> None:
    d = generated()
    assert d.score[0].tolist() == [69, 89, 5, 34, 22, 28, 50, 5]
    assert int(d.score.sum()) == 9710
    assert int(d.conflict.sum()) == 12


@pytest.mark.parametrize(
    ("objective", "total", "worst", "lowest"), [("total", 5293, None, None), ("bottleneck", 5288, None, 24), ("fair", 5266, 157, None)]
)
def test_optima_of_the_generated_instance(objective: str, total: int, worst: int | None, lowest: int | None) -> None:
    d = generated()
    a = optimal(d, objective=objective, solver="highs", seed="reference")  # type: ignore[arg-type]
    assert a.total == total
    assert a.bound == 5293
    assert worst in (None, a.worst)
    assert lowest in (None, int(d.score[a.pairs[:, 0], a.pairs[:, 1]].min()))
    assert not d.conflict[a.pairs[:, 0], a.pairs[:, 1]].any()
    assert np.bincount(a.pairs[:, 0]).tolist() == [3] * 24
    assert set(a.loads(8).tolist()) <= {8, 9, 10}


@pytest.mark.parametrize("seed", range(6))
def test_the_worst_sum_beyond_the_exact_size_lies_between_its_proofs(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.Generator(np.random.Philox(seed))
    n, m, k = int(rng.integers(6, 25)), int(rng.integers(5, 10)), int(rng.integers(1, 4))
    score = rng.integers(0, 1000, (n, m)) if seed % 2 else rng.choice((0, 400, 1000), (n, m))
    even = n * k // m
    d = Demand(k, np.full(m, max(even - 1, 0)), np.full(m, even + 2), rng.random((n, m)) < 0.05, score)
    exact = optimal(d, seed="s")
    monkeypatch.setattr(fairness, "EXACT_PAIRS", 0)
    found = optimal(d, seed="s")
    assert exact.worst == exact.worst_bound
    assert found.worst <= exact.worst <= found.worst_bound
    assert found.worst >= 0.9 * exact.worst
    assert np.bincount(found.pairs[:, 0]).tolist() == [k] * n
    assert ((found.loads(m) >= d.lo) & (found.loads(m) <= d.hi)).all()
    assert assignment_quality(found, d).worst_bound == found.worst_bound


@pytest.mark.parametrize("seed", range(8))
def test_few_values_of_scores_give_the_largest_worst_sum_and_then_the_largest_total(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.Generator(np.random.Philox(seed + 50))
    n, m, k = int(rng.integers(6, 20)), int(rng.integers(6, 10)), int(rng.integers(1, 4))
    score, even = rng.choice((0, 400, 1000), (n, m), p=(0.5, 0.3, 0.2)), n * k // m
    limits: dict[str, Any] = {"group": np.arange(m) // 2, "max_same_group": 1} if seed % 2 else {}
    d = Demand(k, np.full(m, max(even - 1, 0)), np.full(m, even + 2), rng.random((n, m)) < 0.05, score, **limits)
    exact = optimal(d, seed="s")
    monkeypatch.setattr(sys.modules["scoring.optimal"], "EXACT_PAIRS", -1)
    found = optimal(d, seed="s")
    assert (found.worst, found.total) == (exact.worst, exact.total)
    assert found.worst_bound == found.worst
    assert ((found.loads(m) >= d.lo) & (found.loads(m) <= d.hi)).all()
    assert np.bincount(found.pairs[:, 0]).tolist() == [k] * n


def test_many_values_or_many_judges_an_entry_go_the_general_way() -> None:
    rng = np.random.Generator(np.random.Philox(3))
    for values, k in ((8, 8), (9, 2)):
        score = rng.integers(0, values, (90, 20)) * 100
        d = Demand(k, np.zeros(20, int), np.full(20, 90), np.zeros((90, 20), bool), score)
        assert fair_by_levels(d, lambda code: np.zeros(code.size), 0) is None
        assert np.bincount(optimal(d, seed="s").pairs[:, 0]).tolist() == [k] * 90


def test_scarce_judges_are_shared_so_that_the_worst_served_entry_reaches_its_bound() -> None:
    rng = np.random.Generator(np.random.Philox(2))
    track, fields = rng.integers(0, 6, 150), rng.random((30, 6)) < 0.2
    score = np.where(fields[:, track].T, 1000, np.where(fields.any(axis=1), 0, 400)).astype(np.int16)
    d = Demand(3, np.full(30, 14), np.full(30, 17), rng.random((150, 30)) < 0.02, score)
    found, total = optimal(d, seed="s"), optimal(d, objective="total", seed="s")
    assert found.worst == found.worst_bound > total.worst
    assert found.total >= 0.9 * total.total


def test_a_large_assignment_reaches_its_bound_near_the_largest_total() -> None:
    rng = np.random.Generator(np.random.Philox(5))
    score = rng.integers(0, 1000, (240, 40)) * rng.integers(3, 11, (240, 1)) // 10
    d = Demand(5, np.full(40, 25), np.full(40, 32), rng.random((240, 40)) < 0.01, score)
    a = optimal(d, seed="s")
    assert a.worst == a.worst_bound >= optimal(d, objective="total", seed="s").worst
    assert a.total >= 0.995 * a.bound


def test_dual_prices_prove_the_total() -> None:
    d = generated()
    a = optimal(d, objective="total", solver="highs", seed="reference")
    assert a.certificate is not None
    entry, judge = a.certificate.entry, a.certificate.judge
    over = np.maximum(d.score - entry[:, None] - judge, 0) * ~d.conflict
    bound = 3 * entry.sum() + np.where(judge > 0, judge * d.hi, judge * d.lo).sum() + over.sum()
    assert int(np.floor(bound + 1e-6)) == a.total


def test_unique_optimum_of_the_hotcrp_unit_test() -> None:
    conflict = np.array([[False, False, False], [False, False, True], [True, False, False]])
    score = np.array([[10, 10, 10], [11, 10, 0], [0, 10, 9]])
    a = optimal(Demand(1, np.ones(3, int), np.ones(3, int), conflict, score), objective="total", solver="highs", seed="1")
    assert a.pairs.tolist() == [[0, 2], [1, 0], [2, 1]]
    assert a.total == 31


def test_equally_good_assignments_are_all_reached_by_some_seed() -> None:
    d = open_demand(1, [1, 1, 1], [1, 1, 1], [[0, 0, 0]] * 3)
    found = {tuple(optimal(d, objective="total", solver="highs", seed=str(s)).pairs[:, 1].tolist()) for s in range(60, 140)}
    assert len(found) == 6


@pytest.mark.parametrize(("lowest", "cost"), [(1, 1000), (2, 2000)])
def test_openreview_lower_limits(lowest: int, cost: int) -> None:
    d = open_demand(3, [lowest] * 4, [3] * 4, [[1000, 1000, 1000, 0]] * 3)
    assert 9000 - optimal(d, objective="total", solver="highs", seed="1").total == cost


def test_entry_with_too_few_judges_is_named() -> None:
    conflict = np.zeros((5, 3), bool)
    conflict[2] = [True, True, False]
    with pytest.raises(Infeasible) as refusal:
        optimal(Demand(2, np.zeros(3, int), np.full(3, 5), conflict), seed="1")
    assert refusal.value.where["entry"] == 2
    assert refusal.value.where["rule"] == "conflict"


def test_blocking_set_of_entries_and_judges_is_named() -> None:
    conflict = np.zeros((6, 5), bool)
    conflict[:4, 2:] = True
    with pytest.raises(Infeasible) as refusal:
        optimal(Demand(2, np.zeros(5, int), np.full(5, 3), conflict), solver="highs", seed="1")
    where = refusal.value.where
    assert (where["entries"], where["judges"]) == ([0, 1, 2, 3], [0, 1])
    assert (where["demand"], where["capacity"]) == (8, 6)


@pytest.mark.parametrize(("lo", "hi", "rule"), [([0] * 3, [1] * 3, "hi"), ([3] * 3, [3] * 3, "lo")])
def test_sums_of_limits_that_cannot_fit(lo: list[int], hi: list[int], rule: str) -> None:
    with pytest.raises(Infeasible) as refusal:
        random_design(open_demand(2, lo, hi), seed="1")
    assert refusal.value.where["rule"] == rule


def test_a_category_that_may_not_take_enough_entries_is_named() -> None:
    d = Demand(2, np.zeros(4, int), np.array([2, 9, 9, 9]), np.zeros((5, 4), bool), category=np.array([1, 0, 0, 0]), seats={1: 1})
    with pytest.raises(Infeasible) as refusal:
        random_design(d, seed="1")
    assert refusal.value.where == {"category": 1, "rule": "seats", "most": 2, "demand": 5}


def test_random_design_is_even_connected_and_repeatable() -> None:
    conflict = np.zeros((60, 12), bool)
    conflict[::7, 3] = True
    d = Demand(5, np.full(12, 20), np.full(12, 30), conflict)
    a, again, other = (random_design(d, seed=s) for s in ("x", "x", "y"))
    assert a.loads(12).tolist() == [25] * 12
    assert not conflict[a.pairs[:, 0], a.pairs[:, 1]].any()
    assert len({tuple(p) for p in a.pairs.tolist()}) == 300
    assert a.graph.components == 1
    assert a.digest == again.digest != other.digest


def test_random_design_of_a_tight_instance_falls_back_on_the_solver() -> None:
    conflict = np.ones((6, 6), bool)
    for i in range(6):
        conflict[i, [i, (i + 1) % 6]] = False
    a = random_design(Demand(2, np.full(6, 2), np.full(6, 2), conflict), seed="tight")
    assert a.pairs.tolist() == sorted([i, j] for i in range(6) for j in {i, (i + 1) % 6})


def test_units_seats_and_pairs_kept_apart() -> None:
    score = np.arange(160).reshape(20, 8) % 53
    limits = {"group": np.arange(8) // 2, "max_same_group": 1, "category": np.arange(8) % 2, "seats": {0: 1, 1: 1}, "apart": ((0, 3),)}
    d = Demand(3, np.full(8, 5), np.full(8, 10), np.zeros((20, 8), bool), score, **limits)  # type: ignore[arg-type]
    for a in (optimal(d, solver="highs", seed="s"), optimal(d, objective="total", seed="s"), random_design(d, seed="s")):
        for entry in range(20):
            judges = a.pairs[a.pairs[:, 0] == entry, 1]
            assert len(set((judges // 2).tolist())) == 3
            assert {0, 1} == set((judges % 2).tolist())
            assert not {0, 3} <= set(judges.tolist())


def test_fixed_pairs_stay() -> None:
    d = generated()
    fixed = ((0, 2), (1, 7), (5, 4))
    again = Demand(3, d.lo, d.hi, d.conflict, d.score, fixed=fixed)
    for a in (optimal(again, solver="highs", seed="s"), random_design(again, seed="s")):
        assert set(fixed) <= {tuple(p) for p in a.pairs.tolist()}


def test_a_judge_who_drops_out_changes_only_his_own_pairs() -> None:
    d = generated()
    wide = Demand(3, np.zeros(8, int), np.full(8, 14), d.conflict, d.score)
    before = optimal(wide, objective="total", solver="highs", seed="s")
    after = reassign(before, wide, [2])
    lost = {tuple(p) for p in before.pairs.tolist()} - {tuple(p) for p in after.pairs.tolist()}
    assert {judge for _, judge in lost} == {2}
    assert 2 not in after.pairs[:, 1]
    assert np.bincount(after.pairs[:, 0]).tolist() == [3] * 24


def test_panels_are_linked_diverse_and_even() -> None:
    d = Demand(7, np.zeros(24, int), np.full(24, 46), np.zeros((60, 24), bool), group=np.arange(24) % 8, max_same_group=1)
    panels = make_panels(d, 3, 7, bridges=1, anchors=2, seed="public")
    assert [len(p) for p in panels.judges] == [7, 7, 7]
    assert all(len({j % 8 for j in p}) == 7 for p in panels.judges)
    assert np.bincount(panels.entry_panel).tolist() == [20, 20, 20]
    assert [(a, b) for _, a, b in panels.bridges] == [(0, 1), (1, 2), (2, 0)]
    assert panels.assignment.graph.components == 1
    for anchor in panels.anchors:
        seen = panels.assignment.pairs[panels.assignment.pairs[:, 0] == anchor, 1]
        assert set(seen.tolist()) == {j for p in panels.judges for j in p}


def test_panels_without_bridges_are_not_linked() -> None:
    d = Demand(3, np.zeros(6, int), np.full(6, 20), np.zeros((12, 6), bool))
    assert make_panels(d, 2, 3, bridges=0, seed="s").assignment.graph.components == 2
    with pytest.raises(InvalidRule):
        make_panels(d, 2, 3, bridges=3, seed="s")


def test_probability_cap_holds_over_many_draws() -> None:
    rng = np.random.Generator(np.random.Philox(7))
    score = rng.integers(0, 1000, (12, 6))
    d = Demand(2, np.full(6, 3), np.full(6, 5), np.zeros((12, 6), bool), score, max_probability=0.6)
    draws = [optimal(d, seed=str(s)) for s in range(300)]
    share = np.mean([a.table((12, 6)) for a in draws], axis=0)
    assert share.max() <= 0.6 + 4 * np.sqrt(0.24 / 300)
    assert all(np.bincount(a.pairs[:, 0]).tolist() == [2] * 12 for a in draws)
    assert all(a.loads(6).min() >= 3 and a.loads(6).max() <= 5 for a in draws)
    assert np.mean([a.total for a in draws]) == pytest.approx(draws[0].bound, rel=0.01)


def test_a_lot_can_first_raise_what_the_worst_served_entry_may_expect() -> None:
    """Two of three judges fit everybody and one nobody; with a ceiling of 0.8 the sums that entries may expect can be evened out."""
    score = np.tile([1000, 1000, 0], (6, 1))
    score[0] = [1000, 0, 0]
    d = Demand(2, np.zeros(3, int), np.array([4, 4, 4]), np.zeros((6, 3), bool), score, max_probability=0.8)
    expected = []
    for fair in (False, True):
        code, values, total = pair_probabilities(d, "s", fair=fair)
        sums = np.bincount(code // 3, values * score.ravel()[code], 6)
        loads = np.bincount(code % 3, values, 3)
        assert values.max() <= 0.8 + 1e-9
        assert np.bincount(code // 3, values) == pytest.approx([2] * 6)
        assert loads == pytest.approx([4] * 3)
        assert total == pytest.approx(sums.sum())
        expected.append(float(sums.min()))
    assert expected[1] == pytest.approx(800)  # the ceiling itself: its one judge with 0.8
    assert expected[0] <= expected[1]
    drawn = optimal(d, seed="s")
    assert drawn.bound == pytest.approx(total)


def test_the_expected_worst_of_a_lot_is_the_largest_there_is() -> None:
    rng = np.random.Generator(np.random.Philox(16))
    score = rng.integers(0, 1000, (12, 6))
    d = Demand(2, np.full(6, 3), np.full(6, 5), np.zeros((12, 6), bool), score, max_probability=0.6)
    worst = []
    for fair in (False, True):
        code, values, total = pair_probabilities(d, "s", fair=fair)
        worst.append((float(np.bincount(code // 6, values * score.ravel()[code], 12).min()), total))
    assert [round(w) for w, _ in worst] == [1003, 1055]
    assert [round(total) for _, total in worst] == [16391, 16323]


def test_quality_of_an_assignment_in_figures() -> None:
    d = generated()
    a = optimal(d, objective="fair", solver="highs", seed="reference")
    quality = assignment_quality(a, d)
    assert (quality.worst, quality.conflicts, quality.components) == (157, 0, 1)
    assert quality.loads.tolist() == a.loads(8).tolist()
    assert quality.share_of_bound == pytest.approx(5266 / 5293)
    assert quality.contrast_se > 0


def test_order_of_pairs_and_unused_pairs_change_nothing() -> None:
    d = generated()
    a = optimal(d, objective="total", solver="highs", seed="s")
    used = a.table((24, 8))
    spare = np.argwhere(~used & ~d.conflict)[0]
    conflict = d.conflict.copy()
    conflict[spare[0], spare[1]] = True
    narrower = optimal(Demand(3, d.lo, d.hi, conflict, d.score), objective="total", solver="highs", seed="s")
    assert narrower.total == a.total
    fixed = ((0, 2), (5, 4), (1, 7))
    first, second = (random_design(Demand(3, d.lo, d.hi, d.conflict, fixed=f), seed="s") for f in (fixed, fixed[::-1]))
    assert {tuple(p) for p in first.pairs.tolist()} >= set(fixed)
    assert {tuple(p) for p in second.pairs.tolist()} >= set(fixed)
