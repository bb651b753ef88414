"""The figures by which an organizer judges an assignment before it is applied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING, Any

from app.core.later import later

if TYPE_CHECKING:
    import numpy as np

    import scoring
else:
    np = later("numpy")
    scoring = later("scoring")


Pair = tuple[int, int]
AT_HOME, NO_FIELD, ELSEWHERE = 1000, 400, 0
"""How well a judge fits an entry: at home in its track, with no track named, at home only in others."""


@dataclass(frozen=True)
class Wishes:
    """What is known of judges and entries beyond conflicts, and which of it the draw is to respect. Keys are seat and entry ids.

    ``by_field``: judges at home in the entry's track, as far as loads allow. ``each_category``: every category of judge on every
    entry. ``one_per_unit``: no two judges of one unit on an entry. ``ceiling``: by lot among those who fit, no pair more likely than
    so many per cent (0: none).
    """

    by_field: bool = False
    each_category: bool = False
    one_per_unit: bool = False
    fields: Mapping[int, frozenset[int]] = field(default_factory=dict)
    tracks: Mapping[int, int] = field(default_factory=dict)
    categories: Mapping[int, str] = field(default_factory=dict)
    units: Mapping[int, str] = field(default_factory=dict)
    ceiling: int = 0

    def at_home(self, entry: int, seat: int) -> bool:
        """Is the judge at home in the entry's track?"""
        return self.tracks.get(entry) in self.fields.get(seat, frozenset())

    def fit(self, entry: int, seat: int) -> int:
        """How well the judge fits the entry, in thousandths."""
        return AT_HOME if self.at_home(entry, seat) else ELSEWHERE if self.fields.get(seat) else NO_FIELD

    def as_data(self) -> dict[str, Any]:
        """For the stored parameters; ``wishes_of`` is the way back."""
        return {
            "by_field": self.by_field, "each_category": self.each_category, "one_per_unit": self.one_per_unit,
            "fields": {str(seat): sorted(tracks) for seat, tracks in self.fields.items()},
            "tracks": {str(entry): track for entry, track in self.tracks.items()},
            "categories": {str(seat): name for seat, name in self.categories.items()},
            "units": {str(seat): unit for seat, unit in self.units.items()}, "ceiling": self.ceiling,
        }  # fmt: skip


def wishes_of(data: Mapping[str, Any]) -> Wishes:
    """Wishes as stored with a plan."""
    return Wishes(
        data["by_field"], data["each_category"], data["one_per_unit"], {int(k): frozenset(v) for k, v in data["fields"].items()},
        {int(k): v for k, v in data["tracks"].items()}, {int(k): v for k, v in data["categories"].items()},
        {int(k): v for k, v in data["units"].items()}, data.get("ceiling", 0),
    )  # fmt: skip


@dataclass(frozen=True)
class DrawQuality:
    """``connectivity`` in thousandths; ``worst`` is the entry with the fewest judges and how many it has. ``loads`` by seat.

    ``lacking``: entries without a judge of the category. ``doubled``: entries with two judges of one unit. ``matched`` of ``matchable``
    pairs join a judge to a track of theirs; ``strangers``: entries without any judge at home in their track. ``fit_entry`` is the entry
    whose judges fit it least, ``fit_worst`` how well (a judge at home counts 1000), ``fit_bound`` what no assignment could exceed.
    """

    entries: int
    judges: int
    wanted: int
    covered: int
    load_low: int
    load_high: int
    avoided: int
    components: int
    bridges: int
    connectivity: int
    worst_entry: int | None
    worst_count: int
    loads: dict[str, int]
    lacking: dict[str, int]
    doubled: int
    matched: int
    matchable: int
    strangers: list[int]
    fit_entry: int | None = None
    fit_worst: int = 0
    fit_bound: int | None = None

    def as_data(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


def measure(
    pairs: Sequence[Pair], entries: Sequence[int], seats: Sequence[int], per_entry: int, conflicts: frozenset[Pair], wishes: Wishes,
    bound: int | None = None,
) -> DrawQuality:  # fmt: skip
    """The figures of any set of pairs, drawn or set by hand. ``bound``: what the worst fit could be at most, if that is known."""
    row = {e: n for n, e in enumerate(entries)}
    column = {s: n for n, s in enumerate(seats)}
    known = [(e, s) for e, s in pairs if e in row and s in column]
    judges: dict[int, list[int]] = {e: [] for e in entries}
    loads = dict.fromkeys(seats, 0)
    for e, s in known:
        judges[e].append(s)
        loads[s] += 1
    wanted = per_entry or len(seats)
    worst = min(entries, key=lambda e: len(judges[e])) if entries else None
    ends = np.array([(row[e], column[s]) for e, s in known], np.int64).reshape(-1, 2)
    fits = {e: sum(wishes.fit(e, s) for s in judges[e]) for e in entries} if wishes.by_field else {}
    poorest = min(fits, key=lambda e: fits[e], default=None)
    links = scoring.graph(ends[:, 0], ends[:, 1], n_entries=len(entries), n_judges=len(seats)) if known else None
    return DrawQuality(
        entries=len(entries), judges=len(seats), wanted=wanted, covered=sum(len(own) >= wanted for own in judges.values()),
        load_low=min(loads.values(), default=0), load_high=max(loads.values(), default=0),
        avoided=sum(e in row and s in column for e, s in conflicts),
        components=links.components if links else 0, bridges=len(links.bridges) if links else 0,
        connectivity=round(links.connectivity * 1000) if links else 0,
        worst_entry=worst, worst_count=len(judges[worst]) if worst is not None else 0,
        loads={str(seat): load for seat, load in loads.items()}, lacking=_lacking(judges, wishes),
        doubled=sum(_doubled(own, wishes) for own in judges.values()),
        matched=sum(wishes.at_home(e, s) for e, s in known), matchable=sum(bool(wishes.fields.get(s)) for _, s in known),
        strangers=[e for e in entries if wishes.fields and judges[e] and not any(wishes.at_home(e, s) for s in judges[e])],
        fit_entry=poorest, fit_worst=fits[poorest] if poorest is not None else 0, fit_bound=bound,
    )  # fmt: skip


def _lacking(judges: Mapping[int, list[int]], wishes: Wishes) -> dict[str, int]:
    """For each category of judge: how many entries have none of it."""
    names = sorted(set(wishes.categories.values()))
    return {name: sum(all(wishes.categories.get(s) != name for s in own) for own in judges.values()) for name in names}


def _doubled(own: Sequence[int], wishes: Wishes) -> bool:
    units = [wishes.units.get(seat, "") for seat in own]
    return any(a and a == b for a, b in combinations(units, 2))
