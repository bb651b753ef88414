"""Delivering facts to subscribers: each in its own transaction, retried with growing delay, never forgotten."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit import bus
from app.audit.enums import DeliveryState
from app.audit.events import EVENTS, Event
from app.audit.models import Delivery, JournalEvent
from app.core.uow import after_commit

MAX_ATTEMPTS = 8
FIRST_DELAY = timedelta(seconds=30)


def deliver(session: Session, *, delivery_id: int, now: datetime) -> bool:
    """Run the subscriber and mark the delivery done, in one transaction. False when there was nothing left to do."""
    delivery = session.scalar(select(Delivery).where(Delivery.id == delivery_id).with_for_update())
    if delivery is None or delivery.state != DeliveryState.PENDING:
        return False
    row = session.get_one(JournalEvent, delivery.event_id)
    if row.payload is not None:
        bus.HANDLERS[delivery.subscriber](session, revive(row), now)
    delivery.state, delivery.done_at = DeliveryState.DONE, now
    return True


def note_failure(session: Session, *, delivery_id: int, error: str, now: datetime) -> None:
    """Count a failed attempt; after the last one the delivery is dead and shown to the administrator."""
    delivery = session.scalar(select(Delivery).where(Delivery.id == delivery_id).with_for_update())
    if delivery is None or delivery.state != DeliveryState.PENDING:
        return
    delivery.attempts += 1
    delivery.last_error = error[:2000]
    delivery.due_at = now + FIRST_DELAY * 2 ** (delivery.attempts - 1)
    if delivery.attempts >= MAX_ATTEMPTS:
        delivery.state = DeliveryState.DEAD


def redrive(session: Session, *, delivery_id: int, now: datetime) -> bool:
    """Try a dead delivery again from the beginning; False when it is not dead."""
    delivery = session.scalar(select(Delivery).where(Delivery.id == delivery_id).with_for_update())
    if delivery is None or delivery.state != DeliveryState.DEAD:
        return False
    delivery.state, delivery.attempts, delivery.due_at = DeliveryState.PENDING, 0, now
    after_commit(session, bus.wake, [delivery.id])
    return True


def due_deliveries(session: Session, *, now: datetime, limit: int = 500) -> list[int]:
    """Ids of deliveries that should have happened by now, oldest first."""
    wanted = select(Delivery.id).where(Delivery.state == DeliveryState.PENDING, Delivery.due_at <= now)
    return list(session.scalars(wanted.order_by(Delivery.id).limit(limit)))


def revive(row: JournalEvent) -> Event:
    """The event as it was recorded."""
    return msgspec.convert(msgspec.json.decode(row.payload or "{}"), EVENTS[row.name], strict=False)
