"""Reading people: the actor of a session, users, grants."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.authz import Actor, Grant
from app.core.codes import token_hash

from .enums import MembershipState
from .models import Membership, Organization, RoleGrant, User, UserSession


def actor_of_session(session: Session, token: str, now: datetime) -> Actor | None:
    """Two statements: the session with its user, and the grants with the organizations below them."""
    row = session.execute(
        select(UserSession, User)
        .join(User, User.id == UserSession.user_id)
        .where(
            UserSession.token_hash == token_hash(token),
            UserSession.ended_at.is_(None),
            UserSession.expires_at > now,
            User.disabled_at.is_(None),
        )
    ).first()
    if row is None:
        return None
    live, user = row
    return Actor(
        user_id=user.id, name=user.name, email=user.email, locale=user.locale, session_id=live.id, session_token=token,
        grants=grants_of(session, user.id), organization_ids=organizations_of(session, user.id), current_role=live.current_role,
        has_second_factor=user.totp_enabled_at is not None, reauthenticated_at=live.reauthenticated_at,
    )  # fmt: skip


def grants_of(session: Session, user_id: int) -> frozenset[Grant]:
    """The person's roles; a role in an organization counts for every organization below it."""
    below = select(
        RoleGrant.role,
        RoleGrant.edition_id,
        RoleGrant.organization_id,
        Organization.path,
    )
    rows = session.execute(
        below.outerjoin(Organization, Organization.id == RoleGrant.organization_id).where(
            RoleGrant.user_id == user_id, RoleGrant.ended_at.is_(None)
        )
    ).all()
    grants = {Grant(row.role, row.organization_id, row.edition_id) for row in rows}
    for row in rows:
        if row.path:
            under = session.scalars(select(Organization.id).where(Organization.path.startswith(row.path)))
            grants |= {Grant(row.role, organization_id, None) for organization_id in under}
    return frozenset(grants)


def organizations_of(session: Session, user_id: int) -> frozenset[int]:
    mine = select(Membership.organization_id).where(Membership.user_id == user_id, Membership.state == MembershipState.ACTIVE)
    return frozenset(session.scalars(mine))
