"""What happens to settings and the calendar."""

from __future__ import annotations

from app.audit.events import Event, event


@event("settings.setting_changed", "setting")
class SettingChanged(Event):
    key: str
    before: str
    after: str


@event("settings.calendar_day_marked", "calendar_day")
class CalendarDayMarked(Event):
    day: str
    kind: str
    label: str


@event("settings.calendar_day_cleared", "calendar_day")
class CalendarDayCleared(Event):
    day: str


@event("settings.calendar_year_filled", "calendar_day")
class CalendarYearFilled(Event):
    year: int
    days: int
