"""The people of an edition."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from app.accounts.enums import EDITION_ROLES, MembershipState, Role
from app.accounts.models import Membership, Organization, RoleGrant, User
from app.calls.models import Edition
from app.core.markup import named


@dataclass(frozen=True)
class StaffLine:
    """A role, whom it belongs to, and where it comes from (None: given in this edition)."""

    grant_id: int
    role: Role
    name: str
    email: str
    organization: str | None


def edition_staff(session: Session, edition: Edition) -> list[StaffLine]:
    """Roles given in the edition, and those held in its host and organizer (or above)."""
    paths = {edition.host.path, edition.organizer.path}
    above = {int(part) for path in paths for part in path.split("/") if part}
    rows = (
        select(RoleGrant, User, Organization)
        .join(User, User.id == RoleGrant.user_id)
        .outerjoin(Organization, Organization.id == RoleGrant.organization_id)
        .where(RoleGrant.ended_at.is_(None), RoleGrant.role.in_(EDITION_ROLES), User.disabled_at.is_(None))
        .where(or_(RoleGrant.edition_id == edition.id, RoleGrant.organization_id.in_(above)))
        .order_by(RoleGrant.role, User.name, RoleGrant.id)
    )
    return [
        StaffLine(grant.id, grant.role, user.name, user.email, named(organization) if organization else None)
        for grant, user, organization in session.execute(rows)
    ]


def edition_grant(session: Session, edition: Edition, grant_id: int) -> RoleGrant | None:
    """A live role given in this edition."""
    live = select(RoleGrant).options(joinedload(RoleGrant.user)).where(RoleGrant.id == grant_id, RoleGrant.edition_id == edition.id)
    return session.scalar(live.where(RoleGrant.ended_at.is_(None)))


def colleague_with_email(session: Session, edition: Edition, email: str) -> User | None:
    """Somebody of the host's or the organizer's house, or of this edition's staff. Others are as good as unknown: that an address has an
    account is nobody's to find out.
    """
    houses = [edition.host_id, edition.organizer_id]
    belongs = select(Membership.user_id).where(Membership.organization_id.in_(houses), Membership.state == MembershipState.ACTIVE)
    serves = select(RoleGrant.user_id).where(
        RoleGrant.ended_at.is_(None), or_(RoleGrant.organization_id.in_(houses), RoleGrant.edition_id == edition.id)
    )
    known = select(User).where(User.email == email.strip().lower(), or_(User.id.in_(belongs), User.id.in_(serves)))
    return session.scalar(known)
