"""Periodic jobs: one worker at a time, once for each moment of the timetable, taken over from the dead, caught up after a stop."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from huey import crontab
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.jobs.leasing import catch_up, run_due
from app.audit.models import JobLease
from app.audit.operations import leases
from app.core import clock, jobs
from app.core.db import db
from app.core.jobs import Periodic
from app.core.uow import atomic
from tests.servers import ROOT
from tests.support.racing import race, racing_ground

NOON = datetime(2026, 3, 16, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def take(session: Session, holder: str, *, due: datetime, now: datetime) -> bool:
    return leases.take(session, name="job", due_at=due, holder=holder, patience=MINUTE, now=now)


def test_while_one_holds_the_lease_no_other_gets_it(session: Session) -> None:
    assert take(session, "first", due=NOON, now=NOON)
    assert not take(session, "second", due=NOON, now=NOON + 0.9 * MINUTE)
    assert not take(session, "second", due=NOON + 0.9 * MINUTE, now=NOON + 0.9 * MINUTE)


def test_a_moment_that_was_done_is_not_done_again_but_the_next_one_is(session: Session) -> None:
    take(session, "first", due=NOON, now=NOON)
    leases.give_back(session, name="job", holder="first", is_done=True, now=NOON)
    assert not take(session, "second", due=NOON, now=NOON + MINUTE)
    assert not take(session, "second", due=NOON - MINUTE, now=NOON + MINUTE)
    assert take(session, "second", due=NOON + MINUTE, now=NOON + MINUTE)


def test_a_silent_holder_is_replaced_and_its_end_changes_nothing_any_more(session: Session) -> None:
    take(session, "first", due=NOON, now=NOON)
    assert leases.keep(session, name="job", holder="first", patience=MINUTE, now=NOON + 0.5 * MINUTE)
    assert not take(session, "second", due=NOON, now=NOON + 1.4 * MINUTE)
    assert take(session, "second", due=NOON, now=NOON + 1.5 * MINUTE)
    assert not leases.keep(session, name="job", holder="first", patience=MINUTE, now=NOON + 1.6 * MINUTE)
    leases.give_back(session, name="job", holder="first", is_done=True, now=NOON + 1.6 * MINUTE)
    assert session.scalars(select(JobLease.holder)).one() == "second"


def test_what_fails_three_times_waits_for_its_next_moment(session: Session) -> None:
    for number in range(3):
        assert take(session, f"try {number}", due=NOON, now=NOON)
        leases.give_back(session, name="job", holder=f"try {number}", is_done=False, now=NOON)
    assert not take(session, "fourth", due=NOON, now=NOON)
    assert take(session, "later", due=NOON + MINUTE, now=NOON + MINUTE)


def test_a_clock_that_was_ahead_stops_no_job(session: Session) -> None:
    tomorrow = NOON + timedelta(1)
    take(session, "first", due=tomorrow, now=tomorrow)
    assert take(session, "second", due=NOON, now=NOON)


def test_the_timetable_names_the_last_minute_in_which_a_job_was_due() -> None:
    nightly = Periodic("nightly", crontab(hour="18", minute="30"), lambda: None)
    assert nightly.last_due(NOON) == datetime(2026, 3, 15, 18, 30, tzinfo=UTC)
    assert nightly.last_due(NOON, since=datetime(2026, 3, 15, 18, 30, tzinfo=UTC)) == datetime(2026, 3, 15, 18, 30, tzinfo=UTC)
    assert nightly.last_due(NOON, since=datetime(2026, 3, 15, 18, 31, tzinfo=UTC)) is None


@pytest.fixture
def counted() -> Iterator[list[str]]:
    """A nightly job of the tests' own, in the timetable; each run is noted."""
    runs: list[str] = []
    jobs.PERIODIC["tests_nightly"] = Periodic("tests_nightly", crontab(hour="18", minute="30"), lambda: runs.append("run"))
    yield runs
    del jobs.PERIODIC["tests_nightly"]
    clock.read_from(None)


def at(moment: datetime) -> None:
    clock.read_from(lambda: moment)


def test_what_no_worker_was_there_for_is_caught_up_once(session: Session, counted: list[str]) -> None:
    at(NOON)
    catch_up()
    assert counted == [], "a first start catches nothing up"
    at(NOON + timedelta(days=3))
    catch_up()
    catch_up()
    assert counted == ["run"]
    at(NOON + timedelta(days=3, hours=5))
    catch_up()
    assert counted == ["run"]


def test_a_job_that_fails_is_tried_again_and_then_left_for_its_next_moment(session: Session, counted: list[str]) -> None:
    def fails() -> None:
        counted.append("run")
        raise RuntimeError

    jobs.PERIODIC["tests_nightly"] = Periodic("tests_nightly", crontab(hour="18", minute="30"), fails)
    at(NOON)
    catch_up()
    at(NOON + timedelta(days=1))
    for _ in range(5):
        catch_up()
    assert len(counted) == 3


def test_two_schedulers_that_call_at_one_moment_run_the_job_once(app: Flask, tmp_path: Path) -> None:
    runs: list[str] = []
    nightly = Periodic("nightly", crontab(hour="18", minute="30"), lambda: runs.append("run"))
    with racing_ground(app, tmp_path):
        results = race(app, [lambda: run_due(nightly) for _ in range(8)])
    assert (sorted(results), runs) == ([False] * 7 + [True], ["run"])


def test_every_job_of_the_house_stands_under_the_lease() -> None:
    assert set(jobs.PERIODIC) >= {f"app_{name}" for name in (
        "audit_jobs_delivering_sweep", "calls_jobs_end_access_to_finished", "files_jobs_sweep_files", "notify_jobs_sweep",
    )}  # fmt: skip
    assert len(jobs.PERIODIC) == len(jobs.huey._registry.periodic_tasks)


@dataclass
class Workers:
    """Real worker processes on one database."""

    folder: Path
    url: str
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, *names: str) -> None:
        environment = {**os.environ, "JIEBANG_ENV": "development", "JIEBANG_VAR": str(self.folder), "DATABASE_URL": self.url}
        for name in names:
            command = [sys.executable, "-m", "tests.support.leasing", str(self.folder), name]
            self.running[name] = subprocess.Popen(command, cwd=ROOT, env=environment)
        self.wait(lambda: all((self.folder / f"ready-{name}").exists() for name in names))

    def wait(self, until: Callable[[], bool], seconds: float = 60) -> None:
        ends = time.monotonic() + seconds
        while not until():
            assert time.monotonic() < ends, self.lines()
            time.sleep(0.02)

    def lines(self) -> list[list[str]]:
        log = self.folder / "log"
        return [line.split() for line in log.read_text().splitlines()] if log.exists() else []

    def begun(self, name: str = "") -> list[str]:
        return [line[3] for line in self.lines() if line[1] == "begins" and name in line[2]]

    def stop(self) -> None:
        (self.folder / "stop").touch()
        for process in self.running.values():
            process.wait(30)


@pytest.fixture
def workers(app: Flask, tmp_path: Path) -> Iterator[Workers]:
    with racing_ground(app, tmp_path):
        assert db.engine is not None
        made = Workers(tmp_path, db.engine.url.render_as_string(hide_password=False))
        yield made
        for process in made.running.values():
            process.kill()
            process.wait()


def overlaps(lines: list[list[str]]) -> int:
    """How often the job began while it was running elsewhere."""
    found, running = 0, ""
    for _at, what, name, _due in sorted(lines, key=lambda line: int(line[0])):
        found += what == "begins" and running not in ("", name)
        running = name if what == "begins" else ""
    return found


def test_two_worker_processes_share_the_job_and_never_do_it_at_once(workers: Workers) -> None:
    workers.start("one", "two-slow")
    workers.wait(lambda: len(set(workers.begun())) >= 4 and workers.begun("two-slow") != [])
    workers.stop()
    assert overlaps(workers.lines()) == 0
    assert len(workers.begun()) == len(set(workers.begun())), "no moment is done twice"


def test_when_the_holder_is_killed_another_worker_takes_the_job_over(workers: Workers) -> None:
    (workers.folder / "hang-one").touch()
    workers.start("one")
    workers.wait(lambda: workers.begun("one") != [])
    workers.start("two")
    time.sleep(2)
    assert workers.begun("two") == [], "a living holder keeps its lease, however long it takes"
    workers.running["one"].send_signal(signal.SIGKILL)
    workers.wait(lambda: workers.begun("two") != [], seconds=15)
    workers.stop()
    with atomic() as session:
        assert session.scalars(select(JobLease.holder).where(JobLease.name == "tests_often")).one() is None
