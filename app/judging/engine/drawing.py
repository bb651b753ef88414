"""Who scores what: by lot and even, or by field, from a seed that is written down; with the figures by which to judge it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.core.later import later

from .measuring import DrawQuality, Pair, Wishes, measure

if TYPE_CHECKING:
    import numpy as np

    import scoring
else:
    np = later("numpy")
    scoring = later("scoring")

LARGEST = 120_000
"""Entries x judges up to which a draw with wishes is worked out while the page waits: about a second."""
PATIENCE_S = 10


class Unbalanced(Exception):
    """No draw satisfies the limits; ``where`` names what blocks it: ``rule``, entries and judges by their ids."""

    def __init__(self, where: Mapping[str, object]) -> None:
        super().__init__("no draw satisfies the limits")
        self.where = dict(where)


@dataclass(frozen=True)
class Draw:
    """Pairs (entry id, seat id), sorted, with a digest over seed and pairs."""

    pairs: tuple[Pair, ...]
    quality: DrawQuality
    digest: str


def order_of(seed: str, tag: str, ids: Iterable[int]) -> list[int]:
    """The ids in the order drawn from the seed, repeatable with any SHA-256 tool."""
    return [int(name) for name in scoring.draw_order(seed, tag, [str(i) for i in ids])]


def draw_pairs(
    *, entries: Sequence[int], seats: Sequence[int], per_entry: int, limits: Mapping[int, int | None],
    conflicts: frozenset[Pair], fixed: frozenset[Pair], seed: str, wishes: Wishes | None = None,
) -> Draw:  # fmt: skip
    """``per_entry`` judges for every entry (0: the whole panel), never a conflict, existing pairs kept.

    ``conflicts`` and ``fixed`` hold pairs (entry id, seat id). Raises Unbalanced naming what blocks the draw.
    """
    wishes = wishes or Wishes()
    if entries and seats and 0 < per_entry < len(seats):
        pairs, bound = _drawn(entries, seats, per_entry, limits, conflicts, fixed, seed, wishes)
    else:
        pairs, bound = [(e, s) for e in entries for s in seats if (e, s) not in conflicts], None
    ordered = tuple(sorted(pairs))
    text = "\n".join(f"{e} {s}" for e, s in ordered)
    quality = measure(ordered, entries, seats, per_entry, conflicts, wishes, bound)
    return Draw(ordered, quality, hashlib.sha256(f"{seed}\n{text}".encode()).hexdigest())


def _drawn(
    entries: Sequence[int], seats: Sequence[int], per_entry: int, limits: Mapping[int, int | None],
    conflicts: frozenset[Pair], fixed: frozenset[Pair], seed: str, wishes: Wishes,
) -> tuple[list[Pair], int | None]:  # fmt: skip
    """The pairs, and the most that any assignment could give its worst-served entry, where that is known."""
    if (wishes.by_field or wishes.each_category or wishes.one_per_unit) and len(entries) * len(seats) > LARGEST:
        raise Unbalanced({"rule": "size", "most": str(LARGEST)})
    try:
        demand = _wished(_demand(entries, seats, per_entry, limits, conflicts, fixed), entries, seats, wishes)
        made = _by_field(demand, entries, seats, seed, wishes) if wishes.by_field else scoring.random_design(demand, seed=seed)
    except scoring.Infeasible as error:
        raise Unbalanced(_named(error.where, entries, seats) | _category(error.where, seats, wishes)) from error
    except (scoring.InvalidRule, scoring.NotConverged) as error:
        raise Unbalanced({"rule": "time"}) from error
    bound = int(made.worst_bound) if made.worst_bound == made.worst_bound else None  # not a number: nothing was proved
    return [(entries[e], seats[s]) for e, s in made.pairs.tolist()], bound


def _demand(
    entries: Sequence[int], seats: Sequence[int], per_entry: int, limits: Mapping[int, int | None],
    conflicts: frozenset[Pair], fixed: frozenset[Pair],
) -> scoring.Demand:  # fmt: skip
    """Positions instead of ids; an entry with fewer judges free than wanted gets all of them."""
    row = {e: n for n, e in enumerate(entries)}
    column = {s: n for n, s in enumerate(seats)}
    blocked = np.zeros((len(entries), len(seats)), bool)
    for e, s in conflicts:
        if e in row and s in column:
            blocked[row[e], column[s]] = True
    kept = [(row[e], column[s]) for e, s in sorted(fixed) if e in row and s in column and not blocked[row[e], column[s]]]
    have = np.bincount([e for e, _ in kept], minlength=len(entries)) if kept else np.zeros(len(entries), np.int64)
    need = np.maximum(have, np.minimum(per_entry, (~blocked).sum(axis=1)))
    high = np.array([len(entries) if (limits.get(s) is None) else int(limits[s] or 0) for s in seats], np.int64)
    loads = np.bincount([s for _, s in kept], minlength=len(seats)) if kept else np.zeros(len(seats), np.int64)
    return scoring.Demand(k=need, lo=np.zeros(len(seats), np.int64), hi=np.maximum(high, loads), conflict=blocked, fixed=kept)


def _wished(demand: scoring.Demand, entries: Sequence[int], seats: Sequence[int], wishes: Wishes) -> scoring.Demand:
    """The demand with the limits that the organizer ticked."""
    if wishes.each_category:
        names = _categories(seats, wishes)
        code = np.array([names.index(wishes.categories.get(s, "")) for s in seats], np.int64)
        demand = replace(demand, category=code, seats=dict.fromkeys(range(len(names)), 1))
    if wishes.one_per_unit:
        units = [wishes.units.get(s, "") or f"seat {s}" for s in seats]
        demand = replace(demand, group=np.array([sorted(set(units)).index(u) for u in units], np.int64), max_same_group=1)
    return demand


def _categories(seats: Sequence[int], wishes: Wishes) -> list[str]:
    """The categories that the judges of the draw have."""
    return sorted({wishes.categories.get(s, "") for s in seats})


def _category(where: Mapping[str, object], seats: Sequence[int], wishes: Wishes) -> dict[str, object]:
    """The category that the engine complains of, by its name."""
    code = where.get("category")
    return {"category": _categories(seats, wishes)[code]} if isinstance(code, int) else {}


def _by_field(demand: scoring.Demand, entries: Sequence[int], seats: Sequence[int], seed: str, wishes: Wishes) -> scoring.Assignment:
    """The best fit of judges to tracks with even loads; the worst-served entry first, equally good ones by the seed.

    With a ceiling by lot: the best expected fit in which no pair is more likely than that.
    """
    even, fixed = int(demand.need.sum()) // len(seats), np.bincount(np.array([s for _, s in demand.fixed], np.int64), minlength=len(seats))
    hi = np.maximum(np.minimum(demand.hi, even + 2), fixed)
    lo = np.minimum(np.minimum(max(even - 1, 0), (~demand.conflict).sum(axis=0)), hi)
    score = np.array([[wishes.fit(e, s) for s in seats] for e in entries], np.int16)
    if wishes.ceiling:
        demand = replace(demand, max_probability=wishes.ceiling / 100)
    try:
        return scoring.optimal(
            replace(demand, lo=lo, hi=hi, score=score), objective="fair", solver="highs", seed=seed, time_limit_s=PATIENCE_S
        )
    except scoring.Infeasible:  # the judges' own limits may leave no room for even loads
        return scoring.optimal(replace(demand, score=score), objective="fair", solver="highs", seed=seed, time_limit_s=PATIENCE_S)


def _named(where: Mapping[str, object], entries: Sequence[int], seats: Sequence[int]) -> dict[str, object]:
    """Positions in the engine's complaint as our ids."""
    named: dict[str, object] = {}
    for key, value in where.items():
        ids = seats if key in ("judge", "judges") else entries if key in ("entry", "entries") else None
        if ids is not None and isinstance(value, int):
            named[key] = ids[value]
        elif ids is not None and isinstance(value, (list, tuple)):
            named[key] = [ids[v] for v in value if isinstance(v, int)]
        else:
            named[key] = str(value)
    return named
