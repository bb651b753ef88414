"""What waits in an edition: features above register who offers tasks for its first page."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts.waiting import Task
from app.calls.models import Edition

Offer = Callable[[Session, Edition, datetime], Iterable[Task]]
_OFFERS: list[Offer] = []


def offers_edition_tasks(offer: Offer) -> Offer:
    """Decorator: ask this function what waits in an edition."""
    _OFFERS.append(offer)
    return offer


def edition_tasks(session: Session, edition: Edition, now: datetime) -> list[Task]:
    """Everything that waits in a published edition, in the order of its road."""
    return [task for offer in _OFFERS for task in offer(session, edition, now)]
