"""Which roles exclude each other, who may give which, and where each may be held."""

from __future__ import annotations

from collections.abc import Iterable

from app.accounts.enums import EDITION_ROLES, ORGANIZATION_ROLES, PLATFORM_ROLES, Role

#: Held by doing something (joining a team, accepting a seat), not by being trusted with something.
PARTICIPANT_ROLES = frozenset({Role.TEAM, Role.JUDGE, Role.NEED_OWNER})
_STAFF = frozenset({Role.HOST, Role.ORGANIZER, Role.SCORER, Role.TIMEKEEPER, Role.FINANCE, Role.TALENT_OFFICER, Role.RECOMMENDER})

#: One person holds at most one of a pair anywhere (GB/T 22239 8.1.4.2 d: three powers in three hands).
EXCLUSIVE_ANYWHERE = frozenset(
    frozenset(pair)
    for pair in (
        (Role.SYSTEM_ADMIN, Role.AUDITOR),
        *((Role.SYSTEM_ADMIN, role) for role in (Role.HOST, Role.ORGANIZER, Role.SUPERVISOR)),
        *((Role.AUDITOR, role) for role in _STAFF),
    )
)
#: Within one organization or edition: who watches does not run.
EXCLUSIVE_WITHIN = frozenset(frozenset((Role.SUPERVISOR, role)) for role in _STAFF)

#: What the holder of a role may give to others within the same scope.
GIVES = {
    Role.HOST: frozenset(
        {Role.HOST, Role.ORGANIZER, Role.RECOMMENDER, Role.SUPERVISOR, Role.FINANCE, Role.TALENT_OFFICER, Role.NEED_OWNER,
         Role.SCORER, Role.TIMEKEEPER}
    ),
    Role.ORGANIZER: frozenset({Role.SCORER, Role.TIMEKEEPER, Role.NEED_OWNER}),
}  # fmt: skip


def is_staff(roles: Iterable[str]) -> bool:
    """Whether one of the roles is a trust, not a part that one plays."""
    return any(role not in PARTICIPANT_ROLES for role in roles)


def fits_scope(role: Role, *, in_organization: bool, in_edition: bool) -> bool:
    """Whether the role may be held on the platform, in an organization or in an edition."""
    if in_edition:
        return role in EDITION_ROLES or role in PARTICIPANT_ROLES
    if in_organization:
        return role in ORGANIZATION_ROLES
    return role in PLATFORM_ROLES or role in PARTICIPANT_ROLES
