"""Staff invitations: bound to an address and a role, used once, never giving more than the inviter may give when they are accepted."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from app.accounts.enums import Role, TokenPurpose
from app.accounts.models import Organization, RoleGrant, Token, User
from app.accounts.policies import can_grant_role
from app.accounts.queries import grants_of
from app.accounts.queries.organizations import open_invitations
from app.core.authz import Actor
from app.core.errors import DomainError

from .grants import grant_role
from .organizations import add_member
from .tokens import LinkInvalid, find_token, issue_token, redeem_token, revoke_token
from .users import accept_notice, create_user

INVITATION_LIFETIME = timedelta(days=7)


class MeantForAnother(DomainError):
    """The invited address is not the one of the account that is signed in."""

    message = _l("This invitation was sent to another address. Sign out and open it again, or sign in as the person it was sent to.")


class InviterMayNot(DomainError):
    message = _l("Whoever invited you may no longer give this role. Please ask for a new invitation.")


@dataclass(frozen=True)
class Place:
    """An edition, as far as this feature knows it: where a role is held, who hosts it, what it is called."""

    id: int
    host_id: int
    title: str


def invite_staff(session: Session, *, organization: Organization | None = None, edition: Place | None = None, role: Role, email: str,
                 note: str = "", actor: Actor, now: datetime) -> tuple[Token, str]:  # fmt: skip
    """Send a link that makes its receiver a member with the role, or gives the role in the edition alone.

    It takes the place of an earlier one for the same: whoever loses the role later holds no other link to it.
    Records LinkIssued, LinkRevoked.
    """
    place = (organization.id if organization else None, edition.id if edition else None)
    for earlier in open_invitations(session, place[0], now, edition_id=place[1]):
        if (earlier.email, earlier.payload["role"]) == (email.casefold(), role.value):
            revoke_token(session, token=earlier, actor=actor, now=now)
    payload: dict[str, Any] = {"role": role.value, "organization_id": organization.id if organization else None, "note": note[:200]}
    payload |= {"edition": asdict(edition)} if edition else {}
    return issue_token(session, purpose=TokenPurpose.INVITE_STAFF, email=email, payload=payload, lifetime=INVITATION_LIFETIME,
                       actor=actor, now=now)  # fmt: skip


def accept_invitation(session: Session, *, secret: str, user: User, now: datetime) -> RoleGrant:
    """Use the link up as the signed-in person. Records LinkUsed, MemberAdded, RoleGranted."""
    token = find_token(session, secret=secret, purpose=TokenPurpose.INVITE_STAFF, now=now)
    if token.email != user.email:
        raise MeantForAnother
    return _take_up(session, secret=secret, user=user, now=now)


def accept_as_new(session: Session, *, secret: str, name: str, password: str, locale: str, now: datetime) -> User:
    """Make the account of the invited address and use the link up. Records UserCreated and what acceptance records."""
    token = find_token(session, secret=secret, purpose=TokenPurpose.INVITE_STAFF, now=now)
    actor = Actor(user_id=token.created_by_id)
    user = create_user(session, email=token.email, name=name, password=password, confirmed=True, locale=locale, actor=actor, now=now)
    accept_notice(user, now=now)
    _take_up(session, secret=secret, user=user, now=now)
    return user


def _take_up(session: Session, *, secret: str, user: User, now: datetime) -> RoleGrant:
    token = redeem_token(session, secret=secret, purpose=TokenPurpose.INVITE_STAFF, now=now)
    role = Role(token.payload["role"])
    organization_id = token.payload.get("organization_id")
    organization = session.get(Organization, organization_id) if organization_id else None
    edition = Place(**token.payload["edition"]) if token.payload.get("edition") else None
    if organization_id and organization is None:
        raise LinkInvalid
    inviter = session.get(User, token.created_by_id) if token.created_by_id else None
    if inviter is None or inviter.disabled_at is not None:
        raise InviterMayNot
    giving = Actor(user_id=inviter.id, name=inviter.name, grants=grants_of(session, inviter.id))
    scope = {"edition_id": edition.id, "host_id": edition.host_id} if edition else {"organization_id": organization_id}
    if not can_grant_role(giving, role, **scope):
        raise InviterMayNot
    if organization is not None:
        add_member(session, organization=organization, user=user, actor=giving, now=now)
    return grant_role(session, user=user, role=role, organization=organization, edition=edition, actor=giving, now=now)
