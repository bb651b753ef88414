"""Accounts: made, confirmed, renamed, disabled."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from app.accounts.enums import Role, TokenPurpose
from app.accounts.events import BrakeReleased, EmailChanged, NameChanged, UserCreated, UserDisabled, UserEnabled
from app.accounts.models import User
from app.accounts.queries import holders_of_platform_role, user_by_email
from app.accounts.rules import notice
from app.accounts.rules.names import sort_key
from app.audit.operations import record
from app.core.authz import VISITOR, Actor
from app.core.errors import CONSTRAINT_SENTENCES, DomainError
from app.core.uow import lock
from app.settings.queries import setting

from .passwords import put_password, request_reset
from .proof import brake_links, check_password, clear_attempts, mark_of
from .sessions import end_sessions
from .tokens import find_token, issue_token, redeem_token, revoke_bound_tokens

SIGN_UP_LIFETIME = timedelta(hours=24)
CONSTRAINT_SENTENCES["uq_users_email"] = _l("There is already an account with this address.")
CONSTRAINT_SENTENCES["users.email"] = _l("There is already an account with this address.")


class AddressTaken(DomainError):
    message = _l("There is already an account with this address.")


class SignUpClosed(DomainError):
    message = _l("This site makes accounts by invitation only. Please ask the office that runs it.")


class LastAdministrator(DomainError):
    message = _l("This is the last system administrator. Appoint another one first.")


class NotOneself(DomainError):
    message = _l("Nobody can do this to their own account; ask another administrator.")


def create_user(session: Session, *, email: str, name: str, password: str | None = None, confirmed: bool = False,
                locale: str = "zh_CN", actor: Actor, now: datetime) -> User:  # fmt: skip
    """A new account; without a password the person sets one through a reset link. Records UserCreated."""
    if user_by_email(session, email) is not None:
        raise AddressTaken(field="email")
    user = User(
        email=email.strip().casefold(), name=name, sort_key=sort_key(name), locale=locale, created_at=now,
        email_confirmed_at=now if confirmed else None,
    )  # fmt: skip
    session.add(user)
    session.flush()  # the password's history and the event need the id
    if password is not None:
        put_password(session, user=user, password=password, now=now)
    record(session, UserCreated(user.id), actor=actor, now=now)
    return user


def request_account(session: Session, *, email: str, locale: str, network: str, now: datetime) -> None:
    """Send a sign-up link to the address; one that has an account gets a mail that says so. The page tells neither."""
    if not setting(session, "sign_up_open"):
        raise SignUpClosed
    brake_links(session, email=email, network=network, now=now)
    issue_token(session, purpose=TokenPurpose.CONFIRM_EMAIL, email=email, user=user_by_email(session, email),
                payload={"locale": locale}, lifetime=SIGN_UP_LIFETIME, actor=VISITOR, now=now)  # fmt: skip


def sign_up(session: Session, *, secret: str, name: str, password: str, now: datetime) -> User:
    """Make the account for the confirmed address. Records UserCreated."""
    token = redeem_token(session, secret=secret, purpose=TokenPurpose.CONFIRM_EMAIL, now=now)
    user = create_user(session, email=token.email, name=name, password=password, confirmed=True,
                       locale=token.payload.get("locale", "zh_CN"), actor=VISITOR, now=now)  # fmt: skip
    accept_notice(user, now=now)
    return user


def accept_notice(user: User, *, now: datetime) -> None:
    """Keep which notice of how data are used the person has ticked, and when."""
    user.notice_version, user.notice_accepted_at = notice.VERSION, now


def confirm_address(session: Session, *, secret: str, now: datetime) -> User | None:
    """Confirm the address of an account that exists already; None when the link is for signing up."""
    token = find_token(session, secret=secret, purpose=TokenPurpose.CONFIRM_EMAIL, now=now)
    if token.user_id is None:
        return None
    redeem_token(session, secret=secret, purpose=TokenPurpose.CONFIRM_EMAIL, now=now)
    user = session.get_one(User, token.user_id)
    user.email_confirmed_at = user.email_confirmed_at or now
    return user


def request_email_change(session: Session, *, user: User, email: str, password: str, actor: Actor, now: datetime) -> None:
    """Send a link to the new address; nothing changes before it is opened. Taken addresses get a mail, not a different page."""
    check_password(session, user_id=user.id, password=password, now=now)
    taken = user_by_email(session, email) is not None
    issue_token(session, purpose=TokenPurpose.CHANGE_EMAIL, email=email, user=user, payload={"taken": taken},
                lifetime=timedelta(hours=2), actor=actor, now=now)  # fmt: skip


def change_email(session: Session, *, secret: str, actor: Actor, now: datetime) -> User:
    """Put the new address into force. Records EmailChanged, upon which the old address is told."""
    token = redeem_token(session, secret=secret, purpose=TokenPurpose.CHANGE_EMAIL, now=now)
    user = session.get_one(User, token.user_id)
    if user_by_email(session, token.email) is not None:
        raise AddressTaken
    old, user.email, user.email_confirmed_at = user.email, token.email, now
    revoke_bound_tokens(session, user=user, now=now)
    actor = replace(actor, user_id=user.id)
    end_sessions(session, user=user, keep=None, reason="address changed", actor=actor, now=now)
    record(session, EmailChanged(user.id, old), actor=actor, now=now)
    return user


def rename_user(session: Session, *, user: User, name: str, locale: str, actor: Actor, now: datetime) -> None:
    """Change the shown name and the language of mails. Records NameChanged."""
    lock(session, user)
    if user.name != name:
        record(session, NameChanged(user.id), actor=actor, now=now)
    user.name, user.sort_key, user.locale = name, sort_key(name), locale


def disable_user(session: Session, *, user: User, reason: str, actor: Actor, now: datetime) -> None:
    """Shut the account at once: every session ends. Never oneself, never the last administrator. Records UserDisabled."""
    if user.id == actor.user_id:
        raise NotOneself
    lock(session, user)
    check_not_last_admin(session, user)
    if user.disabled_at is None:
        user.disabled_at = now
        end_sessions(session, user=user, keep=None, reason="account disabled", actor=actor, now=now)
        record(session, UserDisabled(user.id, reason), actor=actor, now=now)


def enable_user(session: Session, *, user: User, reason: str, actor: Actor, now: datetime) -> None:
    """Open the account again. Records UserEnabled."""
    lock(session, user)
    if user.disabled_at is not None:
        user.disabled_at = None
        record(session, UserEnabled(user.id, reason), actor=actor, now=now)


def release_brakes(session: Session, *, user: User, actor: Actor, now: datetime) -> None:
    """Let the person try again at once after too many wrong passwords. Records BrakeReleased."""
    clear_attempts(session, account=mark_of(user.email, "account"))
    record(session, BrakeReleased(user.id), actor=actor, now=now)


def start_reset(session: Session, *, user: User, actor: Actor, now: datetime) -> None:
    """An administrator has a reset link sent to the person; nobody but the person ever sees it."""
    request_reset(session, email=user.email, actor=actor, now=now)


def check_not_last_admin(session: Session, user: User) -> None:
    """Raise LastAdministrator when the platform would be left without one."""
    holders = holders_of_platform_role(session, Role.SYSTEM_ADMIN)
    if holders == [user.id]:
        raise LastAdministrator
