"""From the cookie to the acting person: Flask-Login asks, the server-side session answers."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask_login import LoginManager

from app.core import authz, web
from app.core.authz import VISITOR, Actor
from app.core.db import db

from . import queries


def init(manager: LoginManager) -> None:
    manager.session_protection = None  # sessions are rows that can be ended; guessing by network address is not needed
    manager.anonymous_user = lambda: VISITOR
    manager.user_loader(load)
    manager.unauthorized_handler(ask_to_sign_in)


def load(token: str) -> Actor | None:
    """The person behind the session token, with their roles; None when the session has ended."""
    return queries.actor_of_session(db.session, token, web.now())


def ask_to_sign_in() -> object:
    """To the sign-in page and back; nothing of the page has been answered."""
    authz.note_public()
    return redirect(
        url_for(
            "accounts.public.sign_in",
            next=request.full_path.rstrip("?") if request.method == "GET" else None,
        ),
        code=303,
    )
