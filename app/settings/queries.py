"""Reading settings and calendar days."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from .models import CalendarDay, Setting
from .registry import GROUPS, REGISTRY, Definition

_CACHE = "settings"


def settings(session: Session) -> dict[str, Any]:
    """All settings in force: one statement a session, remembered until one of them changes."""
    cached = session.info.get(_CACHE)
    if cached is None:
        cached = {key: definition.default for key, definition in REGISTRY.items()}
        for row in session.execute(select(Setting.key, Setting.value)):
            if row.key in REGISTRY and REGISTRY[row.key].accepts(row.value):
                cached[row.key] = row.value
        session.info[_CACHE] = cached
    return dict(cached)


def setting(session: Session, key: str) -> Any:
    """The value in force; KeyError for a key that the registry does not know."""
    return settings(session)[key]


def forget(session: Session) -> None:
    """Read anew at the next question."""
    session.info.pop(_CACHE, None)


def settings_page(session: Session) -> list[tuple[object, list[tuple[Definition, Any]]]]:
    """Definitions with their values, by group."""
    values = settings(session)
    return [
        (label, [(definition, values[definition.key]) for definition in REGISTRY.values() if definition.group == group])
        for group, label in GROUPS.items()
    ]


def calendar_days(session: Session, year: int) -> list[CalendarDay]:
    """The days of the year that differ from the plain week."""
    within = CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31))
    return list(session.scalars(select(CalendarDay).where(within).order_by(CalendarDay.day)))
