"""A rubric: criteria in one or two levels. Full marks, steps and weights are decimal strings, because JSON numbers are not exact."""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from app.core.money import exact
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

    def scale_of(self, leaf: Criterion) -> str:
        """The highest mark that a judge may give for it."""
        return self.full if self.mode == "weights" else leaf.full


def stretched(before: Rubric, after: Rubric) -> Rubric:
    """``after`` with the bands and comment limits that nobody touched fitted to full marks that changed since ``before``."""
    known = {leaf.key: (leaf, before.scale_of(leaf)) for leaf in before.leaves()}

    def fitted(leaf: Criterion) -> Criterion:
        old, scale = known.get(leaf.key, (None, ""))
        if old is None or not leaf.bands or leaf.bands != old.bands or (scale, before.step) == (after.scale_of(leaf), after.step):
            return leaf
        try:
            return _fitted(leaf, exact(scale), exact(after.scale_of(leaf)), exact(after.step))
        except (ValueError, ZeroDivisionError):
            return leaf

    def each(top: Criterion) -> Criterion:
        return replace(top, children=[fitted(child) for child in top.children]) if top.children else fitted(top)

    return replace(after, criteria=[each(top) for top in after.criteria])


def _fitted(leaf: Criterion, old: Decimal, new: Decimal, step: Decimal) -> Criterion:
    """Each band begins at the same share of the scale, on its step, and ends one step below the next."""

    def at(text: str) -> Decimal:
        return (exact(text) * new / old / step).to_integral_value() * step

    made, high = [], new
    ordered = sorted(leaf.bands, key=lambda band: exact(band.low), reverse=True)
    for band in ordered:
        made.append(Band(_plain(at(band.low)), _plain(high), band.words))
        high = at(band.low) - step
    if any(exact(band.low) > exact(band.high) for band in made):
        return leaf
    ends = {
        band.high: new_band.high for band, new_band in zip(sorted(leaf.bands, key=lambda b: exact(b.low), reverse=True), made, strict=True)
    }
    below, above = (ends.get(text or "") or (text and _plain(at(text))) for text in (leaf.comment_below, leaf.comment_above))
    return replace(leaf, bands=made, comment_below=below, comment_above=above)


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
