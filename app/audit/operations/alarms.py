"""Raising alarms about the record itself, and closing them with a reason."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.enums import AlarmKind
from app.audit.events import AlarmClosed, AlarmClosingAsked, AlarmRaised, ClockAccepted
from app.audit.models import Alarm
from app.core import timeguard
from app.core.authz import SYSTEM, Actor
from app.core.errors import DomainError
from app.core.uow import lock

from .journal import record
from .timekeeping import forget_marks, keep_mark, trust_of

LEAST_REASON = 4


class AlarmIsClosed(DomainError):
    message = _l("This alarm has been closed already.")


class AnotherPersonNeeded(DomainError):
    message = _l("A second person must agree that this alarm is closed.")


class WhyMissing(DomainError):
    message = _l("Please say in a few words why.")


class ClockFirst(DomainError):
    message = _l("An alarm about the clock ends when the clock is right again, or when its time is accepted.")


def raise_alarm(session: Session, *, kind: AlarmKind, key: str, detail: str, actor: Actor, now: datetime,
                edition_id: int | None = None) -> Alarm:  # fmt: skip
    """Open an alarm, once for each thing: while one is open the same one is returned. Records AlarmRaised."""
    known = session.scalar(select(Alarm).where(Alarm.kind == kind, Alarm.key == key, Alarm.closed_at.is_(None)))
    if known is not None:
        return known
    alarm = Alarm(kind=kind, key=key, edition_id=edition_id, detail=detail, raised_at=now)
    session.add(alarm)
    session.flush()  # the fact names the alarm
    record(session, AlarmRaised(alarm.id, kind, key, detail, edition_id), actor=actor, now=now)
    return alarm


def close_alarm(session: Session, *, alarm: Alarm, reason: str, actor: Actor, now: datetime) -> bool:
    """Close an alarm with a reason; a broken chain needs a second person. False while that person is missing.

    Records AlarmClosingAsked or AlarmClosed.
    """
    _check(session, alarm, reason)
    if alarm.kind == AlarmKind.CLOCK:
        raise ClockFirst
    if alarm.kind == AlarmKind.CHAIN and alarm.asked_by_id is None:
        alarm.asked_by_id, alarm.reason = actor.user_id, reason.strip()
        record(session, AlarmClosingAsked(alarm.id, alarm.kind, alarm.reason, alarm.edition_id), actor=actor, now=now)
        return False
    if alarm.asked_by_id is not None and alarm.asked_by_id == actor.user_id:
        raise AnotherPersonNeeded
    _close(session, alarm, reason, actor, now)
    return True


def accept_clock(session: Session, *, alarm: Alarm, reason: str, actor: Actor, now: datetime) -> None:
    """Take the present time as right from now on; sequence, not time, orders what was recorded. Records ClockAccepted, AlarmClosed."""
    _check(session, alarm, reason)
    record(session, ClockAccepted(alarm.id, now.isoformat(), reason.strip()), actor=actor, now=now)
    forget_marks(session)
    _close(session, alarm, reason, actor, now)


def mind_clock(session: Session, *, now: datetime) -> None:
    """Note the clock's mark, or raise the alarm about it; close the alarm of a clock that is right again.

    Records AlarmRaised, AlarmClosed.
    """
    found = keep_mark(session)
    alarm = clock_alarm(session)
    if found is not None:
        raise_alarm(session, kind=AlarmKind.CLOCK, key="clock", detail=timeguard.words(found), actor=SYSTEM, now=now)
    elif alarm is not None:
        _close(session, lock(session, alarm), "the clock is right again", SYSTEM, now)
    timeguard.guard.begin(trust_of(session))


def clock_alarm(session: Session) -> Alarm | None:
    """The open alarm about the clock."""
    return session.scalar(select(Alarm).where(Alarm.kind == AlarmKind.CLOCK, Alarm.closed_at.is_(None)))


def _check(session: Session, alarm: Alarm, reason: str) -> None:
    lock(session, alarm)
    if alarm.closed_at is not None:
        raise AlarmIsClosed
    if len(reason.strip()) < LEAST_REASON:
        raise WhyMissing(field="reason")


def _close(session: Session, alarm: Alarm, reason: str, actor: Actor, now: datetime) -> None:
    alarm.closed_at, alarm.closed_by_id = now, actor.user_id
    alarm.reason = f"{alarm.reason} / {reason.strip()}" if alarm.reason else reason.strip()
    record(session, AlarmClosed(alarm.id, alarm.kind, reason.strip(), alarm.edition_id), actor=actor, now=now)
