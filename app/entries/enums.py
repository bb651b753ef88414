"""States and actions of an entry, rights within a team."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.enums import Labelled


class EntryState(Labelled):
    DRAFT = "draft", _l("Draft")
    SUBMITTED = "submitted", _l("Handed in")
    RETURNED = "returned", _l("Returned for correction")
    ACCEPTED = "accepted", _l("Passed the check")
    REJECTED = "rejected", _l("Rejected")
    DISQUALIFIED = "disqualified", _l("Disqualified")
    WITHDRAWN = "withdrawn", _l("Withdrawn")


class EntryAction(Labelled):
    SUBMIT = "submit", _l("Hand in")
    RETURN = "return", _l("Return for correction")
    ACCEPT = "accept", _l("Pass the formal check")
    REJECT = "reject", _l("Reject")
    DISQUALIFY = "disqualify", _l("Disqualify")
    REINSTATE = "reinstate", _l("Reinstate")
    WITHDRAW = "withdraw", _l("Withdraw")


class BlindChoice(Labelled):
    """What becomes of a file for blind judges in which something that names the team was found."""

    RELEASE = "release", _l("Give it to the judges as it is")
    ASK = "ask", _l("Ask the team for a new file")
    WITHHOLD = "withhold", _l("Withhold it from the judges")


class MemberRole(Labelled):
    LEADER = "leader", _l("Team leader")
    MEMBER = "member", _l("Team member")
    ADVISER = "adviser", _l("Adviser")


class MemberRight(Labelled):
    """Each right includes those before it."""

    VIEW = "view", _l("View")
    EDIT = "edit", _l("View and edit")
    SUBMIT = "submit", _l("View, edit and hand in")

    def covers(self, other: MemberRight) -> bool:
        order = list(MemberRight)
        return order.index(self) >= order.index(other)


class MemberState(Labelled):
    INVITED = "invited", _l("Invited")
    CONFIRMED = "confirmed", _l("Confirmed")
    DECLINED = "declined", _l("Declined")
    REMOVED = "removed", _l("Removed")


class CheckDecision(Labelled):
    PASS = "pass", _l("Passed")
    RETURN = "return", _l("Returned for correction")
    REJECT = "reject", _l("Rejected")
