"""Roles, kinds of organization, purposes of tokens."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import lazy_gettext as _l

from app.core.enums import Labelled


class Role(Labelled):
    """Roles are granted on the platform, in an organization (with everything below it) or in one edition."""

    SYSTEM_ADMIN = "system_admin", _l("System administrator")
    AUDITOR = "auditor", _l("Security auditor")
    HOST = "host", _l("Host")
    ORGANIZER = "organizer", _l("Organizer")
    RECOMMENDER = "recommender", _l("Recommending unit")
    SUPERVISOR = "supervisor", _l("Supervisor")
    FINANCE = "finance", _l("Finance officer")
    TALENT_OFFICER = "talent_officer", _l("Talent officer")
    SCORER = "scorer", _l("Scorer")
    TIMEKEEPER = "timekeeper", _l("Timekeeper")
    NEED_OWNER = "need_owner", _l("Need owner")
    JUDGE = "judge", _l("Judge")
    TEAM = "team", _l("Team")


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


class OrganizationKind(Labelled):
    PROVINCE = "province", _l("Province")
    CITY = "city", _l("City")
    DISTRICT = "district", _l("District or county")
    PARK = "park", _l("Park")
    OFFICE = "office", _l("Public office")
    ENTERPRISE = "enterprise", _l("Enterprise")
    UNIVERSITY = "university", _l("University")
    INSTITUTE = "institute", _l("Institute")
    OTHER = "other", _l("Other")


class TokenPurpose(StrEnum):
    CONFIRM_EMAIL = "confirm_email"
    RESET_PASSWORD = "reset_password"
    CHANGE_EMAIL = "change_email"
    FIRST_ADMIN = "first_admin"
    INVITE_STAFF = "invite_staff"
    INVITE_MEMBER = "invite_member"
    INVITE_JUDGE = "invite_judge"


class KeyPurpose(StrEnum):
    """What a security key is asked for: a challenge of one purpose answers no other."""

    REGISTER = "register"
    SIGN_IN = "sign_in"
    CONFIRM = "confirm"


class MembershipState(StrEnum):
    REQUESTED = "requested"
    ACTIVE = "active"
    ENDED = "ended"
