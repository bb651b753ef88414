"""Categories and states of seats, assignments and sheets, as stored, with their words."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import lazy_gettext as _l

from app.core.enums import Labelled


class SeatCategory(Labelled):
    TECHNICAL = "technical", _l("Technical expert")
    INVESTOR = "investor", _l("Investor")
    ENTREPRENEUR = "entrepreneur", _l("Entrepreneur")
    MANAGEMENT = "management", _l("Management expert")
    FINANCE = "finance", _l("Finance expert")
    LEGAL = "legal", _l("Legal expert")
    OWNER = "owner", _l("Representative of the need owner")
    AUDIENCE = "audience", _l("Public judge")


class SeatState(Labelled):
    PLANNED = "planned", _l("Not invited yet")
    INVITED = "invited", _l("Invited")
    ACCEPTED = "accepted", _l("Accepted")
    DECLINED = "declined", _l("Declined")
    REMOVED = "removed", _l("Removed")


class SeatAction(StrEnum):
    INVITE = "invite"
    ACCEPT = "accept"
    DECLINE = "decline"
    REMOVE = "remove"
    RESTORE = "restore"


class ConflictSource(Labelled):
    DECLARED = "declared", _l("Declared by the judge")
    SAME_ORGANIZATION = "same_organization", _l("Same organization")
    TEAM_MEMBER = "team_member", _l("Member of the team")
    ORGANIZER = "organizer", _l("Set by the organizer")


class AssignmentState(StrEnum):
    ACTIVE = "active"
    RECUSED = "recused"
    REMOVED = "removed"


class SheetState(Labelled):
    DRAFT = "draft", _l("Draft")
    SIGNED = "signed", _l("Signed")


class SheetAction(StrEnum):
    SIGN = "sign"
    REOPEN = "reopen"


class RecusalReason(Labelled):
    """Why a judge steps aside; the usual avoidance rules of review offices."""

    SAME_UNIT = "same_unit", _l("I work, or worked in the last three years, in the same organization")
    RELATIVE = "relative", _l("A member of the team is a relative of mine")
    ADVISER = "adviser", _l("I advise or taught a member of the team")
    COOPERATION = "cooperation", _l("We worked on a project or publication together in the last three years")
    INTEREST = "interest", _l("I hold shares, or have another economic interest")
    COMPETITOR = "competitor", _l("I belong to, or invest in, a competitor")
    EXPERTISE = "expertise", _l("The subject is outside my field")
    OTHER = "other", _l("Another reason that may affect my impartiality")
