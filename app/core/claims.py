"""Ordered work that a worker takes up: by one at a time, taken over when that one has died, given up after three attempts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Protocol

ATTEMPTS = 3


class Claimable(Protocol):
    """A row of ordered work. Its ``state`` is of an enum with WAITING, RUNNING and FAILED."""

    state: Any
    started_at: datetime | None
    attempts: int
    failure: Any


def is_free(work: Claimable, states: Any, *, patience: timedelta, now: datetime) -> bool:
    """Whether it waits, or its worker has been silent for so long that it must be dead."""
    abandoned = work.state == states.RUNNING and work.started_at is not None and work.started_at + patience <= now
    return work.state == states.WAITING or abandoned


def claim(work: Claimable, states: Any, *, now: datetime) -> bool:
    """Take it, the row being locked; False, and failed for good, when it was tried often enough."""
    if work.attempts >= ATTEMPTS:
        work.state = states.FAILED
        return False
    work.state, work.started_at = states.RUNNING, now
    work.attempts += 1
    return True


def give_up(work: Claimable, states: Any, *, reason: str, final: bool) -> None:
    """Say why; without ``final`` it is tried again while attempts are left."""
    work.state = states.FAILED if final or work.attempts >= ATTEMPTS else states.WAITING
    work.failure = reason[:400]
