"""Mails about accounts: links, and notices that something about one's account has changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.enums import Role, TokenPurpose
from app.accounts.events import (
    AuthenticatorRemoved,
    EmailChanged,
    LinkIssued,
    PasswordChanged,
    SecondFactorDisabled,
    SecondFactorEnabled,
    SecurityKeyAdded,
    SecurityKeyRemoved,
)
from app.accounts.models import Organization, Token, User
from app.accounts.operations.tokens import LinkInvalid, secret_of
from app.audit.bus import subscribes
from app.audit.events import Event

from .addresses import absolute
from .operations import queue_message
from .receivers import OWNER

DEFAULT_LOCALE = "zh_CN"


@subscribes(LinkIssued)
def send_link(session: Session, event: LinkIssued, now: datetime) -> None:
    """The mail that carries an account link. Links of other features are sent by those features."""
    token = session.get(Token, event.token_id)
    compose = LINK_MAILS.get(TokenPurpose(event.purpose))
    if token is None or compose is None or token.used_at is not None or token.revoked_at is not None:
        return
    user = session.get(User, token.user_id) if token.user_id else None
    template, endpoint, context = compose(session, token, user)
    try:
        link = absolute(endpoint, secret=secret_of(token)) if endpoint else absolute("accounts.public.sign_in")
    except LinkInvalid:
        return  # the key was replaced since; the person asks again
    locale = user.locale if user else token.payload.get("locale", DEFAULT_LOCALE)
    context = {"name": user.name if user else "", "link": link, "expires_at": token.expires_at, **context}
    queue_message(session, template=template, to=token.email, locale=locale, context=context, dedup=f"link:{token.id}", now=now,
                  rests_on=f"link:{token.id}")  # fmt: skip


def _confirm(session: Session, token: Token, user: User | None) -> tuple[str, str, dict[str, Any]]:
    if user is None:
        return "accounts/sign_up", "accounts.public.finish_sign_up", {}
    if user.email_confirmed_at is None:
        return "accounts/confirm", "accounts.public.confirm", {}
    return "accounts/known", "", {}


def _reset(session: Session, token: Token, user: User | None) -> tuple[str, str, dict[str, Any]]:
    if user is None or user.disabled_at is not None:
        return "accounts/unknown", "", {}
    return "accounts/reset", "accounts.public.finish_reset", {}


def _change(session: Session, token: Token, user: User | None) -> tuple[str, str, dict[str, Any]]:
    if token.payload.get("taken"):
        return "accounts/known", "", {}
    return "accounts/change_email", "accounts.public.confirm_change", {}


def _invitation(session: Session, token: Token, user: User | None) -> tuple[str, str, dict[str, Any]]:
    organization_id = token.payload.get("organization_id")
    organization = session.get(Organization, organization_id) if organization_id else None
    inviter = session.get(User, token.created_by_id) if token.created_by_id else None
    context = {
        "role": Role(token.payload["role"]).label,
        "organization": organization.name if organization else token.payload.get("edition", {}).get("title", ""),
        "inviter": inviter.name if inviter else "",
        "note": token.payload.get("note", ""),
    }
    return "accounts/invitation", "accounts.invitations.show", context


LINK_MAILS = {
    TokenPurpose.CONFIRM_EMAIL: _confirm,
    TokenPurpose.RESET_PASSWORD: _reset,
    TokenPurpose.CHANGE_EMAIL: _change,
    TokenPurpose.INVITE_STAFF: _invitation,
}


@subscribes(PasswordChanged)
def tell_password_changed(session: Session, event: PasswordChanged, now: datetime) -> None:
    _warn(session, event, event.user_id, "accounts/password_changed", {}, now)


@subscribes(SecondFactorEnabled, SecondFactorDisabled)
def tell_second_factor(session: Session, event: SecondFactorEnabled | SecondFactorDisabled, now: datetime) -> None:
    context = {"is_on": isinstance(event, SecondFactorEnabled)}
    _warn(session, event, event.user_id, "accounts/second_factor_changed", context, now)


@subscribes(SecurityKeyAdded, SecurityKeyRemoved, AuthenticatorRemoved)
def tell_key(session: Session, event: SecurityKeyAdded | SecurityKeyRemoved | AuthenticatorRemoved, now: datetime) -> None:
    context = {"is_new": isinstance(event, SecurityKeyAdded), "is_key": not isinstance(event, AuthenticatorRemoved)}
    _warn(session, event, event.user_id, "accounts/security_key_changed", context, now)


@subscribes(EmailChanged)
def tell_old_address(session: Session, event: EmailChanged, now: datetime) -> None:
    """The old address is told, because it may be the owner who did not do it."""
    _warn(session, event, event.user_id, "accounts/email_changed", {}, now, to=event.old_email)


def _warn(session: Session, event: Event, user_id: int, template: str, context: Mapping[str, Any], now: datetime, to: str = "") -> None:
    user = session.get(User, user_id)
    if user is not None:
        full = {"name": user.name, "at": now, "link": absolute("accounts.public.reset"), **context}
        dedup = f"{event.name}:{user_id}:{now.isoformat()}"
        queue_message(session, template=template, to=to or user, locale=user.locale, context=full, dedup=dedup, now=now, rests_on=OWNER)
