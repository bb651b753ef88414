"""Where editions stand in a list: phase and next date, in as many statements for one as for three."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from app.calls.enums import EditionPhase, EditionState, StageState
from app.calls.queries import calls_in, glances, stages_in
from tests.conftest import NOW
from tests.factories.calls import make_edition, make_published


def test_a_draft_shows_its_first_date_and_no_phase(session: Session):
    edition = make_edition(session, "leg")
    found = glances(session, [edition], NOW)[edition.id]
    assert (found.phase, found.what, found.at) == (None, "报名开始", calls_in(session, edition)[0].opens_at)


def test_the_next_date_follows_the_clock(session: Session):
    edition = make_published(session, "leg")
    call, check = calls_in(session, edition)[0], stages_in(session, edition)[0]
    in_window = glances(session, [edition], call.opens_at + timedelta(hours=1))[edition.id]
    assert (in_window.phase, in_window.what, in_window.at) == (EditionPhase.OPEN, "报名截止", call.closes_at)
    after = glances(session, [edition], call.closes_at + timedelta(minutes=1))[edition.id]
    assert (after.phase, after.what, after.at) == (EditionPhase.IN_REVIEW, f"{check.name}开始", check.opens_at)


def test_a_stage_that_should_be_over_is_late_until_it_is_sealed(session: Session):
    edition = make_published(session, "leg")
    check, judged = stages_in(session, edition)
    late = glances(session, [edition], judged.closes_at + timedelta(minutes=1))[edition.id]
    assert (late.what, late.at, late.is_late) == (f"{judged.name}结束", judged.closes_at, True)
    check.state = StageState.OPEN
    session.flush()
    late = glances(session, [edition], check.closes_at + timedelta(minutes=1))[edition.id]
    assert (late.what, late.at, late.is_late) == (f"{check.name}结束", check.closes_at, True)
    check.state = StageState.SEALED
    session.flush()
    assert glances(session, [edition], check.closes_at + timedelta(minutes=1))[edition.id].what == f"{judged.name}开始"


def test_a_formal_check_that_was_never_opened_is_not_late(session: Session):
    edition = make_published(session, "leg")
    check, judged = stages_in(session, edition)
    found = glances(session, [edition], check.closes_at + timedelta(minutes=1))[edition.id]
    assert (found.what, found.at, found.is_late) == (f"{judged.name}开始", judged.opens_at, False)


def test_what_is_put_away_has_no_date(session: Session):
    edition = make_published(session, "leg")
    edition.state = EditionState.ARCHIVED
    session.flush()
    assert glances(session, [edition], NOW) == {}
