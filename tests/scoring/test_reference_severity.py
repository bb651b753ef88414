"""Reference results of judge severity, panels and confidence."""

from fractions import Fraction
from itertools import product
from math import prod

import numpy as np
import pytest

from scoring import (
    Marks,
    Mean,
    NotIdentifiable,
    Round,
    Totals,
    calibrate,
    fit_additive,
    fit_mixed,
    graph,
    judge_totals,
    p_top_normal,
    panel_coefficients,
    rank_uncertainty,
    round_ratio,
)  # fmt: skip
from scoring.uncertainty import rank_block, sortable
from tests.scoring.building import single_rule
from tests.scoring.reference_data import reviews

LINKED = (
    (0, 0, 80), (0, 1, 76), (1, 0, 90), (1, 1, 88), (2, 2, 70), (2, 3, 73), (3, 2, 82), (3, 3, 84), (3, 1, 86),
)  # fmt: skip


def test_reviewer_graph_is_connected_and_its_firmness_known() -> None:
    e, j, _ = reviews()
    links = graph(e, j)
    assert links.components == 1
    assert links.connectivity == pytest.approx(1.2505764, abs=1e-6)


def test_least_squares_of_reviewer_data() -> None:
    fit = fit_additive(*reviews())
    reviewers = (
        "0.278770 -0.510331 -0.422969 0.977514 -0.739934 1.111543 1.693818 -0.076139 0.043267 0.053664 -0.742679 0.469531 "
        "0.128691 -1.105374 -0.262703 1.236462 -0.548873 0.612790 -1.524672 -0.672376"
    )
    papers = "7.559253 6.833783 7.559253 6.317423 7.307853 6.817921 6.604520 7.197990 6.967540 6.251736"
    assert fit.judge == pytest.approx([float(v) for v in reviewers.split()], abs=1e-6)
    assert fit.entry[:10] == pytest.approx([float(v) for v in papers.split()], abs=1e-6)
    assert (fit.rss, fit.dof, fit.sigma) == pytest.approx((57.5740165, 52, 1.05223221), abs=1e-6)
    assert (fit.se_judge[0], fit.se_entry[0]) == pytest.approx((0.600550, 0.711190), abs=1e-6)
    e, _, y = reviews()
    assert (np.bincount(e, y) / np.bincount(e))[:4].tolist() == [7.0] * 4  # what the raw means cannot tell apart
    best = np.argsort(-np.round(fit.entry, 9), kind="stable")[:10] + 1
    assert best.tolist() == [1, 3, 5, 8, 23, 9, 13, 2, 6, 7]


def test_reml_and_ml_of_reviewer_data() -> None:
    fit = fit_mixed(*reviews())
    assert (fit.var["entry"], fit.var["judge"], fit.var["residual"], fit.mean) == pytest.approx(
        (1.3518, 0.13056, 1.21874, 5.15043), abs=2e-4
    )
    assert fit.criterion == pytest.approx(467.260339, abs=1e-5)
    reviewers = (
        "0.24288 -0.13664 -0.15319 0.02922 -0.08182 0.31178 0.26055 -0.20176 0.13082 0.05653 -0.25548 0.07436 0.15821 "
        "-0.22927 0.22788 0.26786 -0.24517 -0.09724 -0.34719 -0.01233"
    )
    assert fit.judge == pytest.approx([float(v) for v in reviewers.split()], abs=2e-4)
    assert fit.entry[:5] == pytest.approx([1.43241, 1.17168, 1.43241, 1.12803, 1.05635], abs=2e-4)
    ml = fit_mixed(*reviews(), reml=False)
    assert (ml.var["entry"], ml.var["judge"], ml.var["residual"]) == pytest.approx((1.32061, 0.11963, 1.22520), abs=2e-4)
    assert (ml.mean, ml.criterion) == pytest.approx((5.14983, 465.86738), abs=2e-4)


def fit_rank(e: np.ndarray, j: np.ndarray) -> int:
    """Rank of the design with a column for every entry and judge: how many of them the marks can tell apart."""
    return int(np.linalg.matrix_rank(np.concatenate((np.eye(4)[e], np.eye(4)[j]), axis=1)))


def test_two_panels_with_one_bridging_judge() -> None:
    e, j, y = (np.array(column) for column in zip(*LINKED, strict=True))
    fit = fit_additive(e, j, y.astype(float))
    assert fit.entry == pytest.approx([75.75, 86.75, 73.75, 85.25], abs=1e-9)
    assert fit.judge == pytest.approx([3.75, 0.75, -3.5, -1.0], abs=1e-9)
    assert fit.rss == pytest.approx(1.25, abs=1e-9)
    assert (fit.dof, fit_rank(e, j)) == (9 - 7, 7)  # of the 8 columns
    assert graph(e, j).bridges == ((3, 1),)
    assert fit_rank(e[:-1], j[:-1]) == 6


def test_panels_without_a_link_are_refused() -> None:
    e, j, y = (np.array(column) for column in zip(*LINKED[:-1], strict=True))
    with pytest.raises(NotIdentifiable) as refusal:
        fit_additive(e, j, y.astype(float))
    assert refusal.value.where["components"] == 2


def test_calibrated_scores_stand_beside_the_raw_ones() -> None:
    rule = single_rule(min_judges=1)
    rows = [(f"E{e}", f"J{j}", "mark", mark) for e, j, mark in LINKED]
    totals = judge_totals(Marks.from_rows(rows, rule), rule)
    result = calibrate(totals, "additive")
    assert result.raw.tolist() == [7800, 8900, 7150, 8400]
    assert result.adjusted.tolist() == [7575, 8675, 7375, 8525]
    assert result.shift == pytest.approx([-2.25, -2.25, 2.25, 1.25])
    assert any(w.key == "calibrate.weak" for w in result.warnings)


def panel_example() -> tuple[object, np.ndarray]:
    rule = single_rule(min_judges=1)
    marks = [92, 90, 88, 86, 84, 80, 78, 77, 75, 70]
    rows = [(f"E{i}", "J", "mark", mark) for i, mark in enumerate(marks)]
    return judge_totals(Marks.from_rows(rows, rule), rule), np.repeat([0, 1], 5)


def test_two_panel_methods_choose_different_winners() -> None:
    totals, panel = panel_example()
    z = calibrate(totals, "t_score", panel=panel, target="pooled")  # type: ignore[arg-type]
    assert z.adjusted.tolist() == [9157, 8679, 8200, 7721, 7243, 8995, 8597, 8399, 8001, 7008]
    ratio = calibrate(totals, "panel_ratio", panel=panel)  # type: ignore[arg-type]
    assert ratio.adjusted.tolist() == [8573, 8386, 8200, 8014, 7827, 8632, 8416, 8308, 8092, 7553]
    assert int(np.argmax(z.adjusted)) == 0
    assert int(np.argmax(ratio.adjusted)) == 5


def test_panel_coefficients_and_their_two_variants() -> None:
    rooms = {0: (Fraction("1522.42"), 20), 1: (Fraction("1494.88"), 18)}
    rounded = panel_coefficients(rooms, rounding=Round(2))
    assert rounded == {0: Fraction("1.04"), 1: Fraction("0.96")}
    assert [Fraction("82.35") * rounded[room] for room in rooms] == [Fraction("85.644"), Fraction("79.056")]
    assert [round_ratio(int(total * 100), n) for total, n in rooms.values()] == [7612, 8305]
    assert round_ratio(int(sum(total for total, _ in rooms.values()) * 100), 38) == 7940
    pooled, means = panel_coefficients(rooms), panel_coefficients(rooms, overall="mean_of_means")
    assert [float(pooled[r]) for r in rooms] == pytest.approx([1.043111, 0.956095], abs=1e-6)
    assert [float(means[r]) for r in rooms] == pytest.approx([1.045506, 0.958290], abs=1e-6)
    own = {room: total / n for room, (total, n) in rooms.items()}
    assert [float(pooled[r] * own[r]) for r in rooms] == pytest.approx([79.402632] * 2, abs=1e-6)
    assert [float(means[r] * own[r]) for r in rooms] == pytest.approx([79.584944] * 2, abs=1e-6)


def test_top_probabilities_of_independent_normals() -> None:
    mean, sd = np.array([85.0, 84.0, 80.0]), np.array([1.0, 1.5, 2.0])
    assert p_top_normal(mean, sd, 1) == pytest.approx([0.70456085, 0.28744863, 0.00799052], abs=1e-6)
    assert p_top_normal(mean, sd, 2) == pytest.approx([0.99321562, 0.94730195, 0.05948243], abs=1e-6)


def test_drawn_normals_come_as_near_as_chance_allows() -> None:
    mean, sd = np.array([85.0, 84.0, 80.0]), np.array([1.0, 1.5, 2.0])
    draws, exact = 100_000, np.array([[0.70456085, 0.28744863, 0.00799052], [0.99321562, 0.94730195, 0.05948243]])
    rng = np.random.Generator(np.random.Philox(14))
    values = sortable((mean + sd * rng.standard_normal((draws, 3))).astype(np.float32))
    top = np.zeros((2, 3))
    rank_block(values, *np.empty((2, draws, 3), np.uint16), (1, 2), top)
    assert (np.abs(top / draws - exact) < 4 * np.sqrt(exact * (1 - exact) / draws)).all()


def three_by_three(table: dict[str, tuple[int, ...]]) -> Totals:
    rule = single_rule(min_judges=1, aggregate=Mean())
    rows = [(name, f"J{j}", "mark", mark) for name, marks in table.items() for j, mark in enumerate(marks)]
    return judge_totals(Marks.from_rows(rows, rule), rule)


def test_judge_bootstrap_of_three_entries_is_complete_and_exact() -> None:
    totals = three_by_three({"A": (9, 8, 7), "B": (8, 8, 8), "C": (9, 9, 5)})
    sure = rank_uncertainty(totals, k=[1, 2], method="bootstrap_entry", seed="any")
    counts = [[round(float(p) * 19683) for p in sure.p_rank(entry)] for entry in range(3)]
    assert counts == [[8937, 7290, 3456], [8721, 8802, 2160], [5832, 3240, 10611]]
    assert sure.ranks.shape == (3, 19683)
    assert sure.p_top.sum(axis=0) == pytest.approx([1, 2])


def test_drawn_bootstrap_agrees_with_the_complete_one() -> None:
    """A fourth entry makes the draws too many to take all of them; far behind, it leaves the ranks of the others alone."""
    totals = three_by_three({"A": (9, 8, 7), "B": (8, 8, 8), "C": (9, 9, 5), "D": (1, 1, 1)})
    draws = 40_000
    sure = rank_uncertainty(totals, k=[1, 4], draws=draws, method="bootstrap_entry", seed="enumeration")
    assert sure.ranks.shape == (4, draws)
    for entry, counts in enumerate(((8937, 7290, 3456), (8721, 8802, 2160), (5832, 3240, 10611))):
        share = np.array([*counts, 0]) / 19683
        assert np.abs(sure.p_rank(entry) - share).max() < 4 * np.sqrt(0.25 / draws)


@pytest.mark.parametrize("judges", [(4, 4), (2, 3, 2), (7, 1), (1, 1, 1)])
def test_complete_bootstraps_take_every_draw_once(judges: tuple[int, ...]) -> None:
    """Against a second implementation that walks over all draws one by one (where they are few enough to be taken all)."""
    rng = np.random.Generator(np.random.Philox(3))
    table = {f"E{i}": tuple(int(v) for v in rng.integers(60, 70, n)) for i, n in enumerate(judges)}
    sure = rank_uncertainty(three_by_three(table), k=[1], method="bootstrap_entry", draws=500, seed="s")
    ways = [list(product(marks, repeat=len(marks))) for marks in table.values()]
    if prod(map(len, ways)) > 20_000:
        assert sure.ranks.shape[1] == 500
        return
    counts = np.zeros((len(judges), len(judges)), int)
    for drawn in product(*ways):
        means = [Fraction(sum(marks), len(marks)) for marks in drawn]
        for i, own in enumerate(means):
            counts[i, sum(other > own for other in means)] += 1
    assert sure.ranks.shape[1] == prod(map(len, ways))
    assert np.rint(np.array([sure.p_rank(i) for i in range(len(judges))]) * sure.ranks.shape[1]).astype(int).tolist() == counts.tolist()
