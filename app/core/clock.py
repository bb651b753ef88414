"""The only reader of the system clock, and the one place where an instant becomes a date on a wall."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo, available_timezones

DEFAULT_ZONE = "Asia/Shanghai"
ZONES = frozenset(available_timezones())


def _system() -> datetime:
    return datetime.now(UTC)


_source: Callable[[], datetime] = _system


def now() -> datetime:
    """The present moment, aware, in UTC, to the microsecond."""
    return _source()


def read_from(source: Callable[[], datetime] | None) -> None:
    """Read another clock from now on (long stories in tests); None goes back to the system's."""
    global _source  # noqa: PLW0603 -- one clock a process
    _source = source or _system


def local(moment: datetime, zone: str = DEFAULT_ZONE) -> datetime:
    """The same moment as read on a clock in ``zone``."""
    return moment.astimezone(ZoneInfo(zone))


def local_date(moment: datetime, zone: str = DEFAULT_ZONE) -> date:
    return local(moment, zone).date()


def from_local(naive: datetime, zone: str = DEFAULT_ZONE) -> datetime:
    """A wall-clock reading in ``zone`` as an aware UTC moment."""
    return naive.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
