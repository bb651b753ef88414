"""People with real passwords for the tests of this folder."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.accounts.operations.users import create_user
from app.core import clock
from app.core.authz import SYSTEM
from tests.support.mailbox import link_in, mails, sent_text

PASSWORD = "harbour lantern 41 quilt"
OTHER = "eleven maps beside 9 rivers"


def member(session: Session, email: str = "lin@example.org", name: str = "Lin", **values: object) -> User:
    """An account that can sign in with PASSWORD."""
    user = create_user(session, email=email, name=name, password=PASSWORD, confirmed=True, actor=SYSTEM, now=clock.now())
    for key, value in values.items():
        setattr(user, key, value)
    session.commit()
    return user


def sign_in(client: FlaskClient, email: str = "lin@example.org", password: str = PASSWORD, **extra: str) -> object:
    return client.post("/sign-in", data={"email": email, "password": password, **extra})


def mailed_link(app: Flask, session: Session, email: str) -> str:
    """The path of the link in the newest mail to the address, as it left."""
    return link_in(sent_text(mails(session, email)[-1], app.extensions["jiebang"].var / "mail"))
