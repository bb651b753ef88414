"""Steps with weight in an edition: a proof of identity older than five minutes is asked for anew, and nothing happens before."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.enums import Role
from app.accounts.models import RoleGrant, User, UserSession
from app.accounts.operations.organizations import add_member
from app.audit.models import JournalEvent
from app.calls.enums import StageState
from app.calls.models import Edition, Stage
from app.core import clock
from app.core.authz import SYSTEM
from tests.conftest import NOW
from tests.factories.accounts import grant, make_user
from tests.factories.calls import make_published
from tests.support.client import Client


@pytest.fixture
def edition(session: Session) -> Edition:
    return make_published(session)


@pytest.fixture
def host(session: Session, client: Client, edition: Edition) -> User:
    """The edition's host, who proved who they are six minutes ago."""
    user = make_user(session)
    grant(session, user, Role.HOST, organization=edition.host)
    client.sign_in(user)
    prove(session, user, minutes=6)
    return user


def prove(session: Session, user: User, minutes: int = 0) -> None:
    for live in session.scalars(select(UserSession).where(UserSession.user_id == user.id)):
        live.reauthenticated_at = clock.now() - timedelta(minutes=minutes)
    session.commit()


def facts(session: Session) -> int:
    return session.scalar(select(func.count(JournalEvent.id))) or 0


def test_giving_and_ending_a_role(session: Session, client: Client, edition: Edition, host: User) -> None:
    person = make_user(session)
    add_member(session, organization=edition.host, user=person, actor=SYSTEM, now=NOW)
    session.commit()
    page, before = f"/manage/{edition.code}/staff", facts(session)
    data = {"email": person.email, "role": "scorer"}
    assert client.post(page, data=data).location == "/my/confirm?next=/my/"
    assert facts(session) == before
    prove(session, host)
    assert client.post(page, data=data).location == page
    given = session.scalars(select(RoleGrant).where(RoleGrant.user_id == person.id)).one()
    prove(session, host, minutes=6)
    assert client.post(f"{page}/{given.id}/end", data={"reason": "other work"}).location.startswith("/my/confirm")
    session.refresh(given)
    assert given.ended_at is None


def test_letting_judging_begin(session: Session, client: Client, edition: Edition, host: User) -> None:
    stage = session.scalars(select(Stage).where(Stage.edition_id == edition.id).order_by(Stage.position)).first()
    assert stage is not None
    path = f"/manage/{edition.code}/stages/{stage.id}/open"
    before = stage.state
    assert client.post(path).location.startswith("/my/confirm")
    session.refresh(stage)
    assert stage.state == before
    prove(session, host)
    client.post(path)
    session.refresh(stage)
    assert stage.state == StageState.OPEN


def test_taking_the_entries_as_a_file(session: Session, client: Client, edition: Edition, host: User) -> None:
    path, before = f"/manage/{edition.code}/entries/export.xlsx", facts(session)
    assert client.get(f"{path}?state=accepted").location.startswith(f"/my/confirm?next=/manage/{edition.code}/entries/")
    assert facts(session) == before
    prove(session, host)
    assert client.get(path).data[:2] == b"PK"
    assert facts(session) == before + 1
