"""What a fact looks like: a frozen dataclass with a past-tense name; fields are ids and short values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, ClassVar, TypeVar, dataclass_transform

PLATFORM = "platform"


@dataclass(frozen=True)
class Event:
    """Base of all facts. Subclasses set ``name`` (``feature.noun_verbed``) and ``subject`` (the noun).

    The first field is the subject's id. A field ``edition_id`` puts the fact on that edition's chain.
    """

    name: ClassVar[str] = ""
    subject: ClassVar[str] = ""

    def payload(self) -> dict[str, Any]:
        return {f.name: getattr(self, f.name) for f in fields(self)}

    @property
    def subject_id(self) -> int | None:
        first = next(iter(fields(self)), None)
        value = getattr(self, first.name) if first else None
        return value if isinstance(value, int) else None

    @property
    def chain(self) -> str:
        edition_id = getattr(self, "edition_id", None)
        return f"edition:{edition_id}" if edition_id else PLATFORM


E = TypeVar("E", bound=Event)

#: Every concrete event by name, filled as the features are imported.
EVENTS: dict[str, type[Event]] = {}


@dataclass_transform(frozen_default=True)
def event(name: str, subject: str) -> Callable[[type[E]], type[E]]:
    """Class decorator: a frozen dataclass registered under its name."""

    def wrap(cls: type[E]) -> type[E]:
        made = dataclass(frozen=True)(cls)
        made.name, made.subject = name, subject
        if EVENTS.setdefault(name, made) is not made:
            raise ValueError(f"two events are named {name}")
        return made

    return wrap


@event("audit.alarm_raised", "alarm")
class AlarmRaised(Event):
    """Something is wrong with the record itself; those who must look are told."""

    alarm_id: int
    kind: str
    key: str
    detail: str
    edition_id: int | None = None


@event("audit.alarm_closing_asked", "alarm")
class AlarmClosingAsked(Event):
    """The first of two persons wants the alarm closed."""

    alarm_id: int
    kind: str
    reason: str
    edition_id: int | None = None


@event("audit.alarm_closed", "alarm")
class AlarmClosed(Event):
    """People have looked, or what was wrong is right again."""

    alarm_id: int
    kind: str
    reason: str
    edition_id: int | None = None


@event("audit.clock_accepted", "clock")
class ClockAccepted(Event):
    """An administrator took the present time as right; what was recorded before says nothing about it any more."""

    alarm_id: int
    shown: str
    reason: str


@event("audit.checkpoint_made", "checkpoint")
class CheckpointMade(Event):
    """A signed note about the chain, for witnesses. The digest is that of the note."""

    checkpoint_id: int
    size: int
    digest: str
    occasion: str
    edition_id: int | None = None


@event("audit.journal_exported", "journal")
class JournalExported(Event):
    """Somebody took a chain away as a signed bundle."""

    edition_id: int | None
    size: int
    withheld: int
