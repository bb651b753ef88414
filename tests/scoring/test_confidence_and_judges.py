"""Rank intervals, severity that shrinks, calibration refusals, judge portraits, flags, and draws by several hands."""

import math
from collections import Counter
from itertools import permutations

import numpy as np
import pytest

from scoring import (
    Criterion,
    GStudy,
    Insufficient,
    InvalidRule,
    Marks,
    Mean,
    NotIdentifiable,
    Rule,
    ScoringError,
    Trimmed,
    aggregate,
    calibrate,
    collusion_signals,
    draw_order,
    draw_sample,
    draw_split,
    dropped_shares,
    fit_additive,
    fit_mixed,
    graph,
    input_digest,
    joint_seed,
    judge_report,
    judge_totals,
    order_drift,
    rank_uncertainty,
    reciprocal_favours,
    role_commitment,
    spread_flags,
    top_counts,
)  # fmt: skip
from tests.scoring.building import single_rule
from tests.scoring.properties_models import random_marks


def simulated(seed: int, n: int = 24, judges: int = 7) -> np.ndarray:
    rng = np.random.Generator(np.random.Philox(seed))
    return np.round(75 + rng.normal(0, 5, (n, 1)) + rng.normal(0, 2, judges) + rng.normal(0, 3, (n, judges)), 1)


def totals_of(table: np.ndarray, **fields: object):
    rule = single_rule(**{"aggregate": Mean(), "min_judges": 1, **fields})
    return judge_totals(Marks.from_dense(np.rint(table * 100).astype(int)[:, :, None], rule), rule)


def long(table: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    e, j = (a.ravel() for a in np.meshgrid(*(np.arange(s) for s in table.shape), indexing="ij"))
    return e, j, table.ravel()


@pytest.mark.parametrize("method", ["posterior", "bootstrap_entry", "bootstrap_judges"])
def test_top_probabilities_add_up_and_grow_with_k(method: str) -> None:
    sure = rank_uncertainty(totals_of(simulated(1)), k=[1, 5, 12, 24], draws=400, method=method, seed="s")  # type: ignore[arg-type]
    assert sure.p_top.sum(axis=0) == pytest.approx([1, 5, 12, 24])
    assert (np.diff(sure.p_top, axis=1) >= -1e-12).all()
    assert (sure.lo <= sure.hi).all()
    again = rank_uncertainty(totals_of(simulated(1)), k=[1, 5, 12, 24], draws=400, method=method, seed="s")  # type: ignore[arg-type]
    assert again.lo.tolist() == sure.lo.tolist()


def test_more_judges_narrow_the_intervals() -> None:
    few = rank_uncertainty(totals_of(simulated(2)), k=[5], draws=500, seed="s")
    rng = np.random.Generator(np.random.Philox(9))
    many = np.hstack([simulated(2), simulated(2) + np.round(rng.normal(0, 3, (24, 7)), 1), simulated(2)])
    more = rank_uncertainty(totals_of(many), k=[5], draws=500, seed="s")
    assert float((more.hi - more.lo).mean()) < float((few.hi - few.lo).mean())


def test_identical_entries_are_equally_likely_to_advance() -> None:
    table = simulated(3)
    table[1] = table[0]
    sure = rank_uncertainty(totals_of(table), k=[6], draws=4000, seed="s")
    assert abs(float(sure.p_top[0, 0] - sure.p_top[1, 0])) < 4 * math.sqrt(0.5 / 4000)
    assert sure.p_beats(0, 1) == pytest.approx(0.5, abs=0.05)


def test_simultaneous_sets_are_wider_than_single_intervals() -> None:
    totals = totals_of(simulated(4))
    single = rank_uncertainty(totals, k=[5], draws=500, seed="s")
    joint = rank_uncertainty(totals, k=[5], draws=500, method="simultaneous", seed="s")
    assert float((joint.hi - joint.lo).mean()) > float((single.hi - single.lo).mean())
    order = np.argsort(-totals.points().mean(axis=1))
    assert single.unsupported(order)


def test_entries_without_marks_have_no_interval() -> None:
    rule = single_rule(aggregate=Mean(), min_judges=1)
    rows = [(f"E{e}", f"J{j}", "mark", 70 + e + j) for e in range(3) for j in range(3)]
    marks = Marks.from_rows(rows, rule, entries=["E0", "E1", "E2", "E3"])
    sure = rank_uncertainty(judge_totals(marks, rule), k=[1], draws=50, method="bootstrap_entry", seed="s")
    assert (int(sure.lo[3]), int(sure.hi[3]), float(sure.p_top[3, 0])) == (0, 0, 0.0)


@pytest.mark.parametrize("settings", [{"draws": 1}, {"level": 1.5}, {"k": [0]}, {"method": "guess"}])
def test_contradictory_requests_for_confidence_are_refused(settings: dict[str, object]) -> None:
    with pytest.raises(InvalidRule):
        rank_uncertainty(totals_of(simulated(1)), **{"k": [1], "seed": "s", **settings})  # type: ignore[arg-type]


def test_shrunken_effects_keep_the_order_of_a_complete_balanced_panel() -> None:
    table = simulated(5)
    fit = fit_mixed(*long(table))
    assert np.argsort(-fit.entry).tolist() == np.argsort(-table.mean(axis=1), kind="stable").tolist()
    assert (np.abs(fit.judge) < np.abs(fit_additive(*long(table)).judge) + 1e-9).all()


def test_variances_at_the_edge_are_taken_for_nought() -> None:
    """The likelihood is flat towards nought there and must not be followed for ever. Entries differ less than chance; judges not at all."""
    entries = [
        [86.0, 67.9, 75.5, 76.0], [75.0, 73.5, 64.2, 93.3], [89.1, 93.0, 75.6, 84.6],
        [77.1, 69.5, 71.4, 81.0], [80.7, 76.8, 79.8, 81.3], [79.6, 89.7, 52.7, 76.9],
    ]  # fmt: skip
    fit = fit_mixed(*long(np.array(entries)))
    assert (fit.var["entry"], fit.entry.tolist()) == (0.0, [0.0] * 6)
    assert fit.evaluations < 100
    judges = long(random_marks(3129))
    assert fit_mixed(*judges).var["judge"] == 0.0


def test_a_model_without_replication_is_refused() -> None:
    with pytest.raises(Insufficient):
        fit_mixed(np.arange(5), np.zeros(5, int), np.arange(5.0))
    with pytest.raises(Insufficient):
        fit_mixed(np.zeros(4, int), np.arange(4), np.full(4, 3.0))
    with pytest.raises(Insufficient, match="explain every mark"):
        fit_mixed(np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]), np.array([1.0, 2.0, 3.0, 4.0]))
    with pytest.raises(Insufficient) as refusal:
        fit_additive(np.array([0, 1]), np.array([0, 0]), np.array([1.0, np.nan]))
    assert refusal.value.where == {"entry": 1, "judge": 0}


def test_random_panels_need_a_published_draw() -> None:
    table = simulated(6, 12, 6)
    blocks = np.zeros((12, 6), bool)
    blocks[:6, :3] = blocks[6:, 3:] = True
    rule = single_rule(aggregate=Mean(), min_judges=1)
    marks = Marks.from_dense(np.rint(table * 100).astype(int)[:, :, None], rule, valid=blocks)
    totals = judge_totals(marks, rule)
    with pytest.raises(NotIdentifiable) as refusal:
        calibrate(totals, "additive_blup")
    assert refusal.value.where["components"] == 2
    panels = np.repeat([0, 1], 3)
    with pytest.raises(NotIdentifiable):
        calibrate(totals, "panel_random_draw", judge_panel=panels)
    result = calibrate(totals, "panel_random_draw", judge_panel=panels, draw_commitment="ab" * 32)
    assert result.raw.tolist() == calibrate(totals).raw.tolist()
    assert result.adjusted.size == 12


def test_judges_rescaled_one_by_one() -> None:
    result = calibrate(totals_of(simulated(7)), "t_score", within="judge", target="pooled")
    assert result.warnings[0].key == "calibrate.equal_judges"
    assert abs(float(result.adjusted.mean() - result.raw.mean())) < 1


def test_how_many_methods_keep_an_entry_in_front() -> None:
    scores = {"raw": np.array([90, 80, 80, 70]), "corrected": np.array([70, 90, 80, 60])}
    assert top_counts(scores, 2).tolist() == [1, 2, 2, 0]


def test_graph_of_a_ring_of_panels() -> None:
    e, j = np.array([0, 0, 1, 1, 2, 2]), np.array([0, 1, 1, 2, 2, 0])
    links = graph(e, j)
    assert (links.components, links.bridges) == (1, ())
    assert links.connectivity == pytest.approx(1.5)


def sheets() -> tuple[Marks, Rule]:
    """Judge 0 is generous, judge 1 gives the same mark on all criteria, judge 2 favours the first entries."""
    rng = np.random.Generator(np.random.Philox(11))
    n, judges = 30, 6
    rule = Rule(tuple(Criterion(f"c{k}", 25, 0, 10000, 1) for k in range(4)), aggregate=Mean(), min_judges=1)
    quality = rng.normal(0, 500, (n, 1, 1))
    values = np.rint(7000 + quality + rng.normal(0, 300, (n, judges, 1)) + rng.normal(0, 400, (n, judges, 4))).astype(int)
    values[:, 0] += 600
    values[:, 1] = values[:, 1, :1]
    values[:5, 2] += 1500
    return Marks.from_dense(np.clip(values, 0, 10000), rule), rule


def test_judge_portraits_ask_the_right_questions() -> None:
    marks, rule = sheets()
    totals = judge_totals(marks, rule)
    fit = fit_additive(*long(totals.points()))
    related = np.zeros((30, 6), bool)
    related[:5, 2] = True
    reports = judge_report(marks, fit, related=related)
    keys = [{step.key for step in r.cautions} for r in reports]
    assert "judge.generous" in keys[0]
    assert {"judge.halo", "judge.straight"} <= keys[1]
    assert "judge.favour" in keys[2]
    assert reports[1].straight == 1.0
    assert reports[2].favour > 5
    assert all("评委" in text for r in reports for text in r.sentences())


def test_copied_marks_are_signalled_as_a_question() -> None:
    table = simulated(13, 40, 6)
    table[:, 5] = table[:, 4] + 1
    marks = Marks.from_dense(np.rint(table * 100).astype(int)[:, :, None], single_rule())
    signals = collusion_signals(marks, fit_additive(*long(table)))
    assert [s.judges for s in signals] == [("4", "5")]
    assert "4" in signals[0].sentence("en")


def test_judges_who_favour_each_others_entries_are_signalled_as_a_question() -> None:
    table = simulated(17, 40, 6)
    related = np.zeros((40, 6), bool)
    related[:5, 4] = related[5:10, 5] = True
    marks = Marks.from_dense(np.rint(table * 100).astype(int)[:, :, None], single_rule())
    assert reciprocal_favours(marks, fit_additive(*long(table)), related, level=0.01) == []
    table[5:10, 4] += 12
    one_sided = fit_additive(*long(table))
    assert reciprocal_favours(marks, one_sided, related, level=0.01) == []
    table[:5, 5] += 12
    (found,) = reciprocal_favours(marks, fit_additive(*long(table)), related, level=0.01)
    assert found.judges == ("4", "5")
    assert min(found.gaps) > 6
    assert "both mark entries tied to the other" in found.sentence("en")


def test_one_erratic_judge_does_not_make_the_others_look_influenced() -> None:
    table = simulated(21, 60, 6)
    rng = np.random.Generator(np.random.Philox(20))
    table[:, 5] += np.round(rng.normal(0, 15, 60), 1)
    marks = Marks.from_dense(np.rint(table * 100).clip(0, 10000).astype(int)[:, :, None], single_rule())
    reports = judge_report(marks, fit_additive(*long(table)))
    assert max(r.infit for r in reports[:5]) < 0.5
    assert [step.key for r in reports[:5] for step in r.cautions if step.key == "judge.muted"] == []
    assert "judge.erratic" in {step.key for step in reports[5].cautions}


def test_share_of_a_judges_totals_that_were_dropped() -> None:
    totals = totals_of(np.array([[60, 80, 81, 82, 99], [70, 71, 72, 99, 73], [60, 61, 70, 62, 99.0]]), aggregate=Trimmed(1, 1))
    assert dropped_shares(aggregate(totals, totals.rule)).tolist() == pytest.approx([1, 0, 0, 1 / 3, 2 / 3])


def test_variances_of_a_table_with_gaps_tell_how_many_judges_are_enough() -> None:
    study = GStudy.of_components(4.0, 1.0, 5.0, (30, 3))
    assert (study.e_rho2, study.phi) == pytest.approx((4 / (4 + 5 / 3), 4 / (4 + 6 / 3)))
    assert study.judges_needed(0.8) == 6


def test_order_drift_is_the_slope_over_the_sittings() -> None:
    table = np.full((10, 3), 70.0)
    table[:, 0] += np.arange(10)
    e, j, y = long(table)
    drift = order_drift(fit_additive(e, j, y), e)
    assert drift[0] == pytest.approx(2 / 3)


def test_wide_spreads_and_outliers_are_flagged_and_nothing_changes() -> None:
    table = np.array([[80, 81, 82, 83, 60.0], [80, 81, 82, 83, 84.0], [70, 90, 71, 89, 80.0]])
    flags = spread_flags(totals_of(table), max_range=1500)
    assert [(f.kind, f.entry, f.judge) for f in flags] == [("range", "0", None), ("outlier", "0", "4"), ("range", "2", None)]
    assert flags[0].sentence("en").startswith("The judges' totals of 0 lie 23 apart")


@pytest.mark.parametrize("seeds", [4800, pytest.param(100_000, marks=pytest.mark.slow)])
def test_draws_are_uniform_and_tags_independent(seeds: int) -> None:
    counts = Counter(tuple(draw_order(str(seed), "t", "abcd")) for seed in range(seeds))
    expected = seeds / 24
    chi2 = sum((counts[order] - expected) ** 2 / expected for order in permutations("abcd"))
    assert chi2 < 49.7  # 99.9 % point with 23 degrees of freedom
    same = sum(draw_order(str(s), "a", "abcd")[0] == draw_order(str(s), "b", "abcd")[0] for s in range(2000))
    assert abs(same / 2000 - 0.25) < 4 * math.sqrt(0.1875 / 2000)


def test_samples_and_splits_follow_the_drawn_order() -> None:
    ids = [f"E{k}" for k in range(10)]
    assert draw_sample("s", "t", ids, 3) == draw_order("s", "t", ids)[:3]
    groups = draw_split("s", "t", ids, 3, strata={name: "even" if int(name[1:]) % 2 == 0 else "odd" for name in ids})
    assert sorted(len(g) for g in groups) == [3, 3, 4]
    assert all(1 <= sum(int(name[1:]) % 2 for name in g) <= 2 for g in groups)
    with pytest.raises(ScoringError):
        draw_order("s", "t", ["E1", "E1"])
    with pytest.raises(ScoringError):
        draw_sample("s", "t", ids, 11)


def test_a_seed_from_several_hands() -> None:
    secrets = {"organizer": (b"a" * 32, b"n" * 16), "supervisor": (b"b" * 32, b"m" * 16)}
    commitments = {role: role_commitment(role, *pair) for role, pair in secrets.items()}
    digest = input_digest(["E2", "E1"], "conflicts: none")
    assert digest == input_digest(["E1", "E2"], "conflicts: none")
    seed = joint_seed(digest, secrets, commitments, "beacon 4711")
    assert seed == joint_seed(digest, dict(reversed(secrets.items())), commitments, "beacon 4711")
    assert seed != joint_seed(digest, secrets, commitments, "beacon 4712")
    with pytest.raises(ScoringError) as refusal:
        joint_seed(digest, {"organizer": secrets["organizer"]}, commitments, "beacon 4711")
    assert refusal.value.where == {"role": "supervisor"}
    with pytest.raises(ScoringError):
        joint_seed(digest, {**secrets, "supervisor": (b"c" * 32, b"m" * 16)}, commitments, "beacon 4711")
