"""Proving once more who one is: password, authenticator code, recovery code or security key, under the brakes on guessing."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from app.accounts import engine
from app.accounts.enums import KeyPurpose
from app.accounts.events import IdentityReconfirmed, RecoveryCodeUsed
from app.accounts.models import RecoveryCode, SignInAttempt, User, UserSession
from app.accounts.rules.throttling import WINDOW, Tally, wait
from app.audit.operations import record
from app.core.authz import Actor
from app.core.crypto import keys
from app.core.errors import DomainError
from app.core.uow import after_rollback, atomic, lock

from .challenges import KeyAnswer, use_key
from .sessions import rename_session

TOTP_PURPOSE = "totp"


class WrongPassword(DomainError):
    message = _l("This is not your password.")


class WrongCode(DomainError):
    message = _l("This code is not valid. Codes change every 30 seconds and can be used once.")


class WrongKey(DomainError):
    message = _l("The security key did not answer rightly. Please try again, or use a code.")


class TooManyAttempts(DomainError):
    """The brakes are on; the message says for how long. It is the same for unknown accounts."""

    def __init__(self, remaining: timedelta) -> None:
        self.seconds = max(1, round(remaining.total_seconds()))
        super().__init__(_l("Too many attempts. Please try again in %(seconds)s seconds.", seconds=self.seconds))


def mark_of(text: str, purpose: str) -> str:
    """How an address or a network appears in the list of attempts."""
    return keys.cipher.fingerprint(text.strip().casefold(), purpose)


def check_brakes(session: Session, *, account: str, network: str, now: datetime) -> None:
    """Raise TooManyAttempts while one of the delays runs."""
    ours = _tally(session, now, SignInAttempt.account == account, SignInAttempt.network == network)
    anywhere = _tally(session, now, SignInAttempt.account == account)
    here = _tally(session, now, SignInAttempt.network == network, forgiving=False) if network else Tally()
    remaining = wait(now, pair=ours, account=anywhere, network=here)
    if remaining > timedelta():
        raise TooManyAttempts(remaining)


def note_attempt(session: Session, *, account: str, network: str, succeeded: bool, now: datetime) -> None:
    """Count an attempt; a success clears the count of this account from this network."""
    session.add(SignInAttempt(account=account, network=network, at=now, succeeded=succeeded))


def brake_links(session: Session, *, email: str, network: str, now: datetime) -> None:
    """Slow down who asks for mails to others: known and unknown addresses alike. Raises TooManyAttempts."""
    account, place = mark_of(email, "link"), mark_of(network, "network")
    check_brakes(session, account=account, network=place, now=now)
    note_attempt(session, account=account, network=place, succeeded=False, now=now)


def clear_attempts(session: Session, *, account: str) -> None:
    """Forget the failures of an account; those of networks stay."""
    session.execute(delete(SignInAttempt).where(SignInAttempt.account == account, ~SignInAttempt.succeeded))


def check_password(session: Session, *, user_id: int, password: str, now: datetime, field: str = "password") -> None:
    """Raise WrongPassword unless it is the person's password. A wrong try is counted even though the caller's transaction is undone."""
    user = session.get_one(User, user_id)
    account = mark_of(user.email, "account")
    check_brakes(session, account=account, network="", now=now)
    if not engine.fits(user.password_hash, password):
        after_rollback(session, _count_failure, account, now)
        raise WrongPassword(field=field)


def use_code(session: Session, *, user: User, code: str, now: datetime) -> bool:
    """Whether the code is right and was not used before; a recovery code is used up."""
    lock(session, user)  # the same code sent twice at once is taken once
    if user.second_factor_since is None:
        return False
    has_app = user.totp_enabled_at is not None and user.totp_secret is not None
    step = engine.totp_step(keys.cipher.decrypt(user.totp_secret or b"", TOTP_PURPOSE), code, now) if has_app else None
    if step is not None:
        if user.totp_last_step is not None and step <= user.totp_last_step:
            return False
        user.totp_last_step = step
        return True
    return _use_recovery_code(session, user, code, now)


def reconfirm(session: Session, *, user: User, password: str, code: str, key: KeyAnswer | None = None, actor: Actor,
              now: datetime) -> tuple[UserSession, str]:  # fmt: skip
    """Prove oneself within a session, with the second factor where there is one; the session gets a new secret name.

    Records IdentityReconfirmed.
    """
    check_password(session, user_id=user.id, password=password, now=now)
    live = session.get_one(UserSession, actor.session_id, with_for_update=True)
    if user.second_factor_since is not None:
        _check_second_factor(session, user, code, key, now)
        live.second_factor_at = now
    live.reauthenticated_at = now
    secret = rename_session(live)
    record(session, IdentityReconfirmed(user.id, live.id), actor=actor, now=now)
    return live, secret


def _check_second_factor(session: Session, user: User, code: str, key: KeyAnswer | None, now: datetime) -> None:
    if key is not None:
        if use_key(session, user=user, purpose=KeyPurpose.CONFIRM, given=key, now=now):
            return
    elif use_code(session, user=user, code=code, now=now):
        return
    after_rollback(session, _count_failure, mark_of(user.email, "account"), now)
    raise WrongKey if key is not None else WrongCode(field="code")


def _use_recovery_code(session: Session, user: User, code: str, now: datetime) -> bool:
    mine = select(RecoveryCode).where(RecoveryCode.user_id == user.id, RecoveryCode.used_at.is_(None))
    row = session.scalar(mine.where(RecoveryCode.code_hash == engine.recovery_hash(user.id, code)).with_for_update())
    if row is None:
        return False
    row.used_at = now
    left = session.scalar(select(func.count()).select_from(mine.subquery())) or 0
    record(session, RecoveryCodeUsed(user.id, left), actor=Actor(user_id=user.id), now=now)
    return True


def _tally(session: Session, now: datetime, *where: ColumnElement[bool], forgiving: bool = True) -> Tally:
    """Failures in the window (when ``forgiving``, only those after the last success), and when the last was."""
    failed = select(func.count(), func.max(SignInAttempt.at)).where(*where, ~SignInAttempt.succeeded, SignInAttempt.at > now - WINDOW)
    if forgiving:
        success = select(func.max(SignInAttempt.id)).where(*where, SignInAttempt.succeeded).scalar_subquery()
        failed = failed.where(SignInAttempt.id > func.coalesce(success, 0))
    count, last = session.execute(failed).one()
    return Tally(count, last)


def _count_failure(account: str, now: datetime) -> None:
    with atomic() as fresh:
        note_attempt(fresh, account=account, network="", succeeded=False, now=now)
