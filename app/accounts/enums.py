"""Roles, kinds of organization, purposes of tokens."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class Role(StrEnum):
    """Roles are granted on the platform, in an organization (with everything below it) or in one edition."""

    SYSTEM_ADMIN = "system_admin"
    AUDITOR = "auditor"
    HOST = "host"
    ORGANIZER = "organizer"
    RECOMMENDER = "recommender"
    SUPERVISOR = "supervisor"
    FINANCE = "finance"
    TALENT_OFFICER = "talent_officer"
    SCORER = "scorer"
    TIMEKEEPER = "timekeeper"
    NEED_OWNER = "need_owner"
    JUDGE = "judge"
    TEAM = "team"

    @property
    def label(self) -> object:
        return ROLE_LABELS[self]


ROLE_LABELS = {
    Role.SYSTEM_ADMIN: _l("System administrator"),
    Role.AUDITOR: _l("Security auditor"),
    Role.HOST: _l("Host"),
    Role.ORGANIZER: _l("Organizer"),
    Role.RECOMMENDER: _l("Recommending unit"),
    Role.SUPERVISOR: _l("Supervisor"),
    Role.FINANCE: _l("Finance officer"),
    Role.TALENT_OFFICER: _l("Talent officer"),
    Role.SCORER: _l("Scorer"),
    Role.TIMEKEEPER: _l("Timekeeper"),
    Role.NEED_OWNER: _l("Need owner"),
    Role.JUDGE: _l("Judge"),
    Role.TEAM: _l("Team"),
}

#: Roles that exist only on the platform as a whole.
PLATFORM_ROLES = frozenset({Role.SYSTEM_ADMIN, Role.AUDITOR})
#: Roles an organization grants; they reach every edition and organization below it.
ORGANIZATION_ROLES = frozenset(
    {
        Role.HOST,
        Role.ORGANIZER,
        Role.RECOMMENDER,
        Role.SUPERVISOR,
        Role.FINANCE,
        Role.TALENT_OFFICER,
        Role.NEED_OWNER,
    }
)
#: Roles granted in one edition.
EDITION_ROLES = frozenset(
    {
        Role.HOST,
        Role.ORGANIZER,
        Role.SUPERVISOR,
        Role.FINANCE,
        Role.SCORER,
        Role.TIMEKEEPER,
    }
)


class OrganizationKind(StrEnum):
    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"
    PARK = "park"
    OFFICE = "office"
    ENTERPRISE = "enterprise"
    UNIVERSITY = "university"
    INSTITUTE = "institute"
    OTHER = "other"

    @property
    def label(self) -> object:
        return KIND_LABELS[self]


KIND_LABELS = {
    OrganizationKind.PROVINCE: _l("Province"),
    OrganizationKind.CITY: _l("City"),
    OrganizationKind.DISTRICT: _l("District or county"),
    OrganizationKind.PARK: _l("Park"),
    OrganizationKind.OFFICE: _l("Public office"),
    OrganizationKind.ENTERPRISE: _l("Enterprise"),
    OrganizationKind.UNIVERSITY: _l("University"),
    OrganizationKind.INSTITUTE: _l("Institute"),
    OrganizationKind.OTHER: _l("Other"),
}


class TokenPurpose(StrEnum):
    CONFIRM_EMAIL = "confirm_email"
    RESET_PASSWORD = "reset_password"
    CHANGE_EMAIL = "change_email"
    FIRST_ADMIN = "first_admin"
    INVITE_STAFF = "invite_staff"
    INVITE_MEMBER = "invite_member"
    INVITE_JUDGE = "invite_judge"


class MembershipState(StrEnum):
    REQUESTED = "requested"
    ACTIVE = "active"
    ENDED = "ended"
