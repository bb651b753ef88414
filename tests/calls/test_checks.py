"""Faults of rubrics and stage rules, with their figures."""

from __future__ import annotations

import pytest
from flask import Flask
from msgspec.structs import replace

from app.calls.presets import PRESETS
from app.calls.presets.blocks import criterion
from app.calls.rules import Advancement, Aggregation, Band, CategoryWeight, Criterion, Deduction, Rubric, StageRules, TieStep, stretched
from app.calls.rules.checks import blocking, rubric_faults, stage_faults
from app.calls.stagekinds import JUDGED
from app.dynforms.schema import Text


@pytest.fixture(autouse=True)
def language(app: Flask):
    with app.test_request_context(headers={"Accept-Language": "en"}):
        yield


def rubric(*parts: str, **values: object) -> Rubric:
    """A rubric of criteria with these full marks."""
    criteria = [Criterion(f"c{n}", Text(f"C{n}"), full) for n, full in enumerate(parts, start=1)]
    return Rubric(**{"criteria": criteria, **values})  # type: ignore[arg-type]


def messages(found: list) -> list[str]:
    return [str(fault) for fault in found if fault.blocks]


#: Published rubrics (domain R2–R16): full mark, marks of the criteria.
@pytest.mark.parametrize(
    ("full", "parts", "step"),
    [
        ("100", ["15", "15", "10", "15", "15", "10", "10", "5", "5"], "1"),
        ("100", ["40", "30", "20", "10"], "1"),
        ("150", ["20", "5", "5", "10", "10", "10", "10", "10", "10", "10", "20", "20", "10"], "1"),
        ("10", ["2", "3.5", "3", "1.5"], "0.5"),
    ],
)
def test_published_rubrics_have_no_fault(full: str, parts: list[str], step: str):
    assert messages(rubric_faults(rubric(*parts, full=full, step=step))) == []


def test_weights_make_a_hundred():
    criteria = [Criterion(f"c{n}", Text(f"C{n}"), weight=w) for n, w in enumerate(["20", "15", "30", "15", "20"])]
    assert messages(rubric_faults(Rubric(mode="weights", criteria=criteria))) == []
    assert messages(rubric_faults(Rubric(mode="weights", criteria=criteria[:-1]))) == [
        "The weights add up to 20 + 15 + 30 + 15 = 80, but they must make 100. Judging cannot be opened by this rubric."
    ]


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (
            rubric("50", "20", "20", "5"),
            "The criteria add up to 50 + 20 + 20 + 5 = 95, but the full mark is 100. Judging cannot be opened by this rubric.",
        ),
        (rubric("100", full="0"), "The full mark must be a number above 0 and at most 10,000."),
        (rubric("100", full="NaN"), "The full mark must be a number above 0 and at most 10,000."),
        (rubric("100", step="0.3"), "The step must be 1, 0.5, 0.1 or 0.01."),
        (Rubric(), "The rubric has no criteria."),
        (rubric("99.5", "0.5"), "The full mark 99.5 of “C1” cannot be reached in steps of 1."),
        (rubric("100", "0"), "The full mark of “C2” must be above 0."),
        (rubric("1e2"), "Every criterion needs its full mark or weight as a plain number."),
        (rubric("100", deductions=[Deduction("d", Text("D"), "-1")]), "The deduction “D” needs a number above 0."),
    ],
)
def test_what_is_wrong_is_said_with_its_figures(bad: Rubric, said: str):
    assert said in messages(rubric_faults(bad))


@pytest.mark.parametrize(
    ("bands", "said"),
    [
        ([("0", "50"), ("60", "100")], "Between 50 and 60 “C” has no band."),
        ([("0", "50"), ("40", "100")], "Two bands of “C” overlap between 40 and 50."),
        ([("10", "100")], "The bands of “C” must reach from 0 to 100."),
    ],
)
def test_bands_cover_the_scale_once(bands: list[tuple[str, str]], said: str):
    made = [Band(low, high, Text("w")) for low, high in bands]
    assert messages(rubric_faults(Rubric(criteria=[Criterion("c", Text("C"), "100", bands=made)]))) == [said]


def test_parts_of_a_first_level_criterion_make_its_mark():
    top = Criterion("t", Text("T"), "50", children=[Criterion("a", Text("A"), "20"), Criterion("b", Text("B"), "80")])
    assert messages(rubric_faults(Rubric(criteria=[top]))) == ["The parts of “T” add up to 100, not to its 50."]


GOOD = StageRules(rubrics={"*": rubric("60", "40")}, advancement=Advancement(number=3))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"aggregation": Aggregation(trim_from=2)}, "With 2 judges, dropping 1 highest and 1 lowest leaves nothing."),
        ({"aggregation": Aggregation(method="trimmed_alike", trim_from=2)},
         "With 2 judges, dropping 1 highest and 1 lowest leaves nothing."),
        ({"aggregation": Aggregation(method="trimmed_alike"), "advancement": Advancement(number=3, per="stage")},
         "Dropping alike for all entries needs places that are counted in each division."),
        ({"aggregation": Aggregation(method="categories", category_weights=[CategoryWeight("technical", 60)])},
         "The weights of the judge categories add up to 60, not to 100."),
        ({"judges_per_entry": 2}, "Each entry goes to 2 judges, but 3 are required."),
        ({"advancement": Advancement(number=0)}, "Say how many advance."),
        ({"advancement": Advancement(method="share", share="140")}, "The share that advances must lie above 0 and at most at 100 percent."),
        ({"advancement": Advancement(number=1, pass_mark="101")}, "The pass mark 101 lies outside 0 to 100."),
        ({"ties": [TieStep("criterion", "c9")]}, "The tie chain names a criterion that no rubric has: c9."),
        ({"advancement": Advancement(number=1, at_line="tie_chain")},
         "Ties at the line are to be decided by the tie chain, but there is none."),
        ({"rubrics": {}}, "The stage has no rubric."),
        ({"carry_over": "weighted", "carry_weight": 100}, "The share of the earlier stage must lie between 1 and 99 percent."),
    ],
)  # fmt: skip
def test_a_stage_cannot_open_by_faulty_rules(change: dict[str, object], said: str):
    assert messages(stage_faults(GOOD)) == []
    assert said in messages(stage_faults(replace(GOOD, **change)))


def test_the_first_judged_stage_has_no_earlier_score():
    rules = replace(GOOD, ties=[TieStep("earlier_stage")])
    assert messages(stage_faults(rules, earlier=True)) == []
    assert messages(stage_faults(rules, earlier=False)) == [
        "The tie chain asks for an earlier stage, but this is the first that is judged."
    ]


@pytest.mark.parametrize("preset", sorted(PRESETS))
def test_the_presets_are_without_fault_or_warning(preset: str):
    seen_judged = False
    for stage in PRESETS[preset].stages:
        if stage.kind in JUDGED or stage.rules.checklist:
            found = stage_faults(stage.rules, judged=stage.kind in JUDGED, earlier=seen_judged)
            assert [str(fault) for fault in blocking(found)] == []
        seen_judged = seen_judged or stage.kind in JUDGED


def test_bands_that_nobody_touched_follow_the_full_mark():
    before = Rubric(step="0.1", criteria=[criterion("people", "团队", "Team", "40"), criterion("market", "市场", "Market", "60")])
    typed = replace(before, criteria=[replace(before.criteria[0], full="35"), replace(before.criteria[1], full="65")])
    after = stretched(before, typed)
    ranges = [f"{band.low}–{band.high}" for band in after.criteria[0].bands]
    assert ranges == ["29.8–35", "24.5–29.7", "19.2–24.4", "0–19.1"]
    assert (after.criteria[0].comment_below, after.criteria[0].bands[0].words) == ("19.1", before.criteria[0].bands[0].words)
    assert rubric_faults(after) == []
    assert rubric_faults(typed) != []


def test_bands_that_were_typed_stay_as_typed():
    before = Rubric(step="1", criteria=[criterion("people", "团队", "Team", "100", "1")])
    own = replace(before.criteria[0], full="50", bands=[Band("0", "50", Text("全部"))])
    typed = replace(before, full="50", criteria=[own])
    assert stretched(before, typed) == typed
    assert stretched(before, before) == before
