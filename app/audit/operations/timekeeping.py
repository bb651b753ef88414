"""The clock guard's memory: marks in the database, the refusal of facts while the clock is wrong, and the way back."""

from __future__ import annotations

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.audit import bus
from app.audit.enums import AlarmKind
from app.audit.events import Event
from app.audit.models import ClockMark, JournalEvent
from app.core import clock
from app.core.timeguard import ClockFault, ClockUntrusted, Trust, fault_of, guard, words
from app.core.uow import after_rollback

#: Facts of these features happen at any hour: nobody wins or loses by their time, and the way back must stay open.
TIMELESS = frozenset({"accounts", "admin", "audit", "backup", "files", "notify", "settings"})
ACCEPTED = "audit.clock_accepted"


def trust_of(session: Session) -> Trust:
    """What the database knows of the right time. Facts before the clock was last accepted by hand say nothing any more."""
    present = clock.reading()
    marks = list(session.scalars(select(ClockMark)))
    since = session.scalar(select(func.max(JournalEvent.id)).where(JournalEvent.subject == "clock", JournalEvent.name == ACCEPTED))
    timed = [JournalEvent.name.not_like(f"{feature}.%") for feature in sorted(TIMELESS)]  # the others were taken at any time
    wanted = select(JournalEvent.at).where(JournalEvent.id >= (since or 0), *timed)
    latest = session.scalar(wanted.order_by(JournalEvent.at.desc()).limit(1))
    mine = next((clock.Reading(mark.wall, mark.uptime, mark.boot) for mark in marks if mark.boot == present.boot), None)
    seen = [moment for moment in (latest, *(mark.wall for mark in marks)) if moment is not None]
    return Trust(mine, max(seen, default=None), since or 0)


def require_right_clock(session: Session, event: Event) -> None:
    """Refuse the fact (ClockUntrusted) while the clock cannot be believed; the alarm is raised once the refusal is done.

    In doubt the database is asked again: another process may have heard that the clock is accepted.
    """
    if event.name.partition(".")[0] in TIMELESS or guard.fault() is None:
        return
    guard.begin(trust_of(session))
    found = guard.fault()
    if found is not None:
        after_rollback(session, bus.alarm, AlarmKind.CLOCK, "clock", words(found))
        raise ClockUntrusted


def keep_mark(session: Session) -> ClockFault | None:
    """Note what the clock shows, if it can be believed; else tell how far it is off. Every minute, by the job consumer."""
    found = fault_of(trust_of(session), present := clock.reading())
    if found is None:
        session.merge(ClockMark(boot=present.boot, wall=present.wall, uptime=present.uptime))
    return found


def forget_marks(session: Session) -> None:
    """Believe the clock as it is now: the marks of before are dropped and the present one is kept."""
    present = clock.reading()
    session.execute(delete(ClockMark))
    session.merge(ClockMark(boot=present.boot, wall=present.wall, uptime=present.uptime))
    guard.end()
