"""The test client: signs people in through real sessions, raises what a view did not handle, reads pages as HTML."""

from __future__ import annotations

from typing import Any

from bs4 import BeautifulSoup
from flask import g, has_app_context
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.core import clock, codes
from app.core.db import db


class Client(FlaskClient):
    """A browser without script, which reads every answer to its end. An exception in a view is raised here instead of becoming a calm
    500 page.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        kwargs.setdefault("buffered", True)
        kwargs.setdefault("environ_overrides", {})["jiebang.raise"] = True
        if has_app_context():  # the test's own context: what one request noted there is not the next one's
            for name in list(g):
                g.pop(name)
        return super().open(*args, **kwargs)

    def sign_in(self, user: Any, role: str | None = None) -> Client:
        """Act as ``user`` from now on."""
        from app.accounts.models import UserSession

        token, now = codes.token(), clock.now()
        session: Session = db.session
        session.add(
            UserSession(
                token_hash=codes.token_hash(token),
                user_id=user.id,
                created_at=now,
                last_seen_at=now,
                current_role=role,
                expires_at=now.replace(year=now.year + 1),
                reauthenticated_at=now,
                second_factor_at=now,
            )
        )
        session.commit()
        with self.session_transaction() as cookie:
            cookie.clear()
            cookie["_user_id"] = token
            cookie["_fresh"] = True
        return self

    def sign_out(self) -> Client:
        with self.session_transaction() as cookie:
            cookie.clear()
        return self


def html(response: TestResponse) -> BeautifulSoup:
    """The page as a tree."""
    return BeautifulSoup(response.get_data(as_text=True), "html5lib")


def words(response: TestResponse) -> str:
    """The page's text with single spaces."""
    return " ".join(html(response).get_text(" ").split())
