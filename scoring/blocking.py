"""Why an assignment is impossible: the smallest set of entries found that the remaining judges cannot serve (Hall's condition)."""

import numpy as np

from scoring.arrays import Bools, Ints
from scoring.demand import Demand
from scoring.errors import Infeasible


def refuse_if_blocked(d: Demand) -> None:
    """Cheap necessary conditions first: each entry's judges, the sums of limits, seats. Raises Infeasible."""
    n, j = d.shape
    wanted = int(d.need.sum())
    entries, judges = d.barred
    free = j - np.bincount(entries, minlength=n)
    if (free < d.need).any():
        short = np.nonzero(free < d.need)[0]
        first = int(short[0])
        where = {
            "entry": first,
            "entries": short[:20].tolist(),
            "rule": "conflict",
            "judges_left": int(free[first]),
            "k": int(d.need[first]),
        }
        raise Infeasible("an entry has fewer judges without conflict than it needs", where)
    if int(d.hi.sum()) < wanted:
        raise Infeasible(
            "the upper limits of all judges together are below the demand",
            {"rule": "hi", "most": int(d.hi.sum()), "demand": wanted},
        )
    if int(d.lo.sum()) > wanted:
        raise Infeasible(
            "the lower limits of all judges together are above the demand",
            {"rule": "lo", "least": int(d.lo.sum()), "demand": wanted},
        )
    usable = n - np.bincount(judges, minlength=j)
    if (usable < d.lo).any():
        first = int(np.argmax(usable < d.lo))
        raise Infeasible(
            "a judge has fewer entries without conflict than the lower limit",
            {"judge": first, "rule": "lo", "entries_left": int(usable[first])},
        )
    _check_seats(d)
    _check_fixed(d)


def _check_seats(d: Demand) -> None:
    if not d.seats or d.category is None:
        return
    needed = d.need[d.need > 0]
    if needed.size and sum(d.seats.values()) > int(needed.min()):
        raise Infeasible("more seats are reserved for categories than an entry has judges", {"rule": "seats"})
    for code, seats in d.seats.items():
        mine = np.asarray(d.category) == code
        free = (~d.conflict[:, mine]).sum(axis=1)
        if (free < seats).any():
            raise Infeasible(
                "an entry has too few judges of a required category",
                {"entry": int(np.argmax(free < seats)), "category": int(code), "rule": "seats"},
            )
        most, wanted = int(d.hi[mine].sum()), seats * int(needed.size)
        if most < wanted:
            where = {"category": int(code), "rule": "seats", "most": most, "demand": wanted}
            raise Infeasible("the judges of a required category may not take as many entries as need one", where)


def _check_fixed(d: Demand) -> None:
    if not d.fixed:
        return
    entries = np.bincount([e for e, _ in d.fixed], minlength=d.shape[0])
    judges = np.bincount([j for _, j in d.fixed], minlength=d.shape[1])
    if len(set(d.fixed)) != len(d.fixed):
        raise Infeasible("the same fixed pair twice", {"rule": "fixed"})
    if (entries > d.need).any():
        raise Infeasible("more fixed judges than the entry needs", {"entry": int(np.argmax(entries > d.need)), "rule": "fixed"})
    if (judges > d.hi).any():
        raise Infeasible("more fixed entries than the judge may have", {"judge": int(np.argmax(judges > d.hi)), "rule": "fixed"})


def hall_violator(d: Demand) -> dict[str, object]:
    """Maximum flow entries -> judges; the entries that the last search reaches are the blocking set, with their judges.

    Empty when judges' upper limits and conflicts alone leave a solution.
    """
    n, j = d.shape
    free = ~d.conflict
    assigned: list[set[int]] = [set() for _ in range(n)]
    holders: list[set[int]] = [set() for _ in range(j)]
    for e in range(n):
        while len(assigned[e]) < int(d.need[e]):
            reached = _augment(e, free, assigned, holders, d.hi)
            if reached is None:
                continue
            entries, judges = reached
            return {
                "entry": e, "entries": sorted(entries), "judges": sorted(judges), "rule": "hi",
                "demand": int(d.need[sorted(entries)].sum()), "capacity": int(d.hi[sorted(judges)].sum()),
            }  # fmt: skip
    return {}


def floor_violator(d: Demand) -> dict[str, object]:
    """The same for lower limits: judges who together must have more entries than are open to them."""
    free = np.ascontiguousarray(~d.conflict.T)
    assigned: list[set[int]] = [set() for _ in range(d.shape[1])]
    holders: list[set[int]] = [set() for _ in range(d.shape[0])]
    for j in range(d.shape[1]):
        while len(assigned[j]) < int(d.lo[j]):
            reached = _augment(j, free, assigned, holders, d.need)
            if reached is not None:
                judges, entries = sorted(reached[0]), sorted(reached[1])
                least, open_slots = int(d.lo[judges].sum()), int(d.need[entries].sum())
                return {"judge": j, "judges": judges, "entries": entries, "rule": "lo", "least": least, "open": open_slots}
    return {}


def _augment(start: int, free: Bools, assigned: list[set[int]], holders: list[set[int]], hi: Ints) -> tuple[set[int], set[int]] | None:
    """One augmenting path from `start`; None when found (and applied), otherwise the entries and judges that were reached."""
    taken_by: dict[int, int] = {}
    freed_by: dict[int, int] = {}
    queue = [start]
    for e in queue:
        for judge in np.nonzero(free[e])[0].tolist():
            if judge in taken_by or judge in assigned[e]:
                continue
            taken_by[judge] = e
            if len(holders[judge]) < int(hi[judge]):
                _apply_path(start, judge, taken_by, freed_by, assigned, holders)
                return None
            for other in holders[judge]:
                if other != start and other not in freed_by:
                    freed_by[other] = judge
                    queue.append(other)
    return set(queue), set(taken_by) | assigned[start]


def _apply_path(
    start: int,
    judge: int,
    taken_by: dict[int, int],
    freed_by: dict[int, int],
    assigned: list[set[int]],
    holders: list[set[int]],
) -> None:
    """Walk back from the free judge: each entry on the way takes the judge it reached and gives up the one it came by."""
    while True:
        e = taken_by[judge]
        assigned[e].add(judge)
        holders[judge].add(e)
        if e == start:
            return
        judge = freed_by[e]
        assigned[e].discard(judge)
        holders[judge].discard(e)
