"""Certificates and the notice of the result that they rest on."""

from __future__ import annotations

from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.core import clock
from app.notices.operations import publish_notice, withdraw_notice
from app.results.operations import compute_run, propose_run, release_run
from app.results.operations.notices import draft_result_notice
from app.results.queries import unsettled_notices
from tests.conftest import NOW
from tests.factories.accounts import acting
from tests.factories.results import make_world
from tests.support.client import html, words

TODAY = clock.local_date(clock.now())
FIRST_DAY = TODAY + timedelta(days=1)
WARNING = "奖项仍可能变动"


def test_whoever_issues_certificates_before_the_notice_is_over_is_told_and_asked(client: FlaskClient, session: Session) -> None:
    world = make_world(session, [["90"] * 5, ["80.5"] * 5, ["70"] * 5])
    organizer, host = acting(session, world.organizer), acting(session, world.host)
    run = compute_run(session, stage=world.stage, call=world.call, actor=organizer, now=NOW)
    propose_run(session, run=run, actor=organizer, now=NOW)
    release_run(session, run=run, actor=host, now=NOW)
    session.commit()
    client.sign_in(world.organizer)
    page = f"/manage/{world.edition.code}/certificates/"

    def shown() -> tuple[bool, bool]:
        """Whether the page warns, and whether the button asks first."""
        answer = client.get(page)
        button = html(answer).select_one(f'form[action="{page}issue/zh_CN"]')
        return WARNING in words(answer), button.find_parent("details") is not None

    assert shown() == (True, True), "no notice has been published"
    texts = {"contact": "Lin, 5550", "address": "Lake Road 1", "discipline_contact": "5551"}
    notice = draft_result_notice(session, run=run, title="公示", starts_on=FIRST_DAY, working_days=5, actor=host, now=clock.now(), **texts)
    publish_notice(session, notice=notice, actor=host, now=clock.now())
    session.commit()
    assert shown() == (True, True)
    assert "结果公示期至" in words(client.get(page))
    assert unsettled_notices(session, world.edition, notice.ends_on) == (False, notice.ends_on), "the last day belongs to the period"
    assert unsettled_notices(session, world.edition, notice.ends_on + timedelta(days=1)) == (False, None)
    notice.ends_on = notice.starts_on = TODAY - timedelta(days=1)
    session.commit()
    assert shown() == (False, False)
    withdraw_notice(session, notice=notice, reason="a name was wrong", actor=host, now=clock.now())
    session.commit()
    assert shown() == (True, True)
