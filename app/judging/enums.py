"""Categories and states of seats, assignments and sheets, as stored, with their words."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class SeatCategory(StrEnum):
    TECHNICAL = "technical"
    INVESTOR = "investor"
    ENTREPRENEUR = "entrepreneur"
    MANAGEMENT = "management"
    FINANCE = "finance"
    LEGAL = "legal"
    OWNER = "owner"
    AUDIENCE = "audience"

    @property
    def label(self) -> object:
        return _CATEGORIES[self]


class SeatState(StrEnum):
    PLANNED = "planned"
    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REMOVED = "removed"

    @property
    def label(self) -> object:
        return _SEATS[self]


class SeatAction(StrEnum):
    INVITE = "invite"
    ACCEPT = "accept"
    DECLINE = "decline"
    REMOVE = "remove"
    RESTORE = "restore"


class ConflictSource(StrEnum):
    DECLARED = "declared"
    SAME_ORGANIZATION = "same_organization"
    TEAM_MEMBER = "team_member"
    ORGANIZER = "organizer"

    @property
    def label(self) -> object:
        return _SOURCES[self]


class AssignmentState(StrEnum):
    ACTIVE = "active"
    RECUSED = "recused"
    REMOVED = "removed"


class SheetState(StrEnum):
    DRAFT = "draft"
    SIGNED = "signed"

    @property
    def label(self) -> object:
        return _SHEETS[self]


class SheetAction(StrEnum):
    SIGN = "sign"
    REOPEN = "reopen"


class RecusalReason(StrEnum):
    """Why a judge steps aside; the usual avoidance rules of review offices."""

    SAME_UNIT = "same_unit"
    RELATIVE = "relative"
    ADVISER = "adviser"
    COOPERATION = "cooperation"
    INTEREST = "interest"
    COMPETITOR = "competitor"
    EXPERTISE = "expertise"
    OTHER = "other"

    @property
    def label(self) -> object:
        return _RECUSALS[self]


_CATEGORIES = {
    SeatCategory.TECHNICAL: _l("Technical expert"),
    SeatCategory.INVESTOR: _l("Investor"),
    SeatCategory.ENTREPRENEUR: _l("Entrepreneur"),
    SeatCategory.MANAGEMENT: _l("Management expert"),
    SeatCategory.FINANCE: _l("Finance expert"),
    SeatCategory.LEGAL: _l("Legal expert"),
    SeatCategory.OWNER: _l("Representative of the need owner"),
    SeatCategory.AUDIENCE: _l("Public judge"),
}
_SEATS = {
    SeatState.PLANNED: _l("Not invited yet"),
    SeatState.INVITED: _l("Invited"),
    SeatState.ACCEPTED: _l("Accepted"),
    SeatState.DECLINED: _l("Declined"),
    SeatState.REMOVED: _l("Removed"),
}
_SOURCES = {
    ConflictSource.DECLARED: _l("Declared by the judge"),
    ConflictSource.SAME_ORGANIZATION: _l("Same organization"),
    ConflictSource.TEAM_MEMBER: _l("Member of the team"),
    ConflictSource.ORGANIZER: _l("Set by the organizer"),
}
_SHEETS = {SheetState.DRAFT: _l("Draft"), SheetState.SIGNED: _l("Signed")}
_RECUSALS = {
    RecusalReason.SAME_UNIT: _l("I work, or worked in the last three years, in the same organization"),
    RecusalReason.RELATIVE: _l("A member of the team is a relative of mine"),
    RecusalReason.ADVISER: _l("I advise or taught a member of the team"),
    RecusalReason.COOPERATION: _l("We worked on a project or publication together in the last three years"),
    RecusalReason.INTEREST: _l("I hold shares, or have another economic interest"),
    RecusalReason.COMPETITOR: _l("I belong to, or invest in, a competitor"),
    RecusalReason.EXPERTISE: _l("The subject is outside my field"),
    RecusalReason.OTHER: _l("Another reason that may affect my impartiality"),
}
