"""A restored copy that nobody has opened: it shows, and does nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.audit.models import JobLease
from app.core import jobs
from app.core.resting import ASK_AGAIN_SECONDS, NothingYet, Rest, Resting, rest
from app.core.uow import atomic
from app.settings.models import Setting
from tests.conftest import NOW
from tests.factories.accounts import make_user
from tests.support.client import words

TAKEN = datetime(2026, 3, 15, 18, 30, tzinfo=UTC)


@pytest.fixture
def resting() -> Iterator[None]:
    rest.begin(lambda: TAKEN)
    yield
    rest.end()


def test_nothing_is_committed(session: Session, resting: None) -> None:
    with pytest.raises(Resting), atomic() as writing:
        writing.add(Setting(key="site_name", value="x", changed_at=NOW))
    assert session.scalar(select(func.count()).select_from(Setting)) == 0


def test_pages_are_read_under_a_banner_and_forms_are_refused_before_they_are_looked_at(client: FlaskClient, resting: None) -> None:
    for page in ("/", "/sign-in"):
        assert "本站由 2026-03-16 02:30（北京时间）的备份恢复" in words(client.get(page))
    client.post("/language/en", data={"next": "/"})
    assert "Restored from the backup of 2026-03-16 02:30 (Beijing time)" in words(client.get("/"))
    answer = client.post("/sign-in", data={"email": "nobody@example.org", "password": "x"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "300")
    assert "has not been opened yet" in words(answer)
    assert "What was acknowledged as saved is safe" not in words(answer), "it may be newer than the backup"


def test_whoever_was_signed_in_reads_on(client: FlaskClient, session: Session) -> None:
    client.sign_in(make_user(session, "王芳"))
    rest.begin(lambda: TAKEN)
    try:
        assert "王芳" in words(client.get("/my/"))
    finally:
        rest.end()


def test_no_task_is_done_and_none_of_the_timetable_is_taken_up(app: Flask, session: Session) -> None:
    ran: list[int] = []

    @jobs.task()
    def noted(number: int) -> None:
        ran.append(number)

    timetable = jobs.huey._registry.periodic_tasks
    assert len(timetable) > 5
    rest.begin(lambda: TAKEN)
    noted(1)
    for due in timetable:
        due.execute()  # as the consumer does
    assert (ran, session.scalar(select(func.count()).select_from(JobLease))) == ([], 0)
    rest.end()
    noted(2)
    assert ran == [2]


def test_a_process_that_serves_no_copy_asks_once() -> None:
    asked: list[int] = []
    fresh = Rest()
    fresh.begin(lambda: asked.append(1))
    assert [fresh.is_on, fresh.is_on, fresh.is_on] == [False, False, False]
    assert asked == [1]


def test_a_copy_asks_again_now_and_then_and_notices_that_it_was_opened() -> None:
    moment, answers, fresh = [0.0], [TAKEN, TAKEN, None], Rest()
    fresh.seconds = lambda: moment[0]
    fresh.begin(lambda: answers.pop(0))
    assert (fresh.taken_at, fresh.taken_at, len(answers)) == (TAKEN, TAKEN, 2)
    moment[0] += ASK_AGAIN_SECONDS
    assert (fresh.taken_at, len(answers)) == (TAKEN, 1)
    moment[0] += ASK_AGAIN_SECONDS
    assert (fresh.taken_at, fresh.is_on, answers) == (None, False, [])


def test_a_database_without_tables_is_asked_again_until_it_has_some() -> None:
    answers: list[Exception | None] = [NothingYet(), None]
    fresh = Rest()
    fresh.begin(lambda: said(answers))
    assert (fresh.is_on, fresh.is_on, answers) == (False, True, [])


def test_while_the_database_cannot_be_asked_nothing_is_written_and_pages_are_shown() -> None:
    lost = OperationalError("", {}, Exception("the server closed the connection"))
    answers: list[Exception | None] = [lost, lost, None]
    fresh = Rest()
    fresh.begin(lambda: said(answers))
    assert fresh.taken_at is None
    with pytest.raises(OperationalError):
        fresh.require()
    with pytest.raises(Resting):
        fresh.require()


def said(answers: list[Exception | None]) -> datetime:
    answer = answers.pop(0)
    if answer is not None:
        raise answer
    return TAKEN
