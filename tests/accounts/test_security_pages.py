"""One's own security: password, address, sessions, second factor, proving oneself again."""

from __future__ import annotations

import re
from datetime import timedelta

import pyotp
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import RecoveryCode, User, UserSession
from app.core import clock
from tests.support.client import html, words
from tests.support.mailbox import mails

from .people import OTHER, PASSWORD, mailed_link, member, sign_in


def enrol(client: FlaskClient, session: Session) -> tuple[pyotp.TOTP, list[str]]:
    """Set up the second factor as the signed-in person does; the app's generator and the recovery codes."""
    page = client.get("/my/security/second-factor/")
    found = re.search(r'data-copy="([A-Z2-7]{32})"', page.text)
    assert found, page.text
    totp = pyotp.TOTP(found.group(1))
    answer = client.post("/my/security/second-factor/", data={"code": totp.at(clock.now())})
    codes = re.findall(r"<code>([0-9A-Z]{5}-[0-9A-Z]{5})</code>", answer.text)
    return totp, codes


def test_changing_the_password_ends_the_other_sessions_and_tells_the_owner(app: Flask, client: FlaskClient, session: Session) -> None:
    member(session)
    elsewhere = app.test_client()
    sign_in(elsewhere)
    sign_in(client)
    data = {"old": PASSWORD, "new": OTHER, "again": OTHER}
    assert client.post("/my/security/password", data={**data, "old": "wrong one here"}).status_code == 422
    assert client.post("/my/security/password", data=data).location == "/my/security/"
    assert client.get("/my/").status_code == 200
    assert elsewhere.get("/my/").location.startswith("/sign-in")
    assert [mail.template for mail in mails(session)] == ["accounts/password_changed"]


def test_changing_the_address_waits_for_the_new_mailbox_and_warns_the_old(app: Flask, client: FlaskClient, session: Session) -> None:
    user = member(session)
    sign_in(client)
    client.post("/my/security/address", data={"email": "new@example.org", "password": PASSWORD})
    assert user.email == "lin@example.org"
    link = mailed_link(app, session, "new@example.org")
    assert client.post(link).location == "/sign-in"
    session.expire_all()
    assert session.scalars(select(User.email)).all() == ["new@example.org"]
    assert [mail.template for mail in mails(session, "lin@example.org")] == ["accounts/email_changed"]
    assert client.get("/my/").location.startswith("/sign-in")


def test_a_taken_address_is_told_by_mail_only(client: FlaskClient, session: Session) -> None:
    member(session)
    member(session, "other@example.org", "Other")
    sign_in(client)
    answer = client.post("/my/security/address", data={"email": "other@example.org", "password": PASSWORD})
    assert answer.location == "/my/security/"
    assert [mail.template for mail in mails(session, "other@example.org")] == ["accounts/known"]


def test_sessions_are_listed_and_can_be_ended_one_by_one(app: Flask, client: FlaskClient, session: Session) -> None:
    user = member(session)
    elsewhere = app.test_client()
    elsewhere.post("/sign-in", data={"email": user.email, "password": PASSWORD}, headers={"User-Agent": "Old Browser 7"})
    sign_in(client)
    assert "Old Browser 7" in words(client.get("/my/security/"))
    old = session.scalars(select(UserSession.id).where(UserSession.agent == "Old Browser 7")).one()
    client.post(f"/my/security/sessions/{old}/end")
    assert elsewhere.get("/my/").location.startswith("/sign-in")
    assert client.get("/my/").status_code == 200


def test_nobody_ends_another_persons_session(app: Flask, client: FlaskClient, session: Session) -> None:
    member(session)
    member(session, "other@example.org", "Other")
    elsewhere = app.test_client()
    sign_in(elsewhere, "other@example.org")
    theirs = session.scalars(select(UserSession.id)).one()
    sign_in(client)
    assert client.post(f"/my/security/sessions/{theirs}/end").status_code == 404
    assert elsewhere.get("/my/").status_code == 200


def test_signing_out_everywhere_includes_here(app: Flask, client: FlaskClient, session: Session) -> None:
    member(session)
    elsewhere = app.test_client()
    sign_in(elsewhere)
    sign_in(client)
    client.post("/my/security/sessions/end-all")
    assert elsewhere.get("/my/").location.startswith("/sign-in")
    assert client.get("/my/").location.startswith("/sign-in")


def test_the_second_factor_is_asked_for_and_a_code_works_once(client: FlaskClient, session: Session) -> None:
    user = member(session)
    sign_in(client)
    totp, codes = enrol(client, session)
    assert len(set(codes)) == 10
    client.post("/my/sign-out")
    assert sign_in(client).location == "/sign-in/code"
    assert client.get("/my/").location.startswith("/sign-in")
    used = totp.at(clock.now())
    assert client.post("/sign-in/code", data={"code": used}).status_code == 422  # it served to switch the factor on
    user.totp_last_step = None
    session.commit()
    assert client.post("/sign-in/code", data={"code": totp.at(clock.now())}).location == "/my/"


def test_a_recovery_code_works_once_and_only_its_hash_is_stored(client: FlaskClient, session: Session) -> None:
    member(session)
    sign_in(client)
    _totp, codes = enrol(client, session)
    assert codes[0] not in session.scalars(select(RecoveryCode.code_hash)).all()
    for answer in (303, 422):
        client.post("/my/sign-out")
        sign_in(client)
        assert client.post("/sign-in/code", data={"code": codes[0].lower()}).status_code == answer


def test_a_role_can_demand_the_second_factor(client: FlaskClient, session: Session) -> None:
    from app.accounts.enums import Role
    from app.core.authz import SYSTEM
    from app.settings.operations.settings import change_setting
    from tests.factories.accounts import grant, make_organization

    user = member(session)
    grant(session, user, Role.HOST, organization=make_organization(session))
    change_setting(session, key="second_factor_roles", value=["host"], actor=SYSTEM, now=clock.now())
    session.commit()
    sign_in(client)
    assert client.get("/my/").location == "/my/security/second-factor/"
    enrol(client, session)
    assert client.get("/my/").status_code == 200
    refused = client.post("/my/security/second-factor/remove", follow_redirects=True)
    assert "您的角色要求使用双因素认证" in words(refused)
    session.refresh(user)
    assert user.totp_enabled_at is not None


def test_an_old_proof_is_asked_for_again_and_nothing_happens_before(client: FlaskClient, session: Session) -> None:
    member(session)
    sign_in(client)
    live = session.scalars(select(UserSession)).one()
    live.reauthenticated_at = clock.now() - timedelta(minutes=6)
    session.commit()
    assert client.get("/my/security/second-factor/").location == "/my/confirm?next=/my/security/second-factor/"
    assert client.post("/my/confirm", data={"password": "not my password", "next": "/my/"}).status_code == 422
    answer = client.post("/my/confirm", data={"password": PASSWORD, "next": "/my/security/second-factor/"})
    assert answer.location == "/my/security/second-factor/"
    assert client.get("/my/security/second-factor/").status_code == 200


def test_a_session_ends_after_idle_minutes_and_after_its_longest_life(client: FlaskClient, session: Session) -> None:
    member(session)
    sign_in(client)
    live = session.scalars(select(UserSession)).one()
    assert live.expires_at - live.created_at == timedelta(hours=12)
    live.last_seen_at = clock.now() - timedelta(minutes=29)
    session.commit()
    assert client.get("/my/").status_code == 200
    session.refresh(live)
    assert clock.now() - live.last_seen_at < timedelta(minutes=1)
    live.last_seen_at = clock.now() - timedelta(minutes=30)
    session.commit()
    assert client.get("/my/").location.startswith("/sign-in")


def test_pages_of_signed_in_people_are_not_kept_by_caches(client: FlaskClient, session: Session) -> None:
    member(session)
    sign_in(client)
    headers = client.get("/my/").headers
    assert (headers["Cache-Control"], headers["Vary"]) == ("no-store", "Cookie")


def test_proving_oneself_gives_the_session_a_new_name_and_kills_the_old(client: FlaskClient, session: Session) -> None:
    member(session)
    sign_in(client)
    with client.session_transaction() as cookie:
        before = cookie["_user_id"]
    client.post("/my/confirm", data={"password": PASSWORD, "next": "/my/"})
    assert client.get("/my/").status_code == 200
    with client.session_transaction() as cookie:
        assert cookie["_user_id"] != before
        cookie["_user_id"] = before
    assert client.get("/my/").location.startswith("/sign-in")


def test_a_refused_page_is_written_into_the_journal(client: FlaskClient, session: Session) -> None:
    from app.audit.models import JournalEvent

    user = member(session)
    sign_in(client)
    refused = client.get("/admin/users/")
    assert refused.status_code == 403
    assert "role" not in {str(field["name"]) for field in html(refused).select("[name]")}, "its bar has no role to change to"
    assert "没有哪个角色" in words(refused)
    facts = session.scalars(select(JournalEvent.payload).where(JournalEvent.name == "accounts.access_refused")).all()
    assert facts == [f'{{"page":"GET admin.users.index","user_id":{user.id}}}']


def test_forms_without_their_token_do_nothing(app: Flask, client: FlaskClient, session: Session) -> None:
    member(session)
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        assert sign_in(client).status_code == 400
        assert client.post("/reset", data={"email": "lin@example.org"}).status_code == 400
        assert client.post("/reset", json={"email": "lin@example.org"}).status_code == 400
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert session.scalars(select(UserSession)).all() == []
    assert mails(session) == []
