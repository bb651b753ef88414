"""Signing in: one answer and one duration for unknown addresses, wrong passwords and disabled accounts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from app.accounts import engine
from app.accounts.enums import KeyPurpose, TokenPurpose
from app.accounts.events import SignInRefused
from app.accounts.models import User
from app.accounts.queries import user_by_email
from app.audit.operations import record
from app.core.authz import Actor
from app.core.codes import token_hash

from .challenges import KeyAnswer, use_key
from .passwords import RESET_LIFETIME, password_policy
from .proof import check_brakes, mark_of, note_attempt, use_code
from .tokens import issue_token

CONFIRM_LIFETIME = timedelta(hours=24)


class Outcome(StrEnum):
    """What a sign-in came to."""

    REFUSED = "refused"
    UNCONFIRMED = "unconfirmed"
    CODE_WANTED = "code_wanted"
    WELCOME = "welcome"


@dataclass(frozen=True)
class SignIn:
    """The outcome, and the person where there is one to be told of."""

    outcome: Outcome
    user: User | None = None


def check_credentials(session: Session, *, email: str, password: str, network: str, actor: Actor, now: datetime) -> SignIn:
    """Check address and password. Raises TooManyAttempts; a refusal is returned, not raised, because the attempt must be kept.

    Records SignInRefused for a wrong password or a disabled account.
    """
    account, place = mark_of(email, "account"), mark_of(network, "network")
    check_brakes(session, account=account, network=place, now=now)
    user = user_by_email(session, email)
    right = engine.fits(user.password_hash if user else None, password)
    if not right or user is None or user.disabled_at is not None:
        note_attempt(session, account=account, network=place, succeeded=False, now=now)
        reason = "disabled" if right else "password"
        record(session, SignInRefused(user.id if user else None, reason), actor=actor, now=now)
        return SignIn(Outcome.REFUSED)
    if engine.is_outdated(user.password_hash or ""):
        user.password_hash = engine.hash_password(password)
    if user.email_confirmed_at is None:
        issue_token(session, purpose=TokenPurpose.CONFIRM_EMAIL, email=user.email, user=user, lifetime=CONFIRM_LIFETIME,
                    actor=actor, now=now)  # fmt: skip
        return SignIn(Outcome.UNCONFIRMED)
    if user.second_factor_since is not None:
        return SignIn(Outcome.CODE_WANTED, user)
    note_attempt(session, account=account, network=place, succeeded=True, now=now)
    return SignIn(Outcome.WELCOME, user)


def check_second_step(session: Session, *, user: User, code: str, key: KeyAnswer | None = None, network: str, actor: Actor,
                      now: datetime) -> bool:  # fmt: skip
    """Check the code or the security key after a right password. Raises TooManyAttempts; a wrong one is counted. Records SignInRefused."""
    account, place = mark_of(user.email, "account"), mark_of(network, "network")
    check_brakes(session, account=account, network=place, now=now)
    if user.disabled_at is not None:
        right = False
    elif key is not None:
        right = use_key(session, user=user, purpose=KeyPurpose.SIGN_IN, given=key, now=now)
    else:
        right = use_code(session, user=user, code=code, now=now)
    note_attempt(session, account=account, network=place, succeeded=right, now=now)
    if not right:
        record(session, SignInRefused(user.id, "key" if key else "code"), actor=actor, now=now)
    return right


def has_stale_password(session: Session, *, user: User, now: datetime) -> bool:
    """Whether the 等保 profile wants a new password before the person goes on."""
    return password_policy(session).is_stale(user.password_changed_at, now)


def half_way(user: User) -> str:
    """What the cookie keeps between password and code: dies when the password changes."""
    return token_hash(f"{user.id}|{user.password_hash}|{user.disabled_at}")


__all__ = ["RESET_LIFETIME", "Outcome", "SignIn", "check_credentials", "check_second_step", "half_way", "has_stale_password"]
