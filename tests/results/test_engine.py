"""The computation itself: real vectors, an independent second computation, order of rows, advancement, awards, ties."""

from __future__ import annotations

import random
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from app.calls.rules import (
    Advancement,
    Aggregation,
    AwardLevel,
    CategoryWeight,
    Criterion,
    Deduction,
    Gate,
    Rubric,
    StageRules,
    TieStep,
)
from app.dynforms.schema import Text
from app.results.engine import (
    ENGINE,
    AbsenceIn,
    EarlierIn,
    EngineRefusal,
    EntryIn,
    ExclusionIn,
    Inputs,
    JudgeIn,
    Output,
    SheetIn,
    compute,
    digest_of,
)
from app.results.engine.wording import Names, say

ONE = Rubric(full="100", step="0.01", criteria=[Criterion("all", Text("总评"), full="100")])
RULES = StageRules(rubrics={"*": ONE}, advancement=Advancement(method="none"))


def inputs(rows: Sequence[Sequence[str | None]], rules: StageRules = RULES, **more: object) -> Inputs:
    """Entry 1, 2, … by row, judge 1, 2, … by column, one criterion."""
    judges = max(len(row) for row in rows)
    return Inputs(
        stage=1, call=1, rules=rules, rule_digest="r", group="", region="",
        entries=[EntryIn(e, 1) for e in range(1, len(rows) + 1)], judges=[JudgeIn(j, "technical", j == 1) for j in range(1, judges + 1)],
        sheets=[SheetIn(e, j, {"all": mark}) for e, row in enumerate(rows, 1) for j, mark in enumerate(row, 1) if mark is not None],
        seed="public", **more,
    )  # fmt: skip


def scores(output: Output) -> dict[int, str | None]:
    return {row.entry: row.score for row in output.standings}


def ranks(output: Output) -> list[tuple[int, int | None]]:
    return [(row.entry, row.rank) for row in output.standings]


@pytest.mark.parametrize(
    ("marks", "trimmed", "plain"),
    [
        (["88", "90", "86.5", "91", "87"], "88.33", "88.50"),
        (["88.5", "89", "88", "95", "60"], "88.50", "84.10"),
        (["85.1", "85.2", "85.15", "99", "70"], "85.15", "84.89"),
    ],
)
def test_published_trim_vectors(marks: list[str], trimmed: str, plain: str) -> None:
    mean = replace(RULES, aggregation=Aggregation(method="mean"))
    assert (scores(compute(inputs([marks])))[1], scores(compute(inputs([marks], mean)))[1]) == (
        trimmed,
        plain,
    )


def test_half_is_rounded_up_as_people_do() -> None:
    mean = replace(RULES, aggregation=Aggregation(method="mean", min_judges=1))
    assert scores(compute(inputs([["88.25", "88"], ["2.67", "2.68"]], mean))) == {1: "88.13", 2: "2.68"}


def test_the_tie_ladder_of_seven_judges() -> None:
    rows = [["96", "93", "92", "91", "90", "89", "80"], ["95", "94", "92", "90", "90", "89", "85"]]
    for step, high, low in (("second_highest", "94", "93"), ("sum_all", "635", "631")):
        output = compute(inputs(rows, replace(RULES, ties=[TieStep(step)])))
        tie = output.standings[0].tie
        assert ranks(output) == [(2, 1), (1, 2)]
        assert tie is not None
        assert (tie.key, tie.values["high"], tie.values["low"]) == ("decide.tie", high, low)


CHAIN = replace(RULES, ties=[TieStep("median"), TieStep("share"), TieStep("draw")])


def test_shared_ranks_where_the_chain_ends() -> None:
    output = compute(
        inputs(
            [["90"] * 3, ["90"] * 3, ["80"] * 3],
            replace(RULES, ties=[TieStep("median"), TieStep("share"), TieStep("draw")]),
        )
    )
    assert ranks(output) == [(1, 1), (2, 1), (3, 3)]
    assert output.standings[0].tie is not None
    assert output.standings[0].tie.key == "decide.shared"


def test_the_chair_decides_and_both_totals_are_named() -> None:
    rows = [["80", "90", "85"], ["90", "80", "85"]]
    tie = compute(inputs(rows, replace(RULES, ties=[TieStep("chair")]))).standings[0].tie
    assert tie is not None
    assert (tie.values["above"], tie.values["high"], tie.values["low"]) == ("2", "90", "80")


def test_the_earlier_stage_decides() -> None:
    earlier = [EarlierIn(9, 9, "d", {"1": "81.20", "2": "81.25"}, 1)]
    output = compute(inputs([["80"] * 3, ["80"] * 3], replace(RULES, ties=[TieStep("earlier_stage")]), earlier=earlier))
    assert ranks(output) == [(2, 1), (1, 2)]


def test_a_drawn_tie_is_the_same_for_everybody_who_repeats_it() -> None:
    rules = replace(RULES, ties=[TieStep("draw")])
    first = compute(inputs([["80"] * 3] * 4, rules))
    assert ranks(first) == ranks(compute(inputs([["80"] * 3] * 4, rules)))
    assert [rank for _, rank in ranks(first)] == [1, 2, 3, 4]


def test_pass_mark_cap_and_ties_in() -> None:
    """The rule of a real online round: at least 70.00, the first ten, ties at the last place all advance."""
    rows = [[f"{90 - n}"] * 3 for n in range(9)] + [["78.33"] * 3] * 2 + [["69.99"] * 3]
    rules = replace(RULES, advancement=Advancement(method="top", number=10, pass_mark="70", at_line="include_all"))
    output = compute(inputs(rows, rules))
    assert [row.entry for row in output.standings if row.advances] == list(range(1, 12))
    assert (output.cut.line, output.cut.after, output.cut.passed) == ("78.33", 11, 11)
    assert output.standings[-1].why.key == "advance.out_pass"


@pytest.mark.parametrize(("rounding", "expected"), [("ceil", 3), ("floor", 2)])
def test_a_share_advances_rounded_as_declared(rounding: str, expected: int) -> None:
    rules = replace(RULES, advancement=Advancement(method="share", share="40", share_rounding=rounding))
    output = compute(inputs([[f"{90 - n}"] * 3 for n in range(6)], rules))
    assert output.cut.passed == expected


def test_places_of_a_group_are_shared_by_its_calls() -> None:
    rules = replace(RULES, advancement=Advancement(method="top", number=9, quotas={"startup": 2}, per="group"), awards=[])
    base = inputs(
        [["90"] * 3, ["80"] * 3, ["85"] * 3, ["95"] * 3],
        rules,
    )
    calls = {1: 1, 2: 1, 3: 2, 4: 2}
    pooled = replace(base, group="startup", entries=[EntryIn(e, calls[e], "startup") for e in calls])
    first, second = compute(pooled), compute(replace(pooled, call=2))
    assert (
        [r.entry for r in first.standings if r.advances],
        [r.entry for r in second.standings if r.advances],
    ) == ([1], [4])
    assert (ranks(first), ranks(second)) == ([(1, 1), (2, 2)], [(4, 1), (3, 2)])


def test_awards_follow_ranks_and_stay_vacant_below_their_score() -> None:
    awards = [
        AwardLevel("gold", Text("金奖"), 1, min_score="90"),
        AwardLevel("silver", Text("银奖"), 2),
        AwardLevel("bronze", Text("铜奖"), 5),
    ]
    output = compute(inputs([["89"] * 3, ["88"] * 3, ["87"] * 3, ["86"] * 3], replace(RULES, awards=awards)))
    assert [(a.key, a.entries, a.vacant, a.reason.key if a.reason else None) for a in output.awards] == [
        ("gold", [], 1, "award.below"), ("silver", [1, 2], 0, None), ("bronze", [3, 4], 3, "award.nobody_left"),
    ]  # fmt: skip


def test_a_shared_rank_at_the_end_of_a_level_takes_a_place_of_the_next() -> None:
    awards = [AwardLevel("gold", Text("金奖"), 1), AwardLevel("silver", Text("银奖"), 2)]
    output = compute(inputs([["90"] * 3, ["90"] * 3, ["80"] * 3, ["70"] * 3], replace(RULES, awards=awards)))
    assert [a.entries for a in output.awards] == [[1, 2], [3]]


def test_the_earlier_stage_is_carried_by_its_weight() -> None:
    rules = replace(RULES, carry_over="weighted", carry_weight=30)
    earlier = [EarlierIn(9, 9, "d", {"1": "90.00", "2": "80.00"}, 1)]
    output = compute(inputs([["80"] * 3, ["85"] * 3], rules, earlier=earlier))
    assert scores(output) == {1: "83.00", 2: "83.50"}
    assert output.standings[0].steps[-1].key == "result.carried_weighted"


def test_carrying_over_without_an_earlier_result_is_refused() -> None:
    with pytest.raises(EngineRefusal):
        compute(inputs([["80"] * 3], replace(RULES, carry_over="sum")))


def test_judges_of_several_categories_are_weighted() -> None:
    rules = replace(
        RULES,
        aggregation=Aggregation(
            method="categories",
            category_weights=[CategoryWeight("technical", 60), CategoryWeight("investor", 40)],
        ),
    )
    base = inputs([["90", "80", "70"]], rules)
    mixed = replace(base, judges=[JudgeIn(1, "technical"), JudgeIn(2, "technical"), JudgeIn(3, "investor")])
    assert scores(compute(mixed)) == {1: "79.00"}


def test_weights_of_hundred_point_items() -> None:
    rubric = Rubric(
        mode="weights",
        full="100",
        step="0.5",
        criteria=[Criterion("a", Text("甲"), weight="33.3"), Criterion("b", Text("乙"), weight="66.7")],
    )
    rules = replace(RULES, rubrics={"*": rubric}, aggregation=Aggregation(method="mean", min_judges=1))
    base = inputs([["0"]], rules)
    output = compute(replace(base, sheets=[SheetIn(1, 1, {"a": "90", "b": "80.5"})]))
    assert output.standings[0].exact == str(Fraction("83.6635"))
    assert scores(output) == {1: "83.66"}


def test_deductions_and_gates() -> None:
    rubric = replace(
        ONE,
        deductions=[Deduction("late", Text("超时"), "5")],
        gates=[Gate("topic", Text("切题"), blocks=True), Gate("note", Text("推荐"))],
    )
    rules = replace(RULES, rubrics={"*": rubric}, aggregation=Aggregation(method="mean"))
    yes, no = {"all": "90", "topic": "1", "note": "0"}, {"all": "95", "topic": "0", "note": "1"}
    sheets = [SheetIn(1, j, yes | ({"late": "3"} if j == 1 else {})) for j in (1, 2, 3)]
    sheets += [SheetIn(2, 1, yes)] + [SheetIn(2, j, no) for j in (2, 3)]
    output = compute(replace(inputs([["90"] * 3, ["90"] * 3], rules), sheets=sheets))
    assert [(row.entry, row.score, row.status) for row in output.standings] == [
        (1, "89.00", "ok"),
        (2, None, "gated"),
    ]


def test_a_big_spread_is_marked_and_changes_nothing() -> None:
    row = compute(inputs([["90", "75", "80"], ["90", "74.99", "80"]])).standings
    assert [(r.entry, r.spread, r.disagrees) for r in row] == [(1, "15", False), (2, "15.01", True)]


def test_dropped_marks_are_shown_as_dropped() -> None:
    lines = compute(inputs([["88", "90", "86.5", "91", "87"]])).standings[0].judges
    assert [line.fate for line in lines] == ["kept", "kept", "dropped", "dropped", "kept"]


def test_absent_judges_block_or_reduce_as_the_rules_say() -> None:
    rows = [["88", "90", "86", None], ["80", "80", "80", "80"]]
    absent = [AbsenceIn(1, 4, "absent")]
    for missing, status, score in (
        ("block", "blocked", None),
        ("substitute", "blocked", None),
        ("reduce", "untrimmed", "88.00"),
    ):
        output = compute(inputs(rows, replace(RULES, aggregation=Aggregation(missing=missing)), absences=absent))
        row = next(r for r in output.standings if r.entry == 1)
        assert (row.status, row.score) == (status, score)


def test_dropping_alike_drops_from_nobody_where_one_entry_has_too_few_judges() -> None:
    rows = [["90", "80", "80", "70", "60"], ["81", "82", "83", "84", None]]
    absent = [AbsenceIn(2, 5, "absent")]
    for method, first, warning in (("trimmed", "76.67", "warning.untrimmed"), ("trimmed_alike", "76.00", "warning.untrimmed_alike")):
        rules = replace(RULES, aggregation=Aggregation(method=method, missing="reduce"))
        output = compute(inputs(rows, rules, absences=absent))
        assert scores(output) == {1: first, 2: "82.50"}
        assert [step.key for step in output.warnings] == ["warning.different_n", warning]
    told = next(row for row in output.standings if row.entry == 1).steps[0]
    assert (told.key, told.values["least"]) == ("explain.untrimmed_alike", "4")
    assert say(told, Names("en")).startswith("5 valid judges, but some entry has only 4, fewer than 5;")


def test_a_mark_beyond_the_full_mark_is_refused_with_its_place() -> None:
    with pytest.raises(EngineRefusal, match="entry 1, judge 2, criterion all"):
        compute(inputs([["90", "100.01", "80"]]))


def test_weights_that_do_not_add_up_are_refused() -> None:
    rubric = Rubric(full="100", criteria=[Criterion("a", Text("甲"), full="95")])
    with pytest.raises(EngineRefusal):
        compute(replace(inputs([["90"] * 3]), rules=replace(RULES, rubrics={"*": rubric})))


def test_an_excluded_entry_that_holds_its_place_pulls_nobody_up() -> None:
    rules = replace(RULES, advancement=Advancement(method="top", number=2), awards=[AwardLevel("gold", Text("金奖"), 1)])
    rows = [["90"] * 3, ["85"] * 3, ["80"] * 3]
    held = compute(inputs(rows, rules, exclusions=[ExclusionIn(1, "withdrawn", True)]))
    gone = compute(inputs(rows, rules, exclusions=[ExclusionIn(1, "disqualified")]))
    assert [r.entry for r in held.standings if r.advances] == [2]
    assert [r.entry for r in gone.standings if r.advances] == [2, 3]
    assert (held.awards[0].entries, held.standings[0].status) == ([2], "withdrawn")


MARKS = st.integers(0, 10000).map(lambda n: f"{Decimal(n) / 100:f}")
TABLES = st.integers(3, 8).flatmap(lambda judges: st.lists(st.lists(MARKS, min_size=judges, max_size=judges), min_size=1, max_size=9))


@settings(max_examples=150, deadline=None)
@given(TABLES, st.randoms(use_true_random=False))
def test_the_result_does_not_depend_on_the_order_of_rows(rows: list[list[str]], chance: random.Random) -> None:
    rules = replace(
        RULES,
        ties=[TieStep("untrimmed_mean"), TieStep("draw")],
        advancement=Advancement(method="top", number=3),
    )
    base = inputs(rows, rules)
    mixed = replace(
        base,
        **{name: chance.sample(list(getattr(base, name)), len(getattr(base, name))) for name in ("entries", "judges", "sheets")},
    )
    assert digest_of(ENGINE, base, compute(base)) == digest_of(ENGINE, mixed, compute(mixed))


@settings(max_examples=300, deadline=None)
@given(TABLES)
def test_a_second_computation_with_fractions_agrees(rows: list[list[str]]) -> None:
    """Written from the published rule alone: drop one highest and lowest from five judges on, mean, half up, shared ranks."""

    def by_hand(row: list[str]) -> tuple[Fraction, Decimal]:
        marks = sorted(Fraction(mark) for mark in row)
        kept = marks[1:-1] if len(marks) >= 5 else marks
        mean = sum(kept, Fraction(0)) / len(kept)
        return mean, (Decimal(mean.numerator) / Decimal(mean.denominator)).quantize(Decimal("0.01"), ROUND_HALF_UP)

    made = {e: by_hand(row) for e, row in enumerate(rows, 1)}
    output = compute(inputs(rows))
    assert scores(output) == {e: str(printed) for e, (_, printed) in made.items()}
    assert {row.entry: Fraction(row.exact) for row in output.standings} == {e: mean for e, (mean, _) in made.items()}
    assert dict(ranks(output)) == {e: 1 + sum(other > mine for _, other in made.values()) for e, (_, mine) in made.items()}
