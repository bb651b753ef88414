"""States and actions of an entry, rights within a team."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class EntryState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    DISQUALIFIED = "disqualified"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> object:
        return STATE_LABELS[self]


class EntryAction(StrEnum):
    SUBMIT = "submit"
    RETURN = "return"
    ACCEPT = "accept"
    REJECT = "reject"
    DISQUALIFY = "disqualify"
    REINSTATE = "reinstate"
    WITHDRAW = "withdraw"

    @property
    def label(self) -> object:
        return ACTION_LABELS[self]


class MemberRole(StrEnum):
    LEADER = "leader"
    MEMBER = "member"
    ADVISER = "adviser"

    @property
    def label(self) -> object:
        return ROLE_LABELS[self]


class MemberRight(StrEnum):
    """Each right includes those before it."""

    VIEW = "view"
    EDIT = "edit"
    SUBMIT = "submit"

    @property
    def label(self) -> object:
        return RIGHT_LABELS[self]

    def covers(self, other: MemberRight) -> bool:
        order = list(MemberRight)
        return order.index(self) >= order.index(other)


class MemberState(StrEnum):
    INVITED = "invited"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    REMOVED = "removed"

    @property
    def label(self) -> object:
        return MEMBER_LABELS[self]


class CheckDecision(StrEnum):
    PASS = "pass"
    RETURN = "return"
    REJECT = "reject"

    @property
    def label(self) -> object:
        return DECISION_LABELS[self]


STATE_LABELS = {
    EntryState.DRAFT: _l("Draft"),
    EntryState.SUBMITTED: _l("Handed in"),
    EntryState.RETURNED: _l("Returned for correction"),
    EntryState.ACCEPTED: _l("Passed the check"),
    EntryState.REJECTED: _l("Rejected"),
    EntryState.DISQUALIFIED: _l("Disqualified"),
    EntryState.WITHDRAWN: _l("Withdrawn"),
}
ACTION_LABELS = {
    EntryAction.SUBMIT: _l("Hand in"),
    EntryAction.RETURN: _l("Return for correction"),
    EntryAction.ACCEPT: _l("Pass the formal check"),
    EntryAction.REJECT: _l("Reject"),
    EntryAction.DISQUALIFY: _l("Disqualify"),
    EntryAction.REINSTATE: _l("Reinstate"),
    EntryAction.WITHDRAW: _l("Withdraw"),
}
ROLE_LABELS = {
    MemberRole.LEADER: _l("Team leader"),
    MemberRole.MEMBER: _l("Team member"),
    MemberRole.ADVISER: _l("Adviser"),
}
RIGHT_LABELS = {
    MemberRight.VIEW: _l("View"),
    MemberRight.EDIT: _l("View and edit"),
    MemberRight.SUBMIT: _l("View, edit and hand in"),
}
MEMBER_LABELS = {
    MemberState.INVITED: _l("Invited"),
    MemberState.CONFIRMED: _l("Confirmed"),
    MemberState.DECLINED: _l("Declined"),
    MemberState.REMOVED: _l("Removed"),
}
DECISION_LABELS = {
    CheckDecision.PASS: _l("Passed"),
    CheckDecision.RETURN: _l("Returned for correction"),
    CheckDecision.REJECT: _l("Rejected"),
}
