"""The only reader of the system clock, and the one place where an instant becomes a date on a wall."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones

DEFAULT_ZONE = "Asia/Shanghai"
ZONES = frozenset(available_timezones())


def _system() -> datetime:
    return datetime.now(UTC)


_source: Callable[[], datetime] = _system
_uptime: Callable[[], int] | None = None


def now() -> datetime:
    """The present moment, aware, in UTC, to the microsecond."""
    return _source()


def read_from(source: Callable[[], datetime] | None, uptime: Callable[[], int] | None = None) -> None:
    """Read another clock from now on (long stories in tests); None goes back to the system's.

    ``uptime``: how long the machine has been running beside that clock, in microseconds; by itself it goes along with the clock.
    """
    global _source, _uptime
    _source, _uptime = source or _system, uptime


class Reading(NamedTuple):
    """The wall clock beside a clock that nobody can set: microseconds since the machine's start, and which start that was."""

    wall: datetime
    uptime: int
    boot: str


def reading() -> Reading:
    """Both clocks at this moment."""
    if _source is _system:
        return Reading(_system(), time.clock_gettime_ns(_STEADY) // 1000, _BOOT)
    wall = _source().astimezone(UTC)
    return Reading(wall, _uptime() if _uptime else (wall - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1), "given")


def _boot() -> str:
    """A name of the machine's present run; where the kernel gives none, of this process."""
    told = Path("/proc/sys/kernel/random/boot_id")
    return told.read_text(encoding="ascii").strip() if told.exists() else f"process-{uuid.uuid4().hex}"


_STEADY = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
_BOOT = _boot()


def local(moment: datetime, zone: str = DEFAULT_ZONE) -> datetime:
    """The same moment as read on a clock in ``zone``."""
    return moment.astimezone(ZoneInfo(zone))


def local_date(moment: datetime, zone: str = DEFAULT_ZONE) -> date:
    return local(moment, zone).date()


def from_local(naive: datetime, zone: str = DEFAULT_ZONE) -> datetime:
    """A wall-clock reading in ``zone`` as an aware UTC moment."""
    return naive.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
