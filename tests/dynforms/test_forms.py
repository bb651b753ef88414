"""Forms made from definitions: what they take, what they refuse, what they give back."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import MultiDict

from app.dynforms.building import FIELD_BUILDERS, form_class
from app.dynforms.checks import faults, warnings
from app.dynforms.conditions import visibility_of
from app.dynforms.display import display
from app.dynforms.schema import (
    Column,
    Condition,
    Field,
    FieldKind,
    FormSchema,
    Option,
    Section,
    ShowIf,
    Text,
    Visibility,
)
from app.dynforms.values import UNANSWERED, fingerprint
from app.dynforms.words import count_words
from tests.conftest import NOW


def label(text: str) -> Text:
    return Text(zh=text, en=text)


def one(kind: FieldKind, **values: object) -> FormSchema:
    return FormSchema(fields=[Field(key="a", kind=kind, label=label("A"), **values)])


def posted(app, schema: FormSchema, data: dict, *, draft: bool = True):
    with app.test_request_context(method="POST", data=MultiDict(data)):
        form = form_class(schema, draft=draft, now=NOW, locale="en")()
        return form.validate(), form.answers(), form.errors


OPTIONS = [Option("x", label("X")), Option("y", label("Y"))]
TABLE = [Column("name", label("Name"), required=True), Column("sum", label("Sum"), FieldKind.NUMBER)]


@pytest.mark.parametrize(
    ("kind", "extra", "data", "answer"),
    [
        (FieldKind.TEXT, {}, {"x_a": " 智能 "}, "智能"),
        (FieldKind.LONG_TEXT, {}, {"x_a": "one\r\ntwo"}, "one\ntwo"),
        (FieldKind.NUMBER, {}, {"x_a": "12.50"}, "12.50"),
        (FieldKind.MONEY, {"places": 4}, {"x_a": "300"}, "300"),
        (FieldKind.DATE, {}, {"x_a": "1990-02-28"}, "1990-02-28"),
        (FieldKind.CHOICE, {"options": OPTIONS}, {"x_a": "x"}, "x"),
        (FieldKind.MULTI_CHOICE, {"options": OPTIONS}, {"x_a": ["y", "x"]}, ["x", "y"]),
        (FieldKind.YES_NO, {}, {"x_a": "no"}, False),
        (FieldKind.PERSON, {}, {"x_a-name": "Li", "x_a-unit": ""}, {"name": "Li"}),
        (FieldKind.ORGANIZATION, {}, {"x_a-name": "Works", "x_a-uscc": "1"}, {"name": "Works", "uscc": "1"}),
        (FieldKind.DECLARATION, {}, {"x_a": "y"}, True),
        (FieldKind.TABLE, {"columns": TABLE}, {"x_a-0-x_name": "N", "x_a-0-x_sum": "1.5", "x_a-1-x_name": ""},
         [{"name": "N", "sum": "1.5"}]),
    ],
)  # fmt: skip
def test_every_kind_gives_back_a_plain_answer_that_fills_the_form_again(app, session, kind, extra, data, answer):
    schema = one(kind, **extra)
    ok, answers, errors = posted(app, schema, data)
    assert (ok, answers, errors) == (True, {"a": answer}, {})
    with app.test_request_context():
        again = form_class(schema, draft=True, now=NOW, locale="en").filled(answers)
        assert again.answers() == answers


def test_every_kind_that_has_an_answer_has_a_builder():
    assert set(FIELD_BUILDERS) == set(FieldKind) - UNANSWERED


@pytest.mark.parametrize(
    ("kind", "extra", "value"),
    [
        (FieldKind.NUMBER, {}, "1e3"), (FieldKind.NUMBER, {}, "１２"), (FieldKind.NUMBER, {}, "NaN"), (FieldKind.NUMBER, {}, "1,000"),
        (FieldKind.NUMBER, {}, "1.234"), (FieldKind.NUMBER, {"high": "10"}, "11"), (FieldKind.NUMBER, {}, "9" * 40),
        (FieldKind.DATE, {}, "2026-02-30"), (FieldKind.DATE, {}, "9999-01-01"), (FieldKind.DATE, {}, "today"),
        (FieldKind.CHOICE, {"options": OPTIONS}, "z"), (FieldKind.MULTI_CHOICE, {"options": OPTIONS}, "z"),
        (FieldKind.YES_NO, {}, "perhaps"), (FieldKind.TEXT, {}, "a\0b"), (FieldKind.TEXT, {}, "a" * 3000),
        (FieldKind.LONG_TEXT, {}, "a" * 30_000), (FieldKind.TEXT, {}, "a\u202eb"),
    ],
)  # fmt: skip
def test_what_cannot_be_stored_is_refused_beside_its_field_even_in_a_draft(app, session, kind, extra, value):
    ok, _answers, errors = posted(app, one(kind, **extra), {"x_a": value})
    assert not ok
    assert list(errors) == ["x_a"]


def test_a_draft_may_be_empty_and_a_final_form_may_not(app, session):
    schema = one(FieldKind.TEXT, required=True)
    assert posted(app, schema, {"x_a": ""})[0] is True
    ok, _answers, errors = posted(app, schema, {"x_a": ""}, draft=False)
    assert not ok
    assert list(errors) == ["x_a"]


def test_chinese_characters_and_latin_runs_are_words():
    assert count_words("智能 AI 平台 v2.0") == 6
    assert count_words("") == 0
    assert count_words("state-of-the-art 技术") == 3


def test_word_limits_hold_at_the_limit_and_not_beyond(app, session):
    schema = one(FieldKind.LONG_TEXT, max_words=5)
    with app.test_request_context():
        assert faults(schema, {"a": "一二三四五"}, now=NOW, locale="en") == []
        assert [f.key for f in faults(schema, {"a": "一二三四五六"}, now=NOW, locale="en")] == ["a"]


def conditional(join: str = "all") -> FormSchema:
    rule = ShowIf(join, [Condition("kind", "eq", "x"), Condition("age", "lt", "40")])
    return FormSchema(
        fields=[
            Field("kind", FieldKind.CHOICE, label("Kind"), options=OPTIONS),
            Field("age", FieldKind.NUMBER, label("Age")),
            Field("more", FieldKind.TEXT, label("More"), required=True, show_if=rule),
        ]
    )


@pytest.mark.parametrize(
    ("join", "answers", "outcome"),
    [
        ("all", {"kind": "x", "age": "39"}, True), ("all", {"kind": "x", "age": "40"}, False), ("all", {"kind": "x"}, None),
        ("all", {"kind": "y"}, False), ("all", {}, None), ("any", {"kind": "x"}, True), ("any", {"kind": "y"}, None),
        ("any", {"kind": "y", "age": "50"}, False),
    ],
)  # fmt: skip
def test_conditions_know_a_third_outcome_when_an_answer_is_missing(join, answers, outcome):
    assert visibility_of(conditional(join), answers)["more"] is outcome


def test_the_answer_of_a_hidden_field_counts_as_missing():
    schema = FormSchema(
        fields=[
            Field("a", FieldKind.YES_NO, label("A")),
            Field("b", FieldKind.TEXT, label("B"), show_if=ShowIf("all", [Condition("a", "eq", True)])),
            Field("c", FieldKind.TEXT, label("C"), show_if=ShowIf("all", [Condition("b", "filled")])),
        ]
    )
    assert visibility_of(schema, {"a": False, "b": "old words"})["c"] is False


def test_a_field_that_is_not_shown_is_not_demanded(app, session):
    with app.test_request_context():
        assert faults(conditional(), {"kind": "y"}, now=NOW, locale="en") == []
        assert [f.key for f in faults(conditional(), {"kind": "x", "age": "1"}, now=NOW, locale="en")] == ["more"]


def test_a_frozen_field_leaves_the_form_and_a_late_one_becomes_required(app, session):
    frozen = one(FieldKind.TEXT, frozen_after=NOW)
    assert form_class(frozen, draft=True, now=NOW, locale="en").keys == ()
    late = one(FieldKind.TEXT, required_after=NOW)
    with app.test_request_context():
        assert faults(late, {}, now=NOW.replace(hour=1), locale="en") == []
        assert [f.key for f in faults(late, {}, now=NOW, locale="en")] == ["a"]


def test_an_odd_credit_code_is_warned_of_and_not_refused(app, session):
    schema = one(FieldKind.ORGANIZATION)
    answers = {"a": {"name": "Works", "uscc": "91110000600037341K"}}
    with app.test_request_context():
        assert faults(schema, answers, now=NOW, locale="en") == []
        assert [w.key for w in warnings(schema, answers)] == ["a"]


def test_each_audience_reads_only_its_classes(app, session):
    schema = FormSchema(
        sections=[Section("s", label("S"))],
        fields=[Field(v.value, FieldKind.TEXT, label(v.value), section="s", visibility=v) for v in Visibility],
    )
    answers = {v.value: f"secret {v.value}" for v in Visibility}
    with app.test_request_context():

        def keys(audience: str) -> list[str]:
            return [f.key for s in display(schema, answers, audience=audience, locale="en") for f in s.fields]

        assert keys("public") == ["public"]
        assert keys("blind") == ["public", "blind_safe"]
        assert keys("judges") == ["public", "blind_safe", "judges"]
        assert keys("staff") == ["public", "blind_safe", "judges", "staff"]
        masked = display(schema, answers, audience="staff", locale="en", masked=True)[0].fields[-1]
        assert (masked.masked, "secret" in masked.text) == (True, False)


def test_a_table_with_too_few_rows_or_a_missing_cell_says_which(app, session):
    schema = one(FieldKind.TABLE, columns=TABLE, min_rows=2)
    with app.test_request_context():
        assert len(faults(schema, {"a": [{"name": "N"}]}, now=NOW, locale="en")) == 1
        found = faults(schema, {"a": [{"name": "N"}, {"sum": "2"}]}, now=NOW, locale="en")
    assert [f.key for f in found] == ["a"]
    assert "2" in found[0].text
    assert "Name" in found[0].text


def test_fingerprints_differ_when_answers_differ():
    assert fingerprint({"b": 1, "a": 2}) == fingerprint({"a": 2, "b": 1})
    assert fingerprint("a") != fingerprint("b")
    assert fingerprint("") == fingerprint(None) == "0"


def test_a_table_shows_spare_rows_up_to_its_limit(app, session):
    rows = [{"name": f"N{n}"} for n in range(3)]
    with app.test_request_context():
        wide = form_class(one(FieldKind.TABLE, columns=TABLE, max_rows=10), draft=True, now=NOW, locale="en").filled({"a": rows})
        full = form_class(one(FieldKind.TABLE, columns=TABLE, max_rows=4), draft=True, now=NOW, locale="en").filled({"a": rows})
        assert (len(wide.input_of("a").entries), len(full.input_of("a").entries)) == (5, 4)
        assert wide.answers() == full.answers() == {"a": rows}


@pytest.mark.parametrize("kind", [FieldKind.CHOICE, FieldKind.YES_NO])
def test_a_radio_group_left_alone_is_no_answer_and_no_fault(app, kind: FieldKind):
    schema = FormSchema(fields=[*one(kind, options=OPTIONS).fields, Field(key="b", kind=FieldKind.TEXT, label=label("B"))])
    is_valid, answers, errors = posted(app, schema, {"x_b": "typed"})
    assert (is_valid, answers, errors) == (True, {"a": None, "b": "typed"}, {})
    assert posted(app, schema, {"x_a": "elsewhere"})[0] is False


def test_a_person_who_cannot_be_reached_is_told_before_handing_in() -> None:
    schema = one(FieldKind.PERSON)
    odd = {"a": {"name": "Lin", "phone": "abc", "email": "lin@"}}
    assert [fault.text for fault in faults(schema, odd, now=NOW, locale="en")] == [
        "This is not an e-mail address: lin@.", "This is not a phone number: abc.",
    ]  # fmt: skip
    assert faults(schema, {"a": {"name": "Lin", "phone": "0510-5551234", "email": "lin@example.org"}}, now=NOW, locale="en") == []
