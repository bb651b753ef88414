"""Signed-in browsers: begun, switched to another role, ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.enums import Role
from app.accounts.events import AccessRefused, RoleChosen, SessionsEnded, UserSignedIn, UserSignedOut
from app.accounts.models import RoleGrant, User, UserSession
from app.accounts.rules.duties import is_staff
from app.audit.operations import record
from app.core.authz import Actor
from app.core.codes import token, token_hash
from app.core.errors import DomainError
from app.settings.queries import settings

SEEN_EVERY = timedelta(minutes=1)


class RoleNotHeld(DomainError):
    message = _l("You do not hold this role.")


def begin_session(
    session: Session, *, user: User, network: str, agent: str, with_second_factor: bool, actor: Actor, now: datetime
) -> tuple[UserSession, str]:
    """A new session with a new secret for the cookie; the oldest end when the account has too many. Records UserSignedIn."""
    values = settings(session)
    secret = token()
    live = UserSession(
        token_hash=token_hash(secret), user_id=user.id, created_at=now, last_seen_at=now, reauthenticated_at=now,
        expires_at=now + timedelta(hours=values["session_hours"]), second_factor_at=now if with_second_factor else None,
        current_role=_first_role(session, user), network=network[:64], agent=agent[:200],
    )  # fmt: skip
    session.add(live)
    session.flush()  # the event needs the session's id
    _end_surplus(session, user, values["session_limit"], now)
    record(session, UserSignedIn(user.id, live.id, with_second_factor), actor=replace(actor, user_id=user.id), now=now)
    return live, secret


def rename_session(live: UserSession) -> str:
    """A new secret for the cookie, after which the old one opens nothing: when identity was proved anew or powers have grown."""
    secret = token()
    live.token_hash = token_hash(secret)
    return secret


def end_session(session: Session, *, live: UserSession, actor: Actor, now: datetime) -> None:
    """Sign out of one browser. Records UserSignedOut."""
    if live.ended_at is None:
        live.ended_at = now
        record(session, UserSignedOut(live.user_id, live.id), actor=actor, now=now)


def end_sessions(session: Session, *, user: User, keep: int | None, reason: str, actor: Actor, now: datetime) -> int:
    """End every session of the person but ``keep``; returns how many. Records SessionsEnded when there was one."""
    open_ones = select(UserSession).where(UserSession.user_id == user.id, UserSession.ended_at.is_(None), UserSession.id != (keep or 0))
    ended = list(session.scalars(open_ones.with_for_update()))
    for live in ended:
        live.ended_at = now
    if ended:
        record(session, SessionsEnded(user.id, len(ended), reason), actor=actor, now=now)
    return len(ended)


def leave_role(session: Session, *, user_id: int, role: Role, actor: Actor, now: datetime) -> None:
    """After a role ended that is held nowhere else: sessions that act in it end; in a part that one merely plays they go on without.

    Records SessionsEnded when there was one to end.
    """
    acting = select(UserSession).where(UserSession.user_id == user_id, UserSession.ended_at.is_(None), UserSession.current_role == role)
    found = list(session.scalars(acting.with_for_update()))
    for live in found:
        live.current_role = None
        if is_staff([role]):
            live.ended_at = now
    if found and is_staff([role]):
        record(session, SessionsEnded(user_id, len(found), f"role {role.value} ended"), actor=actor, now=now)


def choose_role(session: Session, *, role: str, actor: Actor, now: datetime) -> None:
    """Say in which of one's roles one acts from now on; it is written beside every fact. Records RoleChosen."""
    if actor.session_id is None or actor.user_id is None or not actor.holds_anywhere(role):
        raise RoleNotHeld
    live = session.get_one(UserSession, actor.session_id, with_for_update=True)
    live.current_role = role
    record(session, RoleChosen(actor.user_id, role), actor=actor, now=now)


def note_seen(session: Session, *, session_id: int, now: datetime) -> None:
    """Move the idle limit; called at most once a minute."""
    live = session.get(UserSession, session_id, with_for_update=True)
    if live is not None and live.ended_at is None and live.last_seen_at + SEEN_EVERY <= now:
        live.last_seen_at = now


def note_refusal(session: Session, *, page: str, actor: Actor, now: datetime) -> None:
    """Somebody who is signed in asked for what is not theirs. Records AccessRefused."""
    if actor.user_id is not None:
        record(session, AccessRefused(actor.user_id, page[:80]), actor=actor, now=now)


def _first_role(session: Session, user: User) -> str | None:
    held = select(RoleGrant.role).where(RoleGrant.user_id == user.id, RoleGrant.ended_at.is_(None))
    return session.scalar(held.order_by(RoleGrant.id).limit(1))


def _end_surplus(session: Session, user: User, limit: int, now: datetime) -> None:
    if limit:
        newest = select(UserSession).where(UserSession.user_id == user.id, UserSession.ended_at.is_(None), UserSession.expires_at > now)
        for live in list(session.scalars(newest.order_by(UserSession.id.desc())))[limit:]:
            live.ended_at = now
