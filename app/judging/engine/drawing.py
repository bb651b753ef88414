"""Who scores what: a balanced draw from a seed that is written down, with the figures by which to judge it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from scoring import Demand, Infeasible, draw_order, graph, random_design

Pair = tuple[int, int]


class Unbalanced(Exception):
    """No draw satisfies the limits; ``where`` names what blocks it."""

    def __init__(self, where: Mapping[str, object]) -> None:
        super().__init__("no draw satisfies the limits")
        self.where = dict(where)


@dataclass(frozen=True)
class DrawQuality:
    """``connectivity`` in thousandths; ``worst`` is the entry with the fewest judges and how many it has."""

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

    def as_data(self) -> dict[str, int | None]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


@dataclass(frozen=True)
class Draw:
    """Pairs (entry id, seat id), sorted, with a digest over seed and pairs."""

    pairs: tuple[Pair, ...]
    quality: DrawQuality
    digest: str


def order_of(seed: str, tag: str, ids: Iterable[int]) -> list[int]:
    """The ids in the order drawn from the seed, repeatable with any SHA-256 tool."""
    return [int(name) for name in draw_order(seed, tag, [str(i) for i in ids])]


def draw_pairs(
    *, entries: Sequence[int], seats: Sequence[int], per_entry: int, limits: Mapping[int, int | None],
    conflicts: frozenset[Pair], fixed: frozenset[Pair], seed: str,
) -> Draw:  # fmt: skip
    """``per_entry`` judges for every entry (0: the whole panel), never a conflict, existing pairs kept.

    ``conflicts`` and ``fixed`` hold pairs (entry id, seat id). Raises Unbalanced naming what blocks the draw.
    """
    if not entries or not seats:
        return _made([], entries, seats, per_entry, conflicts, seed)
    if per_entry == 0 or per_entry >= len(seats):
        pairs = [(e, s) for e in entries for s in seats if (e, s) not in conflicts]
        return _made(pairs, entries, seats, per_entry, conflicts, seed)
    return _made(_balanced(entries, seats, per_entry, limits, conflicts, fixed, seed), entries, seats, per_entry, conflicts, seed)


def _balanced(
    entries: Sequence[int], seats: Sequence[int], per_entry: int, limits: Mapping[int, int | None],
    conflicts: frozenset[Pair], fixed: frozenset[Pair], seed: str,
) -> list[Pair]:  # fmt: skip
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
    demand = Demand(k=need, lo=np.zeros(len(seats), np.int64), hi=np.maximum(high, loads), conflict=blocked, fixed=kept)
    try:
        made = random_design(demand, seed=seed)
    except Infeasible as error:
        raise Unbalanced(_named(error.where, entries, seats)) from error
    return [(entries[e], seats[s]) for e, s in made.pairs.tolist()]


def _named(where: Mapping[str, object], entries: Sequence[int], seats: Sequence[int]) -> dict[str, object]:
    """Positions in the engine's complaint as our ids."""
    named: dict[str, object] = {}
    for key, value in where.items():
        ids = seats if key.startswith("judge") else entries if key.startswith("entr") else None
        if ids is not None and isinstance(value, int):
            named[key] = ids[value]
        elif ids is not None and isinstance(value, (list, tuple)):
            named[key] = [ids[v] for v in value if isinstance(v, int)]
        else:
            named[key] = str(value)
    return named


def _made(
    pairs: Iterable[Pair], entries: Sequence[int], seats: Sequence[int], per_entry: int, conflicts: frozenset[Pair], seed: str
) -> Draw:
    ordered = tuple(sorted(pairs))
    text = "\n".join(f"{e} {s}" for e, s in ordered)
    return Draw(
        ordered,
        measure(ordered, entries, seats, per_entry, conflicts),
        hashlib.sha256(f"{seed}\n{text}".encode()).hexdigest(),
    )


def measure(pairs: Sequence[Pair], entries: Sequence[int], seats: Sequence[int], per_entry: int, conflicts: frozenset[Pair]) -> DrawQuality:
    """The figures of any set of pairs, drawn or set by hand."""
    row = {e: n for n, e in enumerate(entries)}
    column = {s: n for n, s in enumerate(seats)}
    known = [(row[e], column[s]) for e, s in pairs if e in row and s in column]
    counts = [0] * len(entries)
    loads = [0] * len(seats)
    for e, s in known:
        counts[e] += 1
        loads[s] += 1
    wanted = per_entry or len(seats)
    worst = min(range(len(entries)), key=lambda e: counts[e]) if entries else None
    ends = np.array(known, np.int64).reshape(-1, 2)
    links = graph(ends[:, 0], ends[:, 1], n_entries=len(entries), n_judges=len(seats)) if known else None
    return DrawQuality(
        entries=len(entries), judges=len(seats), wanted=wanted, covered=sum(c >= wanted for c in counts),
        load_low=min(loads, default=0), load_high=max(loads, default=0),
        avoided=sum(e in row and s in column for e, s in conflicts),
        components=links.components if links else 0, bridges=len(links.bridges) if links else 0,
        connectivity=round(links.connectivity * 1000) if links else 0,
        worst_entry=entries[worst] if worst is not None else None, worst_count=counts[worst] if worst is not None else 0,
    )  # fmt: skip
