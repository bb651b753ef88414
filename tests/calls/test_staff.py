"""Giving roles in an edition: colleagues have them at once, anybody else is invited, and no answer tells who has an account."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.enums import Role, TokenPurpose
from app.accounts.models import RoleGrant, Token, User
from app.accounts.operations.organizations import add_member
from app.accounts.operations.tokens import secret_of
from app.calls.models import Edition
from app.core import clock
from app.core.authz import SYSTEM
from tests.conftest import NOW
from tests.factories.accounts import grant, make_user
from tests.factories.entries import make_edition
from tests.support.client import words


@pytest.fixture
def edition(session: Session, client: FlaskClient) -> Iterator[Edition]:
    """An edition whose host is signed in."""
    clock.read_from(lambda: NOW)
    edition = make_edition(session)
    host = make_user(session, "Host")
    grant(session, host, Role.HOST, organization=edition.host)
    session.commit()
    client.sign_in(host)  # type: ignore[attr-defined]
    yield edition
    clock.read_from(None)


def give(client: FlaskClient, edition: Edition, email: str) -> tuple[int, str]:
    """Status and words of the page afterwards, without the address that was typed and what is new in every answer."""
    answer = client.post(f"/manage/{edition.code}/staff", data={"email": email, "role": "scorer"}, follow_redirects=True)
    return answer.status_code, re.sub(re.escape(email), "…", words(answer))


def given(session: Session, user: User) -> list[Role]:
    return list(session.scalars(select(RoleGrant.role).where(RoleGrant.user_id == user.id, RoleGrant.ended_at.is_(None))))


def invitation(session: Session, email: str) -> Token:
    return session.scalars(select(Token).where(Token.email == email, Token.purpose == TokenPurpose.INVITE_STAFF)).one()


def test_an_address_with_an_account_and_one_without_read_the_same(client: FlaskClient, session: Session, edition: Edition) -> None:
    stranger = make_user(session, email="known@elsewhere.example")
    session.commit()
    known = give(client, edition, stranger.email)
    client.post(f"/manage/{edition.code}/staff/invitations/{invitation(session, stranger.email).id}/revoke")
    client.get(f"/manage/{edition.code}/staff")  # reads that it was withdrawn
    unknown = give(client, edition, "nobody@elsewhere.example")
    assert known == unknown
    assert known[0] == 200
    assert given(session, stranger) == [], "whoever is invited has nothing before accepting"


def test_a_colleague_has_the_role_at_once(client: FlaskClient, session: Session, edition: Edition) -> None:
    colleague = make_user(session)
    add_member(session, organization=edition.host, user=colleague, actor=SYSTEM, now=NOW)
    session.commit()
    give(client, edition, colleague.email)
    assert given(session, colleague) == [Role.SCORER]


def test_the_invited_person_accepts_and_has_the_role_in_this_edition_alone(
    app: Flask, client: FlaskClient, session: Session, edition: Edition
) -> None:
    person = make_user(session)
    session.commit()
    give(client, edition, person.email)
    browser = app.test_client().sign_in(person)  # type: ignore[attr-defined]
    link = f"/invitations/{secret_of(invitation(session, person.email))}"
    assert edition.title in words(browser.get(link))
    browser.post(link, data={})
    held = session.scalars(select(RoleGrant).where(RoleGrant.user_id == person.id)).one()
    assert (held.role, held.edition_id, held.organization_id) == (Role.SCORER, edition.id, None)
    browser.post(link, data={})
    assert given(session, person) == [Role.SCORER]


def test_a_withdrawn_invitation_and_one_of_who_lost_the_right_give_nothing(
    app: Flask, client: FlaskClient, session: Session, edition: Edition
) -> None:
    first, second = make_user(session), make_user(session)
    session.commit()
    for person in (first, second):
        give(client, edition, person.email)
    client.post(f"/manage/{edition.code}/staff/invitations/{invitation(session, first.email).id}/revoke")
    for role in session.scalars(select(RoleGrant).where(RoleGrant.role == Role.HOST)):
        role.ended_at = NOW
    links = {person: f"/invitations/{secret_of(invitation(session, person.email))}" for person in (first, second)}
    session.commit()
    for person, link in links.items():
        app.test_client().sign_in(person).post(link, data={})  # type: ignore[attr-defined]
        assert given(session, person) == []


def test_an_invitation_of_another_edition_is_not_there(client: FlaskClient, session: Session, edition: Edition) -> None:
    other = make_edition(session, host=edition.host)
    session.commit()
    give(client, other, "somebody@elsewhere.example")
    token = invitation(session, "somebody@elsewhere.example")
    assert client.post(f"/manage/{edition.code}/staff/invitations/{token.id}/revoke").status_code == 404
    assert token.revoked_at is None
