"""Marks as parallel integer arrays, checked against the rule on the way in."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

import numpy as np

from scoring.arrays import Bools, Ints
from scoring.errors import InvalidMark
from scoring.reading import Row, read_rows
from scoring.rounding import format_units, parse_units
from scoring.rubric import Criterion
from scoring.rule import Rule

MAX_CELLS = 400_000_000


class Status(StrEnum):
    """What is known of one judge's sheet on one entry. Only `scored` counts; `void` is struck out for cause."""

    SCORED = "scored"
    PENDING = "pending"
    ABSENT = "absent"
    RECUSED = "recused"
    VOID = "void"


@dataclass(frozen=True, eq=False)
class Marks:
    """One row a mark: positions of entry, judge and criterion, value in minor units. Rows hold scored marks only.

    `status` names the (entry, judge) pairs that are not scored. Positions follow `entries`, `judges` (first
    appearance, unless given) and the rule's criteria; where ids are empty the position is the id.
    """

    entry: Ints
    judge: Ints
    criterion: Ints
    value: Ints
    status: Mapping[tuple[int, int], Status] = field(default_factory=dict)
    entries: tuple[str, ...] = ()
    judges: tuple[str, ...] = ()
    n_criteria: int = 0

    def __post_init__(self) -> None:
        for name in ("entry", "judge", "criterion", "value"):
            array = np.ascontiguousarray(getattr(self, name))
            if array.ndim != 1 or (array.size and not np.issubdtype(array.dtype, np.integer)):
                raise InvalidMark("marks are one-dimensional arrays of whole numbers", {"field": name})
            object.__setattr__(self, name, array.astype(np.int64, copy=False))
        if len({self.entry.size, self.judge.size, self.criterion.size, self.value.size}) != 1:
            raise InvalidMark("the four arrays of marks differ in length", {"field": "value"})
        status = {(int(e), int(j)): Status(s) for (e, j), s in self.status.items() if s != Status.SCORED}
        object.__setattr__(self, "status", status)

    @property
    def shape(self) -> tuple[int, int, int]:
        """Numbers of entries, judges and criteria."""
        pairs = list(self.status)
        n = len(self.entries) or max(_count(self.entry), 1 + max((e for e, _ in pairs), default=-1))
        j = len(self.judges) or max(_count(self.judge), 1 + max((k for _, k in pairs), default=-1))
        return n, j, self.n_criteria or _count(self.criterion)

    @cached_property
    def unscored(self) -> dict[int, list[tuple[int, Status]]]:
        """By entry: the judges without a scored sheet and why, in order; explaining one entry must not walk through all."""
        found: dict[int, list[tuple[int, Status]]] = {}
        for (entry, judge), known in sorted(self.status.items()):
            found.setdefault(entry, []).append((judge, known))
        return found

    def entry_id(self, place: int) -> str:
        return self.entries[place] if self.entries else str(place)

    def judge_id(self, place: int) -> str:
        return self.judges[place] if self.judges else str(place)

    @classmethod
    def from_rows(
        cls,
        rows: Iterable[Row],
        rule: Rule,
        *,
        entries: Sequence[str] = (),
        judges: Sequence[str] = (),
        status: Mapping[tuple[str, str], Status | str] | None = None,
    ) -> "Marks":
        """Rows (entry id, judge id, criterion id, mark in points or None). A judge with a missing criterion is pending.

        `entries`, `judges` fix the positions; `status` declares absent, recused or void pairs.
        Raises InvalidMark naming entry, judge and criterion.
        """
        read = read_rows(rows, rule, entries, judges, status or {})
        unknown = next((known for known in read.status.values() if known not in set(Status)), None)
        if unknown is not None:
            raise InvalidMark("unknown status of a sheet", {"status": str(unknown)[:40]})
        declared = {pair: Status(known) for pair, known in read.status.items()}
        marks = cls(*read.columns, declared, read.entries, read.judges, len(rule.criteria))
        marks.check(rule)
        return marks

    @classmethod
    def from_dense(
        cls,
        values: Ints,
        rule: Rule,
        *,
        valid: Bools | None = None,
        entries: Sequence[str] = (),
        judges: Sequence[str] = (),
    ) -> "Marks":
        """An N x J x C table of minor units; pairs outside `valid` (N x J) are absent. Checks every value."""
        table = np.asarray(values)
        if table.ndim != 3 or table.shape[2] != len(rule.criteria) or not np.issubdtype(table.dtype, np.integer):
            raise InvalidMark("the table must be entries x judges x criteria, in whole minor units", {"field": "values"})
        mask = np.ones(table.shape[:2], bool) if valid is None else np.asarray(valid, bool)
        if mask.shape != table.shape[:2]:
            raise InvalidMark("the mask must be entries x judges", {"field": "valid"})
        marks = DenseMarks(table.astype(np.int64, copy=False), mask, tuple(entries), tuple(judges))
        marks.check(rule)
        return marks

    def check(self, rule: Rule) -> None:
        """Every value inside its criterion's range and on its step; no mark twice. Raises InvalidMark."""
        if self.criterion.size and not 0 <= int(self.criterion.min()) <= int(self.criterion.max()) < len(rule.criteria):
            raise InvalidMark("a mark on a criterion that the rule does not have", {"field": "criterion"})
        lo, hi, step = (np.array([getattr(c, name) for c in rule.criteria], np.int64) for name in ("lo", "hi", "step"))
        at = self.criterion
        bad = (self.value < lo[at]) | (self.value > hi[at]) | ((self.value - lo[at]) % step[at] != 0)
        if bad.any():
            row = int(np.argmax(bad))
            self.refuse_value(row, rule.criteria[int(at[row])], rule.mark_decimals)
        self.dense()

    def refuse_value(self, row: int, criterion: Criterion, decimals: int) -> None:
        low, high, step, text = (format_units(v, decimals) for v in (criterion.lo, criterion.hi, criterion.step, int(self.value[row])))
        raise InvalidMark(f"{text} is not a mark from {low} to {high} in steps of {step}", self.where(row, criterion.id))

    def where(self, row: int, criterion: str) -> dict[str, object]:
        return {
            "entry": self.entry_id(int(self.entry[row])),
            "judge": self.judge_id(int(self.judge[row])),
            "criterion": criterion,
        }

    def dense(self) -> tuple[Ints, Bools]:
        """Values i64[N, J, C] (0 where absent) and scored bool[N, J]: all criteria marked and the pair not struck out."""
        n, j, c = self.shape
        if n * j * c > MAX_CELLS:
            raise InvalidMark("too many entries x judges x criteria for one table: compute panel by panel", {"field": "marks"})
        flat = (self.entry * j + self.judge) * c + self.criterion
        if flat.size == n * j * c and not self.status and _is_range(flat):
            return self.value.reshape(n, j, c), np.ones((n, j), bool)
        self._check_positions(n, j, c)
        values = np.zeros(n * j * c, np.int64)
        seen = np.zeros(n * j * c, bool)
        values[flat] = self.value
        seen[flat] = True
        if int(np.count_nonzero(seen)) != flat.size:
            self._refuse_twice(flat)
        scored: Bools = np.all(seen.reshape(n, j, c), axis=2) if c else np.zeros((n, j), bool)
        for e, k in self.status:
            scored[e, k] = False
        return values.reshape(n, j, c), scored

    def _check_positions(self, n: int, j: int, c: int) -> None:
        for name, limit in (("entry", n), ("judge", j), ("criterion", c)):
            array = getattr(self, name)
            if array.size and (int(array.min()) < 0 or int(array.max()) >= limit):
                raise InvalidMark("a position outside the table of marks", {"field": name})

    def _refuse_twice(self, flat: Ints) -> None:
        order = np.argsort(flat, kind="stable")
        twice = order[1:][flat[order][1:] == flat[order][:-1]]
        row = int(twice.min())
        raise InvalidMark(
            "the same judge marked the same criterion of the same entry twice",
            self.where(row, str(int(self.criterion[row]))),
        )


class DenseMarks(Marks):
    """Marks that came as a full table: the parallel arrays are only made when somebody asks for them."""

    def __init__(self, table: Ints, scored: Bools, entries: tuple[str, ...], judges: tuple[str, ...]) -> None:
        absent = {(int(e), int(j)): Status.ABSENT for e, j in np.argwhere(~scored)} if not scored.all() else {}
        values: dict[str, object] = {"table": table, "scored": scored, "status": absent, "entries": entries, "judges": judges}
        for name, value in {**values, "n_criteria": table.shape[2]}.items():
            object.__setattr__(self, name, value)

    table: Ints
    scored: Bools

    @property
    def shape(self) -> tuple[int, int, int]:
        n, j, c = self.table.shape
        return n, j, c

    @cached_property
    def entry(self) -> Ints:
        return np.repeat(np.nonzero(self.scored)[0], self.n_criteria)

    @cached_property
    def judge(self) -> Ints:
        return np.repeat(np.nonzero(self.scored)[1], self.n_criteria)

    @cached_property
    def criterion(self) -> Ints:
        return np.tile(np.arange(self.n_criteria), int(self.scored.sum()))

    @cached_property
    def value(self) -> Ints:
        return self.table[self.scored].reshape(-1)

    def dense(self) -> tuple[Ints, Bools]:
        return self.table, self.scored

    def check(self, rule: Rule) -> None:
        """As for `Marks`, criterion by criterion on the table."""
        for c, criterion in enumerate(rule.criteria):
            column = self.table[:, :, c]
            bad = (column < criterion.lo) | (column > criterion.hi) | ((column - criterion.lo) % criterion.step != 0)
            if (bad & self.scored).any():
                super().check(rule)


def _count(array: Ints) -> int:
    return int(array.max()) + 1 if array.size else 0


def _is_range(flat: Ints) -> bool:
    return flat.size == 0 or (flat[0] == 0 and flat[-1] == flat.size - 1 and bool((flat[1:] - flat[:-1] == 1).all()))


def parse_mark(text: object, criterion: Criterion, decimals: int) -> int:
    """One mark as minor units, checked against its criterion. Raises InvalidMark."""
    value = parse_units(text, decimals)
    if not criterion.lo <= value <= criterion.hi or (value - criterion.lo) % criterion.step:
        low, high, step = (format_units(v, decimals) for v in (criterion.lo, criterion.hi, criterion.step))
        raise InvalidMark(f"{text} is not a mark from {low} to {high} in steps of {step}", {"criterion": criterion.id})
    return value
