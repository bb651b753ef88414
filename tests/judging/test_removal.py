"""A judge taken off a panel midway: the judge hears of it, and the organizer sees which entries have too few judges left."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.calls.rules import Aggregation
from app.judging.enums import AssignmentState, SeatState
from app.judging.events import SeatRemoved
from app.judging.operations import seats
from app.judging.subscribers import left, tell_removed
from app.notify.models import Message
from tests.conftest import NOW
from tests.factories.accounts import acting
from tests.factories.judging import Scene, make_scene
from tests.judging.test_desk import open_now
from tests.support.client import Client, html, words


@pytest.fixture
def scene(session: Session) -> Scene:
    return open_now(session, make_scene(session, judges=3))


def remove(session: Session, scene: Scene, reason: str = "said too much") -> None:
    seat = scene.seats[0]
    seats.remove_seat(session, seat=seat, reason=reason, actor=acting(session, scene.organizer), now=NOW)
    tell_removed(session, SeatRemoved(seat.id, scene.edition.id, scene.panel.id, reason), NOW)


def test_an_invited_judge_hears_that_the_seat_has_ended_but_not_the_reason(session: Session, scene: Scene) -> None:
    scene.seats[0].invited_at = NOW
    remove(session, scene)
    mail = session.scalars(select(Message)).one()
    assert (mail.email, mail.template) == (scene.judges[0].email, "judging/removed")
    assert scene.panel.name in mail.body_text
    assert "said too much" not in mail.body_text
    assert left(session, mail, scene.seats[0].id, NOW)
    scene.seats[0].state = SeatState.PLANNED  # given back before the mail went out
    assert not left(session, mail, scene.seats[0].id, NOW)


def test_who_was_never_invited_hears_nothing(session: Session, scene: Scene) -> None:
    scene.seats[0].invited_at = None
    remove(session, scene)
    assert session.scalars(select(Message)).all() == []


def test_progress_names_the_entries_that_have_too_few_judges(client: Client, session: Session, scene: Scene) -> None:
    page = f"/manage/{scene.edition.code}/progress/?stage={scene.stage.position}"
    client.sign_in(scene.organizer)
    scene.stage.rules = replace(scene.stage.rules, aggregation=Aggregation(min_judges=3))
    session.flush()

    def warned() -> int:
        return sum("评委不足 3 人" in row.get_text() for row in html(client.get(page)).select("#entries tbody tr"))

    before = warned()
    remove(session, scene)
    session.flush()
    assert (before, warned()) == (0, len(scene.entries))


def test_the_queue_does_not_say_that_a_judge_stepped_aside_where_others_decided(client: Client, session: Session, scene: Scene) -> None:
    given = scene.assignment(0, 0)
    given.state, given.recused_at = AssignmentState.RECUSED, NOW
    session.flush()
    page = words(client.sign_in(scene.judges[0]).get("/desk/?status=recused"))
    assert "该项目不再由您评审。" in page
    assert "申请回避该项目" not in page
