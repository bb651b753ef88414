"""Delivering facts in the background, and the sweep that finds what a lost worker left; minding the clock."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from huey import crontab
from sqlalchemy import select

from app.audit.bus import ALARMERS, WAKERS
from app.audit.enums import AlarmKind
from app.audit.models import Alarm
from app.audit.operations import alarms
from app.audit.operations import delivery as deliveries
from app.core import clock
from app.core.authz import SYSTEM
from app.core.db import db
from app.core.jobs import every, huey, task
from app.core.timeguard import ClockUntrusted
from app.core.uow import atomic

log = logging.getLogger(__name__)


def wake(waiting: Sequence[int]) -> None:
    """Queue these deliveries; losing this call is harmless, the sweep finds them."""
    for delivery_id in waiting:
        try:
            deliver_one(delivery_id)
        except Exception:
            if huey.immediate:
                raise
            log.exception("the queue did not take delivery %s; the sweep will", delivery_id)


@task()
def deliver_one(delivery_id: int) -> None:
    try:
        with atomic() as session:
            deliveries.deliver(session, delivery_id=delivery_id, now=clock.now())
    except ClockUntrusted:
        return  # not the subscriber's fault, so not counted: the sweep tries again until the clock is right
    except Exception as error:
        with atomic() as session:
            deliveries.note_failure(session, delivery_id=delivery_id, error=repr(error), now=clock.now())
        log.exception("delivery %s failed", delivery_id)
        if huey.immediate:
            raise


@every(crontab(minute="*"))
def sweep() -> None:
    for delivery_id in deliveries.due_deliveries(db.session, now=clock.now()):
        deliver_one(delivery_id)


def alarm(kind: str, key: str, detail: str) -> None:
    """Raise an alarm in a transaction of its own; the refusal that it is about goes on in any case."""
    try:
        known = select(Alarm.id).where(Alarm.kind == kind, Alarm.key == key, Alarm.closed_at.is_(None))
        if db.session.scalar(known) is None:
            with atomic() as session:
                alarms.raise_alarm(session, kind=AlarmKind(kind), key=key, detail=detail, actor=SYSTEM, now=clock.now())
    except Exception:
        log.exception("the alarm %s %s could not be raised: %s", kind, key, detail)


@every(crontab(minute="*"))
def mind_clock() -> None:
    """Note that the clock is right, or raise the alarm that it is not."""
    with atomic() as session:
        alarms.mind_clock(session, now=clock.now())


WAKERS.append(wake)
ALARMERS.append(alarm)
