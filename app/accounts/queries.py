"""Reading people: the actor of a session, users, grants."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, cast, literal, null, select, union_all
from sqlalchemy.orm import Session, aliased

from app.core.authz import Actor, Grant
from app.core.codes import token_hash

from .enums import MembershipState
from .models import Membership, Organization, RoleGrant, User, UserSession


def actor_of_session(session: Session, token: str, now: datetime) -> Actor | None:
    """Two statements: the session with its user, and what they hold."""
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
    grants, organization_ids = standing_of(session, user.id)
    return Actor(
        user_id=user.id, name=user.name, email=user.email, locale=user.locale, session_id=live.id, session_token=token,
        grants=grants, organization_ids=organization_ids, current_role=live.current_role,
        has_second_factor=user.totp_enabled_at is not None, reauthenticated_at=live.reauthenticated_at,
    )  # fmt: skip


def standing_of(session: Session, user_id: int) -> tuple[frozenset[Grant], frozenset[int]]:
    """Roles and organizations in one statement; a role in an organization counts for every organization below it."""
    above, below = aliased(Organization), aliased(Organization)
    grants = (
        select(cast(RoleGrant.role, String), below.id, RoleGrant.edition_id)
        .outerjoin(above, above.id == RoleGrant.organization_id)
        .outerjoin(below, below.path.startswith(above.path))
        .where(RoleGrant.user_id == user_id, RoleGrant.ended_at.is_(None))
    )
    belongs = select(literal(""), Membership.organization_id, null()).where(
        Membership.user_id == user_id, Membership.state == MembershipState.ACTIVE
    )
    rows = session.execute(union_all(grants, belongs)).all()
    return (
        frozenset(Grant(str(role), organization_id, edition_id) for role, organization_id, edition_id in rows if role),
        frozenset(organization_id for role, organization_id, _ in rows if not role),
    )


def grants_of(session: Session, user_id: int) -> frozenset[Grant]:
    return standing_of(session, user_id)[0]


def organizations_of(session: Session, user_id: int) -> frozenset[int]:
    return standing_of(session, user_id)[1]
