"""How a panel's totals become one score: the choices a rule can name."""

from dataclasses import dataclass, field
from typing import Literal

from scoring.errors import InvalidRule


@dataclass(frozen=True)
class Mean:
    """Plain mean of the valid judges."""


@dataclass(frozen=True)
class Total:
    """Sum of the valid judges (every entry needs the same number of them)."""


@dataclass(frozen=True)
class Trimmed:
    """Mean after dropping `k_low` lowest and `k_high` highest, from `min_n` valid judges on; one copy of equal extremes.

    Trimming must leave at least one mark, so `min_n` counts as k_low + k_high + 1 where it is smaller.
    With fewer judges: `below` "mean" takes the plain mean (status untrimmed), "insufficient" gives no result.
    `alike`: where any entry with a result has too few judges for dropping, nothing is dropped from any (within its category).
    """

    k_low: int = 1
    k_high: int = 1
    min_n: int = 5
    below: Literal["mean", "insufficient"] = "mean"
    alike: bool = field(default=False, metadata={"undigested": False})

    def __post_init__(self) -> None:
        _check_trim(self.k_low, self.k_high, self.min_n)
        object.__setattr__(self, "min_n", max(self.min_n, self.k_low + self.k_high + 1))
        if self.below not in ("mean", "insufficient"):
            raise InvalidRule("below must be mean or insufficient", {"field": "aggregate"})
        if type(self.alike) is not bool:
            raise InvalidRule("alike is true or false", {"field": "aggregate"})


@dataclass(frozen=True)
class Winsorised:
    """Mean after pulling the `k_low` lowest up and the `k_high` highest down to the next value; from `min_n` judges on."""

    k_low: int = 1
    k_high: int = 1
    min_n: int = 5

    def __post_init__(self) -> None:
        _check_trim(self.k_low, self.k_high, self.min_n)


@dataclass(frozen=True)
class Median:
    """Middle value; mean of the middle two for an even number."""


@dataclass(frozen=True)
class MajorityJudgement:
    """Lower median; ties by taking medians away one by one (Balinski & Laraki). Marks stay marks, extremes do not pull."""


@dataclass(frozen=True)
class Borda:
    """Each judge's ranking gives n-1, n-2, …, 0 points (ties share); summed. A missing judge is filled with the mean of the others."""


@dataclass(frozen=True)
class RankPoints:
    """Each judge's ranking gives the declared points (minor units) for ranks 1, 2, …, then 0; ties share; summed as Borda."""

    points: tuple[int, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "points", tuple(self.points))
        if not self.points or any(type(p) is not int for p in self.points):
            raise InvalidRule("rank points are whole minor units", {"field": "aggregate"})
        if any(a < b for a, b in zip(self.points, self.points[1:], strict=False)):
            raise InvalidRule("rank points may not rise with a worse rank", {"field": "aggregate"})


@dataclass(frozen=True)
class Ordinals:
    """Majority placement as in figure skating until 2004 ("6.0"): each judge's totals become places.

    An entry's majority place is the best at which more than half of its judges put it, or better; the score is the number of entries
    less that place (n-1 for first, as Borda). Equal ones: larger majority, smaller sum of that majority's places, smaller sum of
    all places (tie key `ordinals`, put first by the rule). `equal` totals of one judge share the "best" of their places (1 1 3) or
    their "mean" (1.5 1.5 3). Entries with different numbers of judges are compared by shares and means.
    """

    equal: Literal["best", "mean"] = "best"

    def __post_init__(self) -> None:
        if self.equal not in ("best", "mean"):
            raise InvalidRule("equal must be best or mean", {"field": "aggregate"})


@dataclass(frozen=True)
class Categories:
    """Judge categories (experts, investors, audience …): `inner` within each, then the weighted mean over categories.

    `weights[k]` belongs to category k. A category without a valid judge is an error, or drops out of the weights ("renormalise").
    """

    weights: tuple[int, ...]
    inner: Mean | Trimmed | Median = Mean()
    missing: Literal["error", "renormalise"] = "error"

    def __post_init__(self) -> None:
        object.__setattr__(self, "weights", tuple(self.weights))
        if not self.weights or any(type(w) is not int or not 0 <= w <= 10**6 for w in self.weights) or sum(self.weights) == 0:
            raise InvalidRule("category weights are non-negative whole numbers, not all 0", {"field": "aggregate"})
        if self.missing not in ("error", "renormalise"):
            raise InvalidRule("missing must be error or renormalise", {"field": "aggregate"})
        if not isinstance(self.inner, (Mean, Trimmed, Median)):
            raise InvalidRule("inside a category: mean, trimmed mean or median", {"field": "aggregate"})


Aggregate = Mean | Total | Trimmed | Winsorised | Median | MajorityJudgement | Borda | RankPoints | Ordinals | Categories


def _check_trim(k_low: int, k_high: int, min_n: int) -> None:
    if any(type(v) is not int for v in (k_low, k_high, min_n)) or not (0 <= k_low <= 1000 and 0 <= k_high <= 1000):
        raise InvalidRule("numbers of dropped marks are whole and not negative", {"field": "aggregate"})
    if not 1 <= min_n <= 10_000:
        raise InvalidRule("min_n is a number of judges", {"field": "aggregate"})
