"""Whom a change of published rules or dates affects. Features above add their counts; this one only asks."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

#: ``counter(session, call_ids, stage_id)`` → how many of what, by the words below; ``stage_id`` when only one stage changes.
Counter = Callable[[Session, Sequence[int], int | None], dict[str, int]]
COUNTERS: list[Counter] = []

WORDS = {
    "drafts": _l("entries in preparation"),
    "entries": _l("submitted entries"),
    "people": _l("team members"),
    "judges": _l("judges"),
    "sheets": _l("score sheets begun"),
}


def counts_affected(counter: Counter) -> Counter:
    """Decorator: have the function asked whenever a change is weighed."""
    if counter not in COUNTERS:
        COUNTERS.append(counter)
    return counter


def affected(session: Session, call_ids: Sequence[int], stage_id: int | None = None) -> dict[str, int]:
    """All counts together; what is zero stays, so that "nobody" can be said."""
    counts: dict[str, int] = {}
    for counter in COUNTERS:
        for word, number in counter(session, call_ids, stage_id).items():
            counts[word] = counts.get(word, 0) + number
    return counts
