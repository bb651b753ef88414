"""The product with a wall clock that a file sets: its offset in seconds stands in ``SET_CLOCK``; the time since the start goes on.

``SABOTAGE`` names what is broken in it on purpose (``sabotage.BUILDS``), separated by spaces.

libfaketime cannot be used: its ``clock_nanosleep`` refuses the absolute sleeps of Python 3.11 and newer, on which every server rests.
"""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.core import clock
from app.core.timeguard import guard
from tests.faults.sabotage import BUILDS
from wsgi import app

FILE = Path(os.environ["SET_CLOCK"])


def wall() -> datetime:
    """The machine's time, moved by what the file says."""
    return datetime.now(UTC) + timedelta(seconds=int(FILE.read_text(encoding="ascii") or "0"))


guard.end()
clock.read_from(wall, lambda: time.monotonic_ns() // 1000)
for name in os.environ.get("SABOTAGE", "").split():
    BUILDS[name](app)

__all__ = ["app"]
