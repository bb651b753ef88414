"""What each row of `make bench` should cost: processor milliseconds at 600 and 5,000 entries, and SQL statements.

Where no figure stands, none was set. They were derived from the best systems of this field, measured on one machine.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Goal:
    """Upper bounds; ``large`` is for 5,000 entries."""

    small: float | None = None
    large: float | None = None
    statements: int | None = None

    def processor(self, entries: int) -> float | None:
        """The bound for an edition of this size."""
        return self.small if entries <= 1000 else self.large


GOALS = {
    "home": Goal(2.0, 2.4, 3),
    "home, unchanged (304)": Goal(1.5, 1.5, 3),
    "contest page": Goal(None, None, 12),
    "judge's queue": Goal(5, 7, 5),
    "score form": Goal(4, 4, 6),
    "save of a score sheet": Goal(6, 6, 8),
    "result table, 100 rows": Goal(None, None, 11),
    "entries by score, 50 rows": Goal(6, 10, 6),
    "entries by score, 250 rows": Goal(16, 25, 6),
    "entries by score, all rows": Goal(30, 230, None),
    "upload of a file of 2 MB": Goal(18, 18, 8),
    "handing in the entry with it": Goal(18, 18, 8),
    "public result, 100 rows": Goal(10, 60, 2),
    "public result, all rows": Goal(17, 140, 4),
    "public result, unchanged (304)": Goal(1.5, 1.5, 2),
    "all marks as CSV": Goal(70, 600, 4),
    "all marks as XLSX": Goal(500, 4500, 4),
    "600 certificates in a ZIP": Goal(4000, 4000, None),
}
NO_GOAL = Goal()
SECONDS_TO_START, MEGABYTES, MEGABYTES_AFTER_LOAD = 1.5, 85, 120
#: By how many MiB the process may grow while it makes these.
GROWTH = {"all marks as CSV": 30}
#: How many bare pages the floor answers in the time of one of these, with 16 clients.
FLOOR_OVER_THIS = {"save of a score sheet": 20, "score form": 12, "judge's queue": 15, "entries by score, 250 rows": 60}
