"""Panels built in one draw: judges by unit and category, bridging judges between neighbours, anchor entries, entries dealt out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from scoring.arrays import Ints
from scoring.demand import Assignment, Demand, build_assignment
from scoring.designs import random_design
from scoring.errors import Infeasible, InvalidRule
from scoring.mixing import permutation
from scoring.optimal import optimal

ATTEMPTS = 200


@dataclass(frozen=True, eq=False)
class Panels:
    """judges[p]: seats of panel p; entry_panel[N]: home panel of each entry; `anchors` are marked by all panels.

    `bridges`: (judge, home panel, second panel). `assignment` holds every (entry, judge) pair with its graph and digest.
    """

    judges: tuple[tuple[int, ...], ...]
    entry_panel: Ints
    bridges: tuple[tuple[int, int, int], ...]
    anchors: tuple[int, ...]
    assignment: Assignment
    seed: str


def make_panels(d: Demand, n_panels: int, size: int, *, bridges: int = 1, anchors: int = 0, seed: str) -> Panels:
    """`n_panels` panels of `size` seats, `bridges` of them filled by judges of the neighbouring panel (in a ring).

    Respects conflicts, `max_same_group` and `seats` (both per panel), `apart` and upper loads; with scores, entries go
    where they fit best. Raises InvalidRule, Infeasible.
    """
    n, j = d.shape
    if n_panels < 1 or size < 1 or not 0 <= bridges < size or anchors < 0:
        raise InvalidRule("panels need seats, and fewer bridging judges than seats", {"field": "size"})
    if n_panels > n:
        raise InvalidRule("more panels than entries", {"field": "n_panels"})
    links = _links(n_panels) if bridges else []
    wanted = n_panels * size - len(links) * bridges
    if wanted > j:
        raise Infeasible("not enough judges for these panels", {"rule": "judges", "wanted": wanted, "available": j})
    reason: Infeasible | None = None
    for attempt in range(ATTEMPTS):
        seated = _seat(d, n_panels, size, bridges, links, f"{seed}\x1e{attempt}")
        if seated is None:
            continue
        try:
            return _deal_entries(d, seated, anchors, seed)
        except Infeasible as refusal:
            reason = refusal
    where = reason.where if reason else {"rule": "group, seats or apart"}
    raise Infeasible(f"no panels found in {ATTEMPTS} draws", where)


def _links(n_panels: int) -> list[tuple[int, int]]:
    """Neighbours that share judges: a ring, for two panels one link."""
    if n_panels == 1:
        return []
    return [(p, (p + 1) % n_panels) for p in range(n_panels if n_panels > 2 else 1)]


@dataclass
class _Seated:
    judges: list[list[int]]
    bridges: list[tuple[int, int, int]]


def _seat(d: Demand, n_panels: int, size: int, bridges: int, links: list[tuple[int, int]], draw: str) -> _Seated | None:
    """Fill the seats in drawn order: required categories first; then the bridges; None when this draw does not fit."""
    order = permutation(draw, "judges", d.shape[1]).tolist()
    borrowed = [sum(target == p for _, target in links) * bridges for p in range(n_panels)]
    panels: list[list[int]] = [[] for _ in range(n_panels)]
    free = list(order)
    for p, category in _required(d, n_panels):
        pick = next((k for k in free if d.category is not None and int(d.category[k]) == category and _sits(d, panels[p], k)), None)
        if pick is None:
            return None
        panels[p].append(pick)
        free.remove(pick)
    for _ in range(size):
        for p in range(n_panels):
            if len(panels[p]) >= size - borrowed[p]:
                continue
            pick = next((k for k in free if _sits(d, panels[p], k)), None)
            if pick is None:
                return None
            panels[p].append(pick)
            free.remove(pick)
    return _bridge(d, panels, links, bridges)


def _required(d: Demand, n_panels: int) -> Iterator[tuple[int, int]]:
    for category, seats in d.seats.items():
        for _ in range(seats):
            for p in range(n_panels):
                yield p, category


def _sits(d: Demand, panel: Sequence[int], judge: int) -> bool:
    """May this judge join: unit limit and pairs kept apart."""
    if judge in panel or any((a == judge and b in panel) or (b == judge and a in panel) for a, b in d.apart):
        return False
    if d.max_same_group is None or d.group is None:
        return True
    return sum(int(d.group[k]) == int(d.group[judge]) for k in panel) < d.max_same_group


def _bridge(d: Demand, panels: list[list[int]], links: list[tuple[int, int]], bridges: int) -> _Seated | None:
    """Lend judges of each panel to its neighbour, preferring those with room for both and not yet lent."""
    home = [list(p) for p in panels]
    lent: set[int] = set()
    out = []
    for source, target in links:
        able = sorted(home[source], key=lambda k: (k in lent, -int(d.hi[k])))
        picks = [k for k in able if _sits(d, panels[target], k)]
        if len(picks) < bridges:
            return None
        for judge in picks[:bridges]:
            panels[target].append(judge)
            lent.add(judge)
            out.append((judge, source, target))
    return _Seated(panels, out)


def _deal_entries(d: Demand, seated: _Seated, anchors: int, seed: str) -> Panels:
    n, j = d.shape
    barred = np.stack([d.conflict[:, p].any(axis=1) for p in seated.judges], axis=1)
    open_to_all = [int(i) for i in permutation(seed, "anchors", n) if not barred[i].any()]
    if len(open_to_all) < anchors:
        raise Infeasible("too few entries without any conflict to serve as anchors", {"rule": "anchors", "found": len(open_to_all)})
    chosen = tuple(sorted(open_to_all[:anchors]))
    entry_panel = _home_panels(d, seated, barred, seed)
    pairs = [(i, k) for i in range(n) for k in seated.judges[entry_panel[i]]]
    pairs += [(i, k) for i in chosen for p in seated.judges for k in p]
    unique = np.array(sorted(set(pairs)), np.int64)
    loads = np.bincount(unique[:, 1], minlength=j)
    used = loads > 0
    if ((loads > d.hi) & used).any():
        judge = int(np.argmax((loads > d.hi) & used))
        raise Infeasible("a judge would have more entries than allowed", {"judge": judge, "rule": "hi", "load": int(loads[judge])})
    assignment = build_assignment(d, unique, seed)
    return Panels(tuple(map(tuple, seated.judges)), entry_panel, tuple(seated.bridges), chosen, assignment, seed)


def _home_panels(d: Demand, seated: _Seated, barred: np.ndarray, seed: str) -> Ints:
    """Panels of equal size (within one); by fit where there are scores, by draw otherwise."""
    n, count = barred.shape
    low, high = np.full(count, n // count), np.full(count, -(-n // count))
    if d.score is None:
        dealt = random_design(Demand(1, low, high, barred), seed=seed, bridges_per_panel=0)
    else:
        fit = np.stack([d.score[:, p].mean(axis=1) for p in seated.judges], axis=1).astype(np.int16)
        dealt = optimal(Demand(1, low, high, barred, fit), objective="total", solver="highs", seed=seed)
    home = np.zeros(n, np.int64)
    home[dealt.pairs[:, 0]] = dealt.pairs[:, 1]
    return home
