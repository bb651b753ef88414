"""Organizations in their tree, their members and roles, invitations that wait."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from app.accounts.enums import MembershipState, Role, TokenPurpose
from app.accounts.models import Membership, Organization, RoleGrant, Token, User


@dataclass(frozen=True)
class Member:
    """A person of an organization with the roles held there; ``membership`` None: a role without membership."""

    user: User
    membership: Membership | None
    grants: list[RoleGrant] = field(default_factory=list)


@dataclass(frozen=True)
class Branch:
    """An organization in the tree with how many belong to it."""

    organization: Organization
    depth: int
    members: int


def organization(session: Session, organization_id: int) -> Organization | None:
    return session.get(Organization, organization_id)


def tree(session: Session, search: str = "") -> list[Branch]:
    """All organizations in tree order, brothers by name; with a search, those that match. Two statements."""
    counts = dict(
        session.execute(
            select(Membership.organization_id, func.count(Membership.id))
            .where(Membership.state == MembershipState.ACTIVE)
            .group_by(Membership.organization_id)
        ).all()
    )
    found = select(Organization).order_by(Organization.sort_key, Organization.id)
    if search:
        like = [column.icontains(search, autoescape=True) for column in (Organization.name, Organization.name_en)]
        found = found.where(or_(*like, Organization.uscc == search.upper()))
    rows = list(session.scalars(found))
    return [Branch(row, _depth(row), counts.get(row.id, 0)) for row in _in_tree_order(rows)]


def ancestors(session: Session, below: Organization) -> list[Organization]:
    """From the top of the tree down to the one above."""
    ids = [int(part) for part in below.path.split("/") if part and int(part) != below.id]
    known = {row.id: row for row in session.scalars(select(Organization).where(Organization.id.in_(ids)))} if ids else {}
    return [known[number] for number in ids if number in known]


def members(session: Session, organization_id: int) -> list[Member]:
    """Members and holders of roles, by name. Two statements."""
    grants: dict[int, list[RoleGrant]] = defaultdict(list)
    people: dict[int, User] = {}
    held = select(RoleGrant).where(RoleGrant.organization_id == organization_id, RoleGrant.ended_at.is_(None))
    for grant in session.scalars(held.options(joinedload(RoleGrant.user)).order_by(RoleGrant.id)):
        grants[grant.user_id].append(grant)
        people[grant.user_id] = grant.user
    belonging = select(Membership).where(Membership.organization_id == organization_id, Membership.state == MembershipState.ACTIVE)
    rows = {row.user_id: row for row in session.scalars(belonging.options(joinedload(Membership.user)))}
    people |= {row.user_id: row.user for row in rows.values()}
    ordered = sorted(people.values(), key=lambda user: (user.sort_key, user.id))
    return [Member(user, rows.get(user.id), grants[user.id]) for user in ordered]


def open_invitations(session: Session, organization_id: int | None, now: datetime, *, edition_id: int | None = None) -> list[Token]:
    """Staff invitations of the organization, the edition or (both None) the platform that could still be accepted."""
    waiting = select(Token).where(
        Token.purpose == TokenPurpose.INVITE_STAFF, Token.used_at.is_(None), Token.revoked_at.is_(None), Token.expires_at > now
    )
    rows = session.scalars(waiting.order_by(Token.id.desc()))
    wanted = (organization_id, edition_id)
    return [token for token in rows if (token.payload.get("organization_id"), token.payload.get("edition", {}).get("id")) == wanted]


def own_organizations(session: Session, organization_ids: frozenset[int]) -> list[Organization]:
    """The person's organizations, by name."""
    mine = select(Organization).where(Organization.id.in_(organization_ids)).order_by(Organization.sort_key)
    return list(session.scalars(mine))


def platform_grants(session: Session) -> list[RoleGrant]:
    """Who holds a role of the platform."""
    held = select(RoleGrant).where(
        RoleGrant.organization_id.is_(None), RoleGrant.edition_id.is_(None), RoleGrant.ended_at.is_(None),
        RoleGrant.role.in_([Role.SYSTEM_ADMIN, Role.AUDITOR]),
    )  # fmt: skip
    return list(session.scalars(held.options(joinedload(RoleGrant.user)).order_by(RoleGrant.role, RoleGrant.id)))


def _depth(row: Organization) -> int:
    return max(0, row.path.count("/") - 2)


def _in_tree_order(rows: list[Organization]) -> list[Organization]:
    """Parents before children; what has no parent among the rows stands at the top."""
    ids = {row.id for row in rows}
    below: dict[int | None, list[Organization]] = defaultdict(list)
    for row in rows:
        below[row.parent_id if row.parent_id in ids else None].append(row)
    ordered: list[Organization] = []
    waiting = list(reversed(below[None]))
    while waiting:
        row = waiting.pop()
        ordered.append(row)
        waiting.extend(reversed(below[row.id]))
    return ordered
