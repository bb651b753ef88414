"""The questions before an entry begins, over HTTP."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.calls.rules import CallRules, EligibilityRule
from app.core import clock
from app.dynforms.schema import Text
from app.entries.models import Entry
from tests.accounts.people import member, sign_in
from tests.factories.accounts import make_user
from tests.factories.entries import make_call
from tests.support.client import html, words

TODAY = clock.now()


def open_call(session, **values):
    return make_call(session, opens_at=TODAY - timedelta(days=2), closes_at=TODAY + timedelta(days=9), **values)


RULES = CallRules(eligibility=[EligibilityRule("age_max", Text("出生日期", "Date of birth"), "45", on="2026-12-31")])


def path(call, step: str) -> str:
    return f"/contests/{call.edition.code}/{call.code}/{step}"


def test_questions_come_first_and_each_condition_has_its_reason(client, session):
    call = open_call(session, rules=RULES)
    assert client.get(path(call, "check")).status_code == 200
    client.post(path(call, "check"), data={"birth_date": "1950-01-01"})
    page = html(client.get(path(call, "check")))
    assert page.select_one("#result .tone-danger") is not None
    client.post(path(call, "check"), data={"birth_date": "1990-01-01"})
    assert html(client.get(path(call, "check"))).select_one(f"a[href='{path(call, 'start')}']") is not None


def test_the_account_comes_second_and_the_answers_go_along(client, session):
    call = open_call(session, rules=RULES)
    client.post(path(call, "check"), data={"birth_date": "1990-01-01"})
    assert "sign-in" in client.get(path(call, "start")).location
    user = member(session)
    assert sign_in(client, next=path(call, "start")).location == path(call, "start")
    answer = client.post(path(call, "start"), data={"title": "Pump"})
    made = session.scalars(select(Entry).where(Entry.leader_id == user.id)).one()
    assert answer.location == f"/my/entries/{made.code}"
    assert (made.eligibility["passed"], made.eligibility["answers"]) == (True, {"birth_date": "1990-01-01"})


def test_who_is_not_eligible_cannot_begin(client, session):
    call = open_call(session, rules=RULES)
    client.sign_in(make_user(session))
    client.post(path(call, "check"), data={"birth_date": "1950-01-01"})
    assert client.post(path(call, "start"), data={"title": "Pump"}).status_code == 422
    assert session.scalars(select(Entry).where(Entry.call_id == call.id)).all() == []


def test_an_unpublished_call_is_not_found(client, session):
    call = open_call(session)
    call.edition.state = "draft"
    session.flush()
    assert client.get(path(call, "check")).status_code == 404


@pytest.mark.parametrize("answers", [{"birth_date": "not a date"}, {"birth_date": "0001-01-01"}, {"birth_date": "a\0b"}])
def test_nonsense_in_the_questionnaire_is_refused_beside_its_field(client, session, answers):
    call = open_call(session, rules=RULES)
    assert client.post(path(call, "check"), data=answers).status_code == 422


PRIZES = CallRules(eligibility=[EligibilityRule("not_winner_within", Text("近三年未获奖", "No prize in three years"), "3"),
                                EligibilityRule("equity_min", Text("持股", "Share"), "30")])  # fmt: skip


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"last_prize_year": "90000"}, f"不得大于 {TODAY.year}"),
        ({"last_prize_year": "24"}, "不得小于 1900"),
        ({"equity_percent": "130"}, "不得大于 100"),
        ({"equity_percent": "-1"}, "不得小于 0"),
    ],
)
def test_a_number_that_can_only_be_mistyped_is_refused_beside_its_field(client, session, answers, said):
    call = open_call(session, rules=PRIZES)
    page = client.post(path(call, "check"), data={"last_prize_year": "", "equity_percent": "50", "is_largest_holder": "yes", **answers})
    (name,) = answers
    assert page.status_code == 422
    assert said in html(page).select_one(f"[name={name}]").find_parent(class_="field").get_text()


def test_the_year_of_a_prize_may_be_this_one_or_none(client, session):
    call = open_call(session, rules=PRIZES)
    for year in (str(TODAY.year), ""):
        answer = client.post(path(call, "check"), data={"last_prize_year": year, "equity_percent": "50", "is_largest_holder": "yes"})
        assert answer.status_code == 303
    assert "目前没有获奖" in words(client.get(path(call, "check"))) or "未获奖" in words(client.get(path(call, "check")))
