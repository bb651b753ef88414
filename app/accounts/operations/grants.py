"""Roles given and ended."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.enums import Role
from app.accounts.events import RoleEnded, RoleGranted
from app.accounts.models import Organization, RoleGrant, User
from app.accounts.queries import live_grant
from app.accounts.rules.duties import EXCLUSIVE_ANYWHERE, EXCLUSIVE_WITHIN, PARTICIPANT_ROLES, fits_scope
from app.audit.operations import record
from app.core.authz import Actor
from app.core.errors import DomainError
from app.core.uow import lock

from .sessions import leave_role
from .users import check_not_last_admin


class WrongScope(DomainError):
    message = _l("This role cannot be held there.")


class SelfGrant(DomainError):
    message = _l("Nobody can give a role to themselves, or take one from themselves.")


class DutiesCollide(DomainError):
    message = _l("One person cannot hold both of these roles: the one watches or limits the other.")


class AccountDisabled(DomainError):
    message = _l("This account is disabled.")


class HasId(Protocol):
    """An edition, as far as this feature knows it."""

    @property
    def id(self) -> int: ...


def grant_role(session: Session, *, user: User, role: Role, organization: Organization | None = None, edition: HasId | None = None,
               actor: Actor, now: datetime) -> RoleGrant:  # fmt: skip
    """Give the role; the grant that is already there is returned as it is. Records RoleGranted.

    Refused: in a scope where the role does not exist, to oneself, to a disabled account, beside a role that excludes it.
    """
    role = Role(role)
    organization_id, edition_id = organization.id if organization else None, edition.id if edition else None
    if not fits_scope(role, in_organization=organization is not None, in_edition=edition is not None):
        raise WrongScope(field="role")
    lock(session, user)  # two grants to one person are decided one after the other
    if user.disabled_at is not None:
        raise AccountDisabled
    if actor.user_id == user.id and role not in PARTICIPANT_ROLES:
        raise SelfGrant
    known = live_grant(session, user.id, role, organization_id, edition_id)
    if known is not None:
        return known
    _check_duties(session, user, role, organization, edition_id)
    grant = RoleGrant(
        user_id=user.id, role=role, organization_id=organization_id, edition_id=edition_id, granted_by_id=actor.user_id, granted_at=now
    )
    session.add(grant)
    session.flush()  # the event needs the grant's id
    record(session, RoleGranted(grant.id, user.id, role.value, organization_id, edition_id), actor=actor, now=now)
    return grant


def end_role(session: Session, *, grant: RoleGrant, reason: str, actor: Actor, now: datetime) -> None:
    """Take the role away; it counts from the next request on, and sessions that act in it end. Records RoleEnded."""
    lock(session, grant)
    if grant.ended_at is not None:
        return
    if actor.user_id == grant.user_id and grant.role not in PARTICIPANT_ROLES:
        raise SelfGrant
    if grant.role == Role.SYSTEM_ADMIN:
        check_not_last_admin(session, session.get_one(User, grant.user_id))
    grant.ended_at = now
    record(session, RoleEnded(grant.id, grant.user_id, grant.role.value, grant.organization_id, grant.edition_id, reason),
           actor=actor, now=now)  # fmt: skip
    held = select(RoleGrant.id).where(RoleGrant.user_id == grant.user_id, RoleGrant.role == grant.role, RoleGrant.ended_at.is_(None))
    if session.scalar(held.limit(1)) is None:
        leave_role(session, user_id=grant.user_id, role=grant.role, actor=actor, now=now)


def _check_duties(session: Session, user: User, role: Role, organization: Organization | None, edition_id: int | None) -> None:
    held = select(RoleGrant).where(RoleGrant.user_id == user.id, RoleGrant.ended_at.is_(None))
    for grant in session.scalars(held):
        pair = frozenset((grant.role, role))
        if pair in EXCLUSIVE_ANYWHERE or (pair in EXCLUSIVE_WITHIN and _same_scope(session, grant, organization, edition_id)):
            raise DutiesCollide(field="role")


def _same_scope(session: Session, grant: RoleGrant, organization: Organization | None, edition_id: int | None) -> bool:
    """Whether both reach the same things: the same edition, or organizations one of which is above the other."""
    if edition_id is not None or grant.edition_id is not None:
        return edition_id == grant.edition_id
    other = session.get(Organization, grant.organization_id) if grant.organization_id else None
    if organization is None or other is None:
        return False
    return organization.path.startswith(other.path) or other.path.startswith(organization.path)
