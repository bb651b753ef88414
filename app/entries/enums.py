"""States and actions of an entry, rights within a team."""

from __future__ import annotations

from enum import StrEnum


class EntryState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    DISQUALIFIED = "disqualified"
    WITHDRAWN = "withdrawn"


class EntryAction(StrEnum):
    SUBMIT = "submit"
    RETURN = "return"
    ACCEPT = "accept"
    REJECT = "reject"
    DISQUALIFY = "disqualify"
    REINSTATE = "reinstate"
    WITHDRAW = "withdraw"


class MemberRole(StrEnum):
    LEADER = "leader"
    MEMBER = "member"
    ADVISER = "adviser"


class MemberRight(StrEnum):
    VIEW = "view"
    EDIT = "edit"
    SUBMIT = "submit"


class MemberState(StrEnum):
    INVITED = "invited"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    REMOVED = "removed"


class CheckDecision(StrEnum):
    PASS = "pass"
    RETURN = "return"
    REJECT = "reject"
