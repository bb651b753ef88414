"""Limits beyond entries and judges: one unit per entry, seats by category, pairs of judges kept apart."""

import numpy as np

from scoring.arrays import Ints
from scoring.demand import Demand
from scoring.errors import InvalidRule
from scoring.transport import Row

INF = float("inf")


def needs_whole_numbers(d: Demand) -> bool:
    """True when the programme is no longer a pure flow, so that a fractional optimum is possible."""
    return bool(d.apart) or d.max_same_group is not None or bool(d.seats)


def side_rows(d: Demand, code: Ints) -> list[Row]:
    """The rows that these limits add over the listed pairs."""
    j = d.shape[1]
    entry, judge = code // j, code % j
    rows: list[Row] = []
    if d.max_same_group is not None and d.group is not None:
        rows += _by_class(entry, np.asarray(d.group)[judge], None, d.max_same_group)
    if d.seats and d.category is not None:
        for category, seats in d.seats.items():
            mine = np.nonzero(np.asarray(d.category)[judge] == category)[0]
            rows += _floors(entry[mine], mine, seats, d.shape[0])
    for a, b in d.apart:
        if a == b:
            raise InvalidRule("a judge cannot be kept apart from himself", {"judge": int(a)})
        both = np.nonzero((judge == a) | (judge == b))[0]
        rows += _by_class(entry[both], np.zeros(both.size, np.int64), both, 1)
    return rows


def _by_class(entry: Ints, label: Ints, places: Ints | None, most: int) -> list[Row]:
    """At most `most` of the pairs that share entry and label."""
    key = entry * (int(label.max(initial=0)) + 1) + label
    order = np.argsort(key, kind="stable")
    cuts = np.flatnonzero(np.diff(key[order])) + 1
    groups = np.split(order if places is None else places[order], cuts)
    return [(np.sort(g), -INF, float(most)) for g in groups if g.size > most]


def _floors(entry: Ints, places: Ints, least: int, n: int) -> list[Row]:
    order = np.argsort(entry, kind="stable")
    starts = np.searchsorted(entry[order], np.arange(n + 1))
    return [(np.sort(places[order[starts[i] : starts[i + 1]]]), float(least), INF) for i in range(n)]
