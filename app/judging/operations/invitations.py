"""Inviting judges, and what they answer. Nothing opens before the statement is signed and conflicts are declared."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.enums import Role, TokenPurpose
from app.accounts.models import RoleGrant, Token, User
from app.accounts.operations.grants import end_role, grant_role
from app.accounts.operations.invitations import MeantForAnother
from app.accounts.operations.tokens import find_token, issue_token, redeem_token, revoke_token
from app.accounts.operations.users import accept_notice, create_user
from app.audit.operations import record
from app.calls.models import Edition, Stage
from app.core.authz import Actor
from app.core.uow import lock
from app.judging.enums import AssignmentState, SeatAction, SeatState
from app.judging.events import JudgeInvited, SeatAccepted, SeatDeclined
from app.judging.models import Assignment, Panel, Seat
from app.judging.queries.conflicts import entries_of_panel
from app.judging.queries.sheets import has_signed
from app.judging.states import SEATS

from .conflicts import declare_conflicts, find_conflicts, lock_assignments
from .panels import edition_of
from .refusals import InvitationGone, SeatInUse

LIFETIME = timedelta(days=30)


def invite_judge(session: Session, *, seat: Seat, actor: Actor, now: datetime) -> Token:
    """Send the judge a link; an earlier one is worth nothing any more. Records JudgeInvited."""
    panel = lock(session, session.get_one(Panel, seat.panel_id))
    lock(session, seat)
    edition = edition_of(session, panel)
    again = seat.state != SeatState.PLANNED
    seat.state = SEATS.target(seat.state, SeatAction.INVITE)
    seat.invited_at, seat.answered_at, seat.decline_reason = now, None, ""
    revoke_links(session, seat, actor, now)
    user = session.scalar(select(User).where(User.email == seat.email))
    payload = {"seat_id": seat.id, "locale": user.locale if user is not None else "zh_CN"}
    token, _secret = issue_token(
        session, purpose=TokenPurpose.INVITE_JUDGE, email=seat.email, user=user, payload=payload, lifetime=LIFETIME, actor=actor, now=now
    )
    record(session, JudgeInvited(seat.id, edition.id, panel.id, again), actor=actor, now=now)
    return token


def invite_all(session: Session, *, panel: Panel, actor: Actor, now: datetime) -> int:
    """Invite everybody of the panel who has not been invited; returns how many."""
    planned = select(Seat).where(Seat.panel_id == panel.id, Seat.state == SeatState.PLANNED).order_by(Seat.id)
    seats = list(session.scalars(planned))
    for seat in seats:
        invite_judge(session, seat=seat, actor=actor, now=now)
    return len(seats)


def revoke_links(session: Session, seat: Seat, actor: Actor, now: datetime) -> None:
    """End the seat's open links."""
    query = select(Token).where(Token.purpose == TokenPurpose.INVITE_JUDGE, Token.email == seat.email, Token.used_at.is_(None))
    for token in session.scalars(query.where(Token.revoked_at.is_(None))):
        if token.payload.get("seat_id") == seat.id:
            revoke_token(session, token=token, actor=actor, now=now)


def invited_seat(session: Session, *, secret: str, now: datetime) -> tuple[Token, Seat]:
    """The live link and its seat, for showing the page. Raises LinkInvalid or InvitationGone."""
    token = find_token(session, secret=secret, purpose=TokenPurpose.INVITE_JUDGE, now=now)
    seat = session.get(Seat, token.payload.get("seat_id", 0))
    if seat is None or seat.state != SeatState.INVITED:
        raise InvitationGone
    return token, seat


def accept_seat(session: Session, *, secret: str, user: User, statement_digest: str, declared: Mapping[int, str], now: datetime) -> Seat:
    """Take the seat as the signed-in person: statement signed, conflicts declared as ``{entry id: reason}``.

    Raises MeantForAnother unless the link was sent to this person's address. Records SeatAccepted.
    """
    token, seat = invited_seat(session, secret=secret, now=now)
    if token.email != user.email:
        raise MeantForAnother
    panel = lock(session, session.get_one(Panel, seat.panel_id))
    lock(session, seat)
    if seat.state != SeatState.INVITED:
        raise InvitationGone
    edition = edition_of(session, panel)
    lock_assignments(session, panel, user.id)
    redeem_token(session, secret=secret, purpose=TokenPurpose.INVITE_JUDGE, now=now)
    actor = Actor(user_id=user.id, name=user.name, current_role=Role.JUDGE)
    seat.state = SEATS.target(seat.state, SeatAction.ACCEPT)
    seat.user_id, seat.answered_at, seat.statement_at, seat.statement_digest = user.id, now, now, statement_digest
    known = set(session.scalars(entries_of_panel(panel.id, panel.stage_id)))
    mine = {entry_id: reason for entry_id, reason in declared.items() if entry_id in known}
    session.flush()  # whose seat it is now
    declare_conflicts(session, seat=seat, panel=panel, declared=mine, now=now)
    grant_role(session, user=user, role=Role.JUDGE, edition=edition, actor=Actor(user_id=token.created_by_id), now=now)
    find_conflicts(session, panel=panel, actor=actor, now=now)
    record(session, SeatAccepted(seat.id, edition.id, panel.id, statement_digest, len(mine)), actor=actor, now=now)
    return seat


def accept_as_new(
    session: Session, *, secret: str, name: str, password: str, locale: str, statement_digest: str, declared: Mapping[int, str],
    now: datetime,
) -> User:  # fmt: skip
    """Make the account of the invited address and take the seat with it."""
    token, _seat = invited_seat(session, secret=secret, now=now)
    inviter = Actor(user_id=token.created_by_id)
    user = create_user(session, email=token.email, name=name, password=password, confirmed=True, locale=locale, actor=inviter, now=now)
    accept_notice(user, now=now)
    accept_seat(session, secret=secret, user=user, statement_digest=statement_digest, declared=declared, now=now)
    return user


def decline_seat(session: Session, *, secret: str, reason: str, actor: Actor, now: datetime) -> Seat:
    """Answer no through the link; an account is not needed. Records SeatDeclined."""
    _token, seat = invited_seat(session, secret=secret, now=now)
    redeem_token(session, secret=secret, purpose=TokenPurpose.INVITE_JUDGE, now=now)
    return _decline(session, seat, reason, actor, now)


def leave_seat(session: Session, *, seat: Seat, reason: str, actor: Actor, now: datetime) -> Seat:
    """Give an accepted seat back before anything is signed; assignments end. Records SeatDeclined."""
    return _decline(session, seat, reason, actor, now)


def _decline(session: Session, seat: Seat, reason: str, actor: Actor, now: datetime) -> Seat:
    panel = lock(session, session.get_one(Panel, seat.panel_id))
    lock(session, seat)
    edition = edition_of(session, panel)
    lock_assignments(session, panel)
    if has_signed(session, seat):
        raise SeatInUse
    seat.state = SEATS.target(seat.state, SeatAction.DECLINE)
    seat.answered_at, seat.decline_reason = now, reason[:400]
    end_seat(session, seat, edition, actor, now)
    record(session, SeatDeclined(seat.id, edition.id, panel.id, reason), actor=actor, now=now)
    return seat


def end_seat(session: Session, seat: Seat, edition: Edition, actor: Actor, now: datetime) -> None:
    """What ends with a seat: open assignments, links, and the role when this was the last seat in the edition."""
    open_ones = select(Assignment).where(Assignment.seat_id == seat.id, Assignment.state == AssignmentState.ACTIVE)
    for assignment in session.scalars(open_ones):
        assignment.state = AssignmentState.REMOVED
    revoke_links(session, seat, actor, now)
    if seat.user_id is None:
        return
    others = (
        select(Seat.id).join(Panel, Panel.id == Seat.panel_id).join(Stage, Stage.id == Panel.stage_id)
        .where(Stage.edition_id == edition.id, Seat.user_id == seat.user_id, Seat.state == SeatState.ACCEPTED, Seat.id != seat.id)
    )  # fmt: skip
    if session.scalar(others.limit(1)) is not None:
        return
    held = select(RoleGrant).where(
        RoleGrant.user_id == seat.user_id, RoleGrant.role == Role.JUDGE, RoleGrant.edition_id == edition.id, RoleGrant.ended_at.is_(None)
    )
    for grant in session.scalars(held):
        end_role(session, grant=grant, reason="seat", actor=actor, now=now)
