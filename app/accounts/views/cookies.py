"""From a begun session to the browser's cookie and back."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import request, session
from flask_login import login_user

from app.accounts.models import User
from app.accounts.operations import sessions
from app.accounts.operations.signing_in import half_way
from app.core.authz import Actor
from app.core.db import db
from app.core.uow import atomic
from app.core.web import actor

HALF_WAY = "half_way"
HALF_WAY_LASTS = timedelta(minutes=5)


def network() -> str:
    """The address of the browser, as the configured proxies tell it."""
    return request.remote_addr or ""


def welcome(user: User, *, with_second_factor: bool, now: datetime) -> None:
    """Begin a session under a new name: whatever the browser carried before is dropped, but for the language."""
    with atomic() as db_session:
        live, secret = sessions.begin_session(
            db_session,
            user=user,
            network=network(),
            agent=request.user_agent.string,
            with_second_factor=with_second_factor,
            actor=actor(),
            now=now,
        )
    locale = session.get("locale")
    session.clear()
    if locale:
        session["locale"] = locale
    login_user(Actor(user_id=user.id, name=user.name, session_id=live.id, session_token=secret))


def remember_half_way(user: User, target: str, now: datetime) -> None:
    """The password was right; the code is still to come."""
    session[HALF_WAY] = {"user": user.id, "state": half_way(user), "until": (now + HALF_WAY_LASTS).isoformat(), "next": target}


def half_way_user(now: datetime) -> User | None:
    """Who is half signed in in this browser; None when it took too long or the account changed."""
    kept = session.get(HALF_WAY)
    if not isinstance(kept, dict) or datetime.fromisoformat(kept["until"]) <= now:
        return None
    user = db.session.get(User, kept["user"])
    return user if user is not None and half_way(user) == kept["state"] else None
