"""Invitations: for one address and one role, used once, never more than the inviter may give when they are accepted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.enums import Role
from app.accounts.models import Membership, Organization, RoleGrant, Token, User
from app.accounts.operations.grants import end_role
from app.core import clock
from app.core.authz import SYSTEM
from tests.factories.accounts import grant, make_organization, make_user
from tests.support.client import html, words
from tests.support.mailbox import mails

from .people import PASSWORD, mailed_link, member, sign_in

NEW = {"name": "高小梅", "password": PASSWORD, "again": PASSWORD, "agree": "y"}


@pytest.fixture
def office(session: Session) -> Organization:
    return make_organization(session, "市科技局")


@pytest.fixture
def host(session: Session, client: FlaskClient, office: Organization) -> User:
    user = make_user(session, "主办人")
    grant(session, user, Role.HOST, organization=office)
    client.sign_in(user)
    return user


def invite(client: FlaskClient, office: Organization, email: str = "new@example.org", role: str = "organizer") -> int:
    return client.post(f"/my/organizations/{office.id}", data={"email": email, "role": role, "note": "欢迎"}).status_code


def test_a_newcomer_makes_an_account_and_has_the_role(
    app: Flask, client: FlaskClient, session: Session, office: Organization, host: User
) -> None:
    assert invite(client, office) == 303
    link = mailed_link(app, session, "new@example.org")
    client.sign_out()
    assert "市科技局" in words(client.get(link))
    assert client.post(link, data=NEW).location == "/my/"
    made = session.scalars(select(User).where(User.email == "new@example.org")).one()
    assert session.scalars(select(RoleGrant.role).where(RoleGrant.user_id == made.id)).all() == [Role.ORGANIZER]
    assert session.scalars(select(Membership.organization_id).where(Membership.user_id == made.id)).all() == [office.id]
    assert client.post(link, data=NEW).status_code == 410


def test_a_known_person_signs_in_and_accepts(app: Flask, client: FlaskClient, session: Session, office: Organization, host: User) -> None:
    user = member(session)
    invite(client, office, user.email)
    link = mailed_link(app, session, user.email)
    client.sign_out()
    assert client.post(link, data=NEW).status_code == 422  # no second account, no role without signing in
    sign_in(client)
    assert client.post(link).location == "/my/"
    assert session.scalars(select(RoleGrant.role).where(RoleGrant.user_id == user.id)).all() == [Role.ORGANIZER]


def test_somebody_else_cannot_use_it(app: Flask, client: FlaskClient, session: Session, office: Organization, host: User) -> None:
    invite(client, office)
    link = mailed_link(app, session, "new@example.org")
    other = member(session)
    client.sign_out()
    sign_in(client)
    page = client.get(link)
    assert "new@example.org" in words(page)
    assert client.post(link).status_code == 422
    assert session.scalars(select(RoleGrant).where(RoleGrant.user_id == other.id)).all() == []


def test_who_is_signed_in_as_somebody_else_is_asked_as_whom_to_go_on(
    app: Flask, client: FlaskClient, session: Session, office: Organization, host: User
) -> None:
    member(session, "theirs@example.org", "Theirs")
    invite(client, office, "theirs@example.org")
    link = mailed_link(app, session, "theirs@example.org")
    other = member(session)
    client.sign_out()
    sign_in(client)
    page = html(client.get(link))
    choices = [button.get_text(" ") for button in page.select("main .actions .btn")]
    assert ["theirs@example.org" in choices[0], other.email in choices[1]] == [True, True]
    form = page.select_one("main .actions form")
    assert form is not None
    data = {str(field["name"]): str(field["value"]) for field in form.select("input")}
    assert client.post(str(form["action"]), data=data).location == link
    assert html(client.get(link)).select_one("main a.btn-primary")["href"].endswith(f"next={link}")
    sign_in(client, "theirs@example.org")
    assert client.post(link).location == "/my/"
    assert session.scalars(select(RoleGrant.role).where(RoleGrant.user_id == other.id)).all() == []


def test_with_more_powers_the_session_gets_a_new_name_and_the_old_is_dead(
    app: Flask, client: FlaskClient, session: Session, office: Organization, host: User
) -> None:
    user = member(session)
    invite(client, office, user.email)
    link = mailed_link(app, session, user.email)
    client.sign_out()
    sign_in(client)
    with client.session_transaction() as cookie:
        before = cookie["_user_id"]
    client.post(link)
    assert client.get(f"/my/organizations/{office.id}").status_code == 200
    with client.session_transaction() as cookie:
        assert cookie["_user_id"] != before
        cookie["_user_id"] = before
    assert client.get("/my/").location.startswith("/sign-in")


def test_what_the_form_says_of_the_role_counts_for_nothing(
    app: Flask, client: FlaskClient, session: Session, office: Organization, host: User
) -> None:
    invite(client, office)
    link = mailed_link(app, session, "new@example.org")
    client.sign_out()
    assert client.post(link, data={**NEW, "role": "host", "organization_id": "", "email": "evil@example.org"}).location == "/my/"
    made = session.scalars(select(User).where(User.name == NEW["name"])).one()
    given = session.scalars(select(RoleGrant).where(RoleGrant.user_id == made.id)).all()
    assert (made.email, [(row.role, row.organization_id) for row in given]) == ("new@example.org", [(Role.ORGANIZER, office.id)])


def test_a_withdrawn_or_late_invitation_is_worthless(
    app: Flask, client: FlaskClient, session: Session, office: Organization, host: User
) -> None:
    invite(client, office)
    link = mailed_link(app, session, "new@example.org")
    token = session.scalars(select(Token)).one()
    client.post(f"/my/organizations/{office.id}/invitations/{token.id}/revoke")
    assert client.get(link).status_code == 410
    invite(client, office, "late@example.org")
    late = mailed_link(app, session, "late@example.org")
    newest = session.scalars(select(Token).where(Token.email == "late@example.org")).one()
    newest.expires_at = clock.now() - timedelta(seconds=1)
    session.commit()
    assert client.get(late).status_code == 410


def test_a_second_invitation_to_the_same_takes_the_place_of_the_first(
    app: Flask, client: FlaskClient, session: Session, office: Organization, host: User
) -> None:
    other = make_organization(session, "市人才办")
    grant(session, host, Role.HOST, organization=other)
    session.commit()
    invite(client, office, "New@example.org")
    first = mailed_link(app, session, "new@example.org")
    invite(client, office, "new@example.org", "supervisor")
    invite(client, other)
    assert client.get(first).status_code == 200, "another role and another office are other invitations"
    invite(client, office)
    live = session.scalars(select(Token).where(Token.revoked_at.is_(None)).order_by(Token.id)).all()
    assert client.get(first).status_code == 410
    assert [(token.payload["role"], token.payload["organization_id"]) for token in live] == [
        ("supervisor", office.id), ("organizer", other.id), ("organizer", office.id),
    ]  # fmt: skip


def test_it_gives_nothing_when_the_inviter_has_lost_the_right(
    app: Flask, client: FlaskClient, session: Session, office: Organization, host: User
) -> None:
    invite(client, office)
    link = mailed_link(app, session, "new@example.org")
    mine = session.scalars(select(RoleGrant).where(RoleGrant.user_id == host.id)).one()
    end_role(session, grant=mine, reason="left", actor=SYSTEM, now=clock.now())
    session.commit()
    client.sign_out()
    assert client.post(link, data=NEW).status_code == 422
    assert session.scalars(select(User).where(User.email == "new@example.org")).all() == []


@pytest.mark.parametrize("role", ["system_admin", "auditor", "scorer", "nonsense", ""])
def test_a_host_cannot_invite_to_what_is_not_theirs_to_give(
    client: FlaskClient, session: Session, office: Organization, host: User, role: str
) -> None:
    assert invite(client, office, role=role) == 422
    assert mails(session) == []


def test_an_organization_is_not_found_by_strangers_and_not_changed_by_members(
    client: FlaskClient, session: Session, office: Organization, host: User
) -> None:
    elsewhere = make_organization(session)
    assert client.get(f"/my/organizations/{elsewhere.id}").status_code == 404
    assert invite(client, elsewhere) == 404
    plain = make_user(session)
    grant(session, plain, Role.TALENT_OFFICER, organization=office)
    client.sign_in(plain)
    assert client.get(f"/my/organizations/{office.id}").status_code == 200
    assert invite(client, office) == 403
    assert client.post(f"/my/organizations/{office.id}/roles", data={"user_id": plain.id, "role": "host"}).status_code == 403


def test_a_host_gives_and_ends_roles_of_members(client: FlaskClient, session: Session, office: Organization, host: User) -> None:
    person = make_user(session)
    given = grant(session, person, Role.ORGANIZER, organization=office)
    client.post(f"/my/organizations/{office.id}/roles", data={"user_id": person.id, "role": "finance"})
    client.post(f"/my/organizations/{office.id}/roles/{given.id}/end", data={"reason": "other work"})
    live = session.scalars(select(RoleGrant.role).where(RoleGrant.user_id == person.id, RoleGrant.ended_at.is_(None))).all()
    assert live == [Role.FINANCE]
