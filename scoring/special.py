"""Tail probabilities and quantiles of F, chi-square and normal: the few that confidence limits need."""

from math import exp, inf, lgamma, log, log1p, sqrt

TINY = 1e-300
STEPS = 20_000


def beta_cdf(a: float, b: float, x: float) -> float:
    """Regularised incomplete beta function I_x(a, b) (Lentz's continued fraction)."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - beta_cdf(b, a, 1 - x)
    front = exp(a * log(x) + b * log(1 - x) - lgamma(a) - lgamma(b) + lgamma(a + b)) / a
    c, d = 1.0, 1 / max(1 - (a + b) * x / (a + 1), TINY)
    total = d
    for m in range(1, STEPS):
        for top in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / (1 + top * d or TINY)
            c = 1 + top / c or TINY
            total *= c * d
        if abs(c * d - 1) < 1e-16:
            break
    return front * total


def f_cdf(x: float, df1: float, df2: float) -> float:
    """P(F <= x) of Fisher's F."""
    return 0.0 if x <= 0 else beta_cdf(df1 / 2, df2 / 2, df1 * x / (df1 * x + df2))


def f_quantile(p: float, df1: float, df2: float) -> float:
    """The x with P(F <= x) = p: Newton's method on log x from the cube-root approximation, kept inside a shrinking bracket."""
    if not (0 < p < 1 and df1 > 0 and df2 > 0):
        return inf if p >= 1 else 0.0
    low, high = -700.0, 700.0
    y = log(max(_cube_root_guess(p, df1, df2), 1e-12))
    for _ in range(100):
        x = exp(y)
        gap = f_cdf(x, df1, df2) - p
        low, high = (y, high) if gap < 0 else (low, y)
        slope = exp(_log_density(x, df1, df2) + y)
        step = gap / slope if slope > 0 else inf
        new = y - step
        if not low < new < high:
            new = (low + high) / 2 if abs(step) == inf or high - low < 50 else y + (30 if gap < 0 else -30)
        done = abs(new - y) < 1e-6 and new == y - step
        y = new
        if done or high - low < 1e-14:
            break
    return inf if y > 690 else exp(y)


def _log_density(x: float, df1: float, df2: float) -> float:
    a, b = df1 / 2, df2 / 2
    front = lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(df1 / df2)
    return front + (a - 1) * log(x) - (a + b) * log1p(df1 * x / df2)


def _cube_root_guess(p: float, df1: float, df2: float) -> float:
    """Paulson's approximation (Wilson-Hilferty for both chi-squares)."""
    z, u, v = normal_quantile(p), 2 / (9 * df1), 2 / (9 * df2)
    a, b = (1 - v) ** 2 - z * z * v, (1 - u) * (1 - v)
    inner = b * b - a * ((1 - u) ** 2 - z * z * u)
    if a <= 0 or inner < 0:
        return 1.0
    root = (b + (1 if z > 0 else -1) * sqrt(inner)) / a
    return root**3 if root > 0 else 1e-3


def gamma_sf(a: float, x: float) -> float:
    """Regularised upper incomplete gamma function Q(a, x)."""
    if x <= 0:
        return 1.0
    front = exp(a * log(x) - x - lgamma(a))
    if x < a + 1:
        term = total = 1 / a
        for n in range(1, STEPS):
            term *= x / (a + n)
            total += term
            if term < total * 1e-17:
                break
        return 1 - front * total
    b = x + 1 - a
    c, d = 1 / TINY, 1 / b
    total = d
    for n in range(1, STEPS):
        top = -n * (n - a)
        b += 2
        d = 1 / (top * d + b or TINY)
        c = b + top / c or TINY
        total *= c * d
        if abs(c * d - 1) < 1e-16:
            break
    return front * total


def chi2_sf(x: float, df: float) -> float:
    """P(chi-square with df > x)."""
    return gamma_sf(df / 2, x / 2)


def normal_quantile(p: float) -> float:
    from statistics import NormalDist  # noqa: PLC0415 -- slow to import, seldom needed

    return NormalDist().inv_cdf(p)


def normal_sf(x: float) -> float:
    """P(Z > x)."""
    return 0.5 * gamma_sf(0.5, x * x / 2) if x >= 0 else 1 - normal_sf(-x)


def student_sf(t: float, df: float) -> float:
    """P(T > t) for t >= 0."""
    return 0.5 * beta_cdf(df / 2, 0.5, df / (df + t * t)) if t >= 0 else 1 - student_sf(-t, df)


__all__ = ["beta_cdf", "chi2_sf", "f_cdf", "f_quantile", "gamma_sf", "normal_quantile", "normal_sf", "student_sf"]
