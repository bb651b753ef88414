"""Which functions want to hear which facts. Filled by the features' ``subscribers`` modules at start."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from .events import Event

#: ``handler(session, event, now)``: one operation in its own transaction; safe to run twice.
Handler = Callable[[Session, Any, datetime], None]

HANDLERS: dict[str, Handler] = {}
_BY_EVENT: dict[str, list[str]] = defaultdict(list)


def subscribes(*kinds: type[Event]) -> Callable[[Handler], Handler]:
    """Have the decorated function called, after the commit, for every fact of these kinds."""

    def wrap(handler: Handler) -> Handler:
        key = f"{handler.__module__.removeprefix('app.')}.{handler.__name__}"
        HANDLERS[key] = handler
        for kind in kinds:
            _BY_EVENT[kind.name].append(key)
        return handler

    return wrap


def subscribers_of(name: str) -> list[str]:
    return list(_BY_EVENT.get(name, ()))


#: Who is told, after the commit, which deliveries wait; ``audit.jobs`` is the one.
WAKERS: list[Callable[[Sequence[int]], None]] = []


def wake(deliveries: Sequence[int]) -> None:
    for waker in WAKERS:
        waker(deliveries)


#: Who raises an alarm in a transaction of its own: ``(kind, key, detail)``; ``audit.jobs`` is the one.
ALARMERS: list[Callable[[str, str, str], None]] = []


def alarm(kind: str, key: str, detail: str) -> None:
    """Tell that something is wrong with the record itself, outside the transaction that met it."""
    for alarmer in ALARMERS:
        alarmer(kind, key, detail)
