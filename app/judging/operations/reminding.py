"""Reminding judges of open sheets: read first, then sent, at most once a day each."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.audit.operations import record
from app.calls.models import Edition, Stage
from app.calls.operations.freezing import hold_edition
from app.core.authz import Actor
from app.core.clock import local_date
from app.judging.events import JudgesReminded
from app.judging.models import Seat
from app.judging.queries.progress import judges_of
from app.notify.operations import queue_message


@dataclass(frozen=True)
class Reminder:
    """One mail to be: to whom, and what it says."""

    seat_id: int
    user: User
    context: Mapping[str, Any]
    reminded_today: bool


def reminders_for(session: Session, *, stage: Stage, words: str, link: str, now: datetime) -> list[Reminder]:
    """The judges of a stage who have something left to do."""
    edition = session.get_one(Edition, stage.edition_id)
    waiting = {row.seat_id: row for row in judges_of(session, stage) if row.assigned > row.signed}
    people = select(Seat, User).join(User, User.id == Seat.user_id).where(Seat.id.in_(waiting)).order_by(Seat.id)
    today = local_date(now, edition.zone)
    return [
        Reminder(
            seat.id, user,
            {"name": seat.name, "edition": edition, "stage": stage, "todo": waiting[seat.id].todo, "draft": waiting[seat.id].drafts,
             "words": words, "link": link},
            seat.reminded_at is not None and local_date(seat.reminded_at, edition.zone) == today,
        )
        for seat, user in session.execute(people)
    ]  # fmt: skip


def remind_judges(session: Session, *, stage: Stage, seat_ids: Collection[int], words: str, link: str, actor: Actor, now: datetime) -> int:
    """Queue one mail to each chosen judge who has not been reminded today; returns how many. Records JudgesReminded."""
    edition = hold_edition(session, stage.edition_id)
    chosen = [
        r for r in reminders_for(session, stage=stage, words=words, link=link, now=now) if r.seat_id in seat_ids and not r.reminded_today
    ]
    day = local_date(now, edition.zone).isoformat()
    for reminder in chosen:
        queue_message(
            session, template="judging/reminder", to=reminder.user, locale=reminder.user.locale, context=reminder.context,
            dedup=f"remind:{reminder.seat_id}:{day}", rests_on=f"seat:{reminder.seat_id}", now=now, edition_id=edition.id, link="/desk/",
        )  # fmt: skip
        session.get_one(Seat, reminder.seat_id).reminded_at = now
    if chosen:
        record(session, JudgesReminded(stage.id, edition.id, len(chosen)), actor=actor, now=now)
    return len(chosen)
