"""Values for tie keys that ``scoring`` cannot know: the earlier stage, the chair's total, the deductions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from app.calls.rules import Rubric
from app.core.later import later

from .ruling import EXTRA
from .values import Inputs, latest_scores

if TYPE_CHECKING:
    import numpy as np

    import scoring
else:
    np = later("numpy")
    scoring = later("scoring")


@dataclass(frozen=True)
class Extras:
    """One whole number per entry (larger is better) for each key, and how its value is written."""

    values: Mapping[str, np.ndarray] = field(default_factory=dict)
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def shown(self, label: str, above: str, below: str) -> tuple[str, str] | None:
        """Both values as people read them, for labels such as ``extra:chair``."""
        texts = self.texts.get(label.partition(":")[2]) if label.startswith("extra:") else None
        return None if texts is None else (texts.get(above, "–"), texts.get(below, "–"))


def extras_of(inputs: Inputs, rubric: Rubric, totals: scoring.Totals) -> Extras:
    """Only what the tie chain asks for."""
    wanted = {EXTRA[step.kind] for step in inputs.rules.ties if step.kind in EXTRA}
    makers = {"earlier": _earlier, "chair": _chair, "deductions": _deductions}
    values, texts = {}, {}
    for name in sorted(wanted):
        fractions, sign = makers[name](inputs, rubric, totals)
        codes = {value: code for code, value in enumerate(sorted(set(fractions.values())), start=1)}
        ids = totals.marks.entries
        values[name] = np.array([sign * codes[fractions[e]] if e in fractions else -(10**9) for e in ids], np.int64)
        texts[name] = {e: scoring.format_fraction(value) for e, value in fractions.items()}
    return Extras(values, texts)


def _earlier(inputs: Inputs, rubric: Rubric, totals: scoring.Totals) -> tuple[dict[str, Fraction], int]:
    """The printed score of the latest earlier stage that has one."""
    return {entry: Fraction(score) for entry, score in latest_scores(inputs).items()}, 1


def _chair(inputs: Inputs, rubric: Rubric, totals: scoring.Totals) -> tuple[dict[str, Fraction], int]:
    """The total that the chair of the panel gave."""
    chairs = {str(judge.id) for judge in inputs.judges if judge.is_chair}
    found = {}
    for j, judge in enumerate(totals.marks.judges):
        for i, entry in enumerate(totals.marks.entries):
            if judge in chairs and totals.valid[i, j]:
                found[entry] = totals.exact(i, j)
    return found, 1


def _deductions(inputs: Inputs, rubric: Rubric, totals: scoring.Totals) -> tuple[dict[str, Fraction], int]:
    """Mean of the judges' deductions; fewer is better."""
    keys = [d.key for d in rubric.deductions]
    taken: dict[str, list[Fraction]] = {}
    for sheet in inputs.sheets:
        taken.setdefault(str(sheet.entry), []).append(sum((Fraction(sheet.marks.get(k, "0")) for k in keys), Fraction(0)))
    return {entry: sum(values, Fraction(0)) / len(values) for entry, values in taken.items()}, -1
