"""The talent office's part of the story: a programme, a fast track, checks, a notice, a second person."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.calls.models import Edition
from app.talent.models import Program, SelectionCheck, SelectionRecord, Tier
from tests.support.visitor import Journey

from .conftest import Cast


def open_fast_track(journey: Journey, cast: Cast, session: Session) -> None:
    """A programme with two checks by hand, one tier, and the rule that the first prize leads there."""
    officer = journey.person(cast.people["officer"])
    officer.send("/talent/programs/new", {
        "organization_id": str(cast.office.id), "code": "YC", "name": "演示英才计划", "notice_days": "5",
        "kinds": ["identity", "contest_valid", "landing", "credit"],
    })  # fmt: skip
    program = session.scalars(select(Program)).one()
    page = f"/talent/programs/{program.id}"
    officer.send(page, {"code": "A", "name": "领军", "support_wan": "300"}, form="tiers")
    tier = session.scalars(select(Tier)).one()
    edition = session.scalars(select(Edition)).one()
    officer.send(page, {"award": f"{edition.id}:first", "tier_id": str(tier.id)}, form="tracks")


def select_winner(journey: Journey, cast: Cast, session: Session) -> None:
    """The record exists by itself after the release; it is checked, put on notice, and confirmed by another person."""
    record = session.scalars(select(SelectionRecord)).one()
    officer, second = journey.person(cast.people["officer"]), journey.person(cast.people["second officer"])
    page = f"/talent/records/{record.number}"
    for check_id in session.scalars(select(SelectionCheck.id).where(SelectionCheck.result == "pending")).all():
        officer.send(page, {"result": "pass", "reason": "已核对原件"}, form=f"checks/{check_id}")
    officer.send(page, {}, form="finish")
    officer.send(f"/talent/notices/new?ids={record.id}", {
        "title": "拟入选人选公示", "contact": "演示办公室", "discipline_contact": "演示纪检",
    })  # fmt: skip
    session.expire_all()
    assert record.notice is not None
    officer.send(f"/talent/notices/{record.notice_id}", {}, form="publish")
    session.expire_all()
    assert record.state == "in_notice"
    refused = second.client.sign_in(second.user).post(f"{page}/confirm")
    session.expire_all()
    assert (refused.status_code in {409, 422}, record.state) == (True, "in_notice")
    journey.later(days=12)
    second.send(page, {}, form="confirm")
    session.expire_all()
    assert record.state == "confirmed"
    winner = journey.person(record.user)
    winner.go("/my/talent/")
    assert record.number in winner.text()
    journey.until(journey.moment + timedelta(days=1))
