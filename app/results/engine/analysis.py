"""How far a result can be trusted: agreement of the judges, their severity, corrected scores beside the raw ones, and how sure a
rank is. Information for readers; nothing here changes a score, a rank or an award."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

import scoring

from .computing import marks_of
from .ruling import rule_of
from .values import Inputs, StepOut, normalized, of_call

T = TypeVar("T")
LARGEST = 3000
DRAWS = 2000


@dataclass(frozen=True)
class Figure:
    """One measure with its 95 percent limits as texts; ``reason`` where it is not defined."""

    key: str
    value: str
    low: str = ""
    high: str = ""
    reason: str = ""


@dataclass(frozen=True)
class JudgeFigures:
    """Severity in points above (generous) or below the panel, its standard error, agreement with the others."""

    judge: int
    sheets: int
    severity: str
    error: str
    consistency: str
    cautions: tuple[StepOut, ...]


@dataclass(frozen=True)
class EntryFigures:
    """Raw and corrected score, 95 percent limits of the rank, chance of being among the first k, methods that place it there."""

    entry: int
    raw: str
    rank: int
    adjusted: str
    adjusted_rank: int | None
    low: int | None
    high: int | None
    chance: str
    methods: str


@dataclass(frozen=True)
class Analysis:
    """All figures of a run; ``refusals`` say which method does not apply and why."""

    figures: tuple[Figure, ...]
    judges: tuple[JudgeFigures, ...]
    entries: tuple[EntryFigures, ...]
    k: int
    methods: int
    warnings: tuple[StepOut, ...]
    refusals: tuple[str, ...]


def analyse(inputs: Inputs, *, k: int) -> Analysis:
    """Figures for one call. ``k`` is the number of places whose stability is asked for."""
    inputs = of_call(normalized(inputs))
    rule = rule_of(inputs.rules, inputs.rules.rubric_for(inputs.group or None))
    marks = marks_of(inputs, rule)
    totals = scoring.judge_totals(marks, rule)
    scored = int(totals.valid.any(axis=1).sum())
    if scored < 2 or scored > LARGEST:
        return Analysis((), (), (), k, 0, (), ("between 2 and 3000 marked entries are needed",))
    refusals: list[str] = []
    fit = _try(lambda: scoring.uncertainty.fit_totals(totals), refusals)
    judges = _judges(marks, fit) if fit is not None else ()
    calibrated = _try(lambda: scoring.calibrate(totals, "additive_blup"), refusals)
    scores = _methods(totals, calibrated)
    entries = _entries(totals, fit, calibrated, scores, k, inputs.seed or "analysis", refusals)
    warnings = tuple(StepOut(step.key, dict(step.values)) for step in calibrated.warnings) if calibrated is not None else ()
    return Analysis(_agreement(totals, refusals), judges, entries, k, len(scores), warnings, tuple(dict.fromkeys(refusals)))


def _try(make: Callable[[], T], refusals: list[str]) -> T | None:
    """The figure, or the plain reason why there is none."""
    try:
        return make()
    except scoring.ScoringError as error:
        refusals.append(str(error))
        return None


def _text(value: object, places: int = 2) -> str:
    """A diagnostic figure for reading; never used for a decision."""
    number = np.float64(value)  # type: ignore[arg-type]
    return f"{number:.{places}f}" if np.isfinite(number) else ""


def _agreement(totals: scoring.Totals, refusals: list[str]) -> tuple[Figure, ...]:
    points = totals.points()
    found = []
    if bool(totals.valid.all()):
        table = _try(lambda: scoring.icc(points), refusals) or {}
        found += [_figure(f"icc_{name}", table[name]) for name in ("A1", "Ak") if name in table]
        concordance = _try(lambda: scoring.kendall_w(points), refusals)
        if concordance is not None:
            found.append(Figure("kendall_w", _text(concordance.w_corrected)))
    alpha = _try(lambda: scoring.krippendorff_alpha(points, totals.valid, "interval", boot=500), refusals)
    if alpha is not None:
        found.append(_figure("alpha", alpha))
    return tuple(found)


def _figure(key: str, estimate: scoring.Estimate) -> Figure:
    return Figure(key, _text(estimate.value), _text(estimate.lo), _text(estimate.hi), estimate.reason)


def _judges(marks: scoring.Marks, fit: scoring.Mixed) -> tuple[JudgeFigures, ...]:
    return tuple(
        JudgeFigures(
            int(row.judge),
            row.n,
            _text(row.severity),
            _text(row.se),
            _text(row.consistency),
            tuple(StepOut(step.key, dict(step.values)) for step in row.cautions),
        )
        for row in scoring.judge_report(marks, fit)
    )


def _methods(totals: scoring.Totals, calibrated: scoring.Calibrated | None) -> Mapping[str, np.ndarray]:
    """Printed scores under the rule itself and under other usual methods, for the question how much the method matters."""
    rule = replace(totals.rule, min_judges=1, missing="reduce")
    usual: dict[str, scoring.Mean | scoring.Median | scoring.Trimmed] = {
        "mean": scoring.Mean(), "median": scoring.Median(), "trimmed": scoring.Trimmed(1, 1, min_n=4),
    }  # fmt: skip
    scores = {}
    if not isinstance(rule.aggregate, scoring.Categories):
        scores["rule"] = scoring.aggregate(replace(totals, rule=rule), rule).printed
    for name, method in usual.items():
        other = replace(rule, aggregate=method)
        scores[name] = scoring.aggregate(replace(totals, rule=other), other).printed
    if calibrated is not None:
        scores["corrected"] = calibrated.adjusted
    return scores


def _entries(
    totals: scoring.Totals, fit: scoring.Mixed | None, calibrated: scoring.Calibrated | None, scores: Mapping[str, np.ndarray], k: int,
    seed: str, refusals: list[str],
) -> tuple[EntryFigures, ...]:  # fmt: skip
    places = min(max(k, 1), totals.num.shape[0])
    sure = _try(lambda: scoring.rank_uncertainty(fit, k=[places], draws=DRAWS, seed=seed), refusals) if fit is not None else None
    counts = scoring.calibration.top_counts(dict(scores), places)
    raw = scores.get("rule", next(iter(scores.values())))
    raw_rank = scoring.rank_values(raw)
    new_rank = scoring.rank_values(calibrated.adjusted) if calibrated is not None else None
    decimals = totals.rule.result_round.decimals
    rows = []
    for i, entry in enumerate(totals.marks.entries):
        if totals.valid[i].any():
            rows.append(
                EntryFigures(
                    int(entry),
                    scoring.format_units(int(raw[i]), decimals),
                    int(raw_rank[i]),
                    scoring.format_units(int(calibrated.adjusted[i]), decimals) if calibrated is not None else "",
                    int(new_rank[i]) if new_rank is not None else None,
                    int(sure.lo[i]) if sure is not None else None,
                    int(sure.hi[i]) if sure is not None else None,
                    f"{sure.p_top[i, 0] * 100:.0f}%" if sure is not None else "",
                    f"{int(counts[i])}/{len(scores)}",
                )
            )
    return tuple(sorted(rows, key=lambda row: (row.rank, row.entry)))
