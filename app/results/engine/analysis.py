"""How far a result can be trusted: agreement of the judges, their severity, corrected scores beside the raw ones, and how sure a
rank is. Information for readers; nothing here changes a score, a rank or an award."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from app.core.later import later

from .computing import marks_of
from .figures import Analysis, EntryFigures, Figure, Shares, Study, StudyRow
from .portraits import portraits, signals, text_of
from .ruling import rule_of
from .values import Inputs, StepOut, normalized, of_call

if TYPE_CHECKING:
    import numpy as np

    import scoring
else:
    np = later("numpy")
    scoring = later("scoring")

T = TypeVar("T")
FORMAT = "jiebang.analysis/4"
LARGEST = 5_000
DRAWS = 2000
BOOT = 500
LEAST_MARKS = 5
ENOUGH = 80
MOST_JUDGES = 30


def analyse(inputs: Inputs, *, k: int, related: Collection[tuple[int, int]] = (), ranks: Mapping[int, int] | None = None) -> Analysis:
    """Figures for one call. ``k`` is the number of places whose stability is asked for; ``related`` are the pairs (entry, judge)
    that some tie joins, whether or not the judge marked the entry; ``ranks`` are those of the run, which a tie chain may have decided.
    """
    inputs = of_call(normalized(inputs))
    rule = rule_of(inputs.rules, inputs.rules.rubric_for(inputs.group or None))
    marks = marks_of(inputs, rule)
    totals = scoring.judge_totals(marks, rule)
    scored = int(totals.valid.any(axis=1).sum())
    if not 2 <= scored <= LARGEST:
        return Analysis(k, refusals=[StepOut("refused.size", {"most": str(LARGEST)})])
    refusals: list[StepOut] = []
    fit = _try(lambda: scoring.uncertainty.fit_totals(totals), "confidence", refusals)
    calibrated, uncorrected = _corrected(totals)
    scores = _methods(totals, calibrated)
    ties = related_table(totals, related)
    return Analysis(
        k, _agreement(totals, refusals), _study(totals, fit, refusals),
        portraits(totals, fit, ties) if fit is not None else [], signals(marks, fit, ties) if fit is not None else [],
        _entries(totals, fit, calibrated, scores, k, inputs.seed or "analysis", refusals, ranks or {}), list(scores),
        [StepOut(step.key, dict(step.values)) for step in calibrated.warnings] if calibrated is not None else [],
        refusals, uncorrected,
    )  # fmt: skip


def related_table(totals: scoring.Totals, related: Collection[tuple[int, int]]) -> np.ndarray:
    """The pairs as a table entries x judges."""
    row = {name: i for i, name in enumerate(totals.marks.entries)}
    column = {name: j for j, name in enumerate(totals.marks.judges)}
    table = np.zeros(totals.valid.shape, bool)
    for entry, judge in related:
        if str(entry) in row and str(judge) in column:
            table[row[str(entry)], column[str(judge)]] = True
    return table


def _try(make: Callable[[], T], what: str, refusals: list[StepOut]) -> T | None:
    """The figure, or the plain reason why there is none."""
    try:
        return make()
    except scoring.ScoringError as error:
        reason = _reason(error, what)
        if reason not in refusals:
            refusals.append(reason)
        return None


def _reason(error: scoring.ScoringError, what: str) -> StepOut:
    """Why a method does not apply, as a sentence's key; ``what`` names the figure."""
    if isinstance(error, scoring.NotIdentifiable):
        return StepOut("refused.unlinked", {name: str(error.where[name]) for name in ("judge", "other_judge") if name in error.where})
    if "judges" in error.where and "most" in error.where:
        return StepOut("refused.judges", {"what": what, "most": str(error.where["most"])})
    return StepOut("refused.unsettled" if isinstance(error, scoring.NotConverged) else "refused.few", {"what": what})


def _corrected(totals: scoring.Totals) -> tuple[scoring.Calibrated | None, StepOut | None]:
    """Scores corrected for severity, or why they are not: parts without a link, or too few marks of most judges."""
    counts = totals.valid.sum(axis=0)
    usual = int(np.median(counts[counts > 0]))
    if usual < LEAST_MARKS:
        return None, StepOut("refused.marks", {"usual": str(usual), "least": str(LEAST_MARKS)})
    try:
        return scoring.calibrate(totals, "additive_blup"), None
    except scoring.ScoringError as error:
        return None, _reason(error, "correction")


def _agreement(totals: scoring.Totals, refusals: list[StepOut]) -> list[Figure]:
    points = totals.points()
    found = []
    if bool(totals.valid.all()):
        table = _try(lambda: scoring.icc(points), "icc", refusals) or {}
        found += [_figure(f"icc_{name}", table[name], (0.5, 0.75)) for name in ("A1", "Ak") if name in table]
        concordance = _try(lambda: scoring.kendall_w(points), "kendall_w", refusals)
        if concordance is not None:
            found.append(_figure("kendall_w", scoring.Estimate(concordance.w_corrected), (0.5, 0.7)))
    alpha = _try(lambda: scoring.krippendorff_alpha(points, totals.valid, "interval", boot=BOOT), "alpha", refusals)
    if alpha is not None:
        found.append(_figure("alpha", alpha, (0.667, 0.8)))
    return found


def _figure(key: str, estimate: scoring.Estimate, steps: tuple[float, float]) -> Figure:
    """``steps``: from where the value counts as fair, and as good (Koo & Li 2016 for ICC, Krippendorff for alpha)."""
    value = estimate.value
    level = "" if np.isnan(value) else "good" if value >= steps[1] else "fair" if value >= steps[0] else "weak"
    return Figure(key, text_of(value), text_of(estimate.lo), text_of(estimate.hi), level, estimate.reason)


def _study(totals: scoring.Totals, fit: scoring.Mixed | None, refusals: list[StepOut]) -> Study | None:
    """Generalizability: from mean squares of a complete table, from the model's variances of one with gaps."""
    present = max(1, round(int(totals.valid.sum()) / max(int(totals.valid.any(axis=1).sum()), 1)))
    if bool(totals.valid.all()) and min(totals.valid.shape) > 1:
        study = _try(lambda: scoring.g_study(totals.points()), "study", refusals)
    else:
        shape = (totals.valid.shape[0], present)
        study = scoring.GStudy.of_components(fit.var["entry"], fit.var["judge"], fit.var["residual"], shape) if fit is not None else None
    parts = [max(study.components[name], 0.0) for name in ("p", "j", "pj")] if study is not None else []
    if study is None or not sum(parts) > 0:
        return None
    numbers = sorted({3, 5, 7, 9, 11, 15, present})
    rows = [StudyRow(row.n, _hundredths(row.e_rho2), _hundredths(row.phi)) for row in study.d_study(numbers)]
    entries, judges = (round(100 * part / sum(parts)) for part in parts[:2])
    return Study(Shares(entries, judges, 100 - entries - judges), rows, present, study.judges_needed(ENOUGH / 100, MOST_JUDGES))


def _hundredths(share: object) -> int:
    return round(np.float64(share) * 100)  # type: ignore[arg-type]


def _methods(totals: scoring.Totals, calibrated: scoring.Calibrated | None) -> dict[str, np.ndarray]:
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
    totals: scoring.Totals, fit: scoring.Mixed | None, calibrated: scoring.Calibrated | None, scores: dict[str, np.ndarray], k: int,
    seed: str, refusals: list[StepOut], ranks: Mapping[int, int],
) -> list[EntryFigures]:  # fmt: skip
    places = min(max(k, 1), totals.num.shape[0])
    sure = _try(lambda: scoring.rank_uncertainty(fit, k=[places], draws=DRAWS, seed=seed), "confidence", refusals) if fit else None
    raw = next(iter(scores.values()))
    by_score, decimals = scoring.rank_values(raw), totals.rule.result_round.decimals
    raw_rank = [ranks.get(int(name), int(by_score[i])) for i, name in enumerate(totals.marks.entries)]
    new_rank = scoring.rank_values(calibrated.adjusted) if calibrated is not None else None
    inside = {name: scoring.top_counts({name: values}, places) > 0 for name, values in scores.items()}
    ruled = next(iter(inside.values()))
    order = np.array(sorted(np.nonzero(totals.valid.any(axis=1))[0].tolist(), key=lambda i: (raw_rank[i], i)), np.int64)
    unsure = {above for above, _ in sure.unsupported(order)} if sure is not None else set()
    return [
        EntryFigures(
            int(totals.marks.entries[i]), scoring.format_units(int(raw[i]), decimals), raw_rank[i],
            scoring.format_units(int(calibrated.adjusted[i]), decimals) if calibrated is not None else "",
            int(new_rank[i]) if new_rank is not None else None,
            int(sure.lo[i]) if sure is not None else None, int(sure.hi[i]) if sure is not None else None,
            _hundredths(sure.p_top[i, 0]) if sure is not None else None,
            [name for name, chosen in inside.items() if chosen[i] != ruled[i]], i in unsure,
        )
        for i in order.tolist()
    ]  # fmt: skip
