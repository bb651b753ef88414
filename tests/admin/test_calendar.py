"""Changing the working-day calendar: what it says to whoever does."""

from __future__ import annotations

from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.accounts.enums import Role
from app.notices.enums import NoticeKind
from app.notices.operations import draft_notice, publish_notice
from app.notices.rules import Column
from app.settings.models import CalendarDay
from tests.conftest import NOW
from tests.factories.accounts import acting, grant, make_organization, make_user
from tests.support.client import html, words

SAYING = "其公示期维持原公布内容"


@pytest.fixture
def admin(client: FlaskClient, session: Session) -> FlaskClient:
    user = make_user(session)
    grant(session, user, Role.SYSTEM_ADMIN)
    session.commit()
    return client.sign_in(user)


def mark(client: FlaskClient, day: str, kind: str = "holiday") -> str:
    answer = client.post("/admin/calendar/", data={"day": day, "kind": kind, "name": "停电"}, follow_redirects=True)
    return words(answer)


def test_a_day_within_a_published_notice_is_told_and_the_notice_stays(admin: FlaskClient, session: Session) -> None:
    actor = acting(session, make_user(session))
    notice = draft_notice(
        session, kind=NoticeKind.ANNOUNCEMENT, organization=make_organization(session), title="公示",
        columns=[Column("name", "名称", "Name")], rows=[{"name": "A"}], starts_on=date(2026, 3, 18),
        working_days=5, actor=actor, now=NOW, contact="5550",
        discipline_contact="5551",
        address="Lake Road 1",
    )  # fmt: skip
    publish_notice(session, notice=notice, actor=actor, now=NOW)
    session.commit()
    assert "1 份已公布的公示包含该日期" in mark(admin, "2026-03-24")
    assert SAYING not in mark(admin, "2026-03-25")
    session.refresh(notice)
    assert (notice.starts_on, notice.ends_on) == (date(2026, 3, 18), date(2026, 3, 24))
    cleared = words(admin.post("/admin/calendar/days/2026-03-24/clear", follow_redirects=True))
    assert SAYING in cleared


@pytest.mark.parametrize(("day", "said"), [("1026-10-02", "年份应在 2000 至 2100 之间。"), ("2026-10-01", "请在列表中清除该标记")])
def test_what_cannot_be_marked_is_said_with_the_way_on(admin: FlaskClient, session: Session, day: str, said: str) -> None:
    answer = admin.post("/admin/calendar/", data={"day": day, "kind": "workday" if day.startswith("2026") else "holiday", "name": "x"})
    assert answer.status_code == 422
    assert said in html(answer).select_one(".error-summary").get_text()
    assert session.query(CalendarDay).filter(CalendarDay.day == date.fromisoformat(day)).all() == []
