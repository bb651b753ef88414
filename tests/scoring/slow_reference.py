"""A second, slow and plain implementation of exact scoring with fractions; it shares no code with `scoring`."""

from fractions import Fraction
from math import floor


def rounded(value: Fraction, decimals: int, mode: str) -> int:
    """Value in units of 10^-decimals as a whole number."""
    scaled = abs(value) * 10**decimals
    whole = floor(scaled)
    rest = scaled - whole
    half = Fraction(1, 2)
    if mode == "up":
        up = rest > 0
    elif mode == "half_up":
        up = rest >= half
    elif mode == "half_even":
        up = rest > half or (rest == half and whole % 2 == 1)
    else:
        up = False
    return (whole + up) * (-1 if value < 0 else 1)


def judge_total(marks: list[Fraction], weights: list[int], rounding: tuple[int, str] | None) -> Fraction:
    """Weighted mean of one judge's marks, rounded where the rule says so."""
    total = sum((w * m for w, m in zip(weights, marks, strict=True)), Fraction(0)) / sum(weights)
    if rounding is None:
        return total
    return Fraction(rounded(total, *rounding), 10 ** rounding[0])


def pooled(totals: list[Fraction], method: tuple[str, int, int, int]) -> Fraction | None:
    """mean, trimmed (k_low, k_high, min_n) or median of the totals of one entry."""
    kind, low, high, least = method
    ordered = sorted(totals)
    n = len(ordered)
    if n == 0:
        return None
    if kind == "median":
        return (ordered[(n - 1) // 2] + ordered[n // 2]) / 2
    if kind == "trimmed" and n >= least and n > low + high:
        ordered = ordered[low : n - high]
    return sum(ordered, Fraction(0)) / len(ordered)


def ranks(keys: list[tuple[Fraction, ...] | None]) -> list[int]:
    """1 + number of strictly better keys; 0 without a key."""
    return [0 if k is None else 1 + sum(1 for other in keys if other is not None and other > k) for k in keys]


def chain_key(totals: list[Fraction], marks: list[list[Fraction]], weights: list[int], full: Fraction) -> tuple[Fraction, ...]:
    """The default chain: mean of all judges, criteria from the heaviest on, fewer totals below 60 % of the full mark."""
    n = len(totals)
    order = sorted(range(len(weights)), key=lambda c: (-weights[c], c))
    means = [sum((sheet[c] for sheet in marks), Fraction(0)) / n for c in order]
    return (sum(totals, Fraction(0)) / n, *means, Fraction(-sum(1 for t in totals if t < full * Fraction(3, 5))))
