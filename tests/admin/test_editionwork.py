"""The first page of a running edition: what waits, along its road."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.calls.enums import StageKind, StageState
from app.calls.models import Edition
from app.calls.waiting import edition_tasks
from app.judging.enums import SheetState
from app.notices.enums import NoticeKind, NoticeState
from app.notices.models import Notice
from app.results.operations import compute_run, propose_run, release_run
from app.results.operations.certificates import issue_certificate
from app.results.queries import granted_awards
from tests.conftest import NOW
from tests.factories.accounts import acting
from tests.factories.entries import make_entry, make_submitted
from tests.factories.judging import make_scene
from tests.factories.results import RULES, make_stage, make_world
from tests.support.client import words


def told(app: Flask, session: Session, edition: Edition, now: datetime = NOW) -> list[tuple[str, str]]:
    """Label and state of each task."""
    with app.test_request_context("/", headers={"Accept-Language": "en"}):
        return [(str(task.label), task.state) for task in edition_tasks(session, edition, now)]


def test_an_open_window_tells_what_is_in_and_what_is_still_with_the_teams(app: Flask, session: Session) -> None:
    entry = make_entry(session)
    edition, closes = entry.call.edition, entry.call.closes_at
    waiting, later = ("1 entry waits for the formal check", "current"), ("Set up a panel: online_review", "todo")
    assert told(app, session, edition) == [("0 entries handed in so far", "current"), later]
    make_submitted(session, entry.call)
    assert told(app, session, edition) == [("1 entry handed in so far", "current"), waiting, later]
    assert told(app, session, edition, closes) == [waiting, later]


def test_a_formal_check_is_to_be_opened_in_its_time_and_sealed_after_it(app: Flask, session: Session) -> None:
    world = make_world(session, [["80"]], state=StageState.RELEASED)
    stage = make_stage(session, world.edition, 9, RULES, kind=StageKind.FORMAL_CHECK, state=StageState.PREPARING)
    assert told(app, session, world.edition, stage.opens_at - timedelta(seconds=1)) == []
    assert told(app, session, world.edition, stage.opens_at) == [(f"Open the stage: {stage.name_en}", "current")]
    assert told(app, session, world.edition, stage.closes_at) == []
    stage.state = StageState.OPEN
    session.flush()
    assert told(app, session, world.edition, stage.opens_at) == []
    assert told(app, session, world.edition, stage.closes_at) == [(f"Seal the stage: {stage.name_en}", "fault")]
    stage.state = StageState.SEALED
    session.flush()
    assert told(app, session, world.edition, stage.closes_at) == []


def test_a_stage_in_preparation_asks_for_judges_then_assignments_then_its_opening(app: Flask, session: Session) -> None:
    empty = make_scene(session, judges=0, entries=0, state=StageState.PREPARING)
    assert told(app, session, empty.edition) == [("Set up a panel: Online review", "fault")]
    seated = make_scene(session, state=StageState.PREPARING, assign=False)
    assert told(app, session, seated.edition) == [("Assign entries to judges: Online review", "fault")]
    assert told(app, session, seated.edition, NOW - timedelta(6)) == [("Assign entries to judges: Online review", "todo")]
    assigned = make_scene(session, state=StageState.PREPARING)
    assert told(app, session, assigned.edition) == [("Open the stage: Online review", "fault")]
    assert told(app, session, assigned.edition, NOW - timedelta(6)) == []


def test_an_open_stage_tells_how_far_the_judges_are_and_asks_for_the_seal(app: Flask, session: Session) -> None:
    world = make_world(session, [["80", None]], state=StageState.OPEN)
    assert told(app, session, world.edition, world.stage.closes_at - timedelta(1)) == [(f"Judges score: {world.stage.name_en}", "current")]
    assert told(app, session, world.edition, world.stage.closes_at) == [(f"Judges are late: {world.stage.name_en}", "fault")]
    complete = make_world(session, [["80", "90"]], state=StageState.OPEN)
    assert told(app, session, complete.edition) == [(f"Seal the stage: {complete.stage.name_en}", "current")]
    assert all(sheet.state == SheetState.SIGNED for sheet in complete.sheets.values())


def test_a_sealed_stage_is_computed_and_then_released_by_two_persons(app: Flask, session: Session) -> None:
    world = make_world(session, [["80", "90"]])
    assert told(app, session, world.edition) == [(f"Compute the results: {world.stage.name_en}", "current")]
    compute_run(session, stage=world.stage, call=world.call, actor=acting(session, world.organizer), now=NOW)
    assert told(app, session, world.edition) == [(f"Ask for the release of the results: {world.stage.name_en}", "current")]


def test_after_release_the_awards_ask_for_certificates_and_the_notice_for_publication(app: Flask, session: Session) -> None:
    world = make_world(session, [["90"] * 5, ["80.5"] * 5, ["70"] * 5])
    organizer, host = acting(session, world.organizer), acting(session, world.host)
    run = compute_run(session, stage=world.stage, call=world.call, actor=organizer, now=NOW)
    propose_run(session, run=run, actor=organizer, now=NOW)
    release_run(session, run=run, actor=host, now=NOW)
    number = len(granted_awards(session, world.edition))
    assert number > 1
    assert told(app, session, world.edition) == [(f"{number} awards have no certificate yet", "todo")]
    for award in granted_awards(session, world.edition)[1:]:
        issue_certificate(session, award=award, locale="en", actor=organizer, now=NOW)
    today = NOW.date()
    notice = Notice(kind=NoticeKind.RESULT, organization_id=world.edition.host_id, edition_id=world.edition.id, title="公示",
                    starts_on=today, ends_on=today, created_at=NOW)  # fmt: skip
    session.add(notice)
    session.flush()
    draft, bare = ("1 notice is not public yet", "current"), ("1 award has no certificate yet", "todo")
    assert told(app, session, world.edition) == [draft, bare]
    notice.state, notice.number, notice.published_at = NoticeState.PUBLISHED, "GS-1", NOW
    session.flush()
    assert told(app, session, world.edition) == [bare]


def test_the_page_of_a_running_edition_shows_the_tasks_and_folds_the_set_up_away(client: FlaskClient, session: Session) -> None:
    scene = make_scene(session)
    client.sign_in(scene.organizer)
    page = words(client.get(f"/manage/{scene.edition.code}/", headers={"Accept-Language": "en"}))
    assert "Judges are late: Online review 0 of 4 sheets signed" in page
    assert "parts complete" in page
