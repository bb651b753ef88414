"""The first page after signing in: what waits, by role."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.accounts.waiting import waiting_tasks
from app.calls.enums import StageState
from app.core.authz import Actor
from app.entries.enums import EntryState, MemberState
from app.entries.models import EntryMember
from app.judging.operations import reopening
from tests.conftest import NOW
from tests.factories.accounts import acting, make_user
from tests.factories.judging import make_scene
from tests.factories.results import make_world
from tests.support.client import words


def urls(app: Flask, session: Session, actor: Actor) -> list[str]:
    with app.test_request_context("/my/"):
        return [task.url for task in waiting_tasks(session, actor, NOW)]


def test_a_judge_is_sent_to_the_desk_with_the_number_of_unsigned_sheets(app: Flask, client: FlaskClient, session: Session) -> None:
    scene = make_scene(session)
    assert urls(app, session, scene.judge(session)) == ["/desk/"]
    client.sign_in(scene.judges[0])
    assert "2" in words(client.get("/my/"))


def test_a_team_is_sent_to_what_came_back(app: Flask, session: Session) -> None:
    scene = make_scene(session)
    entry = scene.entries[0]
    entry.state, entry.due_at = EntryState.RETURNED, NOW
    session.flush()
    assert urls(app, session, acting(session, entry.leader)) == [f"/my/entries/{entry.code}"]


def test_an_invited_member_hears_of_it(app: Flask, session: Session) -> None:
    scene = make_scene(session)
    invited = make_user(session)
    session.add(
        EntryMember(entry_id=scene.entries[0].id, name="x", email=invited.email, state=MemberState.INVITED, invited_at=NOW, user_id=None)
    )
    session.flush()
    assert urls(app, session, acting(session, invited)) == ["/my/messages/"]


def test_the_staff_hears_of_entries_that_wait_for_the_check(app: Flask, session: Session) -> None:
    scene = make_scene(session)
    scene.entries[0].state = EntryState.SUBMITTED
    session.flush()
    assert urls(app, session, acting(session, scene.organizer)) == [f"/manage/{scene.edition.code}/check/"]
    assert urls(app, session, acting(session, make_user(session))) == []


def test_the_host_hears_of_a_sheet_to_be_reopened_but_not_of_a_request_of_their_own(app: Flask, session: Session) -> None:
    world = make_world(session, [["80", "90"]], state=StageState.OPEN)
    sheet = next(iter(world.sheets.values()))
    host, organizer = acting(session, world.host), acting(session, world.organizer)
    asked = reopening.ask(session, sheet=sheet, reason="typing error", actor=organizer, now=NOW)
    assert urls(app, session, host) == [f"/manage/{world.edition.code}/progress/?stage={world.stage.position}"]
    assert urls(app, session, organizer) == []
    asked.asked_by_id = world.host.id
    session.flush()
    assert urls(app, session, host) == []
    asked.asked_by_id = world.organizer.id
    reopening.decide(session, reopening=asked, agreed=False, remark="marks stand", actor=host, now=NOW)
    assert urls(app, session, host) == []


def test_somebody_without_tasks_is_told_so(client: FlaskClient, session: Session) -> None:
    client.sign_in(make_user(session))
    page = client.get("/my/")
    assert page.status_code == 200
    assert 'class="empty"' in page.text
