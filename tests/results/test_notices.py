"""Notices of results over HTTP: from the run to the public list, as the rules allow."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from msgspec.structs import replace
from pypdf import PdfReader
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.calls.rules import Disclosure
from app.core import clock
from app.notices.enums import NoticeState
from app.notices.models import Notice
from app.results.operations import compute_run, propose_run, release_run
from tests.conftest import NOW
from tests.factories.accounts import acting
from tests.factories.results import RULES, World, make_world
from tests.support.client import html, words

ROWS = [["90"] * 5, ["80.5"] * 5, ["70"] * 5]


def run_of(session: Session, *, release: bool = True, disclosure: Disclosure = RULES.disclosure) -> tuple[World, int]:
    world = make_world(session, ROWS, rules=replace(RULES, disclosure=disclosure))
    who = acting(session, world.organizer)
    run = compute_run(session, stage=world.stage, call=world.call, actor=who, now=NOW)
    if release:
        propose_run(session, run=run, actor=who, now=NOW)
        release_run(session, run=run, actor=acting(session, world.host), now=NOW)
    session.commit()
    return world, run.id


def texts(**change: str) -> dict[str, str]:
    start = clock.local_date(clock.now()) + timedelta(days=1)
    return {
        "title": "结果公示",
        "starts_on": start.isoformat(),
        "working_days": "5",
        "contact": "赛事办",
        "discipline_contact": "纪检组",
    } | change


def base(world: World) -> str:
    return f"/manage/{world.edition.code}/notices/"


def test_from_run_to_published_notice(client: FlaskClient, session: Session) -> None:
    world, run_id = run_of(session)
    client.sign_in(world.organizer)
    assert client.get(f"{base(world)}new?run={run_id}").status_code == 200
    page = client.post(f"{base(world)}new?run={run_id}", data=texts()).location
    assert client.post(f"{page}/publish").status_code == 403
    client.sign_in(world.host)
    assert client.post(f"{page}/publish").status_code == 303
    notice = session.scalars(select(Notice)).one()
    assert (notice.state, [row["score"] for row in notice.rows]) == (NoticeState.PUBLISHED, ["90.00", "80.50", "70.00"])
    text = PdfReader(io.BytesIO(client.get(f"{page}.pdf").data)).pages[0].extract_text()
    assert notice.number is not None
    assert notice.number in text
    assert "纪检组" in text


def test_scores_stay_inside_where_the_rules_keep_them(client: FlaskClient, session: Session) -> None:
    world, run_id = run_of(session, disclosure=Disclosure(public_scores=False))
    client.sign_in(world.organizer)
    client.post(f"{base(world)}new?run={run_id}", data=texts())
    notice = session.scalars(select(Notice)).one()
    assert [column["key"] for column in notice.columns] == ["rank", "code", "title", "unit", "award"]
    assert "80.50" not in str(notice.rows)


def test_an_unreleased_run_has_no_notice(client: FlaskClient, session: Session) -> None:
    world, run_id = run_of(session, release=False)
    client.sign_in(world.host)
    assert client.get(f"{base(world)}new?run={run_id}").status_code == 404
    assert client.post(f"{base(world)}new?run={run_id}", data=texts()).status_code == 404


@pytest.mark.parametrize(
    "change",
    [
        {"title": ""},
        {"title": "x" * 300},
        {"starts_on": "tomorrow"},
        {"starts_on": "9999-12-31"},
        {"working_days": "0"},
        {"working_days": "99999999999999"},
        {"contact": ""},
        {"contact": "a\x00b"},
    ],
)
def test_bad_texts_are_refused_beside_their_field(client: FlaskClient, session: Session, change: dict[str, str]) -> None:
    world, run_id = run_of(session)
    client.sign_in(world.organizer)
    assert client.post(f"{base(world)}new?run={run_id}", data=texts(**change)).status_code == 422
    assert session.scalar(select(func.count()).select_from(Notice)) == 0


def test_a_notice_that_would_begin_in_the_past_is_not_published(client: FlaskClient, session: Session) -> None:
    world, run_id = run_of(session)
    client.sign_in(world.host)
    page = client.post(f"{base(world)}new?run={run_id}", data=texts(starts_on="2026-03-16")).location
    assert client.post(f"{page}/publish").status_code == 422


def test_a_draft_is_edited_thrown_away_and_a_published_one_withdrawn(client: FlaskClient, session: Session) -> None:
    world, run_id = run_of(session)
    client.sign_in(world.host)
    page = client.post(f"{base(world)}new?run={run_id}", data=texts()).location
    assert client.post(f"{page}/edit", data=texts(title="另一标题")).status_code == 303
    assert client.post(f"{page}/drop").status_code == 303
    assert client.get(page).status_code == 404
    page = client.post(f"{base(world)}new?run={run_id}", data=texts()).location
    client.post(f"{page}/publish")
    assert client.post(f"{page}/withdraw", data={"reason": ""}).status_code == 422
    assert client.post(f"{page}/withdraw", data={"reason": "wrong list published"}).status_code == 303
    assert client.post(f"{page}/edit", data=texts()).status_code == 422


def test_notices_of_another_edition_do_not_exist(client: FlaskClient, session: Session) -> None:
    world, run_id = run_of(session)
    other, _ = run_of(session)
    client.sign_in(world.host)
    page = client.post(f"{base(world)}new?run={run_id}", data=texts()).location
    number = page.rsplit("/", 1)[-1]
    client.sign_in(other.host)
    assert client.get(page).status_code == 404
    assert client.get(f"{base(other)}{number}").status_code == 404
    assert client.get(f"{base(other)}new?run={run_id}").status_code == 404


def test_the_english_notice_names_prizes_and_purpose_in_english(client: FlaskClient, session: Session) -> None:
    world, run_id = run_of(session)
    client.sign_in(world.organizer)
    form = html(client.get(f"{base(world)}new?run={run_id}"))
    proposed = {box["name"]: box.get_text().strip() for box in form.select("main textarea[name^=body]")}
    page = client.post(f"{base(world)}new?run={run_id}", data=texts(**proposed)).location
    client.sign_in(world.host)
    client.post(f"{page}/publish")
    notice = session.scalars(select(Notice)).one()
    awards = [(row["award"], row.get("award_en", row["award"])) for row in notice.rows if row["award"]]
    shown = client.get(f"/notices/{notice.number}", headers={"Accept-Language": "en"})
    assert proposed["body_en"] in words(shown)
    assert proposed["body"] not in words(shown)
    for chinese, english in awards:
        assert (chinese != english, english in words(shown), chinese in words(shown)) == (True, True, False)
    assert awards != []
