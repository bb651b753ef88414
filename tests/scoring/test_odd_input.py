"""What no caller should send: refused by name, or given the empty answer, never a bare Python error and never cut to fit."""

from collections.abc import Callable
from decimal import Decimal

import numpy as np
import pytest

import scoring as s
from tests.scoring.building import HUNDRED, score_table, single_rule

NONE = np.zeros(0, np.int64)
ONE = np.array([0, 0])
TWO = np.array([0, 1])
RULE = single_rule(min_judges=1)
BLANK = s.judge_totals(s.Marks.from_rows([], RULE), RULE)


def demand(k: int, table: np.ndarray, score: object = None) -> s.Demand:
    judges = table.shape[1]
    return s.Demand(k, np.zeros(judges, int), np.full(judges, 9), table, score)


FREE = np.zeros((2, 2), bool)
REFUSED: dict[str, Callable[[], object]] = {
    "a row that is a number": lambda: s.Marks.from_rows([5], RULE),  # type: ignore[list-item]
    "a row that is nothing": lambda: s.Marks.from_rows([None], RULE),  # type: ignore[list-item]
    "a tie key that is a number": lambda: s.Rule(HUNDRED, ties=(5,)),  # type: ignore[arg-type]
    "no tie chain at all": lambda: s.Rule(HUNDRED, ties=None),  # type: ignore[arg-type]
    "a criterion that is a text": lambda: s.Rule(("mark",)),  # type: ignore[arg-type]
    "a criterion named by a number": lambda: s.Criterion(5, 1, 0, 1),  # type: ignore[arg-type]
    "agreement of texts": lambda: s.krippendorff_alpha([["a", "b"]]),  # type: ignore[arg-type]
    "a mask of another shape": lambda: s.krippendorff_alpha(np.ones((3, 3)), np.ones((2, 2), bool)),
    "marks whose squares overflow": lambda: s.icc(np.array([[1e300, 2e300], [3e300, 1e300]])),
    "a study of such marks": lambda: s.g_study(np.array([[1e300, 2e300], [3e300, 1e300]])),
    "half an entry": lambda: s.fit_additive(np.array([0.5, 1]), TWO, np.array([1.0, 2])),
    "half a judge": lambda: s.graph(TWO, np.array([0.5, 1])),
    "a judge before the first": lambda: s.graph(TWO, np.array([-1, 0])),
    "half a level": lambda: s.fit_mfrm(ONE, TWO, None, np.array([0.5, 1]), 3),  # type: ignore[arg-type]
    "a single level": lambda: s.fit_mfrm(ONE, TWO, None, TWO, 1),
    "half a winner": lambda: s.bradley_terry(np.array([0.5]), np.array([1]), 2),  # type: ignore[arg-type]
    "ties of other votes": lambda: s.bradley_terry(ONE, ONE + 1, 2, tie=np.array([True])),
    "a prior that is no number": lambda: s.bradley_terry(ONE, ONE + 1, 2, prior_precision=float("nan")),
    "a judge who is not there drops out": lambda: s.reassign(s.random_design(demand(1, FREE), seed="s"), demand(1, FREE), [7]),
    "a draw of numbers": lambda: s.draw_order("s", "t", [1, 2]),  # type: ignore[list-item]
    "panel means of nothing": lambda: s.calibrate(BLANK, "panel_ratio", panel=NONE),
    "half a ballot": lambda: s.borda([[0, 1]], [1.5], 2),  # type: ignore[list-item]
    "a grade that is no number": lambda: s.majority_judgement(np.array([[np.nan, 1]])),
    "no place": lambda: s.p_top_normal(np.array([1.0, 2]), np.ones(2), 0),
    "a mean that is no number": lambda: s.p_top_normal(np.array([np.nan, 2]), np.ones(2), 1),
    "half a vote": lambda: s.vote_points(np.array([1.5, 1.2]), (10, 9)),  # type: ignore[arg-type]
    "a negative floor": lambda: s.Spread(2, {0: -1}),
    "a negative quota of a group": lambda: s.PerGroup({0: -1}),
    "half a place": lambda: s.PerGroup({0: 0.5}),  # type: ignore[dict-item]
    "a share that is no number": lambda: s.Percent(Decimal("NaN")),
}


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_odd_input_is_refused_by_name(name: str) -> None:
    with pytest.raises(s.ScoringError) as refusal:
        REFUSED[name]()
    assert refusal.value.where


@pytest.mark.parametrize(
    "method", [s.Mean(), s.Median(), s.Trimmed(), s.Winsorised(), s.Total(), s.Borda(), s.MajorityJudgement(), s.Ordinals()]
)
def test_no_entries_give_no_results_and_no_marks_no_score(method: object) -> None:
    rule = single_rule(min_judges=1, aggregate=method)
    assert s.aggregate(s.judge_totals(s.Marks.from_rows([], rule), rule), rule).printed.tolist() == []
    blank = score_table([[None, None]], rule)
    assert (blank.status.tolist(), s.rank(blank, rule).rank.tolist()) == ([2], [0])


def test_nobody_needs_a_judge() -> None:
    for table, k in ((np.zeros((0, 1), bool), 1), (FREE, 0)):
        for made in (s.random_design(demand(k, table), seed="s"), s.optimal(demand(k, table, np.zeros(table.shape, int)), seed="s")):
            assert made.pairs.shape == (0, 2)
            assert (made.total, made.graph.components) == (0, 0)


def test_whole_numbers_may_come_as_floats_and_lists() -> None:
    plain = s.fit_additive(np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]), np.array([1.0, 2, 3, 5]))
    assert s.fit_additive([0.0, 0, 1, 1], [0, 1, 0, 1], [1, 2, 3, 5]).judge.tolist() == plain.judge.tolist()  # type: ignore[arg-type]


def test_who_was_first_may_be_told_by_the_order_effect_itself() -> None:
    won, lost, first = np.array([0, 0, 1, 1, 0]), np.array([1, 1, 0, 0, 1]), np.array([True, False, True, True, True])
    told = s.bradley_terry(won, lost, 2, first=first, order_effect=True)
    for array in (first, np.where(first, 1, -1)):
        assert s.bradley_terry(won, lost, 2, order_effect=array).order_effect == told.order_effect


def test_dropping_on_one_side_only_is_told_as_that() -> None:
    low = score_table([["60", "70", "80", "90", "100"]], single_rule(aggregate=s.Trimmed(1, 0)))
    assert low.explain(0).sentences("en")[0] == "Of 5 valid judges the lowest 60 is dropped; mean of 4: (70+80+90+100)/4 = 85."
    high = score_table([["60", "70", "80", "90", "100"]], single_rule(aggregate=s.Trimmed(0, 1)))
    assert high.explain(0).sentences("zh_CN")[0] == "有效评委 5 名，去掉最高分 100，其余 4 名取平均：(60+70+80+90)/4 = 75。"
