"""What is refused on the way in, and where the refusal points."""

from decimal import Decimal

import numpy as np
import pytest

from scoring import Criterion, InvalidMark, InvalidRule, Marks, Rule, Section, TieKey, aggregate, judge_totals, rank
from tests.scoring.building import FIVE, HUNDRED, single_rule

RULE = Rule((Criterion("novelty", 60, 0, 10000, 50), Criterion("market", 40, 0, 10000, 50)))


@pytest.mark.parametrize(
    "mark",
    [
        "100.5",
        "-1",
        "87.3",
        "abc",
        "",
        "NaN",
        "Infinity",
        "1e400",
        "87.555",
        float("nan"),
        float("inf"),
        87.3,
        True,
        "8_7",
        "８７",
        b"1",
        [1],
    ],
)
def test_bad_marks_name_entry_judge_and_criterion(mark: object) -> None:
    rows = [("E1", "J1", "novelty", "80"), ("E2", "J7", "market", mark)]
    with pytest.raises(InvalidMark) as refusal:
        Marks.from_rows(rows, RULE)  # type: ignore[arg-type]
    assert refusal.value.where == {"entry": "E2", "judge": "J7", "criterion": "market"}


@pytest.mark.parametrize("mark", ["87.5", "87.50", 87.5, Decimal("87.5"), " 87.5 "])
def test_the_same_mark_in_several_forms(mark: object) -> None:
    assert Marks.from_rows([("E", "J", "novelty", mark)], RULE).value.tolist() == [8750]  # type: ignore[list-item]


def test_zero_is_a_mark_and_none_is_not() -> None:
    marks = Marks.from_rows([("E", "J", "novelty", 0), ("E", "J", "market", None), ("E", "K", "novelty", 0), ("E", "K", "market", 0)], RULE)
    assert {(e, j): str(s) for (e, j), s in marks.status.items()} == {(0, 0): "pending"}
    assert judge_totals(marks, RULE).valid.tolist() == [[False, True]]


def test_the_same_mark_twice_is_refused() -> None:
    with pytest.raises(InvalidMark) as refusal:
        Marks.from_rows([("E", "J", "novelty", 1), ("E", "J", "novelty", 1)], RULE)
    assert refusal.value.where == {"entry": "E", "judge": "J", "criterion": "novelty"}


def test_unknown_criterion_entry_and_judge_are_named() -> None:
    with pytest.raises(InvalidMark) as refusal:
        Marks.from_rows([("E", "J", "beauty", 1)], RULE)
    assert refusal.value.where == {"criterion": "beauty"}
    with pytest.raises(InvalidMark) as refusal:
        Marks.from_rows([("E", "J", "novelty", 1)], RULE, judges=["K"])
    assert refusal.value.where == {"judge": "J"}


def test_arrays_are_checked_too() -> None:
    with pytest.raises(InvalidMark) as refusal:
        Marks.from_dense(np.array([[[8000, 8010]]]), RULE)
    assert refusal.value.where == {"entry": "0", "judge": "0", "criterion": "market"}
    twice = Marks(np.array([0, 0]), np.array([0, 0]), np.array([0, 0]), np.array([1, 2]), n_criteria=1)
    with pytest.raises(InvalidMark):
        twice.dense()


def test_weights_that_do_not_make_the_full_mark_are_refused() -> None:
    """The published transcription of a national contest sums to 95."""
    weights = (50, 20, 20, 5)
    with pytest.raises(InvalidRule, match="95"):
        Rule(tuple(Criterion(f"c{k}", w, 0, 10000, 100) for k, w in enumerate(weights)))


def test_points_that_do_not_make_the_full_mark_are_refused() -> None:
    points = (Criterion("a", 1, 0, 6000, 100), Criterion("b", 1, 0, 3500, 100))
    with pytest.raises(InvalidRule, match="9500"):
        Rule(points, scheme="points", full_mark=10000)
    assert Rule(points, scheme="points", full_mark=9500).full_mark == 9500


@pytest.mark.parametrize(
    "fields",
    [
        {"result_round": 2},
        {"aggregate": "mean"},
        {"criteria": ()},
        {"criteria": (HUNDRED[0], HUNDRED[0]), "weight_sum": 200},
        {"rank_style": "best"},
        {"min_judges": 0},
        {"mark_decimals": 7},
        {"trim_on": "row"},
        {"ties": (TieKey("criterion", "beauty"),)},
        {"scheme": "points"},
        {"sections": (Section("s", 100),)},
    ],
)
def test_contradictory_rules_are_refused(fields: dict[str, object]) -> None:
    with pytest.raises(InvalidRule):
        Rule(**{"criteria": HUNDRED, **fields})  # type: ignore[arg-type]


@pytest.mark.parametrize(("lo", "hi", "step"), [(0, 0, 1), (10, 0, 1), (0, 100, 0), (0, 100, 30)])
def test_impossible_scales_are_refused(lo: int, hi: int, step: int) -> None:
    with pytest.raises(InvalidRule) as refusal:
        Criterion("c", 100, lo, hi, step)
    assert refusal.value.where == {"criterion": "c"}


def test_digest_follows_the_content_of_the_rule() -> None:
    assert single_rule().digest() == single_rule().digest()
    assert single_rule().digest() != single_rule(min_judges=2).digest()
    assert len(single_rule().digest()) == 64


def test_two_level_rubric_needs_sections_that_add_up() -> None:
    criteria = tuple(Criterion(c.id, c.weight, c.lo, c.hi, c.step, section="first" if k < 2 else "second") for k, c in enumerate(FIVE))
    assert Rule(criteria, sections=(Section("first", 55), Section("second", 45))).sections[0].weight == 55
    with pytest.raises(InvalidRule) as refusal:
        Rule(criteria, sections=(Section("first", 50), Section("second", 50)))
    assert refusal.value.where == {"section": "first"}


@pytest.mark.parametrize(
    "row", [(None, "J", "novelty", "5"), (["E"], "J", "novelty", "5"), ("E", 7, "novelty", "5"), ("E", "J", {}, "5"), ("E", "J")]
)
def test_rows_of_the_wrong_kind_are_refused(row: tuple[object, ...]) -> None:
    with pytest.raises(InvalidMark):
        Marks.from_rows([row], RULE)  # type: ignore[list-item]


def test_unknown_status_and_unknown_pair_are_refused() -> None:
    rows = [("E", "J", "novelty", "5"), ("E", "J", "market", "5")]
    with pytest.raises(InvalidMark):
        Marks.from_rows(rows, RULE, status={("E", "K"): "asleep"})
    with pytest.raises(InvalidMark):
        Marks.from_rows(rows, RULE, judges=["J"], status={("E", "K"): "absent"})


def test_an_empty_table_gives_empty_results() -> None:
    result = aggregate(judge_totals(Marks.from_rows([], RULE), RULE), RULE)
    assert result.printed.tolist() == []
    assert rank(result, RULE).rank.tolist() == []
