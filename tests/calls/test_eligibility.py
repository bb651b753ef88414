"""Conditions of entry and what answers make of them."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from app.calls.presets import conditions as c
from app.calls.rules import EligibilityRule
from app.calls.rules.eligibility import Outcome, eligibility_faults, eligible, evaluate, questions
from app.dynforms.schema import Text

ON = date(2026, 3, 31)


@pytest.fixture(autouse=True)
def language(app: Flask):
    with app.test_request_context(headers={"Accept-Language": "en"}):
        yield


def outcome(rule: EligibilityRule, **answers: object) -> tuple[Outcome, str]:
    finding = evaluate([rule], answers, ON)[0]
    return finding.outcome, finding.reason


@pytest.mark.parametrize(
    ("born", "expected"),
    [("1976-01-01", Outcome.PASS), ("1975-12-31", Outcome.PASS), ("1974-12-31", Outcome.FAIL),
     ("1975-01-01", Outcome.FAIL), ("1975-01-02", Outcome.PASS)],
)  # fmt: skip
def test_age_counts_completed_years_on_the_day_that_the_rule_names(born: str, expected: Outcome):
    assert outcome(c.age_max(50, "2026-01-01"), birth_date=born)[0] == expected


def test_the_reason_names_the_figures():
    assert outcome(c.age_max(50, ""), birth_date="1970-05-01") == (Outcome.FAIL, "55 years old on 2026-03-31; the limit is 50.")


def test_the_reason_says_what_its_figures_count():
    assert outcome(c.experience_min(3), experience_years="1")[1] == "1 year given; at least 3 years required."
    assert outcome(c.team(3, 15)[1], team_size="16")[1] == "16 persons given; at most 15 persons allowed."
    assert outcome(c.revenue_max(20000), revenue_wan="90000")[1] == "CNY 900,000,000 given; at most CNY 200,000,000 allowed."


def test_a_declaration_is_asked_so_that_yes_means_to_declare_it():
    asked = questions([c.declares("未入选", "Not yet supported."), c.declares("是否在职？", "In office?"), c.ONE_ENTRY])
    assert [q.label for q in asked[:2]] == ["Do you declare: Not yet supported?", "In office?"]
    assert asked[2].label == "Do you already lead another entry of this edition?"


def test_the_question_for_a_prize_names_it():
    asked = questions([c.not_winner_within(2, Text("本赛事", "prize here"))])
    assert asked[0].label == "Year of the latest prize here (leave empty if none)"


def test_experience_is_waived_for_doctors_and_for_people_up_to_35():
    rule = c.experience_min(3, "degree:doctor,age:35")
    assert outcome(rule, experience_years="1", degree="doctor", birth_date="1980-01-01")[0] == Outcome.PASS
    assert outcome(rule, experience_years="1", degree="master", birth_date="1991-01-01")[0] == Outcome.PASS
    assert outcome(rule, experience_years="1", degree="master", birth_date="1980-01-01")[0] == Outcome.FAIL
    assert outcome(rule, experience_years="1", degree="master")[0] == Outcome.UNDETERMINED
    assert outcome(rule, experience_years="3")[0] == Outcome.PASS


def test_equity_of_20_percent_or_being_the_largest_holder():
    rule = c.equity_min(20)
    assert outcome(rule, equity_percent="20")[0] == Outcome.PASS
    assert outcome(rule, equity_percent="19.99")[0] == Outcome.FAIL
    assert outcome(rule, equity_percent="19.99", is_largest_holder=True)[0] == Outcome.PASS


def test_cash_paid_in_directly_or_through_a_holding_company():
    rule = c.paid_in_min(100, 200)
    assert outcome(rule, paid_in_wan="100")[0] == Outcome.PASS
    assert outcome(rule, paid_in_wan="150", paid_in_via_holding=True)[0] == Outcome.FAIL
    assert outcome(rule, paid_in_wan="200", paid_in_via_holding=True)[0] == Outcome.PASS


def test_registration_windows():
    assert outcome(c.registered_from("2025-01-01"), company_registered_on="2025-01-01")[0] == Outcome.PASS
    assert outcome(c.registered_from("2025-01-01"), company_registered_on="2024-12-31")[0] == Outcome.FAIL
    assert outcome(c.registered_before("2024-12-31"), company_registered_on="2024-12-31")[0] == Outcome.PASS


def test_a_district_lies_in_its_city():
    rule = c.not_registered_in("320500", Text("苏州市"))
    assert outcome(rule, company_area="320506")[0] == Outcome.FAIL
    assert outcome(rule, company_area="320100")[0] == Outcome.PASS
    assert outcome(rule, company_area="")[0] == Outcome.PASS
    assert outcome(rule)[0] == Outcome.UNDETERMINED


def test_earlier_winners():
    rule = c.not_winner_within(2, Text("本赛事"))
    assert outcome(rule, last_prize_year="")[0] == Outcome.PASS
    assert outcome(rule, last_prize_year="2024")[0] == Outcome.PASS
    assert outcome(rule, last_prize_year="2025")[0] == Outcome.FAIL


@pytest.mark.parametrize("answer", ["", "abc", "1e3", "NaN", "\x00", "９", 1.5, "9" * 400])
def test_what_cannot_be_read_stays_open(answer: object):
    assert outcome(c.revenue_max(20000), revenue_wan=answer)[0] == Outcome.UNDETERMINED


def test_each_fact_is_asked_once():
    rules = [*c.team(3, 15), c.age_max(55, ""), c.experience_min(3, "age:35"), c.equity_min(20)]
    assert [q.key for q in questions(rules)] == ["team_size", "birth_date", "experience_years", "equity_percent", "is_largest_holder"]


def test_a_verdict_needs_every_condition():
    rules = [c.revenue_max(20000), c.ONE_ENTRY]
    assert eligible(evaluate(rules, {"revenue_wan": "100", "leads_other_entry": "no"}, ON)) is True
    assert eligible(evaluate(rules, {"revenue_wan": "100"}, ON)) is None
    assert eligible(evaluate(rules, {"revenue_wan": "20000.01"}, ON)) is False


def test_conditions_that_cannot_be_stored():
    bad = [
        EligibilityRule("age_max", Text("?"), "fifty"),
        EligibilityRule("company_registered_from", Text("?"), "2025-13-01"),
        EligibilityRule("company_place", Text("?"), area="3"),
        EligibilityRule("flying", Text("?")),
        EligibilityRule("team_max", Text("?"), "5", unless="money:10"),
    ]
    assert [fault.where for fault in eligibility_faults(bad)] == [
        "eligibility-0-value", "eligibility-1-value", "eligibility-2-area", "eligibility-3-kind", "eligibility-4-unless",
    ]  # fmt: skip
    assert eligibility_faults([c.degree_min("master"), *c.team(1, 3), c.declares("诚信", "Honest")]) == []
