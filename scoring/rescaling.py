"""The panel formulas that offices know: coefficients, standard scores, min-max, quantiles. All assume equally good panels."""

from collections.abc import Callable
from fractions import Fraction

import numpy as np

from scoring.arrays import Floats
from scoring.errors import InvalidRule
from scoring.rounding import Round, round_ratio


def panel_means(scores: list[Fraction], codes: list[int]) -> dict[int, tuple[Fraction, int]]:
    """Sum and number of scores of every panel."""
    out: dict[int, tuple[Fraction, int]] = {}
    for score, code in zip(scores, codes, strict=True):
        total, n = out.get(code, (Fraction(0), 0))
        out[code] = (total + score, n + 1)
    return out


def panel_coefficients(
    sums: dict[int, tuple[Fraction, int]], *, overall: str = "pooled", rounding: Round | None = None
) -> dict[int, Fraction]:
    """Overall mean / panel mean. `overall`: mean of all scores (pooled) or of the panel means; the two differ when sizes do."""
    means = {code: total / n for code, (total, n) in sums.items()}
    if any(mean <= 0 for mean in means.values()):
        raise InvalidRule("a panel whose mean is not above 0 has no coefficient", {"field": "panel"})
    if overall == "pooled":
        reference = sum((total for total, _ in sums.values()), Fraction(0)) / sum(n for _, n in sums.values())
    elif overall == "mean_of_means":
        reference = sum(means.values(), Fraction(0)) / len(means)
    else:
        raise InvalidRule("overall must be pooled or mean_of_means", {"field": "overall"})
    raw = {code: reference / mean for code, mean in means.items()}
    if rounding is None:
        return raw
    unit = 10**rounding.decimals
    return {c: Fraction(round_ratio(v.numerator * unit, v.denominator, rounding.mode), unit) for c, v in raw.items()}


def standard_scores(y: Floats, everyone: Floats, target: str = "t") -> Floats:
    """50 + 10 z (target "t"), or z rescaled to the mean and standard deviation of everyone (population formulas)."""
    z = (y - y.mean()) / y.std()
    return 50 + 10 * z if target == "t" else everyone.mean() + everyone.std() * z


def _min_max(y: Floats, everyone: Floats, target: str) -> Floats:
    share = (y - y.min()) / (y.max() - y.min())
    return everyone.min() + share * (everyone.max() - everyone.min())


def _quantile(y: Floats, everyone: Floats, target: str) -> Floats:
    """Each score to the quantile of everyone at its mid-rank within the panel."""
    ordered = np.sort(y)
    middle = (np.searchsorted(ordered, y, "left") + np.searchsorted(ordered, y, "right")) / 2
    return np.quantile(everyone, middle / y.size)


MAPS: dict[str, Callable[[Floats, Floats, str], Floats]] = {
    "t_score": standard_scores,
    "minmax": _min_max,
    "quantile": _quantile,
}
