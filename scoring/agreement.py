"""How far judges agree: the six intraclass correlations with limits, and Kendall's W."""

from dataclasses import dataclass

import numpy as np

from scoring.arrays import Floats
from scoring.errors import Insufficient, InvalidRule
from scoring.special import chi2_sf, f_cdf, f_quantile

NAN = float("nan")
LARGEST = 1e100


@dataclass(frozen=True)
class Estimate:
    """A value with its confidence limits; nan with a `reason` where it is not defined."""

    value: float
    lo: float = NAN
    hi: float = NAN
    reason: str = ""


@dataclass(frozen=True)
class Anova:
    """Two-way table of N entries x J judges without replication: mean squares and variance components."""

    n: int
    k: int
    ms_entry: float
    ms_judge: float
    ms_residual: float
    ms_within: float

    @property
    def components(self) -> dict[str, float]:
        """Unbiased components (may be negative): entry, judge, residual."""
        return {
            "entry": (self.ms_entry - self.ms_residual) / self.k,
            "judge": (self.ms_judge - self.ms_residual) / self.n,
            "residual": self.ms_residual,
        }


def float_table(y: Floats) -> Floats:
    """The marks as floats. Raises InvalidRule for what is no number, or so large that its square is none."""
    try:
        table = np.asarray(y, np.float64)
    except (TypeError, ValueError):
        raise InvalidRule("the table holds something that is not a number", {"field": "y"}) from None
    if table.size and float(np.abs(table[np.isfinite(table)]).max(initial=0.0)) > LARGEST:
        raise InvalidRule("marks beyond 1e100 cannot be squared and added", {"field": "y"})
    return table


def complete_table(y: Floats, least_entries: int = 2, least_judges: int = 2) -> Floats:
    """The table as floats. Raises Insufficient when it is too small or has gaps."""
    table = float_table(y)
    if table.ndim != 2 or table.shape[0] < least_entries or table.shape[1] < least_judges:
        raise Insufficient(f"a table of at least {least_entries} entries by {least_judges} judges is needed", {"field": "y"})
    if not np.isfinite(table).all():
        row, column = (int(v) for v in np.argwhere(~np.isfinite(table))[0])
        raise Insufficient("a mark is missing; use the mixed model for incomplete tables", {"entry": row, "judge": column})
    return table


def anova(y: Floats) -> Anova:
    """Mean squares of a complete table."""
    table = complete_table(y)
    n, k = table.shape
    centred = table - table.mean()
    rows, columns = centred.mean(axis=1), centred.mean(axis=0)
    ss_rows, ss_columns = k * float(rows @ rows), n * float(columns @ columns)
    residual = centred - rows[:, None] - columns
    ss_residual = float((residual * residual).sum())
    noise = 1e-24 * max(float((table * table).sum()), 1e-300)
    ss_rows, ss_columns, ss_residual = (0.0 if ss <= noise else ss for ss in (ss_rows, ss_columns, ss_residual))
    return Anova(
        n, k, ss_rows / (n - 1), ss_columns / (k - 1), ss_residual / ((n - 1) * (k - 1)), (ss_columns + ss_residual) / (n * (k - 1))
    )  # fmt: skip


def icc(y: Floats, *, level: float = 0.95) -> dict[str, Estimate]:
    """ICC(1), (A,1), (C,1) and the averages "1k", "Ak", "Ck" of a complete N x J table (Shrout & Fleiss 1979; McGraw & Wong 1996).

    Limits of the averages are the Spearman-Brown values of the single-measure limits. Raises Insufficient.
    """
    a = anova(y)
    keys = ("1", "A1", "C1", "1k", "Ak", "Ck")
    scale = abs(a.ms_entry) + abs(a.ms_judge) + abs(a.ms_residual)
    if scale == 0 or not np.isfinite(scale):
        return dict.fromkeys(keys, Estimate(NAN, reason="all marks are equal"))
    tail = (1 + level) / 2
    one = _one_way(a, a.ms_within, a.n * (a.k - 1), tail)
    consistent = _one_way(a, a.ms_residual, (a.n - 1) * (a.k - 1), tail)
    absolute = _absolute(a, tail)
    single = {"1": one, "A1": absolute, "C1": consistent}
    return {**single, **{f"{key[0]}k": _averaged(estimate, a.k) for key, estimate in single.items()}}


def _one_way(a: Anova, error: float, df: int, tail: float) -> Estimate:
    """ICC(1) with the within mean square, ICC(C,1) with the residual one."""
    if a.ms_entry == 0 and error == 0:
        return Estimate(NAN, reason="entries do not differ")
    value = (a.ms_entry - error) / (a.ms_entry + (a.k - 1) * error)
    if error <= 0:
        return Estimate(value, value, value)
    ratio = a.ms_entry / error
    low, high = ratio / f_quantile(tail, a.n - 1, df), ratio * f_quantile(tail, df, a.n - 1)
    return Estimate(value, (low - 1) / (low + a.k - 1), (high - 1) / (high + a.k - 1))


def _absolute(a: Anova, tail: float) -> Estimate:
    """ICC(A,1) with the limits of Shrout & Fleiss (Satterthwaite degrees of freedom)."""
    n, k = a.n, a.k
    value = (a.ms_entry - a.ms_residual) / (a.ms_entry + (k - 1) * a.ms_residual + k * (a.ms_judge - a.ms_residual) / n)
    if value >= 1 or a.ms_residual <= 0:
        return Estimate(value, value, value)
    left = k * value / (n * (1 - value)) * a.ms_judge
    right = (1 + k * value * (n - 1) / (n * (1 - value))) * a.ms_residual
    if a.ms_entry == 0 or left + right <= 0:
        return Estimate(value, reason="entries do not differ: no limits")
    df = (left + right) ** 2 / (left**2 / (k - 1) + right**2 / ((n - 1) * (k - 1)))
    low, high = f_quantile(tail, n - 1, df), f_quantile(tail, df, n - 1)
    spread = k * a.ms_judge + (k * n - k - n) * a.ms_residual
    return Estimate(
        value,
        n * (a.ms_entry - low * a.ms_residual) / (low * spread + n * a.ms_entry),
        n * (high * a.ms_entry - a.ms_residual) / (spread + n * high * a.ms_entry),
    )


def _averaged(single: Estimate, k: int) -> Estimate:
    value, lo, hi = (spearman_brown(r, k) for r in (single.value, single.lo, single.hi))
    return Estimate(value, lo, hi, single.reason)


def spearman_brown(r: float, k: int) -> float:
    """Reliability of the mean of k judges; minus infinity where entries vary less than chance allows at all."""
    spread = 1 + (k - 1) * r
    if np.isnan(r):
        return r
    return k * r / spread if spread > 1e-12 else float("-inf")


def f_test(a: Anova, *, one_way: bool = False) -> tuple[float, float]:
    """F of entries against the residual (against all within entries for the one-way model), and its p-value."""
    error, df = (a.ms_within, a.n * (a.k - 1)) if one_way else (a.ms_residual, (a.n - 1) * (a.k - 1))
    ratio = a.ms_entry / error if error > 0 else float("inf")
    return ratio, 1 - f_cdf(ratio, a.n - 1, df)


@dataclass(frozen=True)
class KendallW:
    """Concordance of J rankings of N entries: 0 none, 1 identical; chi-square test of no agreement."""

    w: float
    w_corrected: float
    chi2: float
    df: int
    p: float


def kendall_w(y: Floats) -> KendallW:
    """Kendall's W of a complete N x J table; each judge's marks are ranked, ties share the mean rank and are corrected for."""
    table = complete_table(y)
    n, m = table.shape
    ranks, ties = mean_ranks(table)
    sums = ranks.sum(axis=1)
    spread = float(((sums - sums.mean()) ** 2).sum())
    full = m * m * (n**3 - n)
    w = 12 * spread / full
    room = full - m * ties
    corrected = 12 * spread / room if room > 0 else NAN
    chi2 = m * (n - 1) * corrected
    return KendallW(w, corrected, chi2, n - 1, chi2_sf(chi2, n - 1) if room > 0 else NAN)


def mean_ranks(table: Floats) -> tuple[Floats, float]:
    """Ranks 1..N within each column (ties share the mean), and the sum of t^3 - t over all groups of ties."""
    n, m = table.shape
    columns = np.ascontiguousarray(table.T)
    order = np.argsort(columns, axis=1)
    ordered = np.take_along_axis(columns, order, axis=1)
    starts = np.ones((m, n), bool)
    starts[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    group = np.cumsum(starts.ravel()) - 1
    counts = np.bincount(group)
    first = np.flatnonzero(starts.ravel()) % n
    mean = first + (counts + 1) / 2
    ranks = np.empty((m, n))
    np.put_along_axis(ranks, order, mean[group].reshape(m, n), axis=1)
    return ranks.T, float((counts.astype(np.float64) ** 3 - counts).sum())
