"""A portrait of each judge: severity, spread, consistency, fit, halo, straight-lining, favour. Questions, never findings."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scoring.additive import Additive
from scoring.arrays import Bools, Floats, Ints, sum_by
from scoring.draws import generator
from scoring.errors import InvalidRule
from scoring.marks import Marks
from scoring.mixed import Mixed
from scoring.results import Results
from scoring.trace import Step

NAN = float("nan")
LEAST = 5
PERMUTATIONS = 2000


@dataclass(frozen=True)
class JudgeReport:
    """severity: points above (generous) or below (strict) the panel, with standard error; nan where marks do not suffice.

    consistency: correlation with the mean of the others; infit / outfit: squared residuals against the model's (1 = as
    expected); spread: own standard deviation / that of the others on the same entries; halo: within-sheet standard
    deviation across criteria / that of the others (below 1: criteria hardly told apart); straight: share of sheets with
    the same mark on every criterion; favour: mean residual of related minus other entries, with p-values (permutation,
    adjusted by Benjamini-Hochberg over all judges). Fit is a caution beside the judges of the same panel, because one
    erratic judge makes all the others look too regular.
    """

    judge: str
    n: int
    severity: float
    se: float
    consistency: float
    infit: float
    outfit: float
    spread: float
    halo: float
    straight: float
    favour: float
    favour_p: float
    favour_adjusted: float
    cautions: tuple[Step, ...]

    def sentences(self, lang: str = "zh_CN") -> tuple[str, ...]:
        return tuple(step.sentence(lang) for step in self.cautions)


def judge_report(m: Marks, fit: Mixed | Additive, *, related: Bools | None = None, seed: str = "favour") -> list[JudgeReport]:
    """One report per judge of the fitted model (positions as in `m`). `related[N, J]`: same unit, supervisor, sponsor.

    Raises InvalidRule when model and marks are about different tables.
    """
    n, judges, criteria = m.shape
    if fit.judge.size > judges or fit.entry.size > n:
        raise InvalidRule("the model is about other entries or judges than the marks", {"field": "fit"})
    residual = residuals(fit)
    sigma2 = fit.var["residual"] if isinstance(fit, Mixed) else fit.sigma**2
    error = np.sqrt(fit.pev_judge) if isinstance(fit, Mixed) else fit.se_judge
    count = np.bincount(fit.j, minlength=fit.judge.size)
    fits = sum_by(fit.j, residual**2, fit.judge.size) / np.maximum(count, 1) / max(sigma2, 1e-300)
    inner = _within(m, n, judges, criteria)
    favours = [_favour(fit, residual, k, related, seed) for k in range(fit.judge.size)]
    adjusted = adjust([p for _, p in favours])
    infits = [_weighted_fit(fit, residual, k, sigma2) for k in range(fit.judge.size)]
    usual = float(np.nanmedian(infits)) if np.isfinite(infits).any() else NAN
    reports = []
    for k in range(fit.judge.size):
        consistency, spread = _against_others(fit, k)
        halo, straight = inner[k]
        values = (float(fit.judge[k]), float(error[k]), consistency, infits[k], float(fits[k]), spread, halo, straight)
        name = m.judge_id(k)
        cautions = _cautions(name, int(count[k]), values, favours[k][0], adjusted[k], usual)
        reports.append(JudgeReport(name, int(count[k]), *values, *favours[k], adjusted[k], cautions))
    return reports


def residuals(fit: Mixed | Additive) -> Floats:
    """Mark - what the model expects of this entry from this judge."""
    if isinstance(fit, Additive):
        return fit.residuals
    panel = fit.panel[fit.panel_of][fit.j] if fit.panel_of is not None else 0.0
    return fit.y - fit.mean - fit.entry[fit.e] - fit.judge[fit.j] - panel


def _weighted_fit(fit: Mixed | Additive, residual: Floats, k: int, sigma2: float) -> float:
    """Infit: squared residuals weighted by how many judges share the entry (an entry seen by few says little about fit)."""
    mine = fit.j == k
    weight = 1 - 1 / np.bincount(fit.e)[fit.e[mine]]
    total = float(weight.sum())
    return float((residual[mine] ** 2).sum()) / (sigma2 * total) if total > 0 and sigma2 > 0 else NAN


def _against_others(fit: Mixed | Additive, k: int) -> tuple[float, float]:
    """Correlation with the mean of the other judges on the same entries, and the ratio of standard deviations."""
    size = fit.entry.size
    sums, counts = sum_by(fit.e, fit.y, size), np.bincount(fit.e, minlength=size)
    mine = np.nonzero(fit.j == k)[0]
    mine = mine[counts[fit.e[mine]] > 1]
    if mine.size < 3:
        return NAN, NAN
    own = fit.y[mine]
    others = (sums[fit.e[mine]] - own) / (counts[fit.e[mine]] - 1)
    a, b = own - own.mean(), others - others.mean()
    size_a, size_b = float(np.sqrt(a @ a)), float(np.sqrt(b @ b))
    if size_a == 0 or size_b == 0:
        return NAN, 0.0 if size_a == 0 else NAN
    return float(a @ b) / (size_a * size_b), _spread_ratio(fit, k)


def _spread_ratio(fit: Mixed | Additive, k: int) -> float:
    """Own standard deviation / median of the other judges' on the entries this judge saw."""
    seen = np.zeros(fit.entry.size, bool)
    seen[fit.e[fit.j == k]] = True
    here = seen[fit.e]
    deviations = []
    for other in np.unique(fit.j[here]):
        values = fit.y[here & (fit.j == other)]
        if other != k and values.size >= 3:
            deviations.append(float(values.std(ddof=1)))
    own = float(fit.y[fit.j == k].std(ddof=1))
    middle = float(np.median(deviations)) if deviations else 0.0
    return own / middle if middle > 0 else NAN


def _within(m: Marks, n: int, judges: int, criteria: int) -> list[tuple[float, float]]:
    """Halo ratio and share of straight sheets of every judge."""
    values, scored = m.dense()
    if criteria < 2:
        return [(NAN, NAN)] * judges
    typical = np.array([values[scored][:, c].mean() if scored.any() else 0.0 for c in range(criteria)])
    spread = (values - typical).std(axis=2)
    flat = values.max(axis=2) == values.min(axis=2)
    out = []
    for k in range(judges):
        mine, others = scored[:, k], scored.copy()
        others[:, k] = False
        others &= mine[:, None]
        base = float(spread[others].mean()) if others.any() else 0.0
        own = float(spread[mine, k].mean()) if mine.any() else NAN
        out.append((own / base if base > 0 else NAN, float(flat[mine, k].mean()) if mine.any() else NAN))
    return out


def _favour(fit: Mixed | Additive, residual: Floats, k: int, related: Bools | None, seed: str) -> tuple[float, float]:
    """What the judge gives related entries above expectation, and how often chance reaches it."""
    if related is None:
        return NAN, NAN
    mine = np.nonzero(fit.j == k)[0]
    return excess(residual[mine], np.asarray(related, bool)[fit.e[mine], k], f"{seed}\x1fjudge {k}")


def excess(values: Floats, flags: Bools, seed: str) -> tuple[float, float]:
    """Mean of the flagged values minus that of the others, and how often a random relabelling reaches it (one-sided)."""
    size = int(flags.sum())
    if size in (0, values.size):
        return NAN, NAN
    gap = float(values[flags].mean() - values[~flags].mean())
    picks = np.argsort(generator(seed, "relabelling").random((PERMUTATIONS, values.size)), axis=1)[:, :size]
    chosen = values[picks].sum(axis=1)
    gaps = chosen / size - (values.sum() - chosen) / (values.size - size)
    return gap, float(((gaps >= gap - 1e-12).sum() + 1) / (PERMUTATIONS + 1))


def adjust(p: Sequence[float]) -> list[float]:
    """Benjamini-Hochberg adjusted p-values; nan stays nan and does not count."""
    known = [k for k, value in enumerate(p) if value == value]
    out = [NAN] * len(p)
    least = 1.0
    for place, k in reversed(list(enumerate(sorted(known, key=lambda i: p[i]), start=1))):
        least = min(least, p[k] * len(known) / place)
        out[k] = least
    return out


def _cautions(name: str, n: int, values: tuple[float, ...], favour: float, favour_p: float, usual: float) -> tuple[Step, ...]:
    """What is worth a question, in the order of the report; `usual` is the middle judge's infit."""
    severity, error, consistency, infit, outfit, spread, halo, straight = values
    if n < LEAST:
        return (Step("judge.few", {"judge": name, "n": str(n)}),)
    found = []
    if error > 0 and abs(severity) > 2 * error:
        key = "judge.generous" if severity > 0 else "judge.strict"
        found.append(Step(key, {"judge": name, "value": f"{abs(severity):.2f}", "se": f"{error:.2f}"}))
    checks = (
        (consistency < 0.3, "judge.inconsistent", consistency),
        (max(infit, outfit) > 1.5, "judge.erratic", max(infit, outfit)),
        (infit < 0.5 * min(usual, 1.0), "judge.muted", infit),
        (spread < 0.5, "judge.narrow", spread),
        (halo < 0.5, "judge.halo", halo),
        (straight > 0.5, "judge.straight", straight),
    )
    found += [Step(key, {"judge": name, "value": f"{value:.2f}"}) for hit, key, value in checks if hit]
    if favour_p < 0.05:
        found.append(Step("judge.favour", {"judge": name, "value": f"{favour:.2f}", "p": f"{favour_p:.3f}"}))
    return tuple(found)


def dropped_shares(r: Results) -> Floats:
    """For each judge the share of valid totals that the rule dropped as extremes; nan for a judge without any.

    A panel of n that drops one and one drops 2/n of all totals; a judge far above that stands apart from the others.
    """
    valid, dropped = (r.kept >= 0).sum(axis=0), (r.kept == 0).sum(axis=0)
    return np.where(valid > 0, dropped / np.maximum(valid, 1), NAN)


def order_drift(fit: Mixed | Additive, time: Ints) -> Floats:
    """Slope of each judge's residuals on the order of judging (`time` parallel to the model's rows), in points per place."""
    residual = residuals(fit)
    out = np.full(fit.judge.size, NAN)
    for k in range(fit.judge.size):
        mine = fit.j == k
        place = np.argsort(np.argsort(np.asarray(time)[mine], kind="stable"), kind="stable").astype(np.float64)
        if place.size >= LEAST:
            x = place - place.mean()
            out[k] = float(x @ residual[mine]) / float(x @ x)
    return out
