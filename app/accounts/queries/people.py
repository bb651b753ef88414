"""People: the actor of a session, accounts, grants, signed-in browsers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import CompoundSelect, ScalarSelect, Select, String, bindparam, cast, literal, null, select, union_all
from sqlalchemy.orm import Session, aliased

from app.accounts.enums import MembershipState, Role
from app.accounts.models import Membership, Organization, RoleGrant, User, UserSession
from app.accounts.rules.duties import is_staff
from app.core.authz import Actor, Grant
from app.core.codes import token_hash
from app.settings.models import Setting
from app.settings.queries import settings
from app.settings.registry import REGISTRY


def actor_of_session(session: Session, token: str, now: datetime) -> Actor | None:
    """Two statements: the session with its user, limits and counts; and what they hold. None when it has ended."""
    row = session.execute(_session_query(), {"token_hash": token_hash(token), "now": now}).first()
    if row is None:
        return None
    live, user, idle, staff_idle, demanding, *counts = row
    grants, organization_ids = standing_of(session, user.id)
    limits = {key: _or_default(key, value) for key, value in zip(IDLE_LIMITS, (idle, staff_idle), strict=True)}
    if live.last_seen_at + idle_limit((grant.role for grant in grants), limits) <= now:
        return None
    has_factor = user.second_factor_since is not None
    wanted = _or_default("second_factor_roles", demanding)
    return Actor(
        user_id=user.id, name=user.name, email=user.email, locale=user.locale, session_id=live.id, session_token=token,
        grants=grants, organization_ids=organization_ids, current_role=live.current_role,
        has_second_factor=has_factor, must_enrol_second_factor=not has_factor and any(grant.role in wanted for grant in grants),
        reauthenticated_at=live.reauthenticated_at, second_factor_at=live.second_factor_at, last_seen_at=live.last_seen_at,
        counts=tuple(zip(_COUNTS, counts, strict=True)),
    )  # fmt: skip


IDLE_LIMITS = ("session_idle_minutes", "session_idle_minutes_staff")
Count = Callable[[], ScalarSelect[Any]]
_COUNTS: dict[str, Count] = {}


def counted_with_session(name: str) -> Callable[[Count], Count]:
    """Decorator for a count over ``User.id`` that every page shows: it is read with the session, not by a statement of its own."""

    def register(count: Count) -> Count:
        _COUNTS[name] = count
        _session_query.cache_clear()
        return count

    return register


def idle_limit(roles: Iterable[str], values: Mapping[str, Any]) -> timedelta:
    """How long a session may rest: shorter for whoever holds a role of the staff."""
    return timedelta(minutes=values[IDLE_LIMITS[is_staff(roles)]])


@cache
def _session_query() -> Select[Any]:
    """Built once: every signed-in request runs it, and putting it together costs more than running it."""
    return (
        select(UserSession, User, *map(_value, IDLE_LIMITS), _value("second_factor_roles"))
        .add_columns(*(count() for count in _COUNTS.values()))
        .join(User, User.id == UserSession.user_id)
        .where(
            UserSession.token_hash == bindparam("token_hash"),
            UserSession.ended_at.is_(None),
            UserSession.expires_at > bindparam("now", type_=UserSession.expires_at.type),
            User.disabled_at.is_(None),
        )
    )


def actor_of(session: Session, user_id: int) -> Actor | None:
    """The person with what they hold now, outside of any session; None when the account is gone or disabled."""
    user = session.get(User, user_id, populate_existing=True)
    if user is None or user.disabled_at is not None:
        return None
    grants, organization_ids = standing_of(session, user.id)
    return Actor(
        user_id=user.id, name=user.name, email=user.email, locale=user.locale, grants=grants, organization_ids=organization_ids,
        has_second_factor=user.second_factor_since is not None,
    )  # fmt: skip


def standing_of(session: Session, user_id: int) -> tuple[frozenset[Grant], frozenset[int]]:
    """Roles and organizations in one statement; a role in an organization counts for every organization below it."""
    rows: Sequence[Any] = session.execute(_standing_query(), {"user_id": user_id}).all()
    return (
        frozenset(Grant(str(role), organization_id, edition_id) for role, organization_id, edition_id in rows if role),
        frozenset(organization_id for role, organization_id, _ in rows if not role),
    )


@cache
def _standing_query() -> CompoundSelect[Any]:
    above, below = aliased(Organization), aliased(Organization)
    grants = (
        select(cast(RoleGrant.role, String), below.id, RoleGrant.edition_id)
        .outerjoin(above, above.id == RoleGrant.organization_id)
        .outerjoin(below, below.path.startswith(above.path))
        .where(RoleGrant.user_id == bindparam("user_id"), RoleGrant.ended_at.is_(None))
    )
    belongs = select(literal(""), Membership.organization_id, null()).where(
        Membership.user_id == bindparam("user_id"), Membership.state == MembershipState.ACTIVE
    )
    return union_all(grants, belongs)


def grants_of(session: Session, user_id: int) -> frozenset[Grant]:
    return standing_of(session, user_id)[0]


def organizations_of(session: Session, user_id: int) -> frozenset[int]:
    return standing_of(session, user_id)[1]


def user_by_email(session: Session, email: str) -> User | None:
    """The account of an address, however it is written."""
    return session.scalar(select(User).where(User.email == email.strip().casefold()))


def holders_of_platform_role(session: Session, role: Role) -> list[int]:
    """Ids of the people who hold a platform role and whose account is alive."""
    holding = select(RoleGrant.user_id).join(User, User.id == RoleGrant.user_id)
    alive = holding.where(RoleGrant.role == role, RoleGrant.ended_at.is_(None), User.disabled_at.is_(None))
    return list(session.scalars(alive.distinct().order_by(RoleGrant.user_id)))


def live_grant(session: Session, user_id: int, role: Role, organization_id: int | None, edition_id: int | None) -> RoleGrant | None:
    """The grant that is in force for exactly this scope."""
    same = select(RoleGrant).where(RoleGrant.user_id == user_id, RoleGrant.role == role, RoleGrant.ended_at.is_(None))
    return session.scalar(
        same.where(
            RoleGrant.organization_id.is_(None) if organization_id is None else RoleGrant.organization_id == organization_id,
            RoleGrant.edition_id.is_(None) if edition_id is None else RoleGrant.edition_id == edition_id,
        )
    )


def _value(key: str) -> Any:
    return select(Setting.value).where(Setting.key == key).scalar_subquery()


def _or_default(key: str, value: Any) -> Any:
    return REGISTRY[key].default if value is None else value


def open_sessions(session: Session, user_id: int, now: datetime) -> list[UserSession]:
    """Signed-in browsers of a person, the latest first; those past their limits are left out."""
    idle = idle_limit((grant.role for grant in grants_of(session, user_id)), settings(session))
    live = select(UserSession).where(UserSession.user_id == user_id, UserSession.ended_at.is_(None), UserSession.expires_at > now)
    return list(session.scalars(live.where(UserSession.last_seen_at > now - idle).order_by(UserSession.last_seen_at.desc())))


def open_session(session: Session, user_id: int | None, session_id: int) -> UserSession | None:
    """One of the person's own sessions."""
    own = select(UserSession).where(UserSession.id == session_id, UserSession.user_id == user_id, UserSession.ended_at.is_(None))
    return session.scalar(own)
