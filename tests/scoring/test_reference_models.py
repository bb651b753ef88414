"""Reference results of the Rasch model, pairwise judging and ballots."""

import numpy as np
import pytest

from scoring import CrowdBT, NotIdentifiable, borda, bradley_terry, copeland, fit_mfrm, kemeny, majority_judgement, schulze
from scoring.crowd import information_gain
from tests.scoring.reference_data import PTAM, PTAM_COMPLETE, PTAM_TEXTS, long_form

LEAGUE = """MIL-DET 4-3; MIL-TOR 4-2; MIL-NYY 4-3; MIL-BOS 6-1; MIL-CLE 4-2; MIL-BAL 6-0; DET-MIL 3-3; DET-TOR 4-2; DET-NYY 4-3;
DET-BOS 6-0; DET-CLE 6-1; DET-BAL 4-3; TOR-MIL 2-5; TOR-DET 4-3; TOR-NYY 2-4; TOR-BOS 4-3; TOR-CLE 4-2; TOR-BAL 6-0;
NYY-MIL 3-3; NYY-DET 5-1; NYY-TOR 2-5; NYY-BOS 4-3; NYY-CLE 4-2; NYY-BAL 6-1; BOS-MIL 5-1; BOS-DET 2-5; BOS-TOR 3-3;
BOS-NYY 4-2; BOS-CLE 5-2; BOS-BAL 6-0; CLE-MIL 2-5; CLE-DET 3-3; CLE-TOR 3-4; CLE-NYY 4-3; CLE-BOS 4-2; CLE-BAL 2-4;
BAL-MIL 2-5; BAL-DET 1-5; BAL-TOR 1-6; BAL-NYY 2-4; BAL-BOS 1-6; BAL-CLE 3-4"""
TEAMS = ["BAL", "BOS", "CLE", "DET", "MIL", "NYY", "TOR"]


def league() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """American League East 1987 (Agresti 2002, table 10.10): winner, loser, winner at home."""
    games = []
    for entry in LEAGUE.replace("\n", " ").split(";"):
        teams, result = entry.split()
        home, away = (TEAMS.index(t) for t in teams.split("-"))
        won, lost = (int(n) for n in result.split("-"))
        games += [(home, away, True)] * won + [(away, home, False)] * lost
    winner, loser, at_home = zip(*games, strict=True)
    return np.array(winner), np.array(loser), np.array(at_home)


def test_joint_rasch_estimates_of_ten_raters() -> None:
    e, j, x = long_form(PTAM_COMPLETE)
    fit = fit_mfrm(e, j, None, x.astype(int), 4, estimator="jml")
    assert abs(fit.judge.sum()) < 1e-9
    assert abs(fit.steps.sum()) < 1e-9
    assert fit.judge == pytest.approx(
        [-0.506177, 0.876043, 0.216559, -0.000159, -0.506177, 0.361525, -0.216658, 0.876043, -1.245251, 0.144251], abs=1e-5
    )
    assert fit.steps == pytest.approx([-2.358906, 0.056309, 2.302597], abs=1e-5)
    assert fit.loglik == pytest.approx(-333.020212, abs=1e-5)
    texts = [t for t in PTAM_TEXTS if t not in ("10557", "10560")]
    measured = [float(fit.entry[texts.index(t)]) for t in ("10014", "10085", "10097", "10215", "10546")]
    assert measured == pytest.approx([-1.457193, 1.224686, 2.288930, -3.391163, 3.871494], abs=1e-5)
    assert (fit.se_judge[0], fit.se_entry[0]) == pytest.approx((0.269482, 0.512931), abs=1e-5)
    assert fit.infit[[0, 5, 9]][[0, 2]] == pytest.approx([0.930150, 1.411559], abs=1e-5)
    assert (fit.infit[6], fit.outfit[7]) == pytest.approx((0.642806, 1.379690), abs=1e-5)


def test_corrected_joint_estimates_shrink_by_the_number_of_marks() -> None:
    e, j, x = long_form(PTAM_COMPLETE)
    raw, corrected = (fit_mfrm(e, j, None, x.astype(int), 4, estimator=s) for s in ("jml", "jml_corrected"))  # type: ignore[arg-type]
    assert corrected.scale == 0.9
    assert corrected.judge == pytest.approx(raw.judge * 0.9)


def test_marginal_rasch_estimates_of_ten_raters() -> None:
    e, j, x = long_form(PTAM)
    fit = fit_mfrm(e, j, None, x.astype(int), 4, estimator="mml")
    assert fit.variance == pytest.approx(3.769, abs=2e-3)
    assert fit.judge == pytest.approx([-0.4556, 0.7929, 0.1944, -0.0011, -0.4668, 0.3255, -0.1959, 0.7929, -1.1153, 0.1291], abs=2e-3)
    assert fit.steps == pytest.approx([-1.821, 0.335, 2.362], abs=2e-3)
    assert -2 * fit.loglik == pytest.approx(816.445, abs=2e-3)
    assert (fit.entry[0], fit.se_entry[0]) == pytest.approx((-0.9933, 0.4784), abs=2e-3)


def test_bradley_terry_of_the_american_league() -> None:
    winner, loser, at_home = league()
    fit = bradley_terry(winner, loser, 7, prior_precision=0, first=at_home)
    assert (fit.strength - fit.strength[0])[[1, 2, 3, 4, 5, 6]] == pytest.approx(
        [1.107698, 0.683853, 1.436408, 1.581356, 1.247618, 1.294485], abs=1e-6
    )
    assert [fit.contrast_se(k, 0) for k in range(1, 7)] == pytest.approx(
        [0.333878, 0.331877, 0.339569, 0.343256, 0.335861, 0.336669], abs=1e-6
    )
    assert fit.deviance == pytest.approx(44.053461, abs=1e-6)
    assert (
        len({(min(a, b), max(a, b), (a < b) == h) for a, b, h in zip(winner, loser, at_home, strict=True)}) - 6 == 36
    )  # degrees of freedom
    assert fit.strength.sum() == pytest.approx(0, abs=1e-9)


def test_bradley_terry_with_home_effect() -> None:
    winner, loser, at_home = league()
    fit = bradley_terry(winner, loser, 7, prior_precision=0, order_effect=True, first=at_home)
    assert (fit.strength - fit.strength[0])[1:] == pytest.approx([1.143803, 0.704694, 1.475357, 1.619555, 1.281340, 1.327110], abs=1e-6)
    assert (fit.order_effect, fit.se_order_effect) == pytest.approx((0.302261, 0.130944), abs=1e-6)
    assert fit.deviance == pytest.approx(38.642852, abs=1e-6)


def test_bradley_terry_mirrors_and_sharpens() -> None:
    winner, loser, _ = league()
    fit, mirrored = bradley_terry(winner, loser, 7), bradley_terry(loser, winner, 7)
    assert mirrored.strength == pytest.approx(-fit.strength, abs=1e-8)
    once = bradley_terry(winner, loser, 7, prior_precision=0)
    twice = bradley_terry(np.tile(winner, 2), np.tile(loser, 2), 7, prior_precision=0)
    assert twice.se == pytest.approx(once.se / np.sqrt(2), abs=1e-8)


def test_winless_item_needs_a_prior() -> None:
    winner, loser = np.array([0, 1, 0]), np.array([1, 0, 2])
    assert np.isfinite(bradley_terry(winner, loser, 3).strength).all()
    with pytest.raises(NotIdentifiable):
        bradley_terry(winner, loser, 3, prior_precision=0)


def test_crowd_updates_and_information() -> None:
    crowd = CrowdBT(3)
    assert crowd.information(crowd.judge("j"), 0, 1) == pytest.approx(0.1831483448, abs=1e-9)
    crowd.update("j", 0, 1)
    first = crowd.state()
    assert first["mu"] == pytest.approx([0.4090909091, -0.4090909091, 0], abs=1e-9)
    assert first["var"] == pytest.approx([0.8326446281, 0.8326446281, 1], abs=1e-9)
    assert (first["judges"]["j"]["alpha"], first["judges"]["j"]["beta"]) == pytest.approx((10, 1), abs=1e-9)
    assert information_gain(10, 1, 0.4090909091, 0.8326446281, 0, 1) == pytest.approx(0.1605773339, abs=1e-9)
    crowd.update("j", 1, 0)
    second = crowd.state()
    assert second["mu"][:2] == pytest.approx([-0.0147976489, 0.0147976489], abs=1e-9)
    assert second["var"][:2] == pytest.approx([0.7898014434] * 2, abs=1e-9)
    assert (second["judges"]["j"]["alpha"], second["judges"]["j"]["beta"]) == pytest.approx((9.6108230574, 1.0118071815), abs=1e-9)


def test_next_pair_keeps_one_item_avoids_conflicts_and_repeats() -> None:
    crowd = CrowdBT(5)
    crowd.update("j", 0, 1)
    pair = crowd.next_pair("j", [0, 2, 3], seed="s", step=1)
    assert pair == CrowdBT.from_state(crowd.state()).next_pair("j", [3, 2, 0], seed="s", step=1)
    assert set(pair) <= {0, 2, 3}
    assert pair[0] != pair[1]
    assert len({crowd.next_pair("k", range(5), seed="s", step=n) for n in range(40)}) > 5


def test_tennessee_ballots() -> None:
    ballots, counts = [[0, 1, 2, 3], [1, 2, 3, 0], [2, 3, 1, 0], [3, 2, 1, 0]], [42, 26, 15, 17]
    assert borda(ballots, counts, 4).points.tolist() == [126, 194, 173, 107]
    assert copeland(ballots, counts, 4).points.tolist() == [0, 3, 2, 1]
    best = kemeny(ballots, counts, 4)
    assert (best.order, best.score) == ((1, 2, 3, 0), 393)
    assert schulze(ballots, counts, 4).order == (1, 2, 3, 0)


def test_majority_judgement_compares_medians_one_by_one() -> None:
    grades = np.array([[5, 5, 1], [5, 4, 4], [5, 5, 2]])
    assert majority_judgement(grades).order == (2, 0, 1)
