"""Whether the wall clock can be believed: it must go on together with the time that the machine has been running.

Within one run of a machine the two differ only when somebody sets the clock. After a restart only what was last seen is left
to compare with: a clock that lies before it is wrong, one that lies after it may be right.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l

from . import clock
from .clock import Reading
from .errors import DomainError

BACK = timedelta(seconds=1)
AHEAD = timedelta(minutes=5)
SILENCE = timedelta(days=366)  # nobody switches a system off for longer; a clock without battery wakes up anywhere


class ClockUntrusted(DomainError):
    message = _l("The server's clock is not right, so nothing that depends on the time is accepted. Nothing was saved. The "
                 "administrators have been told; please keep this page open and try again in a few minutes.")  # fmt: skip


@dataclass(frozen=True)
class ClockFault:
    """How far the clock is from where it should be; negative: it was set back."""

    by: timedelta
    expected: datetime
    shown: datetime


@dataclass(frozen=True)
class Trust:
    """What is known of the right time: a reading of this machine's present run, and the latest moment recorded by anybody.

    ``epoch`` changes when somebody accepts the clock by hand: what was known before says nothing any more.
    """

    mark: Reading | None = None
    latest: datetime | None = None
    epoch: int = 0


def fault_of(trust: Trust, present: Reading) -> ClockFault | None:
    """Compare; None when the clock may be believed."""
    if trust.mark is not None and trust.mark.boot == present.boot:
        expected = trust.mark.wall + timedelta(microseconds=present.uptime - trust.mark.uptime)
        if not -BACK <= present.wall - expected <= AHEAD:
            return ClockFault(present.wall - expected, expected, present.wall)
    if trust.latest is not None and not -BACK <= present.wall - trust.latest <= SILENCE:
        return ClockFault(present.wall - trust.latest, trust.latest, present.wall)
    return None


def words(found: ClockFault) -> str:
    """The fault in plain words, for alarms and the health page."""
    way = "behind" if found.by.total_seconds() < 0 else "ahead"
    return f"shows {found.shown:%Y-%m-%d %H:%M:%S} UTC, {abs(found.by)} {way} of {found.expected:%Y-%m-%d %H:%M:%S} UTC"


class TimeGuard:
    """This process's opinion of the clock. Asking costs two readings of clocks and no statement."""

    def __init__(self) -> None:
        self.trust: Trust | None = None
        self._read: Callable[[], Reading] = clock.reading

    @property
    def is_on(self) -> bool:
        return self.trust is not None

    def begin(self, trust: Trust) -> None:
        """Watch from now on, or go on watching with what the database knows.

        Without a mark of this run of the machine the one that this process has stays; at first it is the present reading, if
        that is believable.
        """
        present = self._read()
        mark = trust.mark if trust.mark is not None and trust.mark.boot == present.boot else None
        if mark is None and self.trust is not None and self.trust.epoch == trust.epoch:
            mark = self.trust.mark
        if mark is None and fault_of(Trust(None, trust.latest), present) is None:
            mark = present
        self.trust = Trust(mark, trust.latest, trust.epoch)

    def end(self) -> None:
        """Believe every clock again."""
        self.trust = None

    def fault(self) -> ClockFault | None:
        """What is wrong with the clock at this moment. Where it went ahead a little, that is the new measure."""
        if self.trust is None:
            return None
        present = self._read()
        found = fault_of(self.trust, present)
        mark = self.trust.mark
        if found is None and (mark is None or present.wall - mark.wall > timedelta(microseconds=present.uptime - mark.uptime)):
            self.trust = Trust(present, self.trust.latest, self.trust.epoch)
        return found


guard = TimeGuard()
