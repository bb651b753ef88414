"""Criteria and sections of a rubric, and the keys of a tie chain."""

from dataclasses import dataclass
from typing import Literal, get_args

from scoring.errors import InvalidRule

Kind = Literal["mark", "deduction", "gate"]


@dataclass(frozen=True)
class Criterion:
    """One item of a rubric. `lo`, `hi`, `step` are minor units of the rule's `mark_decimals`.

    `kind`: a mark, a deduction (its mark is subtracted), or a gate (0 = no, `hi` = yes). `section` names its block in a two-level rubric.
    """

    id: str
    weight: int
    lo: int
    hi: int
    step: int = 1
    kind: Kind = "mark"
    section: str = ""

    def __post_init__(self) -> None:
        where = {"criterion": self.id}
        for name in ("weight", "lo", "hi", "step"):
            if type(getattr(self, name)) is not int:
                raise InvalidRule(f"{name} must be a whole number of minor units", where)
        if not isinstance(self.id, str) or not self.id:
            raise InvalidRule("a criterion needs an id", where)
        if self.weight < 0 or self.weight > 10**6:
            raise InvalidRule("a weight lies between 0 and 1,000,000", where)
        if not -(10**9) <= self.lo < self.hi <= 10**9:
            raise InvalidRule("the lowest mark must lie below the highest", where)
        if self.step <= 0 or (self.hi - self.lo) % self.step:
            raise InvalidRule("the step must divide the range of marks", where)
        if self.kind not in get_args(Kind):
            raise InvalidRule(f"unknown kind {self.kind!r}", where)


@dataclass(frozen=True)
class Section:
    """First level of a two-level rubric: the weights of its criteria must add up to `weight`."""

    id: str
    weight: int


TIE_KINDS = (
    "exact", "mean_all", "sum_all", "median", "criterion", "section", "criteria_by_weight", "fewer_low", "highest",
    "lowest", "next_highest", "first_places", "head_to_head", "fewer_deductions", "majority", "ordinals", "extra", "lot",
)  # fmt: skip


@dataclass(frozen=True)
class TieKey:
    """One step of a tie chain. `name` is a criterion, section or `extra` id; `prefer` says which value wins.

    Kinds: exact (unrounded score), mean_all, sum_all, median (of all judges, nothing dropped), criterion, section,
    criteria_by_weight (heaviest first), fewer_low (judge totals below 60 % of the full mark), highest, lowest,
    next_highest (second-highest judge total, then third, …), first_places, head_to_head (two-way ties only),
    fewer_deductions, majority (majority judgement), ordinals (majority of places: its size, its sum, the sum of all),
    extra (an array given to `rank`: earlier stage, chair's vote, time of submission), lot (public seed).
    """

    kind: str
    name: str = ""
    prefer: Literal["high", "low"] = "high"

    def __post_init__(self) -> None:
        if self.kind not in TIE_KINDS:
            raise InvalidRule(f"unknown tie key {self.kind!r}", {"field": "ties"})
        if self.kind in ("criterion", "section", "extra") and not self.name:
            raise InvalidRule(f"tie key {self.kind!r} needs a name", {"field": "ties"})
        if self.prefer not in ("high", "low"):
            raise InvalidRule("a tie key prefers high or low", {"field": "ties"})

    @property
    def label(self) -> str:
        return f"{self.kind}:{self.name}" if self.name else self.kind

    @classmethod
    def parse(cls, text: str) -> "TieKey":
        """`mean_all`, `criterion:innovation`, `extra:submitted:low` …"""
        kind, _, rest = text.partition(":")
        name, _, prefer = rest.partition(":")
        return cls(kind, name, "low" if prefer == "low" else "high")
