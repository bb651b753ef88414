"""Reference results of agreement: ICC, alpha, W and generalizability, each against its publication."""

import numpy as np
import pytest

from scoring import Insufficient, anova, fit_mixed, g_study, icc, kendall_w, krippendorff_alpha
from scoring.agreement import f_test
from tests.scoring.reference_data import BRENNAN, KRIPPENDORFF, PTAM, PTAM_COMPLETE, SHROUT_FLEISS, ZAR, long_form


@pytest.mark.parametrize(
    ("key", "value", "lo", "hi"),
    [
        ("1", 0.1657417684, -0.1329323, 0.7225601),
        ("A1", 0.2897637795, 0.0187865, 0.7610844),
        ("C1", 0.7148407148, 0.3424648, 0.9458583),
        ("1k", 0.4427971337, -0.8844422, 0.9124154),
        ("Ak", 0.6200505476, 0.0711368, 0.9272320),
        ("Ck", 0.9093155424, 0.6756747, 0.9858917),
    ],
)
def test_intraclass_correlations_of_shrout_and_fleiss(key: str, value: float, lo: float, hi: float) -> None:
    estimate = icc(SHROUT_FLEISS)[key]
    assert (estimate.value, estimate.lo, estimate.hi) == pytest.approx((value, lo, hi), abs=1e-6)


def test_mean_squares_and_components_of_shrout_and_fleiss() -> None:
    a = anova(SHROUT_FLEISS)
    assert (a.ms_entry, a.ms_judge, a.ms_residual, a.ms_within) == pytest.approx((11.2416667, 32.4861111, 1.0194444, 6.2638889), abs=1e-6)
    assert a.components == pytest.approx({"entry": 2.5555556, "judge": 5.2444444, "residual": 1.0194444}, abs=1e-6)
    assert f_test(a) == pytest.approx((11.0272480, 0.0001345665), abs=1e-6)
    assert f_test(a, one_way=True) == pytest.approx((1.7946785, 0.1647688), abs=1e-6)


def test_icc_is_undefined_without_variation_and_says_so() -> None:
    estimate = icc(np.ones((4, 3)))["A1"]
    assert np.isnan(estimate.value)
    assert estimate.reason == "all marks are equal"


def test_icc_refuses_a_table_with_gaps() -> None:
    with pytest.raises(Insufficient) as refusal:
        icc(PTAM)
    assert refusal.value.where == {"entry": 30, "judge": 4}


@pytest.mark.parametrize(
    ("metric", "value"),
    [("nominal", 0.743421052632), ("ordinal", 0.815387503755), ("interval", 0.849107142857), ("ratio", 0.797402774712)],
)
def test_alpha_of_krippendorffs_canonical_example(metric: str, value: float) -> None:
    seen = np.isfinite(KRIPPENDORFF)
    assert krippendorff_alpha(KRIPPENDORFF, seen, metric).value == pytest.approx(value, abs=1e-9)  # type: ignore[arg-type]
    assert seen[11].sum() == 1  # the last unit has one value, which nothing can be compared with
    assert krippendorff_alpha(KRIPPENDORFF[:11], seen[:11], metric).value == pytest.approx(value, abs=1e-9)  # type: ignore[arg-type]


def test_alpha_is_undefined_when_all_marks_are_equal() -> None:
    estimate = krippendorff_alpha(np.full((5, 3), 2.0), None, "interval")
    assert np.isnan(estimate.value)
    assert "equal" in estimate.reason


def test_kendalls_w_with_ties() -> None:
    sums = ZAR.sum(axis=1)
    assert sums.tolist() == [14.5, 21, 30.5, 6, 11, 3.5, 20, 11.5, 29, 28.5, 22.5, 36]
    assert float(((sums - sums.mean()) ** 2).sum()) == 1175.5
    assert sum(int(t**3 - t) for column in ZAR.T for t in np.unique(column, return_counts=True)[1]) == 60
    w = kendall_w(ZAR)
    assert (w.w, w.w_corrected) == pytest.approx((0.913364413364, 0.924135220126), abs=1e-9)
    assert (w.chi2, w.df, w.p) == pytest.approx((30.496462264151, 11, 0.001323545917), abs=1e-9)


def test_generalizability_of_brennans_raters_within_tasks() -> None:
    study = g_study(BRENNAN, "p*(j:panel)")
    components = {"p": 0.4731481481, "t": 0.3251543210, "r:t": 0.6475308642, "pt": 0.5595679012, "pr:t": 2.3802469136}
    assert study.components == pytest.approx(components, abs=1e-7)
    c = study.components  # sums of squares = degrees of freedom x expected mean squares of 10 persons, 3 tasks, 4 raters
    squares = {
        "p": 9 * (c["pr:t"] + 4 * c["pt"] + 12 * c["p"]), "t": 2 * (c["pr:t"] + 4 * c["pt"] + 10 * c["r:t"] + 40 * c["t"]),
        "r:t": 9 * (c["pr:t"] + 10 * c["r:t"]), "pt": 18 * (c["pr:t"] + 4 * c["pt"]), "pr:t": 81 * c["pr:t"],
    }  # fmt: skip
    assert squares == pytest.approx({"p": 92.6666667, "t": 48.2, "r:t": 79.7, "pt": 83.1333333, "pr:t": 192.8}, abs=1e-7)
    assert (study.e_rho2, study.phi) == pytest.approx((0.5514388489, 0.4637023593), abs=1e-7)
    for judges, panels, relative, absolute in (
        (12, 1, 0.3843389604, 0.2938470385),
        (2, 3, 0.4478963771, 0.3717715533),
        (2, 6, 0.6186856797, 0.5420312915),
    ):
        (row,) = study.d_study([judges], n_panels=panels)
        assert (row.n, row.e_rho2, row.phi) == pytest.approx((judges, relative, absolute), abs=1e-7)


def test_ten_raters_of_thirty_eight_texts() -> None:
    found = {key: estimate.value for key, estimate in icc(PTAM_COMPLETE).items()}
    expected = {
        "1": 0.4996658222, "A1": 0.5020967243, "C1": 0.5277371340, "1k": 0.9089803766, "Ak": 0.9097816711, "Ck": 0.9178621023,
    }  # fmt: skip
    assert found == pytest.approx(expected, abs=1e-8)
    parts = anova(PTAM_COMPLETE).components
    assert parts == pytest.approx({"entry": 0.4617512249, "judge": 0.0446815236, "residual": 0.4132132132}, abs=1e-8)
    w = kendall_w(PTAM_COMPLETE)
    assert (w.w_corrected, w.w) == pytest.approx((0.5881223953, 0.5280938834), abs=1e-8)
    assert w.chi2 == pytest.approx(217.6052862, abs=1e-7)


@pytest.mark.parametrize(
    ("metric", "complete", "whole"),
    [
        ("nominal", 0.2116636493, 0.2581931142),
        ("ordinal", 0.4971223901, 0.5482605907),
        ("interval", 0.4936578624, 0.5456859452),
        ("ratio", 0.2849539675, 0.3990469287),
    ],
)
def test_alpha_of_ten_raters(metric: str, complete: float, whole: float) -> None:
    assert krippendorff_alpha(PTAM_COMPLETE, None, metric).value == pytest.approx(complete, abs=1e-8)  # type: ignore[arg-type]
    assert krippendorff_alpha(PTAM, None, metric).value == pytest.approx(whole, abs=1e-9)  # type: ignore[arg-type]


def test_reml_of_an_incomplete_table() -> None:
    fit = fit_mixed(*long_form(PTAM))
    variances = (fit.var["entry"], fit.var["judge"], fit.var["residual"], fit.mean)
    assert variances == pytest.approx((0.54172360, 0.04053550, 0.39575434, 1.40066394), abs=1e-5)
    assert fit.judge == pytest.approx(
        [0.140133, -0.241676, -0.060819, -0.000534, 0.145469, -0.101010, 0.059752, -0.241676, 0.341085, -0.040724],
        abs=1e-5,
    )


def test_balanced_reml_equals_anova() -> None:
    fit = fit_mixed(*long_form(PTAM_COMPLETE))
    parts = anova(PTAM_COMPLETE).components
    assert {k: fit.var[k] for k in parts} == pytest.approx(parts, rel=1e-4)
