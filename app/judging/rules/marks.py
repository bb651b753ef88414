"""What may be written into a sheet: the items of a rubric with their range and step, and what a complete sheet needs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from flask_babel import gettext as _

from app.calls.rules import Band, Criterion, Rubric
from app.core.display import mark
from app.core.money import exact
from app.dynforms.schema import Text

NOTHING = Text()
Kind = Literal["mark", "deduction", "gate"]
_DIGITS = re.compile(r"[0-9]{1,6}(\.[0-9]{1,4})?")
MAX_DIGITS = 12


@dataclass(frozen=True)
class Item:
    """One line of the sheet: a criterion, a deduction or a yes/no item, with its exact range."""

    key: str
    kind: Kind
    name: Text
    high: Decimal
    step: Decimal
    weight: str = ""
    description: Text = NOTHING
    section: Text = NOTHING
    bands: tuple[Band, ...] = ()
    comment_below: Decimal | None = None
    comment_above: Decimal | None = None

    def needs_comment(self, value: Decimal) -> bool:
        """Whether a comment must stand beside this value."""
        if self.kind == "deduction":
            return value > 0
        low = self.comment_below is not None and value < self.comment_below
        return low or (self.comment_above is not None and value > self.comment_above)


@dataclass(frozen=True)
class MarkFault:
    """What is wrong with one item, in words; ``comment`` when the comment beside it is meant."""

    key: str
    message: str
    comment: bool = False


def items_of(rubric: Rubric) -> tuple[Item, ...]:
    """All lines of the sheet in order: criteria (two levels flattened), deductions, yes/no items."""
    lines: list[Item] = []
    for top in rubric.criteria:
        for leaf in top.children or [top]:
            lines.append(_criterion(rubric, leaf, top.name if top.children else NOTHING))
    step = exact(rubric.step)
    lines += [Item(d.key, "deduction", d.name, exact(d.most), step) for d in rubric.deductions]
    lines += [Item(g.key, "gate", g.name, Decimal(1), Decimal(1)) for g in rubric.gates]
    return tuple(lines)


def _criterion(rubric: Rubric, leaf: Criterion, section: Text) -> Item:
    weighted = rubric.mode == "weights"
    return Item(
        leaf.key, "mark", leaf.name, exact(rubric.full if weighted else leaf.full), exact(rubric.step),
        weight=leaf.weight if weighted else "", description=leaf.description, section=section, bands=tuple(leaf.bands),
        comment_below=exact(leaf.comment_below) if leaf.comment_below else None,
        comment_above=exact(leaf.comment_above) if leaf.comment_above else None,
    )  # fmt: skip


def read_mark(text: str) -> Decimal:
    """The mark written in plain digits; ValueError for anything else (signs, exponents, separators, full-width digits, NaN)."""
    text = text.strip(" \t\r\n")
    if len(text) > MAX_DIGITS or not _DIGITS.fullmatch(text):
        raise ValueError(text)
    return Decimal(text)


def check_mark(item: Item, value: Decimal) -> str | None:
    """The sentence to show beside the field when the value is out of range or off the step; None when it is right."""
    low, high, step = Decimal(0), item.high, item.step
    if item.kind == "gate":
        return None if value in (0, 1) else _("Please choose yes or no.")
    if value < low or value > high:
        return _("A mark from %(low)s to %(high)s, please.", low=mark(low), high=mark(high.normalize()))
    if value % step:
        below = value - value % step
        near = {"below": mark(below.normalize()), "above": mark(min(high, below + step).normalize())}
        return _("Marks go in steps of %(step)s; the nearest are %(below)s and %(above)s.", step=mark(step.normalize()), **near)
    return None


def check_complete(items: tuple[Item, ...], marks: Mapping[str, Decimal], remarks: Mapping[str, str]) -> list[MarkFault]:
    """What still stands between this sheet and its signature."""
    faults: list[MarkFault] = []
    for item in items:
        value = marks.get(item.key)
        if value is None:
            if item.kind != "deduction":
                faults.append(MarkFault(item.key, _("A mark is missing here.")))
        elif item.needs_comment(value) and len(remarks.get(item.key, "").strip()) < 2:
            faults.append(MarkFault(item.key, _comment_words(item, value), comment=True))
    return faults


def _comment_words(item: Item, value: Decimal) -> str:
    if item.kind == "deduction":
        return _("Please say why points are taken off.")
    return _("Please give your reasons for so high or low a mark (%(mark)s).", mark=f"{value:f}")
