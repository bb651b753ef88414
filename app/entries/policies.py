"""Who may do what with an entry. The team's rights come from its member rows; the staff's from the edition."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l

from app.calls.models import Edition
from app.calls.policies import can_manage_edition, can_watch_edition, is_staff
from app.core.authz import ALLOW, Actor, Verdict, deny

from .enums import MemberRight, MemberRole, MemberState
from .models import Entry, EntryMember


def member_of(actor: Actor, members: Iterable[EntryMember]) -> EntryMember | None:
    """The actor's confirmed place in the team, if any."""
    if actor.user_id is None:
        return None
    return next((m for m in members if m.user_id == actor.user_id and m.state == MemberState.CONFIRMED), None)


def has_right(actor: Actor, members: Iterable[EntryMember], right: MemberRight) -> bool:
    mine = member_of(actor, members)
    return mine is not None and (mine.role == MemberRole.LEADER or mine.right.covers(right))


def can_view_entry(actor: Actor, entry: Entry, members: Iterable[EntryMember]) -> Verdict:
    """Its team and the edition's staff, and supervisors once it was handed in. Judges read the judges' copy instead."""
    if member_of(actor, members) is not None:
        return ALLOW
    edition: Edition = entry.call.edition
    handed_in = entry.submitted_at is not None
    if handed_in and (can_watch_edition(actor, edition) or is_staff(actor, edition)):
        return ALLOW
    return deny(_l("Only the team and the staff may see this entry."))


def can_edit_entry(actor: Actor, entry: Entry, members: Iterable[EntryMember]) -> Verdict:
    if has_right(actor, members, MemberRight.EDIT):
        return ALLOW
    return deny(_l("You may read this entry. The team leader can give you the right to edit."))


def can_submit_entry(actor: Actor, entry: Entry, members: Iterable[EntryMember]) -> Verdict:
    if has_right(actor, members, MemberRight.SUBMIT):
        return ALLOW
    return deny(_l("The team leader, or a member with that right, hands the entry in."))


def can_lead_entry(actor: Actor, entry: Entry, members: Iterable[EntryMember]) -> Verdict:
    """Invite, remove, give rights, hand over, withdraw."""
    mine = member_of(actor, members)
    if mine is not None and mine.role == MemberRole.LEADER:
        return ALLOW
    return deny(_l("Only the team leader may do this."))


def can_check_entry(actor: Actor, edition: Edition, members: Iterable[EntryMember] = ()) -> Verdict:
    """Decide in the formal check: the edition's staff, never on an entry of one's own."""
    verdict = can_manage_edition(actor, edition)
    if verdict and any(m.user_id == actor.user_id for m in members):
        return deny(_l("You belong to this team; a colleague has to check this entry."))
    return verdict
