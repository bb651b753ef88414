"""Categories and states of seats, assignments and sheets."""

from __future__ import annotations

from enum import StrEnum


class SeatCategory(StrEnum):
    TECHNICAL = "technical"
    INVESTOR = "investor"
    ENTREPRENEUR = "entrepreneur"
    MANAGEMENT = "management"
    FINANCE = "finance"
    LEGAL = "legal"
    OWNER = "owner"
    AUDIENCE = "audience"


class SeatState(StrEnum):
    PLANNED = "planned"
    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REMOVED = "removed"


class SeatAction(StrEnum):
    INVITE = "invite"
    ACCEPT = "accept"
    DECLINE = "decline"
    REMOVE = "remove"


class ConflictSource(StrEnum):
    DECLARED = "declared"
    SAME_ORGANIZATION = "same_organization"
    TEAM_MEMBER = "team_member"
    ORGANIZER = "organizer"


class AssignmentState(StrEnum):
    ACTIVE = "active"
    RECUSED = "recused"
    REMOVED = "removed"


class SheetState(StrEnum):
    DRAFT = "draft"
    SIGNED = "signed"


class SheetAction(StrEnum):
    SIGN = "sign"
    REOPEN = "reopen"
