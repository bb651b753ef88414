"""Recording a fact: the journal row, its link in the chain and its deliveries, in the caller's transaction."""

from __future__ import annotations

import os
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit import bus, chain
from app.audit.events import Event
from app.audit.models import Delivery, JournalEvent, JournalHead
from app.core.authz import Actor
from app.core.uow import after_commit
from app.core.upserting import insert_into

from .timekeeping import require_right_clock


def record(session: Session, event: Event, *, actor: Actor, now: datetime) -> JournalEvent:
    """Append the fact to its chain. The row is audit entry, chain link and message in one.

    Refused (ClockUntrusted) while the clock is wrong and the fact's time means something.
    """
    require_right_clock(session, event)
    head = _locked_head(session, event.chain)
    payload = chain.canonical(event.payload())
    salt = os.urandom(32)
    row = JournalEvent(
        chain=event.chain, seq=head.seq + 1, name=event.name, at=now, actor_id=actor.user_id, actor_role=actor.current_role,
        subject=event.subject, subject_id=event.subject_id, salt=salt, payload=payload,
        commit=chain.commitment(salt, payload), prev=head.hash, hash="",
    )  # fmt: skip
    row.hash = link_of(row)
    head.seq, head.hash = row.seq, row.hash
    session.add(row)
    wanted = bus.subscribers_of(event.name)
    if wanted:
        _queue(session, row, wanted, now)
    return row


def link_of(row: JournalEvent) -> str:
    """The hash that the row must carry."""
    return chain.link(
        row.chain,
        row.seq,
        row.name,
        row.at,
        row.actor_id,
        row.actor_role,
        row.subject,
        row.subject_id,
        row.commit,
        row.prev,
    )


def _locked_head(session: Session, name: str) -> JournalHead:
    wanted = select(JournalHead).where(JournalHead.chain == name)
    if not any(isinstance(x, JournalHead) and x.chain == name for x in session.new | session.dirty):
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    head = session.scalar(wanted)
    if head is None:
        _begin_chain(session, name)
        head = session.scalars(wanted).one()
    return head


def _begin_chain(session: Session, name: str) -> None:
    """An empty head. Of two first facts at one moment the second waits here for the first, and then goes on from its row."""
    session.execute(insert_into(session, JournalHead).values(chain=name, seq=0, hash="").on_conflict_do_nothing())


def _queue(session: Session, row: JournalEvent, wanted: list[str], now: datetime) -> None:
    session.flush()  # deliveries need the event's id
    waiting = [Delivery(event_id=row.id, subscriber=key, due_at=now) for key in wanted]
    session.add_all(waiting)
    session.flush()  # and the queue needs theirs
    after_commit(session, bus.wake, [delivery.id for delivery in waiting])
