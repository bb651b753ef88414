"""The public names, their arguments in order, and the fields of what they return: what other programs rely on."""

import inspect

import numpy as np
import pytest

import scoring
from tests.scoring.building import score_table, single_rule

#: Function: positional arguments | arguments by keyword only.
SIGNATURES = {
    "Criterion": "id weight lo hi step |",
    "Rule": "criteria mark_decimals weight_sum judge_total_round aggregate trim_on result_round compare min_judges ties rank_style deductions |",
    "Trimmed": "k_low k_high min_n below |",
    "Marks.from_rows": "rows rule |",
    "judge_totals": "m rule |",
    "aggregate": "t rule category |",
    "graph": "e j |",
    "fit_additive": "e j y | tol",
    "fit_mixed": "e j y panel | reml",
    "fit_mfrm": "e j c x K | estimator",
    "calibrate": "t method |",
    "rank": "r rule | extra seed",
    "advance": "rk quota group | at_line rounding base seed",
    "rank_uncertainty": "model | k draws level method seed",
    "icc": "y | level",
    "krippendorff_alpha": "y mask metric | boot",
    "kendall_w": "y |",
    "g_study": "y design |",
    "GStudy.d_study": "self n_judges |",
    "judge_report": "m fit | related",
    "spread_flags": "t | max_range mad_k",
    "Demand": "k lo hi conflict score group max_same_group fixed keep keep_bonus |",
    "random_design": "d | seed bridges_per_panel",
    "optimal": "d | objective solver seed time_limit_s",
    "make_panels": "d n_panels size | bridges anchors seed",
    "reassign": "a d removed |",
    "draw_order": "seed tag ids |",
    "commit": "seed |",
    "bradley_terry": "winner loser n | tie prior_precision order_effect",
    "CrowdBT.update": "self judge winner loser |",
    "CrowdBT.next_pair": "self judge available | epsilon seed step",
    "CrowdBT.state": "self |",
}
FIELDS = {
    "Estimate": "value lo hi reason",
    "KendallW": "w w_corrected chi2 df p",
    "GStudy": "components e_rho2 phi",
    "DRow": "n e_rho2 phi",
    "Additive": "entry judge se_entry se_judge rss dof sigma",
    "Mixed": "var mean entry judge pev_entry pev_judge criterion loglik",
    "Mfrm": "entry judge criterion steps se_entry se_judge infit outfit loglik fair_average",
    "Graph": "components labels_entry labels_judge connectivity bridges",
    "RankUncertainty": "lo hi p_top p_beats",
    "BT": "strength se deviance order_effect se_order_effect",
    "Assignment": "pairs total worst bound certificate graph seed digest",
    "Advance": "selected line_score first_out reasons",
    "Results": "num den printed n_valid kept status explain",
    "Ranking": "rank order separated_by",
    "Totals": "num den valid",
    "Calibrated": "raw adjusted shift warnings",
    "Marks": "entry judge criterion value status dense",
}
ERRORS = ("InvalidMark", "InvalidRule", "Insufficient", "NotIdentifiable", "Infeasible", "NotConverged")


def found(name: str) -> object:
    value: object = scoring
    for part in name.split("."):
        value = getattr(value, part)
    return value


@pytest.mark.parametrize("name", SIGNATURES)
def test_arguments_keep_their_names_and_their_order(name: str) -> None:
    plain, named = (side.split() for side in SIGNATURES[name].split("|"))
    parameters = inspect.signature(found(name)).parameters  # type: ignore[arg-type]
    by_place = [p for p, kind in parameters.items() if kind.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD]
    assert by_place[: len(plain)] == plain
    assert set(named) <= set(parameters)


@pytest.mark.parametrize("name", FIELDS)
def test_values_have_their_fields_and_stay_as_they_are(name: str) -> None:
    kind = found(name)
    has = {*getattr(kind, "__dataclass_fields__", {}), *dir(kind)}
    assert set(FIELDS[name].split()) <= has
    assert kind.__dataclass_params__.frozen  # type: ignore[attr-defined]


def test_errors_have_one_root_and_say_where() -> None:
    for name in ERRORS:
        kind = getattr(scoring, name)
        assert issubclass(kind, scoring.ScoringError)
        assert kind("why", {"entry": "E1"}).where == {"entry": "E1"}


def test_arrays_have_the_declared_types_and_shapes() -> None:
    result = score_table([["90", "80", None], ["70", "60", "50"]], single_rule(min_judges=1))
    totals = result.totals
    assert totals is not None
    assert (totals.num.shape, totals.num.dtype, totals.valid.dtype) == ((2, 3), np.int64, np.bool_)
    assert [array.dtype for array in (result.num, result.den, result.printed, result.n_valid)] == [np.int64] * 4
    assert (result.kept.dtype, result.kept.tolist(), result.status.dtype) == (np.int8, [[1, 1, -1], [1, 1, 1]], np.uint8)
    values, scored = totals.marks.dense()
    assert (values.shape, values.dtype, scored.shape, scored.dtype) == ((2, 3, 1), np.int64, (2, 3), np.bool_)
    ranking = scoring.rank(result, result.rule, extra={}, seed=None)
    assert (ranking.rank.dtype, ranking.order.dtype, len(ranking.separated_by)) == (np.int64, np.int64, 1)
    chosen = scoring.advance(ranking, scoring.Top(1), None, at_line="include_all", rounding="ceil", base=2, seed=None)
    assert (chosen.selected.dtype, type(chosen.reasons)) == (np.bool_, list)
    assert list(scoring.icc(np.array([[9.0, 2], [6, 1]]))) == ["1", "A1", "C1", "1k", "Ak", "Ck"]
