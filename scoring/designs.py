"""Random balanced assignments from a public seed: distinct judges, even loads, conflicts repaired by swaps, one connected graph."""

from dataclasses import dataclass

import numpy as np

from scoring.arrays import Ints
from scoring.blocking import refuse_if_blocked
from scoring.demand import Assignment, Demand, build_assignment
from scoring.errors import Infeasible
from scoring.graph import Graph, graph
from scoring.mixing import permutation, seed_word

TRIES = 400


def random_design(d: Demand, *, seed: str, bridges_per_panel: int = 1) -> Assignment:
    """k distinct judges an entry, loads as even as the limits allow, no conflict; connected where that is possible.

    Separate components are joined by `bridges_per_panel` exchanges each. Raises Infeasible with the blocking set.
    """
    refuse_if_blocked(d)
    if not d.need.any():
        return build_assignment(d, np.zeros((0, 2), np.int64), seed)
    loads = even_loads(d)
    entry, judge = _deal(d, loads, seed)
    table = _Table(d, entry, judge, seed)
    table.repair()
    links = table.join(bridges_per_panel) if bridges_per_panel > 0 and not d.seats else None
    return build_assignment(d, np.stack((table.entry, table.judge), axis=1), seed, links=links)


def even_loads(d: Demand) -> Ints:
    """Loads between lo and hi that add up to the demand and differ by at most 1 where the limits leave room."""
    wanted = int(d.need.sum())
    lo = np.maximum(d.lo, np.bincount([j for _, j in d.fixed], minlength=d.shape[1]) if d.fixed else 0)
    floor, ceiling = 0, int(d.hi.max(initial=0))
    while floor < ceiling:
        middle = (floor + ceiling + 1) // 2
        floor, ceiling = (middle, ceiling) if int(np.clip(middle, lo, d.hi).sum()) <= wanted else (floor, middle - 1)
    loads = np.clip(floor, lo, d.hi)
    room = np.nonzero((loads < d.hi) & (loads <= floor))[0]
    missing = wanted - int(loads.sum())
    if missing < 0 or missing > room.size:
        raise Infeasible(
            "the limits of the judges' loads do not fit the demand",
            {"demand": wanted, "least": int(lo.sum()), "most": int(d.hi.sum())},
        )
    conflicts = np.bincount(d.barred[1], minlength=d.shape[1])
    loads[room[np.argsort(conflicts[room], kind="stable")[:missing]]] += 1
    return loads.astype(np.int64)


def _deal(d: Demand, loads: Ints, seed: str) -> tuple[Ints, Ints]:
    """Judges in shuffled rounds, cut into runs of k for the entries in shuffled order; fixed pairs first."""
    left, need = loads.copy(), d.need.copy()
    for e, j in d.fixed:
        left[j] -= 1
        need[e] -= 1
    total = int(left.sum())
    judge = np.repeat(np.arange(left.size), left)
    round_ = np.arange(total) - np.repeat(np.cumsum(left) - left, left)
    shuffled = permutation(seed, "rounds", total)
    judge = judge[shuffled[stable_order(round_[shuffled])]]
    order = permutation(seed, "entries", need.size)
    entry = np.repeat(order, need[order])
    fixed = np.array([*d.fixed], np.int64).reshape(-1, 2)
    return np.concatenate((fixed[:, 0], entry)), np.concatenate((fixed[:, 1], judge))


def stable_order(values: Ints) -> Ints:
    """Stable order of whole numbers from 0; small ones are sorted by digits, in linear time."""
    small = not values.size or int(values.max()) < 2**16
    return np.argsort(values.astype(np.uint16) if small else values, kind="stable")


@dataclass
class _Table:
    """Slots (entry, judge) under repair; the first ones are fixed."""

    d: Demand
    entry: Ints
    judge: Ints
    seed: str

    def __post_init__(self) -> None:
        self.locked = len(self.d.fixed)
        self.state = seed_word(self.seed, "repair") | 1
        self.apart = {frozenset(pair) for pair in self.d.apart}
        self.index()

    def index(self) -> None:
        """Where the slots of each entry are."""
        self.order = stable_order(self.entry)
        self.starts = np.concatenate(([0], np.cumsum(np.bincount(self.entry, minlength=self.d.shape[0]))))

    def others(self, slot: int) -> list[int]:
        """The other judges of the slot's entry."""
        e = int(self.entry[slot])
        slots = self.order[self.starts[e] : self.starts[e + 1]]
        return [int(k) for k in self.judge[slots[slots != slot]]]

    def _next(self, limit: int) -> int:
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 33) % limit

    def fits(self, slot: int, judge: int) -> bool:
        """May this judge take this slot, next to the entry's other judges?"""
        e = int(self.entry[slot])
        if self.d.conflict[e, judge]:
            return False
        others = self.others(slot)
        if judge in others or any(frozenset((judge, o)) in self.apart for o in others):
            return False
        if (
            self.d.max_same_group is not None
            and self.d.group is not None
            and sum(int(self.d.group[o]) == int(self.d.group[judge]) for o in others) >= self.d.max_same_group
        ):
            return False
        return self._seated(slot, judge, others)

    def _seated(self, slot: int, judge: int, others: list[int]) -> bool:
        if not self.d.seats or self.d.category is None:
            return True
        codes = [int(self.d.category[o]) for o in (*others, judge)]
        return all(codes.count(c) >= n for c, n in self.d.seats.items())

    def bad_slots(self) -> list[int]:
        """Slots that break a rule, found on whole arrays where the rules allow."""
        judge = self.judge
        bad = self.d.conflict[self.entry, judge].copy()
        code = self.entry * self.d.shape[1] + judge
        ordered = np.sort(code)
        twice = ordered[1:][ordered[1:] == ordered[:-1]]
        again = np.nonzero(np.isin(code, twice))[0] if twice.size else twice
        again = again[np.argsort(code[again], kind="stable")]
        bad[again[1:][code[again][1:] == code[again][:-1]]] = True
        if self.d.max_same_group is not None or self.d.seats or self.apart:
            bad |= np.array([not self.fits(s, int(judge[s])) for s in range(judge.size)])
        bad[: self.locked] = False
        return [int(s) for s in np.nonzero(bad)[0]]

    def repair(self) -> None:
        """Exchange judges between slots until every rule holds."""
        waiting = self.bad_slots()
        for _ in range(20):
            for slot in waiting:
                if not self.fits(slot, int(self.judge[slot])):
                    self._exchange(slot, self.judge.size)
            if waiting:
                waiting = self.bad_slots()
            if not waiting:
                return
        self._solve_exactly()

    def _exchange(self, slot: int, size: int) -> None:
        for _ in range(TRIES):
            other = self.locked + self._next(size - self.locked)
            if self.entry[other] == self.entry[slot]:
                continue
            a, b = int(self.judge[slot]), int(self.judge[other])
            if a != b and self.fits(slot, b) and self.fits(other, a):
                self.judge[slot], self.judge[other] = b, a
                return

    def _solve_exactly(self) -> None:
        """Random exchanges did not suffice: the exact solver finds a solution or the blocking set."""
        from scoring.optimal import feasible_pairs  # noqa: PLC0415 -- only tight instances come here

        pairs = feasible_pairs(self.d, self.seed)
        self.entry, self.judge, self.locked = pairs[:, 0].copy(), pairs[:, 1].copy(), 0
        self.index()

    def join(self, bridges: int) -> Graph | None:
        """Exchange judges between the first component and each other one until the graph is connected; the graph if it is."""
        n, j = self.d.shape
        for _ in range(j):
            links = graph(self.entry, self.judge, n_entries=n, n_judges=j)
            label = links.labels_entry[self.entry]
            here = np.unique(label)
            if here.size < 2:
                return links
            inside = np.nonzero(label == here[0])[0].tolist()
            outside = np.nonzero(label == here[1])[0].tolist()
            if not self._join_pair(inside, outside, bridges):
                return None
        return None

    def _join_pair(self, inside: list[int], outside: list[int], bridges: int) -> bool:
        done = 0
        for _ in range(TRIES):
            a, b = inside[self._next(len(inside))], outside[self._next(len(outside))]
            if min(a, b) < self.locked or not (self.fits(a, int(self.judge[b])) and self.fits(b, int(self.judge[a]))):
                continue
            self.judge[a], self.judge[b] = self.judge[b], self.judge[a]
            done += 1
            if done >= bridges:
                return True
        return done > 0
