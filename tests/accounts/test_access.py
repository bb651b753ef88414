"""Signing up, in and out over HTTP; the same answer whoever asks."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User, UserSession
from app.accounts.operations.users import create_user
from app.core import clock
from app.core.authz import SYSTEM
from tests.support.client import words
from tests.support.mailbox import link_in, mails, sent_text

PASSWORD = "harbour lantern 41 quilt"


def made_user(session: Session, email: str = "lin@example.org", name: str = "Lin") -> User:
    user = create_user(session, email=email, name=name, password=PASSWORD, confirmed=True, actor=SYSTEM, now=clock.now())
    session.commit()
    return user


def mail_folder(app: Flask) -> str:
    return str(app.extensions["jiebang"].var / "mail")


def test_signing_up_goes_over_the_mailbox(app: Flask, client: FlaskClient, session: Session) -> None:
    assert client.post("/sign-up", data={"email": "New@Example.org"}).location == "/sign-up/sent"
    (message,) = mails(session, "new@example.org")
    link = link_in(sent_text(message, mail_folder(app)))
    data = {"name": "王小明", "password": PASSWORD, "again": PASSWORD, "agree": "y"}
    answer = client.post(link, data=data)
    assert (answer.status_code, answer.location) == (303, "/my/")
    assert session.scalars(select(User.name).where(User.email == "new@example.org")).all() == ["王小明"]
    assert "王小明" in words(client.get("/my/"))
    assert client.post(link, data=data).status_code == 410


def test_signing_in_and_out(client: FlaskClient, session: Session) -> None:
    made_user(session)
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
    made_user(session)
    with client.session_transaction() as cookie:
        cookie["planted"] = "by somebody"
    client.post("/sign-in", data={"email": "lin@example.org", "password": PASSWORD})
    with client.session_transaction() as cookie:
        assert "planted" not in cookie
    assert session.scalars(select(UserSession.network)).all() == ["127.0.0.1"]


def test_unknown_address_and_wrong_password_read_the_same(client: FlaskClient, session: Session) -> None:
    made_user(session)
    wrong = client.post("/sign-in", data={"email": "lin@example.org", "password": "not this one at all"})
    unknown = client.post("/sign-in", data={"email": "nobody@example.org", "password": "not this one at all"})
    assert wrong.status_code == unknown.status_code == 422
    assert words(wrong) == words(unknown)
