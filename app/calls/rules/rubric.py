"""A rubric: criteria in one or two levels. Full marks, steps and weights are decimal strings, because JSON numbers are not exact."""

from __future__ import annotations

from msgspec import Struct

from app.dynforms.schema import Text


class Band(Struct, frozen=True):
    """A stretch of the scale in words: from ``low`` to ``high``, both included."""

    low: str
    high: str
    words: Text


class Criterion(Struct, frozen=True):
    """One thing to mark. ``full`` is its full mark in points; in mode ``weights`` it is marked out of the rubric's scale."""

    key: str
    name: Text
    full: str = "0"
    weight: str = "0"
    description: Text = Text()
    bands: list[Band] = []
    comment_below: str | None = None
    comment_above: str | None = None
    children: list[Criterion] = []


class Deduction(Struct, frozen=True):
    """Points taken off, at most ``most``, with a comment."""

    key: str
    name: Text
    most: str


class Gate(Struct, frozen=True):
    """A yes/no item; with ``blocks`` a 'no' from more than half of the judges excludes the entry."""

    key: str
    name: Text
    blocks: bool = False


class Rubric(Struct, frozen=True):
    """``mode`` points: criteria's full marks add up to ``full``. Mode weights: weights add up to 100, each marked out of ``full``."""

    mode: str = "points"
    full: str = "100"
    step: str = "1"
    decimals: int = 2
    criteria: list[Criterion] = []
    deductions: list[Deduction] = []
    gates: list[Gate] = []

    def leaves(self) -> list[Criterion]:
        """The criteria that judges mark, in order."""
        return [leaf for top in self.criteria for leaf in (top.children or [top])]
