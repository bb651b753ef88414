"""The second factor: an authenticator app or security keys, with recovery codes for the day both are out of reach."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.accounts import engine
from app.accounts.events import AuthenticatorRemoved, RecoveryCodesRenewed, SecondFactorDisabled, SecondFactorEnabled
from app.accounts.models import RecoveryCode, SecurityKey, User, UserSession
from app.accounts.queries import security_keys
from app.audit.operations import record
from app.core.authz import Actor
from app.core.crypto import keys
from app.core.errors import DomainError
from app.core.uow import lock

from .proof import TOTP_PURPOSE, WrongCode
from .sessions import end_sessions


class SecondFactorOn(DomainError):
    message = _l("The authenticator app is already set up.")


class SecondFactorOff(DomainError):
    message = _l("No second factor is set up.")


class SecondFactorDemanded(DomainError):
    message = _l("Your role demands a second factor; it cannot be switched off.")


def enable_second_factor(session: Session, *, user: User, secret: str, code: str, actor: Actor, now: datetime) -> list[str]:
    """Keep the app's secret once its first code is right; every other session ends. Records SecondFactorEnabled.

    Returns the recovery codes, to be shown once, when this is the person's first second factor; otherwise nothing.
    """
    lock(session, user)
    if user.totp_enabled_at is not None:
        raise SecondFactorOn
    step = engine.totp_step(secret, code, now)
    if step is None:
        raise WrongCode(field="code")
    user.totp_secret = keys.cipher.encrypt(secret, TOTP_PURPOSE)
    user.totp_enabled_at, user.totp_last_step = now, step
    end_sessions(session, user=user, keep=actor.session_id, reason="second factor set up", actor=actor, now=now)
    record(session, SecondFactorEnabled(user.id), actor=actor, now=now)
    return begin_second_factor(session, user=user, actor=actor, now=now)


def begin_second_factor(session: Session, *, user: User, actor: Actor, now: datetime) -> list[str]:
    """After an app or a key was added: this session counts as proved with it; the first one brings recovery codes."""
    live = session.get(UserSession, actor.session_id) if actor.session_id else None
    if live is not None:
        live.second_factor_at = now
    if user.second_factor_since is not None:
        return []
    user.second_factor_since = now
    return _new_codes(session, user)


def renew_recovery_codes(session: Session, *, user: User, actor: Actor, now: datetime) -> list[str]:
    """Ten new recovery codes; the old ones die. Records RecoveryCodesRenewed."""
    lock(session, user)
    if user.second_factor_since is None:
        raise SecondFactorOff
    record(session, RecoveryCodesRenewed(user.id), actor=actor, now=now)
    return _new_codes(session, user)


def remove_authenticator(session: Session, *, user: User, is_demanded: bool, actor: Actor, now: datetime) -> None:
    """Forget the app; every other session ends. Records AuthenticatorRemoved, and SecondFactorDisabled when nothing else is left."""
    lock(session, user)
    if user.totp_enabled_at is None:
        raise SecondFactorOff
    user.totp_secret = user.totp_enabled_at = user.totp_last_step = None
    end_sessions(session, user=user, keep=actor.session_id, reason="authenticator app removed", actor=actor, now=now)
    record(session, AuthenticatorRemoved(user.id), actor=actor, now=now)
    settle_second_factor(session, user=user, is_demanded=is_demanded, reason="removed by the owner", actor=actor, now=now)


def disable_second_factor(session: Session, *, user: User, reason: str, actor: Actor, now: datetime) -> None:
    """An administrator removes app, keys and codes of somebody who lost them; every session ends. Records SecondFactorDisabled."""
    lock(session, user)
    if user.second_factor_since is None:
        raise SecondFactorOff
    user.totp_secret = user.totp_enabled_at = user.totp_last_step = None
    session.execute(delete(SecurityKey).where(SecurityKey.user_id == user.id))
    end_sessions(session, user=user, keep=actor.session_id, reason="second factor removed", actor=actor, now=now)
    settle_second_factor(session, user=user, is_demanded=False, reason=reason, actor=actor, now=now)


def settle_second_factor(session: Session, *, user: User, is_demanded: bool, reason: str, actor: Actor, now: datetime) -> None:
    """After something was removed: with neither app nor key left the password alone opens the account, unless a role forbids that.

    Raises SecondFactorDemanded; records SecondFactorDisabled.
    """
    if user.totp_enabled_at is not None or security_keys(session, user.id):
        return
    if is_demanded:
        raise SecondFactorDemanded
    user.second_factor_since = None
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    record(session, SecondFactorDisabled(user.id, reason), actor=actor, now=now)


def _new_codes(session: Session, user: User) -> list[str]:
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    codes = engine.new_recovery_codes()
    session.add_all(RecoveryCode(user_id=user.id, code_hash=engine.recovery_hash(user.id, code)) for code in codes)
    return codes
