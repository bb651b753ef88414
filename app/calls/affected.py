"""Whom a change of published rules or dates affects. Features above add their counts; this one only asks."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask_babel import ngettext
from sqlalchemy.orm import Session

#: ``counter(session, call_ids, stage_id)`` → how many of what, by the words below; ``stage_id`` when only one stage changes.
Counter = Callable[[Session, Sequence[int], int | None], dict[str, int]]
COUNTERS: list[Counter] = []

WORDS: dict[str, Callable[[int], str]] = {
    "drafts": lambda n: ngettext("%(num)s entry in preparation", "%(num)s entries in preparation", n),
    "entries": lambda n: ngettext("%(num)s submitted entry", "%(num)s submitted entries", n),
    "people": lambda n: ngettext("%(num)s team member", "%(num)s team members", n),
    "judges": lambda n: ngettext("%(num)s judge", "%(num)s judges", n),
    "sheets": lambda n: ngettext("%(num)s score sheet begun", "%(num)s score sheets begun", n),
}


def counts_affected(counter: Counter) -> Counter:
    """Decorator: have the function asked whenever a change is weighed."""
    if counter not in COUNTERS:
        COUNTERS.append(counter)
    return counter


def in_words(counts: dict[str, int]) -> list[str]:
    """What is not zero, with its number, in the order above; words that are not known here stay as they are."""
    known = [say(counts[word]) for word, say in WORDS.items() if counts.get(word)]
    return known + [f"{number} {word}" for word, number in counts.items() if number and word not in WORDS]


def affected(session: Session, call_ids: Sequence[int], stage_id: int | None = None) -> dict[str, int]:
    """All counts together; what is zero stays, so that "nobody" can be said."""
    counts: dict[str, int] = {}
    for counter in COUNTERS:
        for word, number in counter(session, call_ids, stage_id).items():
            counts[word] = counts.get(word, 0) + number
    return counts
