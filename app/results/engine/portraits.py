"""Each judge beside the others, and pairs of judges to ask about. Questions, never findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.later import later

from .figures import JudgeFigures
from .values import StepOut

if TYPE_CHECKING:
    import numpy as np

    import scoring
else:
    np = later("numpy")
    scoring = later("scoring")


def text_of(value: object, places: int = 2) -> str:
    """A diagnostic figure for reading; empty where it is not defined."""
    number = np.float64(value)  # type: ignore[arg-type]
    return f"{number:.{places}f}" if np.isfinite(number) else ""


def percent_of(share: object) -> str:
    number = np.float64(share)  # type: ignore[arg-type]
    return f"{number * 100:.0f}%" if np.isfinite(number) else ""


def portraits(totals: scoring.Totals, fit: scoring.Mixed, related: np.ndarray) -> list[JudgeFigures]:
    """One row a judge, in the order of the seats."""
    lenient = scoring.aggregate(totals, totals.rule) if not isinstance(totals.rule.aggregate, scoring.Categories) else None
    dropped = scoring.dropped_shares(lenient) if lenient is not None else np.full(totals.valid.shape[1], np.nan)
    return [_portrait(row, dropped[at]) for at, row in enumerate(scoring.judge_report(totals.marks, fit, related=related))]


def _portrait(row: scoring.JudgeReport, dropped: object) -> JudgeFigures:
    margin = 1.96 * row.se if np.isfinite(row.se) else 0.0
    low, high = (round(100 * (row.severity + side * margin)) if np.isfinite(row.severity) else 0 for side in (-1, 1))
    return JudgeFigures(
        int(row.judge), row.n, text_of(row.severity), text_of(row.se), low, high, text_of(row.consistency), text_of(row.spread),
        text_of(row.halo), percent_of(row.straight), percent_of(dropped), [_plain(step) for step in row.cautions],
    )  # fmt: skip


def signals(marks: scoring.Marks, fit: scoring.Mixed, related: np.ndarray) -> list[StepOut]:
    """Judges whose deviations move together, and judges who favour the entries tied to each other."""
    together = [signal.step for signal in scoring.collusion_signals(marks, fit)]
    return [_plain(step) for step in (*together, *(found.step for found in scoring.reciprocal_favours(marks, fit, related)))]


def _plain(step: scoring.trace.Step) -> StepOut:
    return StepOut(step.key, dict(step.values))
