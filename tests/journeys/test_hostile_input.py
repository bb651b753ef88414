"""Bad input, always: every address and every form, as every kind of user, with what nobody should send. Never a 500."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from app.accounts.enums import Role
from app.accounts.models import Organization
from app.calls.models import Edition
from app.core import clock
from app.core.authz import SYSTEM
from app.results.models import Award
from app.results.operations import compute_run, propose_run, release_run
from app.results.operations.certificates import issue_certificate
from app.talent.operations import save_fast_track
from app.talent.subscribers import propose_winners
from tests.conftest import NOW
from tests.factories import entries as entering
from tests.factories.accounts import acting, grant, make_organization, make_user
from tests.factories.judging import make_scene
from tests.factories.results import World, make_world
from tests.factories.talent import make_office
from tests.support.sweeping import Sweep

STARTS = ("/", "/my/", "/manage/", "/desk/", "/admin/", "/supervise/", "/talent/", "/notices", "/verify", "/my/entries/", "/manage/new",

          "/my/organizations/", "/my/profile/", "/my/security/", "/sign-in",
          "/sign-up", "/reset", "/join/", "/talent/notices/new")  # fmt: skip


def finished(session: Session) -> World:
    """A contest whose result is released: awards, a certificate, proposed talents."""
    world, office = make_world(session, [[str(90 - n)] * 3 for n in range(3)]), make_office(session)
    save_fast_track(session, edition=world.edition, award_key="first", tier=office.tier, skips=[], valid_months=24, landing_months=12,
                    actor=SYSTEM, now=NOW)  # fmt: skip
    who, host = acting(session, world.organizer), acting(session, world.host)
    run = compute_run(session, stage=world.stage, call=world.call, actor=who, now=NOW)
    propose_run(session, run=run, actor=who, now=NOW)
    release_run(session, run=run, actor=host, now=NOW)
    for award in session.scalars(select(Award)):
        issue_certificate(session, award=award, locale="zh_CN", actor=who, now=NOW)
    propose_winners(session, type("E", (), {"edition_id": world.edition.id})(), NOW)  # type: ignore[arg-type]
    return world


def staff(session: Session) -> dict[str, Any]:
    """One of each kind, who may do everything of theirs everywhere."""
    people: dict[str, Any] = {}
    for name, role in (("organizer", Role.ORGANIZER), ("host", Role.HOST), ("supervisor", Role.SUPERVISOR),
                       ("officer", Role.TALENT_OFFICER)):  # fmt: skip
        people[name] = make_user(session, name)
        for office in session.scalars(select(Organization)):
            grant(session, people[name], role, organization=office)
    people["admin"] = make_user(session, "admin")
    grant(session, people["admin"], Role.SYSTEM_ADMIN)
    people["foreign organizer"] = make_user(session, "foreign organizer")
    grant(session, people["foreign organizer"], Role.ORGANIZER, organization=make_organization(session, "另一单位"))
    return people


@pytest.fixture
def sweep(app: Flask, session: Session, connection: Connection) -> Iterator[Sweep]:
    """Three contests in three phases, ten people, all pages looked at once."""
    clock.read_from(lambda: NOW)
    world, scene = finished(session), make_scene(session)
    call = entering.make_call(session)
    draft, checked = entering.make_entry(session, call), entering.make_submitted(session, call)
    people = staff(session) | {"judge": scene.judges[0], "winner": world.entries[0].leader}
    people |= {"leader": draft.leader, "other team": checked.leader}
    session.commit()
    clients: dict[str, Any] = {"stranger": app.test_client()}
    clients |= {name: app.test_client().sign_in(user) for name, user in people.items()}  # type: ignore[attr-defined]
    sweep = Sweep(app, connection, clients)
    codes = session.scalars(select(Edition.code)).all()
    for name in clients:
        below = tuple(f"/{top}/{code}" for code in codes for top in ("manage", "supervise", "contests"))
        sweep.explore(name, STARTS + below)
    yield sweep
    clock.read_from(None)


def test_no_address_and_no_form_breaks_the_site(sweep: Sweep) -> None:
    foreign = {path: user for pages in sweep.pages.values() for path, user in pages.items() if path.startswith("/manage/")}
    known = [path for path, user in foreign.items() if user in {"organizer", "host"} and path.count("/") > 2]
    assert len(known) > 20
    assert {path: sweep.send("foreign organizer", path, "")[0] for path in known} == dict.fromkeys(known, 404)
    sweep.ask()
    left = sweep.fill_in()
    assert (sweep.report(), left) == ("", [])
