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


def majority_ranks(places: list[list[Fraction]]) -> list[int]:
    """Ranks by the letter of the 6.0 rules: place after place is given out, to a larger majority first, then to smaller sums."""
    out, done = [0] * len(places), 0
    for place in range(1, len(places) + 1):
        waiting = []
        for i, row in enumerate(places):
            inside = [p for p in row if p <= place]
            if not out[i] and 2 * len(inside) > len(row):
                waiting.append((-len(inside), sum(inside), sum(row), i))
        for row in waiting:
            out[row[3]] = done + 1 + sum(other[:3] < row[:3] for other in waiting)
        done += len(waiting)
    return out


def selected(scores: list[int], behind: list[int], n: int, policy: str, mark: int | None = None) -> set[int]:
    """Who is among the first `n` of those at or above `mark`; `behind[i]` says how many of its equals the tie chain puts before i."""
    pool = [i for i, score in enumerate(scores) if mark is None or score >= mark]
    if n <= 0:
        return set()
    if n >= len(pool):
        return set(pool)

    def better(i: int) -> int:
        return sum(scores[k] > scores[i] for k in pool)

    def level(i: int) -> int:
        return sum(scores[k] == scores[i] for k in pool)

    def ahead(i: int) -> int:
        return better(i) + sum(scores[k] == scores[i] and behind[k] < behind[i] for k in pool)

    if policy == "include_all":
        return {i for i in pool if better(i) < n}
    if policy == "exclude_all":
        return {i for i in pool if better(i) + level(i) <= n}
    return {i for i in pool if ahead(i) < n}
