"""Signing up, in and out over HTTP; the same answer whoever asks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.enums import TokenPurpose
from app.accounts.models import Token, User, UserSession
from app.accounts.operations.tokens import LinkInvalid, find_token, redeem_token
from app.core import clock
from app.tables import metadata
from tests.support.client import words
from tests.support.mailbox import mails, sent_text

from .people import PASSWORD, mailed_link, member, sign_in

NEW = {"password": "seven violet umbrellas", "again": "seven violet umbrellas"}


def test_signing_up_goes_over_the_mailbox(app: Flask, client: FlaskClient, session: Session) -> None:
    assert client.post("/sign-up", data={"email": "New@Example.org"}).location == "/sign-up/sent"
    link = mailed_link(app, session, "new@example.org")
    data = {"name": "王小明", "password": PASSWORD, "again": PASSWORD, "agree": "y"}
    answer = client.post(link, data=data)
    assert (answer.status_code, answer.location) == (303, "/my/")
    assert session.scalars(select(User.name).where(User.email == "new@example.org")).all() == ["王小明"]
    assert "王小明" in words(client.get("/my/"))
    assert client.post(link, data=data).status_code == 410


def test_signing_up_leads_on_to_where_somebody_was_going(app: Flask, client: FlaskClient, session: Session) -> None:
    assert "/sign-up?next=/join/" in client.get("/sign-in?next=/join/").text
    client.get("/sign-up?next=/join/")
    client.post("/sign-up", data={"email": "new@example.org"})
    data = {"name": "王小明", "password": PASSWORD, "again": PASSWORD, "agree": "y"}
    assert client.post(mailed_link(app, session, "new@example.org"), data=data).location == "/join/"


def test_signing_in_and_out(client: FlaskClient, session: Session) -> None:
    member(session)
    answer = client.post("/sign-in", data={"email": "LIN@example.org", "password": PASSWORD, "next": "/my/"})
    assert (answer.status_code, answer.location) == (303, "/my/")
    assert client.get("/my/").status_code == 200
    with client.session_transaction() as cookie:
        stolen = cookie["_user_id"]
    assert client.post("/my/sign-out").headers["Clear-Site-Data"] == '"cache", "storage"'
    with client.session_transaction() as cookie:
        cookie["_user_id"] = stolen
    assert client.get("/my/").location.startswith("/sign-in")


def test_signing_in_gives_the_browser_a_new_name(client: FlaskClient, session: Session) -> None:
    member(session)
    with client.session_transaction() as cookie:
        cookie["planted"] = "by somebody"
    client.post("/sign-in", data={"email": "lin@example.org", "password": PASSWORD})
    with client.session_transaction() as cookie:
        assert "planted" not in cookie
    assert session.scalars(select(UserSession.network)).all() == ["127.0.0.1"]


def test_unknown_address_and_wrong_password_read_the_same(client: FlaskClient, session: Session) -> None:
    member(session)
    wrong = client.post("/sign-in", data={"email": "lin@example.org", "password": "not this one at all"})
    unknown = client.post("/sign-in", data={"email": "nobody@example.org", "password": "not this one at all"})
    assert wrong.status_code == unknown.status_code == 422
    assert words(wrong) == words(unknown)


def test_a_known_address_gets_another_mail_but_the_same_page(client: FlaskClient, session: Session) -> None:
    member(session)
    pages = []
    for email in ("lin@example.org", "new@example.org"):
        client.post("/sign-up", data={"email": email})
        pages.append(words(client.get("/sign-up/sent")).replace(email, "…"))
    assert pages[0] == pages[1]
    assert [mail.template for mail in mails(session)] == ["accounts/known", "accounts/sign_up"]


def test_resetting_reads_the_same_for_every_address(client: FlaskClient, session: Session) -> None:
    member(session)
    answers = [client.post("/reset", data={"email": email}) for email in ("lin@example.org", "nobody@example.org")]
    assert [(answer.status_code, answer.location) for answer in answers] == [(303, "/sign-up/sent")] * 2
    assert [mail.template for mail in mails(session)] == ["accounts/reset", "accounts/unknown"]


def test_a_reset_link_works_once_and_ends_every_session(app: Flask, client: FlaskClient, session: Session) -> None:
    user = member(session)
    sign_in(client)
    client.post("/reset", data={"email": user.email})
    link = mailed_link(app, session, user.email)
    new = {"password": "seven violet umbrellas", "again": "seven violet umbrellas"}
    assert client.post(link, data=new).location == "/sign-in"
    assert client.get("/my/").location.startswith("/sign-in")
    assert client.post(link, data=new).status_code == 410
    assert sign_in(client, password="seven violet umbrellas").location == "/my/"
    assert mails(session, user.email)[-1].template == "accounts/password_changed"


def test_a_reset_link_dies_when_the_password_changes(app: Flask, client: FlaskClient, session: Session) -> None:
    user = member(session)
    client.post("/reset", data={"email": user.email})
    link = mailed_link(app, session, user.email)
    assert client.get(link).status_code == 200
    sign_in(client)
    client.post("/my/security/password", data={"old": PASSWORD, "new": NEW["password"], "again": NEW["password"]})
    assert client.get(link).status_code == 410


def test_using_one_reset_link_kills_the_others(app: Flask, client: FlaskClient, session: Session) -> None:
    user, links = member(session), []
    for _ in range(2):
        client.post("/reset", data={"email": user.email})
        links.append(mailed_link(app, session, user.email))
    assert links[0] != links[1]
    assert client.post(links[0], data=NEW).location == "/sign-in"
    assert client.post(links[1], data=NEW).status_code == 410
    lives = session.execute(select(Token.used_at.is_not(None), Token.revoked_at.is_not(None)).order_by(Token.id)).all()
    assert [tuple(row) for row in lives] == [(True, False), (False, True)]  # ended in its row, not only by what it is bound to


def test_a_reset_link_lives_half_an_hour_and_a_change_link_two(app: Flask, client: FlaskClient, session: Session) -> None:
    user = member(session)
    client.post("/reset", data={"email": user.email})
    sign_in(client)
    client.post("/my/security/address", data={"email": "new@example.org", "password": PASSWORD})
    lives = {token.purpose.value: token.expires_at - token.created_at for token in session.scalars(select(Token))}
    assert lives == {"reset_password": timedelta(minutes=30), "change_email": timedelta(hours=2)}
    link = mailed_link(app, session, user.email)
    session.scalars(select(Token).where(Token.user_id == user.id)).first().expires_at = clock.now()
    session.commit()
    assert client.post(link, data=NEW).status_code == 410


def test_the_secret_of_a_link_is_nowhere_in_the_database(app: Flask, client: FlaskClient, session: Session) -> None:
    """Not in the tokens, not in the outbox, not in the journal: who steals a copy of the database opens nothing with it."""
    user = member(session)
    client.post("/reset", data={"email": user.email})
    client.post("/sign-up", data={"email": "new@example.org"})
    secrets = [mailed_link(app, session, email).rsplit("/", 1)[1] for email in (user.email, "new@example.org")]
    assert [len(secret) >= 43 for secret in secrets] == [True, True]  # 256 bits, six in a letter
    everything = "".join(repr(tuple(row)) for table in metadata.sorted_tables for row in session.execute(select(table)))
    assert "example.org" in everything
    assert [secret in everything for secret in secrets] == [False, False]


def test_a_link_that_confirms_an_address_dies_with_the_address(app: Flask, client: FlaskClient, session: Session) -> None:
    user = member(session, email_confirmed_at=None)
    sign_in(client)
    link = mailed_link(app, session, user.email)
    user.email = "moved@example.org"
    session.commit()
    assert client.post(link).status_code == 410
    assert user.email_confirmed_at is None


def test_a_reset_link_opens_no_other_door(app: Flask, client: FlaskClient, session: Session) -> None:
    user = member(session)
    client.post("/reset", data={"email": user.email})
    secret = mailed_link(app, session, user.email).rsplit("/", 1)[1]
    assert [client.get(f"/{door}/{secret}").status_code for door in ("sign-up", "confirm", "change-address", "invitations")] == [410] * 4
    for purpose in set(TokenPurpose) - {TokenPurpose.RESET_PASSWORD}:
        for open_door in (find_token, redeem_token):
            with pytest.raises(LinkInvalid):
                open_door(session, secret=secret, purpose=purpose, now=clock.now())
    assert redeem_token(session, secret=secret, purpose=TokenPurpose.RESET_PASSWORD, now=clock.now()).user_id == user.id


def test_links_in_mails_never_follow_the_requests_host(app: Flask, client: FlaskClient, session: Session) -> None:
    user = member(session)
    for name in ("X-Forwarded-Host", "X-Host", "X-Original-Host", "Forwarded"):
        value = "host=evil.example" if name == "Forwarded" else "evil.example"
        assert client.post("/reset", data={"email": user.email}, headers={name: value}).status_code == 303
    assert client.post("/reset", data={"email": user.email}, headers={"Host": "evil.example"}).status_code == 400
    texts = [sent_text(mail, app.extensions["jiebang"].var / "mail") for mail in mails(session, user.email)]
    assert len(texts) == 4
    assert [("evil.example" in text, "http://localhost/reset/" in text) for text in texts] == [(False, True)] * 4


def test_a_disabled_account_reads_like_a_wrong_password(client: FlaskClient, session: Session) -> None:
    member(session, disabled_at=clock.now())
    refused = sign_in(client)
    assert refused.status_code == 422
    assert "邮箱与密码不匹配" in words(refused)


def test_an_unconfirmed_address_must_be_confirmed_first(app: Flask, client: FlaskClient, session: Session) -> None:
    user = member(session, email_confirmed_at=None)
    assert sign_in(client).status_code == 422
    link = mailed_link(app, session, user.email)
    assert client.post(link).location == "/sign-in"
    assert sign_in(client).location == "/my/"


def test_the_way_back_never_leaves_the_site(client: FlaskClient, session: Session) -> None:
    member(session)
    for target in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/\tevil"):
        assert sign_in(client, next=target).location == "/my/"
        client.post("/my/sign-out")


def test_odd_input_is_refused_politely(client: FlaskClient, session: Session) -> None:
    member(session)
    for email in ("", "a", "x" * 5000 + "@example.org", "a\x00b@example.org", "a@b\r\nBcc: c@d.org", "<b>@example.org"):
        for page in ("/sign-in", "/sign-up", "/reset"):
            assert client.post(page, data={"email": email, "password": "p" * 20}).status_code == 422
    assert sign_in(client, password="p" * 100_000).status_code == 422
    assert sign_in(client, password="a\x00b").status_code == 422
    assert client.get("/reset/" + "x" * 3000).status_code == 410
    assert mails(session) == []
