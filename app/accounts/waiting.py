"""What waits for a person: features above register who offers tasks for the first page after signing in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.core.authz import Actor


@dataclass(frozen=True)
class Task:
    """One thing to do: what, where, until when; ``state``: todo, current or fault."""

    label: object
    url: str
    note: object = ""
    due: datetime | None = None
    state: str = "todo"
    word: object = ""


Offer = Callable[[Session, Actor, datetime], Iterable[Task]]
_OFFERS: list[Offer] = []


def offers_tasks(offer: Offer) -> Offer:
    """Decorator: ask this function for the person's tasks."""
    _OFFERS.append(offer)
    return offer


def waiting_tasks(session: Session, actor: Actor, now: datetime) -> list[Task]:
    """Everything that waits for the person: what is overdue first, then by due time."""
    found = [task for offer in _OFFERS for task in offer(session, actor, now)]
    return sorted(found, key=lambda task: (task.due is None, task.due.isoformat() if task.due else "", str(task.label)))
