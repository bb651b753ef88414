"""Deliveries that have given up, tried again by hand."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from app.admin.events import DeliveryRedriven
from app.audit.models import Delivery
from app.audit.operations import delivery as deliveries
from app.audit.operations import record
from app.core.authz import Actor
from app.core.errors import DomainError


class NotDead(DomainError):
    message = _l("This delivery has not given up; it is done or still being tried.")


def redrive_delivery(session: Session, *, delivery: Delivery, actor: Actor, now: datetime) -> None:
    """Begin anew with a delivery that has given up. Records DeliveryRedriven."""
    if not deliveries.redrive(session, delivery_id=delivery.id, now=now):
        raise NotDead
    record(session, DeliveryRedriven(delivery.id, delivery.subscriber), actor=actor, now=now)
