"""What security keys are asked to sign: made for one purpose, person and browser, valid for minutes, used up by the first answer."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.accounts import engine
from app.accounts.enums import KeyPurpose
from app.accounts.models import KeyChallenge, User
from app.accounts.queries import key_of_credential, security_keys
from app.accounts.rules.relying import RelyingParty
from app.core.errors import DomainError
from app.core.uow import after_rollback, atomic

CHALLENGE_LASTS = timedelta(minutes=5)


class NoKeys(DomainError):
    message = _l("No security key is registered.")


@dataclass(frozen=True)
class KeyAnswer:
    """What a browser sent back from a security key; ``place`` names the browser's session, ``site`` what the key must be bound to."""

    answer: str
    place: str
    site: RelyingParty


def ask_for_new_key(session: Session, *, user: User, place: str, site: RelyingParty, now: datetime) -> Any:
    """The options for registering a key in this browser."""
    challenge = _make(session, user, KeyPurpose.REGISTER, place, now)
    known = security_keys(session, user.id)
    return engine.creation_options(site, user_id=user.id, account=user.email, name=user.name, challenge=challenge, known=known)


def ask_for_key(session: Session, *, user: User, purpose: KeyPurpose, place: str, site: RelyingParty, now: datetime) -> Any:
    """The options for answering with one of the person's keys. Raises NoKeys."""
    known = security_keys(session, user.id)
    if not known:
        raise NoKeys
    return engine.request_options(site, challenge=_make(session, user, purpose, place, now), known=known)


def use_key(session: Session, *, user: User, purpose: KeyPurpose, given: KeyAnswer, now: datetime) -> bool:
    """Whether one of the person's keys signed what this browser was asked; the challenge is used up either way."""
    challenge = take_challenge(session, user=user, purpose=purpose, place=given.place, now=now)
    credential_id = engine.credential_id_of(given.answer)
    if challenge is None or credential_id is None:
        return False
    key = key_of_credential(session, credential_id)
    if key is None or key.user_id != user.id:
        return False
    count = engine.signed_count(given.answer, key=key, site=given.site, challenge=challenge)
    if count is None:
        return False
    key.sign_count, key.last_used_at = count, now
    return True


def take_challenge(session: Session, *, user: User, purpose: KeyPurpose, place: str, now: datetime) -> bytes | None:
    """The challenge that is open in this browser, used up by being taken, even when the caller's transaction is undone."""
    mine = select(KeyChallenge).where(KeyChallenge.user_id == user.id, KeyChallenge.purpose == purpose, KeyChallenge.place == place)
    row = session.scalar(mine.with_for_update())
    if row is None:
        return None
    challenge, is_open = row.challenge, row.expires_at > now
    session.delete(row)
    after_rollback(session, _discard, row.id)
    return challenge if is_open else None


def _make(session: Session, user: User, purpose: KeyPurpose, place: str, now: datetime) -> bytes:
    """A new challenge; it replaces the one that was open here, and clears away what has become too old."""
    same = (KeyChallenge.purpose == purpose) & (KeyChallenge.place == place)
    session.execute(delete(KeyChallenge).where(KeyChallenge.user_id == user.id, same | (KeyChallenge.expires_at <= now)))
    challenge = secrets.token_bytes(32)
    session.add(KeyChallenge(user_id=user.id, purpose=purpose, place=place, challenge=challenge, expires_at=now + CHALLENGE_LASTS))
    return challenge


def _discard(challenge_id: int) -> None:
    with atomic() as fresh:
        fresh.execute(delete(KeyChallenge).where(KeyChallenge.id == challenge_id))
