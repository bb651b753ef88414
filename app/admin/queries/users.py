"""Accounts for the administrator: who they are and what they hold, never their scores or entries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, joinedload

from app.accounts.enums import MembershipState, Role
from app.accounts.models import Membership, RoleGrant, SignInAttempt, User, UserSession
from app.calls.models import Edition
from app.core.markup import named

PAGE = 50


@dataclass(frozen=True)
class Person:
    """A row of the list."""

    user: User
    grants: list[RoleGrant] = field(default_factory=list)


def users(session: Session, *, search: str = "", role: Role | None = None, state: str = "", page: int = 1) -> tuple[list[Person], int]:
    """Accounts by name, narrowed; and how many there are. Three statements."""
    wanted = select(User)
    if search:
        wanted = wanted.where(User.name.contains(search, autoescape=True) | User.email.contains(search.casefold(), autoescape=True))
    if role is not None:
        wanted = wanted.where(exists().where(RoleGrant.user_id == User.id, RoleGrant.role == role, RoleGrant.ended_at.is_(None)))
    conditions = {
        "disabled": User.disabled_at.is_not(None),
        "unconfirmed": User.email_confirmed_at.is_(None),
        "one_factor": User.second_factor_since.is_(None),
    }
    if state in conditions:
        wanted = wanted.where(conditions[state])
    total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    rows = list(session.scalars(wanted.order_by(User.sort_key, User.id).limit(PAGE).offset((max(1, page) - 1) * PAGE)))
    held: dict[int, list[RoleGrant]] = defaultdict(list)
    granted = select(RoleGrant).where(RoleGrant.user_id.in_([row.id for row in rows]), RoleGrant.ended_at.is_(None))
    for grant in session.scalars(granted.order_by(RoleGrant.id)):
        held[grant.user_id].append(grant)
    return [Person(row, held[row.id]) for row in rows], total


def user(session: Session, user_id: int) -> User | None:
    return session.get(User, user_id)


def grants_with_scope(session: Session, user_id: int) -> list[tuple[RoleGrant, str]]:
    """What the person holds or held, with the name of where; the live ones first."""
    rows = session.execute(
        select(RoleGrant, Edition)
        .outerjoin(Edition, Edition.id == RoleGrant.edition_id)
        .where(RoleGrant.user_id == user_id)
        .options(joinedload(RoleGrant.organization))
        .order_by(RoleGrant.ended_at.is_not(None), RoleGrant.id.desc())
    )
    places = [(grant, edition or grant.organization) for grant, edition in rows]
    return [(grant, named(place) if place is not None else "") for grant, place in places]


def memberships(session: Session, user_id: int) -> list[Membership]:
    mine = select(Membership).where(Membership.user_id == user_id, Membership.state == MembershipState.ACTIVE)
    return list(session.scalars(mine.options(joinedload(Membership.organization)).order_by(Membership.id)))


def failed_attempts(session: Session, account: str, since: datetime) -> int:
    """Failed sign-ins of the account lately."""
    failed = select(func.count(SignInAttempt.id)).where(
        SignInAttempt.account == account, ~SignInAttempt.succeeded, SignInAttempt.at > since
    )
    return session.scalar(failed) or 0


def names_of(session: Session, ids: Iterable[int | None]) -> dict[int, str]:
    """Names of people by id, in one statement."""
    wanted = {number for number in ids if number}
    if not wanted:
        return {}
    return dict(session.execute(select(User.id, User.name).where(User.id.in_(wanted))).all())


def counts(session: Session, now: datetime) -> dict[str, int]:
    """The figures of the console's first page."""
    return {
        "users": session.scalar(select(func.count(User.id))) or 0,
        "disabled": session.scalar(select(func.count(User.id)).where(User.disabled_at.is_not(None))) or 0,
        "sessions": session.scalar(select(func.count(UserSession.id)).where(UserSession.ended_at.is_(None), UserSession.expires_at > now))
        or 0,
    }
