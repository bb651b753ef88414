"""Reference results of exact scoring: rounding and trimming, published contests, draws."""

from fractions import Fraction

import numpy as np
import pytest

from scoring import (
    Marks,
    Percent,
    Round,
    Rule,
    Threshold,
    Top,
    Trimmed,
    advance,
    aggregate,
    commit,
    draw_key,
    draw_order,
    judge_totals,
    largest_remainder,
    percent_count,
    rank,
    rank_values,
    round_ratio,
)  # fmt: skip
from tests.scoring.building import FIVE, printed_scores, score_table, single_rule


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("7.125", 713),
        ("84.345", 8435),
        ("0.005", 1),
        ("-0.005", -1),
        ("89.994999", 8999),
        ("88.125", 8813),
        ("2.675", 268),
    ],
)
def test_half_up_rounds_away_from_zero_at_the_half(value: str, expected: int) -> None:
    exact = Fraction(value) * 100
    assert round_ratio(exact.numerator, exact.denominator, "half_up") == expected


@pytest.mark.parametrize(
    ("marks", "exact", "printed"),
    [
        ("85.5 90 78.5 88 92.5", Fraction("86.30"), 8630),
        ("66 91 61.5 84.5 87.5", Fraction("76.275"), 7628),
        ("85.5 90 78.5 88.5 91.5", Fraction("86.275"), 8628),
    ],
)
def test_weighted_total_is_exact_where_floats_fail(marks: str, exact: Fraction, printed: int) -> None:
    rule = Rule(FIVE, min_judges=1)
    rows = [("E", "J", f"c{i}", mark) for i, mark in enumerate(marks.split())]
    result = aggregate(judge_totals(Marks.from_rows(rows, rule), rule), rule)
    assert result.exact(0) == exact
    assert result.printed.tolist() == [printed]


@pytest.mark.parametrize(
    ("marks", "printed"),
    [
        ("86.28 86.28 90 85 84.5 88 91", 8711),
        ("90 90 90 80 80", 8667),
        ("88 90 86.5 91 87", 8833),
        ("88.5 89 88 95 60", 8850),
        ("85.1 85.2 85.15 99 70", 8515),
    ],
)
def test_one_highest_and_one_lowest_are_dropped(marks: str, printed: int) -> None:
    result = score_table([marks.split()], single_rule())
    assert result.printed.tolist() == [printed]
    kept = sorted(Fraction(mark) for mark in marks.split())[1:-1]
    assert result.exact(0) == sum(kept) / len(kept)
    assert sorted(result.kept[0].tolist()) == [0, 0] + [1] * (len(marks.split()) - 2)


def test_the_exact_means_behind_two_printed_scores() -> None:
    table = [["86.28", "86.28", "90", "85", "84.5", "88", "91"], ["90", "90", "90", "80", "80", None, None]]
    result = score_table(table, single_rule())
    assert [result.exact(i) for i in range(2)] == [Fraction("87.112"), Fraction(260, 3)]


@pytest.mark.parametrize(("marks", "printed"), [("88 90 86.5 91 87", 8850), ("88.5 89 88 95 60", 8410), ("85.1 85.2 85.15 99 70", 8489)])
def test_plain_mean_of_the_same_panels(marks: str, printed: int) -> None:
    assert score_table([marks.split()], single_rule(aggregate=Trimmed(0, 0))).printed.tolist() == [printed]


def test_four_valid_of_five_are_not_trimmed_and_say_so() -> None:
    rule = single_rule()
    rows = [("E", f"J{k}", "mark", str(90 + k)) for k in range(4)]
    result = aggregate(judge_totals(Marks.from_rows(rows, rule, status={("E", "J4"): "recused"}), rule), rule)
    assert result.printed.tolist() == [9150]
    assert result.explain(0).status == "untrimmed"
    assert result.kept.tolist() == [[1, 1, 1, 1, -1]]


def test_printed_ties_need_not_be_exact_ties() -> None:
    table = [["90", "90", "80"], ["86.67"] * 3]
    for compare, ranks in (("printed", [1, 1]), ("exact", [2, 1])):
        rule = single_rule(compare=compare, ties=())
        assert rank(score_table(table, rule), rule).rank.tolist() == ranks


def test_shares_are_rounded_as_declared() -> None:
    assert [percent_count(30, 37, mode) for mode in ("ceil", "floor", "half_up")] == [12, 11, 11]
    assert [percent_count(30, 35, mode) for mode in ("ceil", "floor", "half_up")] == [11, 10, 11]


@pytest.mark.parametrize(("at_line", "count"), [("include_all", 6), ("exclude_all", 3)])
def test_ties_at_the_line_go_in_or_out_together(at_line: str, count: int) -> None:
    result = printed_scores("95", "93", "93", "90", "90", "90", "88")
    chosen = advance(rank(result, result.rule), Top(4), None, at_line=at_line, rounding="ceil", base=7)  # type: ignore[arg-type]
    assert chosen.selected.tolist() == [k < count for k in range(7)]


def test_pass_mark_and_cap_let_ties_at_the_cap_in_and_never_the_near_miss() -> None:
    scores = ["90"] * 9 + ["78.33", "78.33", "69.99"]
    result = printed_scores(*scores)
    chosen = advance(rank(result, result.rule), Threshold(7000, cap=10), None, at_line="include_all", rounding="floor", base=12)
    assert chosen.selected.tolist() == [True] * 11 + [False]
    assert chosen.line_score == 7833
    assert "0.01" in chosen.reasons_in("en")[11]


def test_percent_refers_to_its_base() -> None:
    result = printed_scores("95", "94", "93", "92", "91")
    chosen = advance(rank(result, result.rule), Percent(40), None, at_line="chain", rounding="ceil", base=6)
    assert int(chosen.selected.sum()) == 3


def test_rank_styles() -> None:
    values = np.array([95, 93, 93, 90])
    assert rank_values(values, "1224").tolist() == [1, 2, 2, 4]
    assert rank_values(values, "1334").tolist() == [1, 3, 3, 4]
    assert rank_values(values, "dense").tolist() == [1, 2, 2, 3]
    assert rank_values(values, "mean").tolist() == [1, 2.5, 2.5, 4]


def test_largest_remainder_follows_the_declared_order() -> None:
    assert largest_remainder(10, [47, 31, 22]) == [5, 3, 2]
    assert largest_remainder(10, [50, 25, 25]) == [5, 3, 2]
    assert largest_remainder(10, [50, 25, 25], order=[2, 1, 0]) == [5, 2, 3]


def test_public_seed_order_repeats_anywhere() -> None:
    seed = "2024-11-20-public-seed"
    ids = [f"E{k:03}" for k in range(1, 13)]
    drawn = ["E011", "E009", "E012", "E005", "E003", "E007", "E010", "E008", "E002", "E004", "E006", "E001"]
    assert draw_order(seed, "panel-draw", ids) == drawn
    assert draw_order(seed, "panel-draw", ids[::-1]) == drawn
    assert draw_key(seed, "panel-draw", "E001").startswith("feba463044d110b1")
    assert draw_order(seed, "tiebreak", ids) == [
        "E004",
        "E008",
        "E001",
        "E002",
        "E012",
        "E011",
        "E003",
        "E010",
        "E009",
        "E007",
        "E006",
        "E005",
    ]
    teams = ["甲队", "乙队", "丙队", "丁队", "戊队", "己队"]
    assert draw_order("公开种子-42", "分组抽签", teams) == ["己队", "丙队", "乙队", "甲队", "戊队", "丁队"]


def test_commitment_is_the_hash_of_the_seed() -> None:
    assert commit("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_tie_ladder_by_second_highest_or_by_the_sum_of_all() -> None:
    table = [["95", "94", "92", "90", "90", "89", "85"], ["96", "93", "92", "91", "90", "89", "80"]]
    for chain, label in (("next_highest", "next_highest:2"), ("sum_all", "sum_all")):
        rule = single_rule(ties=(chain,))
        ranking = rank(score_table(table, rule), rule)
        assert ranking.results.printed.tolist() == [9100, 9100]
        assert ranking.rank.tolist() == [1, 2]
        assert ranking.separated_by == (label,)


def test_rounding_of_judge_totals_happens_where_declared() -> None:
    rule = single_rule(judge_total_round=Round(1), min_judges=1)
    assert score_table([["86.25"]], rule).printed.tolist() == [8630]
