"""Random entries, judges and panels: REML variance components and shrunken effects (Henderson's equations, entries absorbed)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import exp, inf, log

import numpy as np

from scoring.additive import check_long, fit_additive, quadratic
from scoring.arrays import Floats, Ints, sum_by
from scoring.errors import Insufficient, InvalidRule, ScoringError
from scoring.henderson import Data, System, moment_ratios
from scoring.minimising import LOWEST, minimise

JUDGE_LIMIT = 5000
FLOOR = -16.0


@dataclass(frozen=True, eq=False)
class Mixed:
    """y = mean + entry + judge + panel + residual; `var` holds the variances, effects are best linear unbiased predictions.

    `criterion` is -2 log (restricted) likelihood. Entries without marks get 0. `pev_*`: prediction error variances.
    """

    var: dict[str, float]
    mean: float
    entry: Floats
    judge: Floats
    panel: Floats
    criterion: float
    reml: bool
    e: Ints
    j: Ints
    y: Floats
    panel_of: Ints | None
    evaluations: int

    @property
    def loglik(self) -> float:
        return -self.criterion / 2

    @cached_property
    def system(self) -> System:
        """The absorbed equations at the estimated variances (for errors of prediction and draws)."""
        return System.at(Data.of(self.e, self.j, self.y, self.panel_of), _ratios(self.var, self.panel_of is not None))

    @cached_property
    def pev_judge(self) -> Floats:
        inner = self.system.inverse_effects()
        return self.var["residual"] * np.maximum(np.diag(inner)[: self.judge.size], 0.0)

    @cached_property
    def pev_entry(self) -> Floats:
        """Variance of entry - its prediction, judges' and the mean's uncertainty included."""
        data, theta = self.system.data, self.system.theta[0]
        if theta == 0:
            return np.zeros(self.entry.size)
        shrink = theta * data.per_entry / (theta * data.per_entry + 1)
        spread = self.system.inverse_marginal()
        extra = quadratic(self.e, self.j, spread, self.entry.size)
        return self.var["residual"] * (theta / (theta * data.per_entry + 1) + shrink**2 * extra)


def fit_mixed(e: Ints, j: Ints, y: Floats, panel: Ints | None = None, *, reml: bool = True) -> Mixed:
    """REML (or ML) variances and predictions from M marks. `panel[J]`: panel of each judge. Raises Insufficient, NotConverged."""
    e, j, y = check_long(e, j, y)
    if int(j.max()) + 1 > JUDGE_LIMIT:
        raise Insufficient(
            f"the mixed model is meant for up to {JUDGE_LIMIT} judges; fit the panels apart",
            {"judges": int(j.max()) + 1, "most": JUDGE_LIMIT},
        )
    data = Data.of(e, j, y, panel)
    if y.size < 3 or data.squares <= 0:
        raise Insufficient("all marks are equal, or fewer than three: there is no variance to divide", {"field": "y"})
    if y.size <= int((data.per_entry > 0).sum()):
        raise Insufficient("every entry has a single mark: quality and disagreement cannot be told apart", {"field": "y"})
    if leaves_no_residual(e, j, y, data.squares):
        raise Insufficient("judges and entries explain every mark exactly: no disagreement is left to estimate", {"field": "y"})
    theta, evaluations = _optimise(data, reml=reml)
    system = System.at(data, theta)
    residual = system.quadratic / (y.size - 1 if reml else y.size)
    return _predictions(system, residual, panel, y, reml=reml, evaluations=evaluations)


def blup(e: Ints, j: Ints, y: Floats, var: Mapping[str, float], panel: Ints | None = None) -> Mixed:
    """Predictions at known variances (of an earlier season, say): `var` with "entry", "judge", "residual", perhaps "panel".

    A variance of 0 leaves no effect of that kind. Raises Insufficient, InvalidRule.
    """
    e, j, y = check_long(e, j, y)
    known = {"panel": 0.0, **var}
    if known.keys() != {"entry", "judge", "panel", "residual"} or not all(0 <= v < inf for v in known.values()) or known["residual"] == 0:
        raise InvalidRule("variances of entry, judge and residual are needed, not negative, the residual above 0", {"field": "var"})
    system = System.at(Data.of(e, j, y, panel), _ratios(known, panel is not None))
    return _predictions(system, known["residual"], panel, y, reml=True, evaluations=1)


def _predictions(system: System, residual: float, panel: Ints | None, y: Floats, *, reml: bool, evaluations: int) -> Mixed:
    """Effects from the solved equations; entries follow from what judges and mean leave of their marks."""
    data, theta = system.data, system.theta
    size = data.per_judge.size
    judge = np.sqrt(theta[1]) * system.solution[:size]
    panels = np.sqrt(theta[2]) * system.solution[size:-1]
    mean = float(system.solution[-1])
    part = judge + (data.panels @ panels if data.panels is not None else 0.0)
    rest = sum_by(data.e, data.y - mean - part[data.j], data.per_entry.size)
    entry = theta[0] * rest / (1 + theta[0] * data.per_entry)
    var = {name: ratio * residual for name, ratio in zip(("entry", "judge", "panel"), theta, strict=True)} | {"residual": residual}
    criterion = system.criterion(reml=reml)
    return Mixed(var, mean + data.centre, entry, judge, panels, criterion, reml, data.e, data.j, y, panel, evaluations)


def leaves_no_residual(e: Ints, j: Ints, y: Floats, squares: float) -> bool:
    """True when the additive model fits without error (identical judges, or as many parameters as marks)."""
    try:
        return fit_additive(e, j, y).rss <= 1e-14 * squares
    except ScoringError:
        return False


def _ratios(var: Mapping[str, float], with_panel: bool) -> tuple[float, float, float]:
    s2 = var["residual"]
    return var["entry"] / s2, var["judge"] / s2, var["panel"] / s2 if with_panel else 0.0


def _optimise(data: Data, *, reml: bool) -> tuple[tuple[float, float, float], int]:
    """Newton with numerical derivatives on log ratios, safeguarded; then every ratio is also tried at 0."""
    start = [log(v) for v in moment_ratios(data)] + ([log(0.1)] if data.panels is not None else [])
    calls = 0

    def theta_of(x: Floats) -> tuple[float, float, float]:
        values = [exp(min(v, 30.0)) if v > FLOOR else 0.0 for v in x.tolist()] + [0.0]
        return values[0], values[1], values[2]

    def value(x: Floats) -> float:
        nonlocal calls
        calls += 1
        return System.at(data, theta_of(x)).criterion(reml=reml)

    x, best = minimise(value, np.array(start))
    for place in range(x.size):
        zero = x.copy()
        zero[place] = LOWEST
        if x[place] < -4 and value(zero) <= best + 1e-9:
            x, best = zero, value(zero)
    return theta_of(x), calls
