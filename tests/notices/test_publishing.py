"""A notice: drafted, numbered, counted in working days, unchangeable, withdrawn with a reason."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from app.core.authz import SYSTEM
from app.core.states import IllegalTransition
from app.documents.queries import verify_code
from app.notices.enums import NoticeKind, NoticePhase
from app.notices.errors import BeginsInThePast, ContactMissing, NothingListed, NoticeIsPublished, NoWorkingDays
from app.notices.models import Notice
from app.notices.operations import draft_notice, drop_notice, edit_notice, publish_notice, withdraw_notice
from app.notices.operations.publishing import digest_of
from app.notices.phases import phase_of
from app.notices.queries import code_of_notice, public_notice, public_notices
from app.notices.rules import Column
from app.settings.models import CalendarDay
from tests.conftest import NOW
from tests.factories.accounts import make_organization

MONDAY = date(2026, 3, 16)
CONTACTS = {"contact": "人才办", "discipline_contact": "纪检组"}


def draft(session: Session, *, rows: list[dict[str, str]] | None = None, starts_on: date = MONDAY, days: int = 5, **texts: str) -> Notice:
    listed = [{"name": "张三", "phone": "13812345678"}] if rows is None else rows
    columns = [Column("name", "姓名", "Name", "name"), Column("phone", "电话", "Phone", "phone")]
    return draft_notice(
        session, kind=NoticeKind.RESULT, organization=make_organization(session), title="公示", columns=columns, rows=listed,
        starts_on=starts_on, working_days=days, actor=SYSTEM, now=NOW, **(CONTACTS | texts),
    )  # fmt: skip


def published(session: Session, **given: object) -> Notice:
    return publish_notice(session, notice=draft(session, **given), actor=SYSTEM, now=NOW)  # type: ignore[arg-type]


def test_numbers_follow_one_another_and_rows_are_masked(session: Session) -> None:
    first, second = published(session), published(session)
    assert (first.number, second.number) == ("GS-2026-0001", "GS-2026-0002")
    assert first.rows == [{"name": "张三", "phone": "138****5678"}]


def test_the_period_is_counted_in_working_days_with_the_first(session: Session) -> None:
    assert published(session).ends_on == date(2026, 3, 20)


def test_a_holiday_marked_before_publication_moves_the_last_day(session: Session) -> None:
    notice = draft(session)
    session.add(CalendarDay(day=date(2026, 3, 18), kind="holiday", name="", is_official=False))
    session.flush()
    assert publish_notice(session, notice=notice, actor=SYSTEM, now=NOW).ends_on == date(2026, 3, 23)


def test_open_and_over_follow_from_the_date(session: Session) -> None:
    notice = published(session, starts_on=MONDAY + timedelta(days=1))
    days = [MONDAY, MONDAY + timedelta(days=1), notice.ends_on, notice.ends_on + timedelta(days=1)]
    assert [phase_of(notice, day) for day in days] == [NoticePhase.UPCOMING, NoticePhase.OPEN, NoticePhase.OPEN, NoticePhase.OVER]


def test_what_is_published_does_not_change(session: Session) -> None:
    notice = published(session)
    assert notice.digest == digest_of(notice)
    with pytest.raises(NoticeIsPublished):
        edit_notice(session, notice=notice, starts_on=MONDAY, working_days=9, actor=SYSTEM, now=NOW, title="anders")
    with pytest.raises(NoticeIsPublished):
        drop_notice(session, notice=notice, actor=SYSTEM, now=NOW)
    with pytest.raises(IllegalTransition):
        publish_notice(session, notice=notice, actor=SYSTEM, now=NOW)


def test_what_a_notice_must_have(session: Session) -> None:
    for error, notice in (
        (ContactMissing, draft(session, contact=" ")),
        (ContactMissing, draft(session, discipline_contact="")),
        (NothingListed, draft(session, rows=[])),
        (BeginsInThePast, draft(session, starts_on=MONDAY - timedelta(days=1))),
    ):
        with pytest.raises(error):
            publish_notice(session, notice=notice, actor=SYSTEM, now=NOW)
    with pytest.raises(NoWorkingDays):
        draft(session, days=0)


def test_a_draft_does_not_exist_for_strangers(session: Session) -> None:
    draft(session)
    notice = published(session)
    assert [n.number for n in public_notices(session)] == [notice.number]
    assert public_notice(session, "GS-2026-0099") is None


def test_a_withdrawn_notice_stays_readable_and_says_why(session: Session) -> None:
    notice = published(session)
    code = code_of_notice(session, notice.id)
    assert code is not None
    withdraw_notice(session, notice=notice, reason="wrong list", actor=SYSTEM, now=NOW)
    found, verified = public_notice(session, notice.number or ""), verify_code(session, code)
    assert (found, phase_of(notice, MONDAY)) == (notice, NoticePhase.WITHDRAWN)
    assert verified is not None
    assert (verified.is_valid, verified.revoked_reason) == (False, "wrong list")
