"""Mails of judging, and conflicts that appear when a team changes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.enums import TokenPurpose
from app.accounts.events import LinkIssued
from app.accounts.models import Token, User
from app.accounts.operations.tokens import LinkInvalid, secret_of
from app.accounts.queries import actor_of
from app.audit.bus import subscribes
from app.calls.enums import SETTLED
from app.calls.models import Edition, Stage
from app.calls.policies import can_manage_edition
from app.core.authz import SYSTEM
from app.entries.events import EntryAccepted, LeadershipHandedOver, MemberAnswered, MemberInvited, MemberRemoved, PartnersChanged
from app.entries.models import Entry
from app.judging.enums import AssignmentState, SeatState
from app.judging.events import AssignmentsApplied, ReopeningDecided, SeatDeclined, SeatRemoved, StrikeDecided
from app.judging.models import Assignment, Panel, PanelCall, ScoreSheet, Seat
from app.judging.operations.conflicts import find_conflicts
from app.notify.addresses import absolute
from app.notify.models import Message
from app.notify.operations import queue_message
from app.notify.receivers import entitles

TeamEvent = EntryAccepted | MemberInvited | MemberAnswered | MemberRemoved | LeadershipHandedOver | PartnersChanged


@subscribes(LinkIssued)
def send_invitation(session: Session, event: LinkIssued, now: datetime) -> None:
    """The mail with the judge's link."""
    token = session.get(Token, event.token_id) if event.purpose == TokenPurpose.INVITE_JUDGE else None
    if token is None or token.used_at is not None or token.revoked_at is not None:
        return
    row = _seat_with_stage(session, token.payload.get("seat_id", 0))
    if row is None:
        return
    seat, panel, stage, edition = row
    try:
        link = absolute("judging.invitation.show", secret=secret_of(token))
    except LinkInvalid:
        return  # the key was replaced since; the organizer invites again
    context = {"seat": seat, "panel": panel, "stage": stage, "edition": edition, "link": link, "expires_at": token.expires_at}
    queue_message(
        session, template="judging/invitation", to=token.email, locale=token.payload.get("locale", "zh_CN"), context=context,
        dedup=f"link:{token.id}", rests_on=f"link:{token.id}", now=now, edition_id=edition.id,
    )  # fmt: skip


def _seat_with_stage(session: Session, seat_id: int) -> tuple[Seat, Panel, Stage, Edition] | None:
    query = (
        select(Seat, Panel, Stage, Edition)
        .join(Panel, Panel.id == Seat.panel_id)
        .join(Stage, Stage.id == Panel.stage_id)
        .join(Edition, Edition.id == Stage.edition_id)
    )
    row = session.execute(query.where(Seat.id == seat_id)).first()
    return None if row is None else (row[0], row[1], row[2], row[3])


@subscribes(SeatDeclined)
def tell_inviter(session: Session, event: SeatDeclined, now: datetime) -> None:
    """Whoever invited a judge hears that the seat is free."""
    row = _seat_with_stage(session, event.id)
    if row is None:
        return
    seat, panel, stage, edition = row
    links = select(Token).where(Token.purpose == TokenPurpose.INVITE_JUDGE, Token.email == seat.email).order_by(Token.id.desc())
    token = next((t for t in session.scalars(links) if t.payload.get("seat_id") == seat.id), None)
    user = session.get(User, token.created_by_id) if token is not None and token.created_by_id is not None else None
    if user is None:
        return
    link = absolute("judging.panels.show", code=edition.code, position=stage.position, panel_id=panel.id)
    context = {"seat": seat, "panel": panel, "stage": stage, "edition": edition, "reason": event.reason, "link": link}
    queue_message(
        session, template="judging/declined", to=user, locale=user.locale, context=context,
        dedup=f"declined:{seat.id}:{now.isoformat()}", rests_on=f"organizer:{edition.id}", now=now, edition_id=edition.id,
    )  # fmt: skip


@subscribes(SeatRemoved)
def tell_removed(session: Session, event: SeatRemoved, now: datetime) -> None:
    """Whoever had been invited hears that nothing is expected any more; the reason stays in the journal."""
    row = _seat_with_stage(session, event.id)
    if row is None or row[0].invited_at is None:
        return
    seat, panel, stage, edition = row
    user = session.get(User, seat.user_id) if seat.user_id is not None else None
    queue_message(
        session, template="judging/removed", to=user or seat.email, locale=user.locale if user is not None else "zh_CN",
        context={"seat": seat, "panel": panel, "stage": stage, "edition": edition},
        dedup=f"removed:{seat.id}:{now.isoformat()}", rests_on=f"left_seat:{seat.id}", now=now, edition_id=edition.id,
    )  # fmt: skip


@subscribes(AssignmentsApplied)
def tell_judges(session: Session, event: AssignmentsApplied, now: datetime) -> None:
    """Each judge hears once of a plan how many entries wait."""
    query = (
        select(Seat.id, func.count(Assignment.id))
        .join(Assignment, Assignment.seat_id == Seat.id)
        .where(Assignment.plan_id == event.id, Assignment.state == AssignmentState.ACTIVE)
        .group_by(Seat.id)
    )
    for seat_id, count in session.execute(query).all():
        row = _seat_with_stage(session, seat_id)
        user = session.get(User, row[0].user_id) if row is not None and row[0].user_id is not None else None
        if row is None or user is None:
            continue
        seat, panel, stage, edition = row
        context = {"seat": seat, "panel": panel, "stage": stage, "edition": edition, "count": count, "link": absolute("judging.desk.index")}
        queue_message(
            session, template="judging/assigned", to=user, locale=user.locale, context=context, dedup=f"assigned:{event.id}:{seat_id}",
            rests_on=f"seat:{seat_id}", now=now, edition_id=edition.id, link="/desk/",
        )  # fmt: skip


@subscribes(ReopeningDecided, StrikeDecided)
def tell_decision(session: Session, event: ReopeningDecided, now: datetime) -> None:
    """The judge hears whether the sheet is open again, or struck."""
    sheet = session.get(ScoreSheet, event.id)
    assignment = session.get(Assignment, sheet.assignment_id) if sheet is not None else None
    row = _seat_with_stage(session, assignment.seat_id) if assignment is not None else None
    user = session.get(User, row[0].user_id) if row is not None and row[0].user_id is not None else None
    if assignment is None or row is None or user is None:
        return
    _seat, _panel, stage, edition = row
    entry = session.get_one(Entry, assignment.entry_id)
    struck = isinstance(event, StrikeDecided) and event.agreed
    link = absolute("judging.desk.index") if struck else absolute("judging.desk.sheet", assignment_id=assignment.id)
    context = {"stage": stage, "edition": edition, "code": entry.public_code, "agreed": event.agreed, "struck": struck,
               "remark": event.remark, "link": link}  # fmt: skip
    queue_message(
        session, template="judging/reopening", to=user, locale=user.locale, context=context, dedup=f"reopening:{event.reopening_id}",
        rests_on=f"seat:{assignment.seat_id}", now=now, edition_id=edition.id,
    )  # fmt: skip


@subscribes(EntryAccepted, MemberInvited, MemberAnswered, MemberRemoved, LeadershipHandedOver, PartnersChanged)
def team_changed(session: Session, event: TeamEvent, now: datetime) -> None:
    """Who belongs to the team now must not judge it."""
    look_again(session, event.entry_id, now)


@entitles("seat")
def sits_there(session: Session, message: Message, seat_id: int, now: datetime) -> bool:
    """Mails to a judge: the seat is still theirs."""
    seat = session.get(Seat, seat_id, populate_existing=True)
    return seat is not None and seat.state == SeatState.ACCEPTED and seat.user_id == message.user_id


@entitles("left_seat")
def left(session: Session, message: Message, seat_id: int, now: datetime) -> bool:
    """Mails about a seat that ended: it has not been given back meanwhile."""
    seat = session.get(Seat, seat_id, populate_existing=True)
    return seat is not None and seat.state == SeatState.REMOVED


@entitles("organizer")
def organizes(session: Session, message: Message, edition_id: int, now: datetime) -> bool:
    """Mails to whoever organizes the edition."""
    edition = session.get(Edition, edition_id)
    who = actor_of(session, message.user_id) if message.user_id is not None else None
    return edition is not None and who is not None and bool(can_manage_edition(who, edition))


def look_again(session: Session, entry_id: int, now: datetime) -> None:
    """Bring the conflicts of one entry up to date in every panel that is still at work."""
    query = (
        select(Panel)
        .join(PanelCall, PanelCall.panel_id == Panel.id)
        .join(Entry, Entry.call_id == PanelCall.call_id)
        .join(Stage, Stage.id == Panel.stage_id)
        .join(Edition, Edition.id == Stage.edition_id)
        .where(Entry.id == entry_id, Stage.state.not_in([state.value for state in SETTLED]), Edition.frozen_at.is_(None))
        .order_by(Panel.id)
    )
    for panel in session.scalars(query).all():
        find_conflicts(session, panel=panel, actor=SYSTEM, now=now, entry_ids=[entry_id])
