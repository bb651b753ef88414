"""The models beside other people's programs, where those are installed (dependency group `bench`); skipped one by one where not."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from scoring import (
    Demand,
    blup,
    bradley_terry,
    fit_additive,
    fit_mixed,
    icc,
    kendall_w,
    krippendorff_alpha,
    optimal,
)  # fmt: skip
from scoring.special import chi2_sf, f_quantile, student_sf

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.slow


def table(seed: int, n: int = 40, judges: int = 6, gaps: float = 0.0) -> np.ndarray:
    rng = np.random.Generator(np.random.Philox(seed))
    marks = np.round(75 + rng.normal(0, 5, (n, 1)) + rng.normal(0, 2, judges) + rng.normal(0, 4, (n, judges)), 1)
    marks[rng.random(marks.shape) < gaps] = np.nan
    return marks


def long_of(marks: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    e, j = np.nonzero(np.isfinite(marks))
    return e, j, marks[e, j]


@pytest.mark.parametrize("seed", range(5))
def test_intraclass_correlations_beside_pingouin(seed: int) -> None:
    pingouin = pytest.importorskip("pingouin")
    pandas = pytest.importorskip("pandas")
    marks = table(seed)
    e, j, y = long_of(marks)
    frame = pandas.DataFrame({"e": e, "j": j, "y": y})
    theirs = pingouin.intraclass_corr(frame, targets="e", raters="j", ratings="y").set_index("Type")
    ours = icc(marks)
    for key, name in (
        ("1", "ICC(1,1)"),
        ("A1", "ICC(A,1)"),
        ("C1", "ICC(C,1)"),
        ("1k", "ICC(1,k)"),
        ("Ak", "ICC(A,k)"),
        ("Ck", "ICC(C,k)"),
    ):
        assert ours[key].value == pytest.approx(float(theirs.loc[name, "ICC"]), abs=1e-6)


@pytest.mark.parametrize("metric", ["nominal", "ordinal", "interval", "ratio"])
@pytest.mark.parametrize("seed", range(5))
def test_alpha_beside_krippendorff(metric: str, seed: int) -> None:
    theirs = pytest.importorskip("krippendorff")
    levels = np.rint(table(seed, gaps=0.15) / 10)
    expected = theirs.alpha(reliability_data=levels.T, level_of_measurement=metric)
    assert krippendorff_alpha(levels, None, metric).value == pytest.approx(expected, abs=1e-9)  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(5))
def test_concordance_beside_scipy(seed: int) -> None:
    stats = pytest.importorskip("scipy.stats")
    marks = np.rint(table(seed, n=12))
    statistic, p = stats.friedmanchisquare(*marks)
    ours = kendall_w(marks)
    assert (ours.chi2, ours.p) == pytest.approx((statistic, p), rel=1e-9)


def test_tails_and_quantiles_beside_scipy() -> None:
    stats = pytest.importorskip("scipy.stats")
    for a, b in ((1, 5), (5, 18), (37, 333), (2.7, 11.3), (599, 3594)):
        assert f_quantile(0.975, a, b) == pytest.approx(stats.f.ppf(0.975, a, b), rel=1e-9)
        assert chi2_sf(a * 1.3, a) == pytest.approx(stats.chi2.sf(a * 1.3, a), rel=1e-9)
        assert student_sf(1.7, b) == pytest.approx(stats.t.sf(1.7, b), rel=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_least_squares_beside_scipy(seed: int) -> None:
    linalg = pytest.importorskip("scipy.sparse.linalg")
    sparse = pytest.importorskip("scipy.sparse")
    e, j, y = long_of(table(seed, n=300, judges=30, gaps=0.8))
    n, m = int(e.max()) + 1, int(j.max()) + 1
    rows = np.repeat(np.arange(y.size), 2)
    design = sparse.csr_array((np.ones(rows.size), (rows, np.stack((e, n + j), axis=1).ravel())), shape=(y.size, n + m))
    solution = linalg.lsqr(design, y, atol=1e-14, btol=1e-14, iter_lim=10_000)[0]
    ours = fit_additive(e, j, y)
    assert ours.judge == pytest.approx(solution[n:] - solution[n:].mean(), abs=1e-7)
    assert ours.entry == pytest.approx(solution[:n] + solution[n:].mean(), abs=1e-7)


@pytest.mark.parametrize("reml", [True, False])
@pytest.mark.parametrize("seed", range(2))
def test_variance_components_beside_statsmodels(seed: int, reml: bool) -> None:
    formula = pytest.importorskip("statsmodels.formula.api")
    pandas = pytest.importorskip("pandas")
    e, j, y = long_of(table(seed, n=25, judges=6, gaps=0.2))
    frame = pandas.DataFrame({"y": y, "e": e, "j": j, "all": 1})
    model = formula.mixedlm("y ~ 1", frame, groups="all", vc_formula={"entry": "0 + C(e)", "judge": "0 + C(j)"})
    theirs: Any = model.fit(reml=reml, method="lbfgs")
    names = [name.removesuffix(" Var") for name in model.exog_vc.names]
    ours = fit_mixed(e, j, y, reml=reml)
    assert ours.loglik == pytest.approx(theirs.llf, abs=1e-4)
    assert {name: ours.var[name] for name in names} == pytest.approx(dict(zip(names, theirs.vcomp, strict=True)), rel=5e-3)
    assert ours.var["residual"] == pytest.approx(theirs.scale, rel=5e-3)
    assert ours.mean == pytest.approx(float(theirs.fe_params.iloc[0]), abs=1e-3)


def test_predictions_are_those_of_the_dense_textbook_formula() -> None:
    """u = G Z' V^-1 (y - mean) with the generalised least squares mean, by dense matrices."""
    e, j, y = long_of(table(9, n=20, judges=5, gaps=0.3))
    var = {"entry": 20.0, "judge": 3.0, "residual": 15.0}
    z_e, z_j = np.eye(int(e.max()) + 1)[e], np.eye(int(j.max()) + 1)[j]
    v = var["entry"] * z_e @ z_e.T + var["judge"] * z_j @ z_j.T + var["residual"] * np.eye(y.size)
    weights = np.linalg.solve(v, np.ones(y.size))
    mean = float(weights @ y / weights.sum())
    rest = np.linalg.solve(v, y - mean)
    ours = blup(e, j, y, var)
    assert ours.mean == pytest.approx(mean, abs=1e-9)
    assert ours.entry == pytest.approx(var["entry"] * z_e.T @ rest, abs=1e-9)
    assert ours.judge == pytest.approx(var["judge"] * z_j.T @ rest, abs=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_strengths_beside_choix(seed: int) -> None:
    choix = pytest.importorskip("choix")
    rng = np.random.Generator(np.random.Philox(seed))
    n = 30
    a, b = rng.integers(0, n, 900), rng.integers(1, n, 900)
    votes = [(int(x), int((x + step) % n)) for x, step in zip(a, b, strict=True)]
    winner, loser = (np.array(side) for side in zip(*votes, strict=True))
    ours = bradley_terry(winner, loser, n, prior_precision=0.1)
    theirs = choix.opt_pairwise(n, votes, alpha=0.05, method="Newton-CG", tol=1e-12)  # alpha x squares = half our precision
    assert ours.strength == pytest.approx(theirs - theirs.mean(), abs=1e-5)


FLOW = """
import json, sys
import numpy as np
import scoring
given = json.load(sys.stdin)
d = scoring.Demand(given["k"], *(np.array(given[name]) for name in ("lo", "hi", "conflict", "score")))
print(scoring.optimal(d, objective="total", solver="ortools", seed="s").total)
"""


@pytest.mark.parametrize("seed", range(3))
def test_totals_of_both_solvers_agree(seed: int) -> None:
    """OR-tools runs in a process of its own: it and HiGHS cannot be loaded side by side."""
    done = subprocess.run([sys.executable, "-c", "import ortools.graph.python.min_cost_flow"], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("OR-tools is not installed")
    rng = np.random.Generator(np.random.Philox(seed))
    given = {
        "k": 3, "lo": [8] * 10, "hi": [16] * 10, "conflict": (rng.random((40, 10)) < 0.05).tolist(),
        "score": rng.integers(0, 1000, (40, 10)).tolist(),
    }  # fmt: skip
    flow = subprocess.run([sys.executable, "-c", FLOW], input=json.dumps(given), capture_output=True, text=True, cwd=ROOT, check=True)
    d = Demand(3, *(np.array(given[name]) for name in ("lo", "hi", "conflict", "score")))
    assert int(flow.stdout) == optimal(d, objective="total", solver="highs", seed="s").total
