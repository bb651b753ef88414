"""Links sent by mail: single use, short life, bound to a purpose, an address and the state of the account."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.enums import TokenPurpose
from app.accounts.events import LinkIssued, LinkRevoked, LinkUsed
from app.accounts.models import Token, User
from app.audit.operations import record
from app.core.authz import Actor
from app.core.codes import same, token_hash
from app.core.crypto import keys
from app.core.errors import DomainError

#: Purposes whose links die when the password or the address changes, or another link of the same kind is used.
BOUND = frozenset({TokenPurpose.RESET_PASSWORD, TokenPurpose.CHANGE_EMAIL, TokenPurpose.CONFIRM_EMAIL})


class LinkInvalid(DomainError):
    """Unknown, used, revoked, late or meant for something else: one answer for all."""

    message = _l("This link is no longer valid: it may have been used, replaced or be too old. Please ask for a new one.")


def issue_token(session: Session, *, purpose: TokenPurpose, email: str, user: User | None = None, payload: dict[str, Any] | None = None,
                lifetime: timedelta, actor: Actor, now: datetime) -> tuple[Token, str]:  # fmt: skip
    """A new link and its secret (256 bits). Records LinkIssued; subscribers that know the purpose send the mail."""
    nonce = os.urandom(32)
    secret = keys.link_secrets(nonce)[0]
    token = Token(
        token_hash=token_hash(secret), nonce=nonce, purpose=purpose, email=email.casefold(), user_id=user.id if user else None,
        payload=payload or {}, state_digest=state_of(user) if purpose in BOUND else "", created_by_id=actor.user_id,
        created_at=now, expires_at=now + lifetime,
    )  # fmt: skip
    session.add(token)
    session.flush()  # the event needs the token's id
    record(session, LinkIssued(token.id, purpose.value), actor=actor, now=now)
    return token, secret


def find_token(session: Session, *, secret: str, purpose: TokenPurpose, now: datetime) -> Token:
    """The live token behind the secret, for showing the page; raises LinkInvalid."""
    token = session.scalar(select(Token).where(Token.token_hash == token_hash(secret), Token.purpose == purpose))
    if token is None:
        raise LinkInvalid
    _check(session, token, now)
    return token


def redeem_token(session: Session, *, secret: str, purpose: TokenPurpose, now: datetime) -> Token:
    """Use the link up; of two attempts at the same moment one wins. Raises LinkInvalid. Records LinkUsed."""
    token = session.scalar(
        select(Token)
        .where(Token.token_hash == token_hash(secret), Token.purpose == purpose)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if token is None:
        raise LinkInvalid
    _check(session, token, now)
    token.used_at = now
    _note_use(session, token, now)
    return token


def revoke_token(session: Session, *, token: Token, actor: Actor, now: datetime) -> None:
    """Make the link worthless. Records LinkRevoked."""
    if token.used_at is None and token.revoked_at is None:
        token.revoked_at = now
        record(session, LinkRevoked(token.id, token.purpose.value), actor=actor, now=now)


def revoke_bound_tokens(session: Session, *, user: User, now: datetime) -> None:
    """End the person's open reset and change links; called when the password or address changes."""
    open_ones = select(Token).where(Token.user_id == user.id, Token.purpose.in_(BOUND), Token.used_at.is_(None), Token.revoked_at.is_(None))
    for token in session.scalars(open_ones):
        token.revoked_at = now


def state_of(user: User | None) -> str:
    """A digest of what a link was issued upon: password, address, whether the account is alive."""
    return token_hash(f"{user.password_hash}|{user.email}|{user.disabled_at}") if user else ""


def secret_of(token: Token) -> str:
    """The link's secret, made anew for the mail; raises LinkInvalid when the server's key has been replaced."""
    for secret in keys.link_secrets(token.nonce):
        if same(token_hash(secret), token.token_hash):
            return secret
    raise LinkInvalid


def _note_use(session: Session, token: Token, now: datetime) -> None:
    record(session, LinkUsed(token.id, token.purpose.value), actor=Actor(user_id=token.user_id), now=now)


def _check(session: Session, token: Token, now: datetime) -> None:
    if token.used_at is not None or token.revoked_at is not None or token.expires_at <= now:
        raise LinkInvalid
    if token.purpose in BOUND and not _makes_an_account(token):
        user = session.get(User, token.user_id) if token.user_id else None
        if user is None or not same(state_of(user), token.state_digest):
            raise LinkInvalid


def _makes_an_account(token: Token) -> bool:
    return token.purpose == TokenPurpose.CONFIRM_EMAIL and token.user_id is None
