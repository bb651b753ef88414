"""Reading the journal, the reading log and the deliveries. Names of people are added by the features above."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from .enums import DeliveryState
from .models import Alarm, Delivery, JournalEvent, JournalHead, Reading

PAGE = 50


@dataclass(frozen=True)
class Filters:
    """What the journal is narrowed to. ``names``: whole event names; ``feature``: those that begin with it."""

    chain: str = ""
    actor_id: int | None = None
    feature: str = ""
    names: tuple[str, ...] = ()
    subject: str = ""
    subject_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None


def journal(session: Session, filters: Filters, page: int = 1) -> tuple[list[JournalEvent], int]:
    """Facts that match, the latest first, and how many there are."""
    return _page(session, _matching(select(JournalEvent), filters), JournalEvent.id, page)


def journal_event(session: Session, chain: str, seq: int) -> JournalEvent | None:
    return session.scalar(select(JournalEvent).where(JournalEvent.chain == chain, JournalEvent.seq == seq))


def payload_of(row: JournalEvent) -> dict[str, Any] | None:
    """What was recorded; None when it has been erased."""
    return msgspec.json.decode(row.payload) if row.payload is not None else None


def journal_subjects(session: Session, chain: str = "") -> list[str]:
    """The nouns that occur, for the filter."""
    nouns = select(JournalEvent.subject).distinct().order_by(JournalEvent.subject)
    return list(session.scalars(nouns.where(JournalEvent.chain == chain) if chain else nouns))


def journal_names(session: Session, chain: str = "") -> list[str]:
    """The event names that occur, for the filter."""
    names = select(JournalEvent.name).distinct().order_by(JournalEvent.name)
    return list(session.scalars(names.where(JournalEvent.chain == chain) if chain else names))


def actor_ids(session: Session, chain: str) -> list[int]:
    """Who has acted on the chain."""
    return [number for number in session.scalars(select(JournalEvent.actor_id).distinct().where(JournalEvent.chain == chain)) if number]


def chain_heads(session: Session) -> list[JournalHead]:
    return list(session.scalars(select(JournalHead).order_by(JournalHead.chain)))


def readings(session: Session, *, edition_id: int | None, actor_id: int | None = None, subject: str = "",
             page: int = 1) -> tuple[list[Reading], int]:  # fmt: skip
    """Who opened what, the latest first. ``edition_id`` None: everywhere."""
    opened = select(Reading)
    if edition_id is not None:
        opened = opened.where(Reading.edition_id == edition_id)
    if actor_id is not None:
        opened = opened.where(Reading.actor_id == actor_id)
    if subject:
        opened = opened.where(Reading.subject == subject)
    return _page(session, opened, Reading.id, page)


def reading_subjects(session: Session, edition_id: int | None) -> list[str]:
    nouns = select(Reading.subject).distinct().order_by(Reading.subject)
    return list(session.scalars(nouns.where(Reading.edition_id == edition_id) if edition_id is not None else nouns))


def reading_people(session: Session, edition_id: int) -> set[int]:
    """Who has opened anything of the edition."""
    return set(session.scalars(select(Reading.actor_id).where(Reading.edition_id == edition_id).distinct()))


def open_alarms(session: Session) -> list[Alarm]:
    """What people have not yet looked at."""
    return list(session.scalars(select(Alarm).where(Alarm.closed_at.is_(None)).order_by(Alarm.id)))


def delivery_counts(session: Session) -> dict[DeliveryState, int]:
    return dict(session.execute(select(Delivery.state, func.count(Delivery.id)).group_by(Delivery.state)).all())


def troubled_deliveries(session: Session, page: int = 1) -> tuple[list[tuple[Delivery, JournalEvent]], int]:
    """Deliveries that are dead, or failed at least once and wait, with their facts; and how many there are."""
    troubled = (Delivery.state == DeliveryState.DEAD) | ((Delivery.state == DeliveryState.PENDING) & (Delivery.attempts > 0))
    total = session.scalar(select(func.count(Delivery.id)).where(troubled)) or 0
    wanted = select(Delivery, JournalEvent).join(JournalEvent, JournalEvent.id == Delivery.event_id).where(troubled)
    rows = session.execute(wanted.order_by(Delivery.id.desc()).limit(PAGE).offset((max(1, page) - 1) * PAGE)).all()
    return list(rows), total


def _matching(wanted: Select[Any], filters: Filters) -> Select[Any]:
    plain = {
        JournalEvent.chain: filters.chain, JournalEvent.actor_id: filters.actor_id, JournalEvent.subject: filters.subject,
        JournalEvent.subject_id: filters.subject_id,
    }  # fmt: skip
    for column, value in plain.items():
        if value:
            wanted = wanted.where(column == value)
    if filters.names:
        wanted = wanted.where(JournalEvent.name.in_(filters.names))
    if filters.feature:
        wanted = wanted.where(JournalEvent.name.startswith(filters.feature + ".", autoescape=True))
    if filters.since is not None:
        wanted = wanted.where(JournalEvent.at >= filters.since)
    if filters.until is not None:
        wanted = wanted.where(JournalEvent.at < filters.until)
    return wanted


def _page(session: Session, wanted: Select[Any], order: Any, page: int) -> tuple[list[Any], int]:
    total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    return list(session.scalars(wanted.order_by(order.desc()).limit(PAGE).offset((max(1, page) - 1) * PAGE))), total
