"""Methods, missing judges, deductions, gates, categories, combined scores; and the steps each of them shows."""

from fractions import Fraction

import numpy as np
import pytest

from scoring import (
    Borda,
    Categories,
    Criterion,
    Insufficient,
    InvalidRule,
    MajorityJudgement,
    Marks,
    Mean,
    Median,
    RankPoints,
    Results,
    Rule,
    Total,
    Trimmed,
    Winsorised,
    aggregate,
    as_part,
    combine,
    judge_totals,
    rank,
    vote_points,
)  # fmt: skip
from scoring.wordings import EN, ZH
from tests.scoring.building import printed_scores, score_table, single_rule


def scored_with(status: dict[tuple[str, str], str], marks: str = "90 80 70", **fields: object) -> Results:
    rule = single_rule(**{"aggregate": Mean(), **fields})
    rows = [("E", f"J{k}", "mark", mark) for k, mark in enumerate(marks.split())]
    return aggregate(judge_totals(Marks.from_rows(rows, rule, status=status), rule), rule)


def test_templates_exist_in_both_languages_with_the_same_placeholders() -> None:
    def holes(text: str) -> set[str]:
        return {part.split("}")[0] for part in text.split("{")[1:]}

    assert ZH.keys() == EN.keys()
    assert {key for key in ZH if holes(ZH[key]) != holes(EN[key])} == set()


def test_a_recused_judge_reduces_the_denominator_and_is_named() -> None:
    result = scored_with({("E", "J9"): "recused"})
    assert result.printed.tolist() == [8000]
    assert result.explain(0).sentence("en").startswith("Judge J9 does not count (recused)")
    assert [line.fate for line in result.explain(0).judges] == ["kept", "kept", "kept", "recused"]


def test_a_missing_judge_blocks_where_the_rule_says_so() -> None:
    result = scored_with({("E", "J9"): "absent"}, missing="block")
    assert not result.scored[0]
    assert result.explain(0).status == "blocked"
    assert "J9" in result.explain(0).sentence("zh_CN")
    assert scored_with({("E", "J9"): "recused"}, missing="block").scored[0]


def test_a_substituted_judge_counts_as_the_mean_of_the_others() -> None:
    result = scored_with({("E", "J9"): "absent"}, "91 90 80 76", missing="substitute", aggregate=Trimmed(1, 1, min_n=5))
    assert result.exact(0) == (Fraction(90) + 80 + Fraction(91 + 90 + 80 + 76, 4)) / 3
    assert result.explain(0).judges[-1].fate == "substituted"
    assert "代替" in result.explain(0).sentence("zh_CN")


def test_a_pending_sheet_makes_the_score_provisional() -> None:
    rule = single_rule(aggregate=Mean())
    rows = [("E", f"J{k}", "mark", 80 + k) for k in range(3)] + [("E", "J3", "mark", None)]
    result = aggregate(judge_totals(Marks.from_rows(rows, rule), rule), rule)  # type: ignore[arg-type]
    assert (result.explain(0).status, result.printed.tolist()) == ("provisional", [8100])


def test_too_few_judges_give_no_result_and_no_rank() -> None:
    result = scored_with({}, "90 80")
    assert result.explain(0).status == "insufficient"
    assert rank(result, result.rule).rank.tolist() == [0]


def test_median_winsorised_sum_and_majority() -> None:
    table = [["90", "70", "80", "60"]]
    assert score_table(table, single_rule(aggregate=Median())).printed.tolist() == [7500]
    assert score_table(table, single_rule(aggregate=Total())).printed.tolist() == [30000]
    assert score_table(table, single_rule(aggregate=MajorityJudgement())).printed.tolist() == [7000]
    assert score_table([["90", "70", "80", "60", "85"]], single_rule(aggregate=Winsorised(1, 1))).printed.tolist() == [7800]
    with pytest.raises(Insufficient):
        score_table([["90", "80", "70"], ["90", "80", None]], single_rule(aggregate=Total(), min_judges=1))


def test_borda_and_rank_points_from_the_judges_orders() -> None:
    table = [["90", "80", "70"], ["80", "90", "80"], ["70", "80", "60"]]
    borda = score_table(table, single_rule(aggregate=Borda()))
    assert borda.printed.tolist() == [350, 500, 50]
    points = score_table(table, single_rule(aggregate=RankPoints((1200, 1000, 800))))
    assert points.printed.tolist() == [3100, 3400, 2500]


def test_judge_categories_are_averaged_before_they_are_weighted() -> None:
    rule = single_rule(aggregate=Categories((70, 30)), min_judges=1)
    table = [["90", "80", "70", "60"], ["80", "80", "80", "80"]]
    result = score_table(table, rule, category=np.array([0, 1, 1, 1]))
    assert result.printed.tolist() == [8400, 8000]
    assert [s.key for s in result.explain(0).steps] == ["explain.category"] * 2 + ["explain.categories", "explain.rounded"]


def test_a_category_without_a_judge_is_an_error_unless_the_rule_says_otherwise() -> None:
    table, category = [["90", None], ["80", "60"]], np.array([0, 1])
    with pytest.raises(Insufficient) as refusal:
        score_table(table, single_rule(aggregate=Categories((70, 30)), min_judges=1), category=category)
    assert refusal.value.where == {"entry": 0}
    lenient = single_rule(aggregate=Categories((70, 30), missing="renormalise"), min_judges=1)
    assert score_table(table, lenient, category=category).printed.tolist() == [9000, 7400]
    with pytest.raises(InvalidRule):
        score_table(table, lenient)


def deduction_rule(**fields: object) -> Rule:
    criteria = (
        Criterion("mark", 100, 0, 10000, 1),
        Criterion("late", 0, 0, 1000, 1, "deduction"),
        Criterion("fit", 0, 0, 100, 100, "gate"),
    )
    return Rule(criteria, **{"aggregate": Mean(), "min_judges": 1, **fields})  # type: ignore[arg-type]


def sheets(rule: Rule, table: list[tuple[str, str, str]], **more: object) -> Results:
    rows = [("E", f"J{j}", c, m) for j, sheet in enumerate(table) for c, m in zip(("mark", "late", "fit"), sheet, strict=True)]
    return aggregate(judge_totals(Marks.from_rows(rows, rule), rule), rule, **more)  # type: ignore[arg-type]


def test_deductions_before_and_after_trimming() -> None:
    table = [("90", "2", "1"), ("80", "0", "1"), ("70", "0", "1"), ("60", "0", "1"), ("95", "0", "1")]
    after = sheets(deduction_rule(aggregate=Trimmed(1, 1)), table)
    assert after.printed.tolist() == [7960]
    assert after.explain(0).sentence("en").count("Deduction 0.4; left: 79.6") == 1
    before = sheets(deduction_rule(aggregate=Trimmed(1, 1), deductions="before"), table)
    assert before.printed.tolist() == [7933]


def test_the_scorers_deduction_is_taken_from_the_result() -> None:
    result = sheets(deduction_rule(), [("90", "0", "1"), ("80", "0", "1")], deduction=np.array([150]))
    assert result.printed.tolist() == [8350]
    with pytest.raises(InvalidRule):
        sheets(deduction_rule(), [("90", "0", "1")], deduction=np.array([-1]))


@pytest.mark.parametrize(("fails", "passes"), [("any", False), ("majority", True), ("all", True)])
def test_gates(fails: str, passes: bool) -> None:
    table = [("90", "0", "0"), ("80", "0", "1"), ("80", "0", "1")]
    result = sheets(deduction_rule(gate_fails=fails), table)
    assert bool(result.scored[0]) is passes
    assert result.explain(0).status == ("ok" if passes else "gated")


def test_marks_out_of_ten_scaled_to_a_hundred() -> None:
    criteria = (Criterion("a", 60, 0, 1000, 50), Criterion("b", 40, 0, 500, 50))
    rule = Rule(criteria, full_mark=10000, min_judges=1)
    rows = [("E", "J", "a", "9.5"), ("E", "J", "b", "2")]
    assert aggregate(judge_totals(Marks.from_rows(rows, rule), rule), rule).printed.tolist() == [7300]


def test_stages_and_votes_are_combined_exactly() -> None:
    first, second = printed_scores("90.27", "87.27"), printed_scores("80", "88.5")
    rule = single_rule(ties=())
    total = combine([as_part("online", first, 30), as_part("final", second, 70)], rule, weight_sum=100)
    assert total.printed.tolist() == [8308, 8813]
    assert [s.key for s in total.explain(0).steps] == ["explain.part"] * 2 + ["explain.combined", "explain.rounded"]
    added = combine([as_part("first", first), as_part("second", second)], rule, weight_sum=1)
    assert added.printed.tolist() == [17027, 17577]


def test_votes_become_points_by_rank() -> None:
    votes = np.array([12680, 16467, 10461, 9000, 8000, 7000, 10, 12680])
    points = vote_points(votes, (1000, 950, 900, 850, 800, 750))
    assert points.tolist() == [950, 1000, 850, 800, 750, 0, 0, 950]


def test_combined_scores_need_the_same_entries() -> None:
    with pytest.raises(InvalidRule) as refusal:
        combine([as_part("a", printed_scores("90")), as_part("b", printed_scores("90", "80"))], single_rule(), weight_sum=1)
    assert refusal.value.where == {"part": "b"}


def test_every_step_of_a_trimmed_mean_is_told() -> None:
    result = score_table([["86.28", "86.28", "90", "85", "84.5", "88", "91"]], single_rule())
    explained = result.explain(0)
    assert explained.exact == "87.112"
    assert explained.printed == "87.11"
    assert [line.fate for line in explained.judges] == ["kept", "kept", "kept", "kept", "dropped", "kept", "dropped"]
    assert explained.sentence("zh_CN") == (
        "有效评委 7 名，去掉最低分 84.5、最高分 91，其余 5 名取平均：(86.28+86.28+90+85+88)/5 = 87.112。按“四舍五入”保留 2 位小数，公布分 87.11。"
    )


def test_equal_extremes_drop_the_lowest_judge_number_and_say_so() -> None:
    result = score_table([["90", "90", "90", "80", "80"]], single_rule())
    assert result.kept.tolist() == [[0, 1, 1, 0, 1]]
    assert [s.values["judge"] for s in result.explain(0).steps if s.key == "explain.equal_dropped"] == ["J3", "J0"]
