"""What the clock says of an edition, as a function of a few facts; ``queries.public`` says the same in SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from .enums import EditionPhase, EditionState

#: The last window has not ended: there is nothing yet on which a file could be closed.
NOT_OVER = frozenset({EditionPhase.UPCOMING, EditionPhase.OPEN})


@dataclass(frozen=True)
class Facts:
    """The dates that decide: first opening, next and last closing, judged stages without released results, end of notices."""

    state: EditionState
    opens_at: datetime | None = None
    next_close: datetime | None = None
    closes_at: datetime | None = None
    unreleased: int = 0
    notice_until: date | None = None


def phase_of(facts: Facts, now: datetime, today: date) -> EditionPhase:
    """The first that holds: finished by decision, upcoming, open, in public notice, in review, finished."""
    if facts.state in (EditionState.CANCELLED, EditionState.ARCHIVED):
        return EditionPhase.FINISHED
    if facts.opens_at is None or now < facts.opens_at:
        return EditionPhase.UPCOMING
    if facts.next_close is not None:
        return EditionPhase.OPEN
    if facts.notice_until is not None and facts.notice_until >= today:
        return EditionPhase.IN_NOTICE
    return EditionPhase.IN_REVIEW if facts.unreleased else EditionPhase.FINISHED
