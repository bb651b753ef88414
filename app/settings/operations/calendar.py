"""Marking days that differ from the plain week. A published year is written into the table before its first change."""

from __future__ import annotations

from datetime import date, datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.operations import record
from app.core.authz import Actor
from app.core.errors import DomainError
from app.settings.calendar import SATURDAY, published_days, seed_year
from app.settings.events import CalendarDayCleared, CalendarDayMarked, CalendarYearFilled
from app.settings.models import CalendarDay

KINDS = ("holiday", "workday")


class DayNeedsNoMark(DomainError):
    """A holiday on a weekend or a working day on a weekday says nothing new."""

    message = _l("The plain week makes this day so already. If the list marks it otherwise, clear that mark.")


class NoOfficialData(DomainError):
    message = _l("The official calendar of this year is not known to this version. Please mark its days by hand.")


def mark_day(session: Session, *, day: date, kind: str, name: str, actor: Actor, now: datetime) -> CalendarDay:
    """Make a weekday a holiday, or a weekend day a working day. Records CalendarDayMarked."""
    if kind not in KINDS or (kind == "holiday") == (day.weekday() >= SATURDAY):
        raise DayNeedsNoMark(field="kind")
    seed_year(session, year=day.year)
    row = _put(session, day, kind, name, is_official=False)
    record(session, CalendarDayMarked(day.isoformat(), kind, name), actor=actor, now=now)
    return row


def clear_day(session: Session, *, day: date, actor: Actor, now: datetime) -> None:
    """Let the plain week decide again. Records CalendarDayCleared."""
    seed_year(session, year=day.year)
    row = session.get(CalendarDay, day, with_for_update=True)
    if row is not None:
        session.delete(row)
        record(session, CalendarDayCleared(day.isoformat()), actor=actor, now=now)


def fill_year(session: Session, *, year: int, actor: Actor, now: datetime) -> int:
    """Replace the year's marks by the official calendar; refused for a year without one. Records CalendarYearFilled."""
    official = {day: (kind, name) for day, kind, name in published_days(year)}
    if not official:
        raise NoOfficialData
    known = select(CalendarDay).where(CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31)))
    for row in session.scalars(known):
        if row.day not in official:
            session.delete(row)
    for day, (kind, name) in official.items():
        _put(session, day, kind, name, is_official=True)
    record(session, CalendarYearFilled(year, len(official)), actor=actor, now=now)
    return len(official)


def _put(session: Session, day: date, kind: str, name: str, *, is_official: bool) -> CalendarDay:
    row = session.get(CalendarDay, day, with_for_update=True)
    if row is None:
        row = CalendarDay(day=day)
        session.add(row)
    row.kind, row.name, row.is_official = kind, name[:80], is_official
    return row
