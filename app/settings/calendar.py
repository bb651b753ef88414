"""Working days: an editable table of holidays and make-up days over the published calendars of known years.

A year whose official days were filled into the table is told by the table alone; otherwise the table's marks are laid over the
published calendar. A year that nobody has published or marked counts as a plain week and is called estimated.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.later import later
from app.settings.models import CalendarDay

if TYPE_CHECKING:
    import chinese_calendar
    from chinese_calendar import constants
else:
    chinese_calendar, constants = later("chinese_calendar"), later("chinese_calendar.constants")

HOLIDAY, WORKDAY = "holiday", "workday"
SATURDAY = 5
FAR = 366
"""No period of working days asked for is longer than a year."""


@dataclass(frozen=True)
class WorkCalendar:
    """The days that differ from the plain week, and the years for which they are known."""

    days: dict[date, str] = field(default_factory=dict)
    years: frozenset[int] = frozenset()

    def is_working(self, day: date) -> bool:
        """A make-up day is one, a holiday is none, otherwise Monday to Friday."""
        kind = self.days.get(day)
        return kind == WORKDAY if kind else day.weekday() < SATURDAY

    def is_estimated(self, start: date, end: date) -> bool:
        """Whether a year between the two days (both included) has no published calendar."""
        return any(year not in self.years for year in range(start.year, end.year + 1))

    def last_day(self, start: date, days: int) -> date:
        """The last of ``days`` working days; ``start`` counts when it is one."""
        if days < 1 or days > FAR:
            raise ValueError("a period has 1 to 366 working days")
        day, left = start, days
        while True:
            left -= self.is_working(day)
            if left == 0:
                return day
            day += timedelta(days=1)

    def count(self, start: date, end: date) -> int:
        """Working days from ``start`` to ``end``, both included."""
        return sum(self.is_working(start + timedelta(days=n)) for n in range((end - start).days + 1))

    def next_working(self, day: date) -> date:
        """The day itself when it is a working day, otherwise the next one."""
        return self.last_day(day, 1)


def load_calendar(session: Session, years: Iterable[int]) -> WorkCalendar:
    """The calendar for these years. One statement."""
    wanted = sorted(set(years))
    inside = CalendarDay.day.between(date(wanted[0], 1, 1), date(wanted[-1], 12, 31))
    rows = session.execute(select(CalendarDay.day, CalendarDay.kind, CalendarDay.is_official).where(inside)).all()
    filled = {row.day.year for row in rows if row.is_official}
    published = published_years() & set(wanted)
    days = {day: kind for year in published - filled for day, kind, _ in published_days(year)}
    days |= {row.day: row.kind for row in rows}
    return WorkCalendar(days, published | {row.day.year for row in rows})


@cache
def published_years() -> frozenset[int]:
    """The years whose official calendar is known."""
    return frozenset(day.year for day in constants.holidays)


def published_days(year: int) -> list[tuple[date, str, str]]:
    """Holidays on weekdays and make-up days of a published year: ``(day, kind, name)``. Empty for a year not published."""
    free = [(day, HOLIDAY, _name(name)) for day, name in constants.holidays.items() if day.year == year and day.weekday() < SATURDAY]
    extra = [(day, WORKDAY, _name(name)) for day, name in constants.workdays.items() if day.year == year]
    return sorted(free + extra)


def _name(name: str) -> str:
    member = next((m for m in chinese_calendar.Holiday if m.value == name), None)
    return member.chinese if member else name


def seed_year(session: Session, *, year: int) -> list[CalendarDay]:
    """Write the published calendar of a year into the table, unless it is there."""
    inside = CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31))
    if session.scalar(select(CalendarDay.day).where(inside, CalendarDay.is_official).limit(1)) is not None:
        return []
    marked = set(session.scalars(select(CalendarDay.day).where(inside)))
    rows = [CalendarDay(day=day, kind=kind, name=name, is_official=True) for day, kind, name in published_days(year) if day not in marked]
    session.add_all(rows)
    session.flush()  # the next question is asked of the table
    return rows


def working_days_from(session: Session, start: date, days: int) -> date:
    """The last day of a period of ``days`` working days that begins on ``start`` (first day counted)."""
    return load_calendar(session, (start.year, start.year + 1, start.year + 2)).last_day(start, days)


def is_working_day(session: Session, day: date) -> bool:
    return load_calendar(session, (day.year,)).is_working(day)


def is_estimated(session: Session, start: date, end: date) -> bool:
    """Whether the period touches a year without a published calendar."""
    return load_calendar(session, range(start.year, end.year + 1)).is_estimated(start, end)
