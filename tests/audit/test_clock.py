"""A wrong clock: facts are refused, an alarm is raised once, the way back is deliberate."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import pages
from app.accounts.enums import Role
from app.admin.checks import Grade, run_checks
from app.audit.enums import AlarmKind
from app.audit.jobs.delivering import deliver_one, mind_clock
from app.audit.models import Alarm, ClockMark, Delivery, JournalEvent
from app.audit.operations import alarms, record
from app.audit.operations.timekeeping import trust_of
from app.calls.events import EditionFrozen
from app.core import clock
from app.core.authz import SYSTEM
from app.core.timeguard import ClockUntrusted, guard
from app.core.uow import atomic
from app.judging.models import SheetSave
from tests.factories.accounts import grant, make_user
from tests.factories.judging import GOOD, make_scene
from tests.support.client import words
from tests.support.mailbox import mails

START = datetime(2026, 3, 16, 2, 0, tzinfo=UTC)


class Clocks:
    """A wall clock that can be set, beside one that cannot."""

    def __init__(self) -> None:
        self.wall, self.ran = START, 0.0

    def pass_by(self, seconds: float) -> None:
        self.wall += timedelta(seconds=seconds)
        self.ran += seconds

    def set(self, **by: float) -> None:
        self.wall += timedelta(**by)


@pytest.fixture
def clocks(session: Session) -> Iterator[Clocks]:
    made = Clocks()
    clock.read_from(lambda: made.wall, lambda: int(made.ran * 1_000_000))
    guard.begin(trust_of(session))
    yield made
    guard.end()
    clock.read_from(None)


def freeze(edition_id: int = 7) -> None:
    with atomic() as session:
        record(session, EditionFrozen(edition_id, edition_id, "x"), actor=SYSTEM, now=clock.now())


def frozen(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(JournalEvent).where(JournalEvent.name == "calls.edition_frozen")) or 0


@pytest.mark.parametrize("step", [{"hours": -1}, {"days": 1}, {"seconds": -1.5}, {"minutes": 6}])
def test_facts_are_refused_after_the_clock_was_set_and_accepted_when_it_is_right_again(
    clocks: Clocks, session: Session, step: dict[str, float]
) -> None:
    freeze()
    clocks.pass_by(10)
    clocks.set(**step)
    with pytest.raises(ClockUntrusted):
        freeze()
    assert frozen(session) == 1
    clocks.set(**{unit: -value for unit, value in step.items()})
    freeze()
    assert frozen(session) == 2


def test_an_edge_of_a_second_is_no_fault(clocks: Clocks, session: Session) -> None:
    freeze()
    clocks.pass_by(10)
    clocks.set(seconds=-0.9)
    freeze()
    assert frozen(session) == 2


def test_signing_in_and_settings_go_on_while_the_clock_is_wrong(app: Flask, clocks: Clocks, session: Session, client: FlaskClient) -> None:
    grant(session, admin := make_user(session), Role.SYSTEM_ADMIN)
    clocks.set(days=1)
    client.sign_in(admin)
    assert client.get("/admin/alarms/").status_code == 200


def test_one_alarm_is_raised_for_many_refusals_and_mailed(clocks: Clocks, session: Session) -> None:
    grant(session, admin := make_user(session), Role.SYSTEM_ADMIN)
    grant(session, auditor := make_user(session), Role.AUDITOR)
    clocks.set(hours=-1)
    for _ in range(3):
        with pytest.raises(ClockUntrusted):
            freeze()
    (alarm,) = session.scalars(select(Alarm)).all()
    assert (alarm.kind, alarm.detail) == (
        AlarmKind.CLOCK, "shows 2026-03-16 01:00:00 UTC, 1:00:00 behind of 2026-03-16 02:00:00 UTC",
    )  # fmt: skip
    assert sorted(m.email for m in mails(session) if m.template == "admin/alarm") == sorted([admin.email, auditor.email])


def test_a_judges_save_is_refused_with_a_clear_message_and_nothing_is_stored(
    app: Flask, clocks: Clocks, session: Session, client: FlaskClient
) -> None:
    scene = make_scene(session)
    client.sign_in(scene.judges[0], Role.JUDGE)
    clocks.set(minutes=-5)
    page = f"/desk/assignments/{scene.assignment().id}"
    marks = {f"mark-{key}": str(value) for key, value in GOOD.items()}
    answer = client.post(page, data={**marks, "version": "0", "comment": "kept", "private_note": ""}, headers={"Idempotency-Key": "k" * 16})
    assert (answer.status_code, "服务器时钟异常" in words(answer), "kept" in answer.text) == (422, True, True)
    assert session.scalar(select(func.count(SheetSave.id))) == 0


def test_the_load_balancer_is_told_while_the_clock_is_wrong_even_before_any_fact_is_refused(
    clocks: Clocks, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "pending", lambda: False)  # tables of tests are made without migrations
    right = client.get("/readyz")
    clocks.set(hours=1)
    wrong = client.get("/readyz")
    clocks.set(hours=-1)
    answers = [(answer.status_code, answer.get_json()["status"]) for answer in (right, wrong, client.get("/readyz"))]
    assert answers == [(200, "ready"), (503, "clock not right"), (200, "ready")]


def test_the_minute_job_raises_the_alarm_and_closes_it_when_the_clock_is_right_again(clocks: Clocks, session: Session) -> None:
    mind_clock()
    clocks.pass_by(60)
    clocks.set(hours=3)
    mind_clock()
    (alarm,) = session.scalars(select(Alarm)).all()
    assert alarm.closed_at is None
    clocks.set(hours=-3)
    mind_clock()
    session.refresh(alarm)
    assert (alarm.closed_at is not None, alarm.reason) == (True, "the clock is right again")


def test_a_process_that_starts_after_the_step_knows_it_too(clocks: Clocks, session: Session) -> None:
    mind_clock()
    clocks.pass_by(60)
    clocks.set(days=1)
    guard.begin(trust_of(session))
    with pytest.raises(ClockUntrusted):
        freeze()


def test_after_a_restart_of_the_machine_a_clock_before_the_last_fact_is_refused(clocks: Clocks, session: Session) -> None:
    freeze()
    session.execute(ClockMark.__table__.delete())
    clocks.ran = 1.0
    clocks.set(seconds=-2)
    guard.begin(trust_of(session))
    with pytest.raises(ClockUntrusted):
        freeze()


def test_an_administrator_accepts_the_time_with_a_reason_and_everything_goes_on(
    clocks: Clocks, session: Session, client: FlaskClient
) -> None:
    grant(session, admin := make_user(session), Role.SYSTEM_ADMIN)
    freeze()
    clocks.set(hours=-2)
    with pytest.raises(ClockUntrusted):
        freeze()
    (alarm,) = session.scalars(select(Alarm)).all()
    client.sign_in(admin)
    client.post(f"/admin/alarms/{alarm.id}/accept-clock", data={"reason": " "})
    with pytest.raises(ClockUntrusted):
        freeze()
    client.post(f"/admin/alarms/{alarm.id}/accept-clock", data={"reason": "compared with the radio clock"})
    guard.begin(trust_of(session))
    freeze()
    session.refresh(alarm)
    assert (frozen(session), alarm.reason, alarm.closed_by_id) == (2, "compared with the radio clock", admin.id)
    names = session.scalars(select(JournalEvent.name).where(JournalEvent.name.startswith("audit.")).order_by(JournalEvent.seq)).all()
    assert names == ["audit.alarm_raised", "audit.clock_accepted", "audit.alarm_closed"]


def test_others_do_not_accept_the_clock(clocks: Clocks, session: Session, client: FlaskClient) -> None:
    grant(session, auditor := make_user(session), Role.AUDITOR)
    clocks.set(hours=-2)
    mind_clock()
    alarm = session.scalars(select(Alarm)).one_or_none() or alarms.raise_alarm(
        session, kind=AlarmKind.CLOCK, key="clock", detail="x", actor=SYSTEM, now=clock.now()
    )
    client.sign_in(auditor)
    assert client.post(f"/admin/alarms/{alarm.id}/accept-clock", data={"reason": "because"}).status_code == 403
    assert session.get_one(Alarm, alarm.id).closed_at is None


def test_the_alarm_about_the_clock_is_not_just_closed(clocks: Clocks, session: Session) -> None:
    alarm = alarms.raise_alarm(session, kind=AlarmKind.CLOCK, key="clock", detail="x", actor=SYSTEM, now=clock.now())
    with pytest.raises(alarms.ClockFirst):
        alarms.close_alarm(session, alarm=alarm, reason="no more mails", actor=SYSTEM, now=clock.now())


def test_what_follows_from_a_fact_waits_for_the_clock_and_is_not_counted_as_failed(clocks: Clocks, session: Session) -> None:
    with atomic() as writing:
        fact = record(writing, EditionFrozen(8, 8, "y"), actor=SYSTEM, now=clock.now())
        writing.flush()
        delivery = Delivery(event_id=fact.id, subscriber="tests.refusing", due_at=clock.now())
        writing.add(delivery)
    from app.audit import bus

    def refusing(session: Session, event: object, now: datetime) -> None:
        record(session, EditionFrozen(7, 7, "x"), actor=SYSTEM, now=now)

    bus.HANDLERS["tests.refusing"] = refusing
    clocks.set(hours=-1)
    deliver_one(delivery.id)
    session.refresh(delivery)
    assert (delivery.state, delivery.attempts) == ("pending", 0)
    clocks.set(hours=1)
    deliver_one(delivery.id)
    session.refresh(delivery)
    assert delivery.state == "done"


def test_a_save_needs_no_further_statement_for_the_guard(clocks: Clocks, session: Session) -> None:
    from tests.support.counting import counted_statements

    freeze()
    with counted_statements() as watched:
        freeze()
    guard.end()
    with counted_statements() as unwatched:
        freeze()
    assert len(watched) == len(unwatched)


def test_the_health_table_names_the_wrong_clock_and_the_open_alarm(app: Flask, clocks: Clocks, session: Session) -> None:
    mind_clock()
    clocks.set(hours=-1)
    mind_clock()
    found = {check.topic: check.grade for check in run_checks(app.extensions["jiebang"], clock.now())}
    assert (found["时钟"], found["警报"]) == (Grade.FAIL, Grade.FAIL)
