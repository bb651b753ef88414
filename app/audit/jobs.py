"""Delivering facts in the background, and the sweep that finds what a lost worker left."""

from __future__ import annotations

import logging

from huey import crontab
from sqlalchemy import select

from app.core import clock
from app.core.db import db
from app.core.jobs import every, huey, task
from app.core.uow import atomic

from .bus import WAKERS
from .models import Delivery
from .operations import delivery as deliveries

log = logging.getLogger(__name__)


def wake(event_id: int) -> None:
    """Queue the event's deliveries; losing this call is harmless, the sweep finds them."""
    for delivery_id in db.session.scalars(select(Delivery.id).where(Delivery.event_id == event_id)):
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


WAKERS.append(wake)
