"""From a begun session to the browser's cookie and back."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import request, session
from flask_login import login_user

from app.accounts.models import User
from app.accounts.operations import sessions
from app.accounts.operations.signing_in import half_way
from app.core.authz import Actor
from app.core.codes import token
from app.core.db import db
from app.core.uow import atomic
from app.core.web import actor

LOCALE = "locale"
INVITATION = "invitation"
#: Answers to the questions of eligibility, which are given before there is an account.
ELIGIBILITY = "eligibility"
#: The page for which somebody began to sign up.
GOING_TO = "going_to"
HALF_WAY = "half_way"
HALF_WAY_LASTS = timedelta(minutes=5)


def network() -> str:
    """The address of the browser, as the configured proxies tell it."""
    return request.remote_addr or ""


def welcome(user: User, *, with_second_factor: bool, now: datetime) -> None:
    """Begin a session under a new name: what the browser carried is dropped, but for the language and what the visitor came with."""
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
    start_anew(INVITATION, ELIGIBILITY)
    login_user(Actor(user_id=user.id, name=user.name, session_id=live.id, session_token=secret))


def start_anew(*keys: str) -> None:
    """Drop what the browser carried, but for the language and the named things."""
    kept = {key: session[key] for key in (LOCALE, *keys) if key in session}
    session.clear()
    session.update(kept)


def remember_half_way(user: User, target: str, now: datetime) -> None:
    """The password was right; the code is still to come."""
    until = (now + HALF_WAY_LASTS).isoformat()
    session[HALF_WAY] = {"name": token(), "user": user.id, "state": half_way(user), "until": until, "next": target}


def half_way_name() -> str:
    """The random name of the sign-in that is half done in this browser."""
    kept = session.get(HALF_WAY)
    return str(kept.get("name", "")) if isinstance(kept, dict) else ""


def half_way_user(now: datetime) -> User | None:
    """Who is half signed in in this browser; None when it took too long or the account changed."""
    kept = session.get(HALF_WAY)
    if not isinstance(kept, dict) or datetime.fromisoformat(kept["until"]) <= now:
        return None
    user = db.session.get(User, kept["user"])
    return user if user is not None and half_way(user) == kept["state"] else None
