"""Selection records: proposed from awards, confirmed by a second person after the notice, refused or revoked with a reason."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.audit.operations import record as note
from app.core import clock
from app.core.authz import Actor
from app.core.uow import lock
from app.documents.operations import numbered
from app.entries.models import Entry
from app.notices.enums import NoticePhase
from app.notices.models import Notice
from app.notices.phases import phase_of
from app.results.enums import AwardState
from app.results.models import Award
from app.talent.enums import RecordAction, RecordState
from app.talent.errors import (
    AwardRevokedAlready,
    NoticeStillOpen,
    NoticeWithdrawnAlready,
    ReasonRequired,
    SecondPersonNeeded,
)
from app.talent.events import RecordConfirmed, RecordProposed, RecordRefused, RecordRevoked
from app.talent.models import FastTrack, Program, SelectionRecord, Tier
from app.talent.rules import add_months
from app.talent.states import RECORD

from .checks import LEAST_REASON, edition_of, make_checks


def propose_records(session: Session, *, edition_id: int, actor: Actor, now: datetime) -> list[SelectionRecord]:
    """A record with its checks for every granted award with a fast track in force; those that exist stay as they are."""
    rows = session.execute(
        select(Award, FastTrack)
        .join(FastTrack, (FastTrack.edition_id == Award.edition_id) & (FastTrack.award_key == Award.level_key))
        .join(Tier, Tier.id == FastTrack.tier_id)
        .join(Program, Program.id == Tier.program_id)
        .where(Award.edition_id == edition_id, Award.state == AwardState.GRANTED)
        .where(FastTrack.ended_at.is_(None), Program.closed_at.is_(None))
        .order_by(Award.id, FastTrack.id)
    ).all()
    existing = {
        tuple(row)
        for row in session.execute(
            select(SelectionRecord.award_id, SelectionRecord.tier_id).where(SelectionRecord.award_id.in_([award.id for award, _ in rows]))
        )
    }
    return [_propose(session, award, track, actor, now) for award, track in rows if (award.id, track.tier_id) not in existing]


def confirm_record(session: Session, *, record: SelectionRecord, actor: Actor, now: datetime) -> SelectionRecord:
    """The second person's act, once the notice is over. Raises NoticeStillOpen, SecondPersonNeeded. Records RecordConfirmed."""
    lock(session, record)
    target = RECORD.target(record.state, RecordAction.CONFIRM)
    notice = session.get_one(Notice, record.notice_id)
    phase = phase_of(notice, clock.local_date(now))
    if phase == NoticePhase.WITHDRAWN:
        raise NoticeWithdrawnAlready
    if phase != NoticePhase.OVER:
        raise NoticeStillOpen
    if actor.user_id is None or actor.user_id == record.proposed_by_id:
        raise SecondPersonNeeded
    award = session.get(Award, record.award_id) if record.award_id else None
    if award is not None and award.state != AwardState.GRANTED:
        raise AwardRevokedAlready
    record.state, record.confirmed_at, record.confirmed_by_id = target, now, actor.user_id
    session.flush()  # the two-person CHECK speaks before the fact is recorded
    note(session, RecordConfirmed(record.id, edition_of(session, record), record.number), actor=actor, now=now)
    return record


def refuse_record(session: Session, *, record: SelectionRecord, reason: str, actor: Actor, now: datetime) -> SelectionRecord:
    """No selection, for a reason the person may read. Records RecordRefused."""
    _close(session, record, RecordAction.REFUSE, reason)
    note(session, RecordRefused(record.id, edition_of(session, record), reason), actor=actor, now=now)
    return record


def revoke_record(session: Session, *, record: SelectionRecord, reason: str, actor: Actor, now: datetime) -> SelectionRecord:
    """A confirmed selection holds no longer. Records RecordRevoked."""
    _close(session, record, RecordAction.REVOKE, reason)
    note(session, RecordRevoked(record.id, edition_of(session, record), reason), actor=actor, now=now)
    return record


def close_with_award(session: Session, *, award_id: int, reason: str, actor: Actor, now: datetime) -> None:
    """The award was revoked: open records are refused, confirmed ones revoked. Doing it twice changes nothing."""
    rows = select(SelectionRecord).where(SelectionRecord.award_id == award_id)
    for record in session.scalars(rows.order_by(SelectionRecord.id)).all():
        if record.state == RecordState.CONFIRMED:
            revoke_record(session, record=record, reason=reason, actor=actor, now=now)
        elif record.state not in (RecordState.REFUSED, RecordState.REVOKED):
            refuse_record(session, record=record, reason=reason, actor=actor, now=now)


def _propose(session: Session, award: Award, track: FastTrack, actor: Actor, now: datetime) -> SelectionRecord:
    entry = session.get_one(Entry, award.entry_id)
    person = session.get_one(User, entry.leader_id)
    day = clock.local_date(award.granted_at)
    record = SelectionRecord(
        number=numbered(session, prefix="RX", year=clock.local_date(now).year), tier_id=track.tier_id, user_id=person.id,
        award_id=award.id, entry_id=entry.id, fast_track_id=track.id, person_name=person.name, unit=entry.unit_name,
        skips=list(track.skips), valid_until=add_months(day, track.valid_months), land_until=add_months(day, track.landing_months),
        proposed_at=now, state=RecordState.PROPOSED,
    )  # fmt: skip
    session.add(record)
    session.flush()  # checks and fact name the record
    make_checks(session, record=record, now=now)
    fact = RecordProposed(record.id, entry.edition_id, award.id, track.tier_id, record.number)
    note(session, fact, actor=actor, now=now)
    return record


def _close(session: Session, record: SelectionRecord, action: RecordAction, reason: str) -> None:
    lock(session, record)
    target = RECORD.target(record.state, action)
    if len(reason.strip()) < LEAST_REASON:
        raise ReasonRequired(field="reason")
    record.state, record.closed_reason = target, reason.strip()
