"""Security keys and passkeys: registered under a name, removed."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from app.accounts import engine
from app.accounts.enums import KeyPurpose
from app.accounts.events import SecurityKeyAdded, SecurityKeyRemoved
from app.accounts.models import SecurityKey, User
from app.accounts.queries import key_of_credential, security_keys
from app.audit.operations import record
from app.core.authz import Actor
from app.core.errors import DomainError
from app.core.uow import lock

from .challenges import KeyAnswer, take_challenge
from .second_factor import begin_second_factor, settle_second_factor
from .sessions import end_sessions

MAX_KEYS = 10


class KeyRefused(DomainError):
    message = _l("The key's answer did not fit. Please try again.")


class KeyKnown(DomainError):
    message = _l("This key is registered already.")


class TooManyKeys(DomainError):
    message = _l("Ten keys are enough. Remove one that is no longer used first.")


class KeyNameTaken(DomainError):
    message = _l("Another of your keys has this name.")


def register_key(session: Session, *, user: User, name: str, given: KeyAnswer, actor: Actor, now: datetime) -> list[str]:
    """Keep the key that answered; every other session ends. Records SecurityKeyAdded.

    Returns the recovery codes, to be shown once, when this is the person's first second factor; otherwise nothing.
    """
    lock(session, user)
    challenge = take_challenge(session, user=user, purpose=KeyPurpose.REGISTER, place=given.place, now=now)
    made = engine.new_key(given.answer, site=given.site, challenge=challenge) if challenge else None
    if made is None:
        raise KeyRefused
    if key_of_credential(session, made.credential_id) is not None:
        raise KeyKnown
    mine = security_keys(session, user.id)
    if len(mine) >= MAX_KEYS:
        raise TooManyKeys
    if name in {key.name for key in mine}:
        raise KeyNameTaken(field="name")
    key = SecurityKey(
        user_id=user.id, name=name, credential_id=made.credential_id, public_key=made.public_key, sign_count=made.sign_count,
        transports=made.transports, created_at=now,
    )  # fmt: skip
    session.add(key)
    session.flush()  # the event needs the key's id
    end_sessions(session, user=user, keep=actor.session_id, reason="security key added", actor=actor, now=now)
    record(session, SecurityKeyAdded(user.id, key.id), actor=actor, now=now)
    return begin_second_factor(session, user=user, actor=actor, now=now)


def remove_key(session: Session, *, user: User, key: SecurityKey, is_demanded: bool, actor: Actor, now: datetime) -> None:
    """Forget the key; every other session ends. Records SecurityKeyRemoved, and SecondFactorDisabled when nothing else is left.

    Raises SecondFactorDemanded when it is the last and a role demands a second factor.
    """
    lock(session, user)
    session.delete(key)
    session.flush()  # what is left is counted next
    end_sessions(session, user=user, keep=actor.session_id, reason="security key removed", actor=actor, now=now)
    record(session, SecurityKeyRemoved(user.id, key.id), actor=actor, now=now)
    settle_second_factor(session, user=user, is_demanded=is_demanded, reason="removed by the owner", actor=actor, now=now)
