"""The team of an entry: invited by mail, confirmed by each person, rights, hand-over, removal, partner organizations."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.enums import TokenPurpose
from app.accounts.models import User
from app.accounts.operations.tokens import find_token, issue_token, redeem_token
from app.audit.operations import record
from app.core.authz import Actor
from app.core.errors import NotFound
from app.core.uow import lock
from app.entries.enums import EntryState, MemberRight, MemberRole, MemberState
from app.entries.errors import (
    AlreadyInTeam,
    Closed,
    InvitationGone,
    LeaderStays,
    LeadsAnother,
    MemberGone,
    NotAMember,
    NotTheLeader,
    TeamIncomplete,
    WrongAddressee,
)
from app.entries.events import LeadershipHandedOver, MemberAnswered, MemberChanged, MemberInvited, MemberRemoved, PartnersChanged
from app.entries.models import Entry, EntryMember, PartnerOrganization
from app.entries.operations.drafts import check_editable, leads_one
from app.entries.operations.holding import hold
from app.entries.operations.windows import open_keys

INVITATION_LIFETIME = timedelta(days=14)
GONE = (MemberState.DECLINED, MemberState.REMOVED)


def invite_member(session: Session, *, entry: Entry, name: str, email: str, actor: Actor, now: datetime, unit: str = "", position: str = "",
                  role: MemberRole = MemberRole.MEMBER, right: MemberRight = MemberRight.VIEW) -> tuple[EntryMember, str]:  # fmt: skip
    """Ask a person into the team; returns the place and the secret of the link that is mailed. Records MemberInvited."""
    hold(session, entry)
    check_team_open(entry, now)
    email = email.strip().casefold()
    row = session.scalar(select(EntryMember).where(EntryMember.entry_id == entry.id, EntryMember.email == email))
    if row is not None and row.state not in GONE:
        raise AlreadyInTeam(field="email")
    if count_of(session, entry) >= entry.call.rules.team_max:
        raise TeamIncomplete
    if row is None:
        last = session.scalar(select(func.max(EntryMember.rank)).where(EntryMember.entry_id == entry.id))
        row = EntryMember(entry_id=entry.id, email=email, rank=(last or 0) + 1, role=role, name=name, right=right, invited_at=now)
        session.add(row)
    row.name, row.unit, row.position, row.right, row.user_id = name, unit, position, right, None
    row.role = MemberRole.MEMBER if role == MemberRole.LEADER else role
    row.state, row.invited_at, row.answered_at = MemberState.INVITED, now, None
    session.flush()  # the link names the place
    secret = _link(session, entry, row, actor, now)
    record(session, MemberInvited(entry.id, entry.edition_id, row.id), actor=actor, now=now)
    return row, secret


def remind_member(session: Session, *, entry: Entry, member: EntryMember, actor: Actor, now: datetime) -> str:
    """A new link for an invitation that is still open. Records MemberInvited."""
    hold(session, entry)
    check_team_open(entry, now)
    if member.state != MemberState.INVITED:
        raise InvitationGone
    member.invited_at = now
    secret = _link(session, entry, member, actor, now)
    record(session, MemberInvited(entry.id, entry.edition_id, member.id), actor=actor, now=now)
    return secret


def _link(session: Session, entry: Entry, member: EntryMember, actor: Actor, now: datetime) -> str:
    payload = {"entry_id": entry.id, "member_id": member.id}
    _token, secret = issue_token(
        session, purpose=TokenPurpose.INVITE_MEMBER, email=member.email, payload=payload, lifetime=INVITATION_LIFETIME,
        actor=actor, now=now,
    )  # fmt: skip
    return secret


def invited_member(session: Session, *, secret: str, now: datetime) -> EntryMember:
    """The place behind a live link; raises LinkInvalid or InvitationGone."""
    token = find_token(session, secret=secret, purpose=TokenPurpose.INVITE_MEMBER, now=now)
    row = session.get(EntryMember, token.payload.get("member_id"))
    if row is None or row.state != MemberState.INVITED:
        raise InvitationGone
    return row


def answer_link(session: Session, *, secret: str, confirm: bool, actor: Actor, now: datetime) -> EntryMember:
    """Answer the invitation behind the link, once. Records MemberAnswered."""
    row = invited_member(session, secret=secret, now=now)
    answered = answer_invitation(session, member=row, confirm=confirm, actor=actor, now=now)
    redeem_token(session, secret=secret, purpose=TokenPurpose.INVITE_MEMBER, now=now)
    return answered


def answer_invitation(session: Session, *, member: EntryMember, confirm: bool, actor: Actor, now: datetime) -> EntryMember:
    """Confirm or decline, as the person invited. Records MemberAnswered."""
    entry = hold(session, session.get_one(Entry, member.entry_id))
    lock(session, member)
    if member.state != MemberState.INVITED:
        raise InvitationGone
    if actor.email.casefold() != member.email:
        raise WrongAddressee
    check_team_open(entry, now)
    taken = select(EntryMember.id).where(
        EntryMember.entry_id == entry.id, EntryMember.user_id == actor.user_id, EntryMember.state == MemberState.CONFIRMED
    )
    if confirm and session.scalar(taken) is not None:
        raise AlreadyInTeam
    member.state = MemberState.CONFIRMED if confirm else MemberState.DECLINED
    member.user_id, member.answered_at = actor.user_id, now
    record(session, MemberAnswered(entry.id, entry.edition_id, member.id, confirm), actor=actor, now=now)
    return member


def change_right(session: Session, *, entry: Entry, member_id: int, right: MemberRight, actor: Actor, now: datetime) -> EntryMember:
    """Give a member more or fewer rights. Records MemberChanged."""
    hold(session, entry)
    row = _member(session, entry, member_id)
    if row.role == MemberRole.LEADER:
        raise LeaderStays
    row.right = right
    record(session, MemberChanged(entry.id, entry.edition_id, row.id, right.value, row.role.value), actor=actor, now=now)
    return row


def remove_member(session: Session, *, entry: Entry, member_id: int, actor: Actor, now: datetime) -> EntryMember:
    """Take a member out, or an invitation back. Records MemberRemoved."""
    hold(session, entry)
    check_team_open(entry, now)
    row = _member(session, entry, member_id)
    if row.role == MemberRole.LEADER:
        raise LeaderStays
    row.state = MemberState.REMOVED
    record(session, MemberRemoved(entry.id, entry.edition_id, row.id), actor=actor, now=now)
    return row


def hand_over(session: Session, *, entry: Entry, member_id: int, actor: Actor, now: datetime) -> EntryMember:
    """Make a confirmed member the leader; the leader becomes a member with all rights. Records LeadershipHandedOver.

    Refused to whom it belonged when the page was asked for and belongs no more (NotTheLeader), and to a person who may lead one entry and
    leads another.
    """
    hold(session, entry)
    if actor.user_id != entry.leader_id:
        raise NotTheLeader
    check_team_open(entry, now)
    row = _member(session, entry, member_id)
    if row.state != MemberState.CONFIRMED or row.user_id is None:
        raise NotAMember
    old = session.scalars(select(EntryMember).where(EntryMember.entry_id == entry.id, EntryMember.role == MemberRole.LEADER)).one()
    if row.id == old.id:
        return row
    if entry.is_only_one and leads_one(session, entry.edition_id, row.user_id):
        raise LeadsAnother
    former = entry.leader_id
    old.role, old.right = MemberRole.MEMBER, MemberRight.SUBMIT
    session.flush()  # one leader at a time: the old one steps down before the new one steps up
    row.role, row.right = MemberRole.LEADER, MemberRight.SUBMIT
    entry.leader_id, entry.leader = row.user_id, session.get_one(User, row.user_id)
    record(session, LeadershipHandedOver(entry.id, entry.edition_id, former, row.user_id), actor=actor, now=now)
    return row


def set_partner(
    session: Session, *, entry: Entry, name: str, actor: Actor, now: datetime, uscc: str | None = None, part: str = ""
) -> PartnerOrganization:
    """Add a partner organization, or change the one of that name. Records PartnersChanged."""
    hold(session, entry)
    check_team_open(entry, now)
    row = session.scalar(select(PartnerOrganization).where(PartnerOrganization.entry_id == entry.id, PartnerOrganization.name == name))
    number = session.scalar(select(func.count()).select_from(PartnerOrganization).where(PartnerOrganization.entry_id == entry.id)) or 0
    if row is None:
        row = PartnerOrganization(entry_id=entry.id, name=name, position=number)
        session.add(row)
        number += 1
    row.uscc, row.part = uscc or None, part
    record(session, PartnersChanged(entry.id, entry.edition_id, number), actor=actor, now=now)
    return row


def remove_partner(session: Session, *, entry: Entry, partner_id: int, actor: Actor, now: datetime) -> None:
    """Take a partner organization out. Records PartnersChanged."""
    hold(session, entry)
    check_team_open(entry, now)
    row = session.get(PartnerOrganization, partner_id)
    if row is None or row.entry_id != entry.id:
        raise NotFound
    session.delete(row)
    number = session.scalar(select(func.count()).select_from(PartnerOrganization).where(PartnerOrganization.entry_id == entry.id)) or 0
    record(session, PartnersChanged(entry.id, entry.edition_id, number), actor=actor, now=now)


def check_team_open(entry: Entry, now: datetime) -> None:
    """The team changes while the entry is open: before the deadline, or when a returned entry names it."""
    check_editable(entry, now)
    opened = open_keys(entry)
    if opened is not None and "team" not in opened and entry.state == EntryState.RETURNED:
        raise Closed


def count_of(session: Session, entry: Entry) -> int:
    """Members and open invitations together."""
    rows = select(func.count()).select_from(EntryMember).where(EntryMember.entry_id == entry.id, EntryMember.state.not_in(GONE))
    return session.scalar(rows) or 0


def _member(session: Session, entry: Entry, member_id: int) -> EntryMember:
    row = session.get(EntryMember, member_id, populate_existing=True)
    if row is None or row.entry_id != entry.id:
        raise NotFound
    if row.state in GONE:
        raise MemberGone
    return row
