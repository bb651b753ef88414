"""Raw and corrected scores side by side: the panel formulas that offices know, and the judge models that are valid."""

from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np

from scoring.additive import fit_additive
from scoring.arrays import Floats, Ints
from scoring.errors import Insufficient, InvalidRule, NotIdentifiable
from scoring.graph import Graph, graph
from scoring.mixed import fit_mixed
from scoring.rescaling import MAPS, panel_coefficients, panel_means, standard_scores
from scoring.results import Results, aggregate
from scoring.rounding import Round, round_ratio
from scoring.totals import Totals
from scoring.trace import Step

Method = Literal["none", "panel_ratio", "t_score", "minmax", "quantile", "additive", "additive_blup", "panel_random_draw"]
FINE = 10**6
LEAST_MARKS = 5


@dataclass(frozen=True, eq=False)
class Calibrated:
    """raw and adjusted in printed units of the rule; shift = adjusted - raw in points. Never published without the raw score.

    `judge_shift[J]`: what was taken from each judge's totals, in points (nan for entry-level methods). `critical`: entries
    whose adjusted score lies so near a rounding boundary that the model's own precision decides the last digit.
    """

    method: str
    raw: Ints
    adjusted: Ints
    shift: Floats
    warnings: tuple[Step, ...]
    judge_shift: Floats
    critical: tuple[int, ...] = ()
    graph: Graph | None = None


def calibrate(
    t: Totals,
    method: Method = "none",
    *,
    panel: Ints | None = None,
    judge_panel: Ints | None = None,
    overall: Literal["pooled", "mean_of_means"] = "pooled",
    coefficient_round: Round | None = None,
    within: Literal["panel", "judge"] = "panel",
    target: Literal["t", "pooled"] = "t",
    draw_commitment: str = "",
) -> Calibrated:
    """Correct for severity; the corrected totals or scores go through the same rule.

    `panel[N]`: panel of each entry (panel_ratio, t_score, minmax, quantile). `judge_panel[J]` and the published
    `draw_commitment` of a random draw for panel_random_draw. Raises InvalidRule, NotIdentifiable, Insufficient.
    """
    if method not in get_args(Method):
        raise InvalidRule("unknown calibration", {"field": "method"})
    lenient = replace(t.rule, min_judges=1)
    raw = aggregate(replace(t, rule=lenient), lenient)
    if method == "none":
        return _report("none", raw, raw.printed, (), np.zeros(t.num.shape[1]))
    if method in ("additive", "additive_blup", "panel_random_draw"):
        return _by_model(t, raw, method, judge_panel, draw_commitment)
    if method == "t_score" and within == "judge":
        return _judge_scores(t, raw, target)
    codes = _panel_codes(panel, raw)
    if method == "panel_ratio":
        return _ratio(t, raw, codes, overall, coefficient_round)
    return _entry_map(t, raw, codes, method, target)


def _report(
    method: str,
    raw: Results,
    adjusted: Ints,
    warnings: tuple[Step, ...],
    judge_shift: Floats,
    critical: tuple[int, ...] = (),
    links: Graph | None = None,
) -> Calibrated:
    unit = 10.0**raw.rule.result_round.decimals
    return Calibrated(method, raw.printed, adjusted, (adjusted - raw.printed) / unit, warnings, judge_shift, critical, links)


def _panel_codes(panel: Ints | None, raw: Results) -> Ints:
    if panel is None or np.asarray(panel).shape != raw.num.shape:
        raise InvalidRule("this method needs the panel of every entry", {"field": "panel"})
    return np.asarray(panel, np.int64)


def _long(t: Totals) -> tuple[Ints, Ints, Floats]:
    e, j = (a.astype(np.int64) for a in np.nonzero(t.valid))
    return e, j, t.points()[e, j]


def _by_model(t: Totals, raw: Results, method: str, judge_panel: Ints | None, commitment: str) -> Calibrated:
    e, j, y = _long(t)
    links = graph(e, j, n_entries=t.num.shape[0], n_judges=t.num.shape[1])
    used, judges = np.unique(j, return_inverse=True)
    _, entries = np.unique(e, return_inverse=True)
    warnings = [Step("calibrate.few", {"judge": t.marks.judge_id(int(k)), "n": str(int(n))}) for k, n in _few(j)]
    severity = np.zeros(t.num.shape[1])
    if method == "panel_random_draw":
        if not commitment:
            raise NotIdentifiable(
                "comparing panels by chance needs a random draw, committed to before judging",
                {"field": "draw_commitment"},
            )
        if judge_panel is None or np.asarray(judge_panel).shape != severity.shape:
            raise InvalidRule("the panel of every judge is needed", {"field": "judge_panel"})
        _, codes = np.unique(np.asarray(judge_panel)[used], return_inverse=True)
        fit = fit_mixed(entries, judges, y, codes)
        severity[used] = fit.judge + fit.panel[codes]
    else:
        _refuse_unlinked(t, e, j)
        severity[used] = fit_additive(entries, judges, y).judge if method == "additive" else fit_mixed(entries, judges, y).judge
    if method == "additive" and links.weakest_link is not None:
        at = links.weakest_link
        warnings.append(Step("calibrate.weak", {"entry": t.marks.entry_id(at[0]), "judge": t.marks.judge_id(at[1])}))
    adjusted, critical = _shifted(t, np.broadcast_to(severity, t.num.shape))
    return _report(method, raw, adjusted, tuple(warnings), severity, critical, links)


def _few(j: Ints) -> list[tuple[int, int]]:
    counts = np.bincount(j)
    return [(int(k), int(counts[k])) for k in np.nonzero((counts > 0) & (counts < LEAST_MARKS))[0]]


def _refuse_unlinked(t: Totals, e: Ints, j: Ints) -> None:
    used = np.unique(j)
    links = graph(e, j, n_entries=t.num.shape[0], n_judges=t.num.shape[1])
    labels = links.labels_judge[used]
    if (labels != labels[0]).any():
        other = int(used[np.argmax(labels != labels[0])])
        where = {
            "components": int(np.unique(labels).size),
            "judge": t.marks.judge_id(int(used[0])),
            "other_judge": t.marks.judge_id(other),
        }
        raise NotIdentifiable("no chain of shared entries links these judges: scores of the two parts cannot be compared", where)


def _shifted(t: Totals, shift: Floats) -> tuple[Ints, tuple[int, ...]]:
    """Subtract shifts (points, to 10^-6) from the totals exactly, aggregate by the rule; entries near a rounding boundary."""
    rule = replace(t.rule, min_judges=1)
    fine = np.rint(shift * 10.0**rule.mark_decimals * FINE).astype(np.int64)
    moved = replace(t, num=np.ascontiguousarray((t.num * FINE - fine * t.den).T).T, den=t.den * FINE, rule=rule)
    result = aggregate(moved, rule)
    step = 10 ** (rule.result_round.decimals - rule.mark_decimals) if rule.result_round.decimals >= rule.mark_decimals else 1
    scaled = 2 * np.abs(result.num.astype(np.float64)) * step / result.den
    near = np.abs(scaled - np.rint(scaled)) < 1e-6
    odd = np.rint(scaled) % 2 == 1
    return result.printed, tuple(int(i) for i in np.nonzero(near & odd & result.scored)[0])


def _ratio(t: Totals, raw: Results, codes: Ints, overall: str, rounding: Round | None) -> Calibrated:
    """Score x overall mean / panel mean ("second averaging"), exact; assumes that panels got equally good entries."""
    exact = {int(i): raw.exact(int(i)) for i in np.nonzero(raw.scored)[0]}
    if not exact:
        raise Insufficient("no entry has a score", {"field": "totals"})
    means = panel_means([exact[i] for i in exact], [int(codes[i]) for i in exact])
    coefficient = panel_coefficients(means, overall=overall, rounding=rounding)
    unit = 10**raw.rule.result_round.decimals
    adjusted = raw.printed.copy()
    for i, value in exact.items():
        moved = value * coefficient[int(codes[i])] * unit
        adjusted[i] = round_ratio(moved.numerator, moved.denominator, raw.rule.result_round.mode)
    warning = Step("calibrate.equal_panels", {"method": "panel_ratio"})
    return _report("panel_ratio", raw, adjusted, (warning,), np.full(t.num.shape[1], np.nan))


def _entry_map(t: Totals, raw: Results, codes: Ints, method: str, target: str) -> Calibrated:
    """T-score, min-max or quantile mapping within panels, on the entries' exact scores."""
    at = np.nonzero(raw.scored)[0]
    y = np.array([float(raw.exact(int(i))) for i in at])
    warnings = [Step("calibrate.equal_panels", {"method": method})]
    mapped = y.copy()
    for code in np.unique(codes[at]):
        mine = codes[at] == code
        if mine.sum() < LEAST_MARKS:
            warnings.append(Step("calibrate.small_panel", {"panel": str(int(code)), "n": str(int(mine.sum()))}))
        if float(y[mine].std()) == 0:
            warnings.append(Step("calibrate.no_spread", {"panel": str(int(code))}))
            continue
        mapped[mine] = MAPS[method](y[mine], y, target)
    adjusted = raw.printed.copy()
    adjusted[at] = _quantise(mapped, raw)
    return _report(method, raw, adjusted, tuple(warnings), np.full(t.num.shape[1], np.nan))


def _judge_scores(t: Totals, raw: Results, target: str) -> Calibrated:
    """z within each judge; judges with fewer than five marks or without spread keep their marks."""
    y = t.points()
    everyone = y[t.valid]
    moved, warnings = y.copy(), []
    for j in np.nonzero(t.valid.any(axis=0))[0]:
        mine = t.valid[:, j]
        values = {"judge": t.marks.judge_id(int(j)), "n": str(int(mine.sum()))}
        if mine.sum() < LEAST_MARKS or float(y[mine, j].std()) == 0:
            warnings.append(Step("calibrate.judge_kept", values))
        else:
            moved[mine, j] = standard_scores(y[mine, j], everyone, target)
    shift = np.where(t.valid, y - moved, 0.0)
    adjusted, critical = _shifted(t, shift)
    warning = Step("calibrate.equal_judges", {"method": "t_score"})
    means = np.array([float(shift[t.valid[:, j], j].mean()) if t.valid[:, j].any() else 0.0 for j in range(y.shape[1])])
    return _report("t_score", raw, adjusted, (warning, *warnings), means, critical)


def _quantise(values: Floats, raw: Results) -> Ints:
    unit = 10 ** (raw.rule.result_round.decimals + 6)
    fine = np.rint(values * unit).astype(np.int64)
    return np.array([round_ratio(int(v), 10**6, raw.rule.result_round.mode) for v in fine], np.int64)


def top_counts(scores: dict[str, Ints], k: int) -> Ints:
    """In how many of the methods each entry is among the first k (ties at the line count as in): sensitivity of the choice."""
    if not scores or k < 1:
        raise InvalidRule("at least one method and one place", {"field": "k"})
    total: Ints | None = None
    for values in scores.values():
        line = np.sort(values)[::-1][min(k, values.size) - 1]
        inside = (values >= line).astype(np.int64)
        total = inside if total is None else total + inside
    return np.zeros(0, np.int64) if total is None else total
