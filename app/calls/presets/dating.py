"""Dates of a preset: days after the opening become moments, ``{year}`` in a rule becomes the year of the opening."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TypeVar

import msgspec

from app.core.clock import from_local, local_date

T = TypeVar("T")


def moment_after(opens_at: datetime, days: int, hour: int, zone: str) -> datetime:
    """``hour`` o'clock in the zone, ``days`` calendar days after the day of the opening."""
    return from_local(datetime.combine(local_date(opens_at, zone) + timedelta(days=days), time(hour)), zone)


def dated(rules: T, kind: type[T], opens_at: datetime, zone: str) -> T:
    """The rules with their year words replaced."""
    year = local_date(opens_at, zone).year
    text = msgspec.json.encode(rules).decode()
    for word, value in (("{year}", year), ("{last_year}", year - 1), ("{two_years_ago}", year - 2)):
        text = text.replace(word, str(value))
    return msgspec.json.decode(text, type=kind)
