"""How the outbox wakes the queue, which lies above it: jobs register here."""

from __future__ import annotations

from collections.abc import Callable

WAKERS: list[Callable[[int], None]] = []


def wake(message_id: int) -> None:
    """Ask for one attempt now; losing this call is harmless, the sweep finds the message."""
    for waker in WAKERS:
        waker(message_id)
