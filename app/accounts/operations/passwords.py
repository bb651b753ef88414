"""Setting and changing passwords."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import engine
from app.accounts.enums import TokenPurpose
from app.accounts.events import PasswordChanged
from app.accounts.models import PasswordHistory, User
from app.accounts.queries import user_by_email
from app.accounts.rules.passwords import DENGBAO_HISTORY, PasswordPolicy, password_fault
from app.audit.operations import record
from app.core.authz import Actor
from app.core.errors import DomainError
from app.settings.queries import settings

from .proof import brake_links, check_password
from .sessions import end_sessions
from .tokens import issue_token, redeem_token, revoke_bound_tokens

RESET_LIFETIME = timedelta(minutes=30)


class PasswordRefused(DomainError):
    """The new password breaks a rule; the message says which."""


class PasswordUsedBefore(DomainError):
    message = _l("This is one of your last five passwords. Please choose another.")


def password_policy(session: Session) -> PasswordPolicy:
    """What the settings ask of passwords."""
    values = settings(session)
    return PasswordPolicy(values["password_min_length"], values["dengbao_profile"], tuple(values["organisation_words"]))


def put_password(session: Session, *, user: User, password: str, now: datetime, field: str = "password") -> None:
    """Check the new password and store its hash; every open reset link dies. Not recorded here: the callers know why."""
    policy = password_policy(session)
    fault = password_fault(password, policy, about=(user.name, user.email))
    if fault is not None:
        raise PasswordRefused(fault, field=field)
    if policy.dengbao:
        _check_history(session, user, password, field)
    if user.password_hash is not None:
        session.add(PasswordHistory(user_id=user.id, password_hash=user.password_hash, at=now))
    user.password_hash, user.password_changed_at = engine.hash_password(password), now
    revoke_bound_tokens(session, user=user, now=now)


def change_password(session: Session, *, user: User, old: str, new: str, actor: Actor, now: datetime) -> None:
    """Replace one's own password after proving the old one; every other session ends. Records PasswordChanged."""
    check_password(session, user_id=user.id, password=old, now=now, field="old")
    put_password(session, user=user, password=new, now=now, field="new")
    end_sessions(session, user=user, keep=actor.session_id, reason="password changed", actor=actor, now=now)
    record(session, PasswordChanged(user.id, by_link=False), actor=actor, now=now)


def request_reset(session: Session, *, email: str, locale: str = "zh_CN", network: str = "", actor: Actor, now: datetime) -> None:
    """Issue a reset link for the address, known or not: the mail says which, the page never does.

    With ``network`` (asked for by a stranger) the brakes apply. Raises TooManyAttempts.
    """
    if network:
        brake_links(session, email=email, network=network, now=now)
    user = user_by_email(session, email)
    issue_token(session, purpose=TokenPurpose.RESET_PASSWORD, email=email, user=user, payload={"locale": locale},
                lifetime=RESET_LIFETIME, actor=actor, now=now)  # fmt: skip


def reset_password(session: Session, *, secret: str, password: str, actor: Actor, now: datetime) -> User:
    """Set a new password through the mailed link; all sessions end. Records PasswordChanged."""
    token = redeem_token(session, secret=secret, purpose=TokenPurpose.RESET_PASSWORD, now=now)
    user = session.get_one(User, token.user_id)
    put_password(session, user=user, password=password, now=now)
    user.email_confirmed_at = user.email_confirmed_at or now  # the link reached the address
    actor = replace(actor, user_id=user.id)
    end_sessions(session, user=user, keep=None, reason="password reset", actor=actor, now=now)
    record(session, PasswordChanged(user.id, by_link=True), actor=actor, now=now)
    return user


def _check_history(session: Session, user: User, password: str, field: str) -> None:
    earlier = select(PasswordHistory.password_hash).where(PasswordHistory.user_id == user.id).order_by(PasswordHistory.id.desc())
    hashes = [user.password_hash, *session.scalars(earlier.limit(DENGBAO_HISTORY - 1))]
    if any(engine.fits(value, password) for value in hashes if value):
        raise PasswordUsedBefore(field=field)
