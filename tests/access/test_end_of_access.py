"""Judges, and staff who work for one contest alone, lose their access a set number of days after it is finished."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.enums import Role
from app.accounts.models import RoleGrant
from app.audit.jobs.leasing import catch_up, run_due
from app.audit.models import JournalEvent
from app.calls.jobs import end_access_to_finished
from app.calls.models import Edition
from app.core import clock
from app.core.db import db
from app.core.jobs import PERIODIC
from app.notices.models import Notice
from app.settings.operations.settings import change_settings
from tests.factories.accounts import acting, grant, make_user

from .crowd import visit
from .story import Contest, telling

DAYS = 30


def look_after(**delta: float) -> None:
    """The hourly job, so much later."""
    db.release()
    later = clock.now() + timedelta(**delta)
    clock.read_from(lambda: later)
    end_access_to_finished.call_local()
    db.release()


@pytest.fixture
def released(alpha: Contest) -> Contest:
    """The result is out and in its public notice; two helpers hold roles in this contest alone."""
    for _told in telling(alpha, until="released"):
        pass
    for key, role in (("helper", Role.ORGANIZER), ("watcher", Role.SUPERVISOR), ("guest host", Role.HOST)):
        alpha.people[key] = make_user(alpha.session, key)
        grant(alpha.session, alpha.people[key], role, edition=alpha.edition)
    admin = make_user(alpha.session)
    change_settings(alpha.session, values={"access_days": DAYS}, actor=acting(alpha.session, admin), now=clock.now())
    alpha.commit()
    return alpha


def opened(app: Flask, contest: Contest) -> dict[str, int]:
    """Each person's own page and how it answers."""
    manage, sheet = f"/manage/{contest.edition.code}/", f"/desk/assignments/{contest.assignment('judge', contest.entries[0]).id}"
    file, mine = f"{sheet}/files/1", f"/my/entries/{contest.entries[0].code}"
    pages = {
        ("judge", sheet), ("judge", file), ("judge", f"/desk/seats/{contest.seats['judge'].id}/scores"), ("helper", manage),
        ("watcher", manage), ("watcher", f"/supervise/{contest.edition.code}/"), ("guest host", manage), ("organizer", manage),
        ("host", manage), ("leader", mine),
    }  # fmt: skip
    return {f"{who} {page}": visit(app, contest.people[who], page).status_code for who, page in sorted(pages)}


def test_access_ends_by_itself_so_many_days_after_the_contest_is_finished(app: Flask, released: Contest) -> None:
    everybody = opened(app, released)
    assert set(everybody.values()) == {200}
    look_after(days=20)  # the notice is over: finished from here on
    look_after(days=DAYS, minutes=-1)
    assert opened(app, released) == everybody
    look_after(minutes=1)
    keep = ("guest host", "organizer", "host", "leader")
    assert opened(app, released) == {page: 200 if page.startswith(keep) else 404 for page in everybody}
    body = visit(app, released.people["judge"], "/desk/").get_data(as_text=True)
    assert released.mark not in body.replace(released.people["judge"].name, "")


def test_the_end_is_a_fact_in_the_journal_and_happens_once(released: Contest) -> None:
    look_after(days=20)
    for _hour in range(3):
        look_after(days=DAYS)
    facts = select(JournalEvent).where(JournalEvent.name == "calls.access_ended", JournalEvent.chain == f"edition:{released.edition.id}")
    held = select(RoleGrant.role).where(RoleGrant.edition_id == released.edition.id, RoleGrant.ended_at.is_(None))
    assert len(released.session.scalars(facts).all()) == 1
    assert released.session.scalars(held).all() == [Role.HOST]


def test_workers_that_were_stopped_across_the_end_make_up_for_it_once(app: Flask, released: Contest) -> None:
    """The job stood still for months; two workers wake at one moment; later ticks of the same hour find it done."""
    job = PERIODIC["app_calls_jobs_end_access_to_finished"]
    look_after(days=20)
    catch_up()
    later = clock.now() + timedelta(days=100)
    clock.read_from(lambda: later)
    db.release()
    catch_up()
    assert [run_due(job), run_due(job)] == [False, False]
    catch_up()
    db.release()
    facts = select(JournalEvent).where(JournalEvent.name == "calls.access_ended", JournalEvent.chain == f"edition:{released.edition.id}")
    assert len(released.session.scalars(facts).all()) == 1
    assert opened(app, released)[f"helper /manage/{released.edition.code}/"] == 404


def test_a_contest_in_notice_is_not_finished_and_a_new_notice_stops_the_count(released: Contest, app: Any) -> None:
    look_after(days=20)
    edition = select(Edition.finished_at).where(Edition.id == released.edition.id)
    assert released.session.scalar(edition) is not None
    notice = released.session.get_one(Notice, released.notice.id if released.notice else 0)
    notice.ends_on = clock.local_date(clock.now() + timedelta(days=5))
    released.commit()
    look_after(days=1)
    assert released.session.scalar(edition) is None
    look_after(days=2)
    assert set(opened(app, released).values()) == {200}
