"""Pairwise judging live: strengths and judges' reliability updated vote by vote, the next pair chosen by information (Chen et al. 2013)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import exp, lgamma, log
from typing import Any

from scoring.draws import draw_key
from scoring.errors import Insufficient, InvalidRule

ALPHA, BETA = 10.0, 1.0
GAMMA, KAPPA = 0.1, 1e-4
FEWEST_VIEWS = 2


@dataclass
class Item:
    """Strength mu with variance var, and how often it was shown."""

    mu: float = 0.0
    var: float = 1.0
    views: int = 0


@dataclass
class Voter:
    """A judge's reliability as Beta(alpha, beta); `last` is the item kept for the next pair."""

    alpha: float = ALPHA
    beta: float = BETA
    last: int | None = None
    seen: set[int] = field(default_factory=set)


class CrowdBT:
    """The one stateful thing of this package: its state is data (`state`, `from_state`), its choices follow seed and step."""

    def __init__(self, items: int) -> None:
        if items < 2:
            raise Insufficient("pairwise judging needs two items", {"items": items})
        self.items = [Item() for _ in range(items)]
        self.judges: dict[str, Voter] = {}

    def judge(self, name: object) -> Voter:
        return self.judges.setdefault(str(name), Voter())

    def update(self, judge: object, winner: int, loser: int) -> None:
        """One vote. Raises InvalidRule for an unknown item or an item against itself."""
        if winner == loser or not (0 <= winner < len(self.items) and 0 <= loser < len(self.items)):
            raise InvalidRule("a vote is between two known items", {"judge": str(judge), "winner": winner, "loser": loser})
        voter, better, worse = self.judge(judge), self.items[winner], self.items[loser]
        after = updated(voter.alpha, voter.beta, better.mu, better.var, worse.mu, worse.var)
        voter.alpha, voter.beta, better.mu, better.var, worse.mu, worse.var = after[:6]
        better.views += 1
        worse.views += 1
        voter.seen |= {winner, loser}
        voter.last = loser if voter.last == winner else winner

    def next_pair(self, judge: object, available: Sequence[int], *, epsilon: float = 0.25, seed: str, step: int) -> tuple[int, int]:
        """Two of the available items (leave out conflicts): the judge's kept item where it is available, and the one that
        promises most information (with probability epsilon: drawn) among those shown least. Raises Insufficient.
        """
        usable = sorted({int(i) for i in available if 0 <= int(i) < len(self.items)})
        if len(usable) < 2:
            raise Insufficient("fewer than two items are available", {"judge": str(judge)})
        voter = self.judge(judge)
        tag = f"pair\x1e{judge}\x1e{step}"
        kept = voter.last if voter.last in usable else self._drawn(self._least_seen(usable), seed, tag + "\x1efirst")
        others = self._least_seen([i for i in usable if i != kept])
        if int(draw_key(seed, tag, "epsilon")[:13], 16) / 16.0**13 < epsilon:
            return kept, self._drawn(others, seed, tag + "\x1esecond")
        ranked = sorted(others, key=lambda i: draw_key(seed, tag, str(i)))
        return kept, max(ranked, key=lambda i: self.information(voter, kept, i))

    def information(self, voter: Voter, a: int, b: int) -> float:
        """Expected information gain of showing a and b to this judge."""
        first, second = self.items[a], self.items[b]
        return information_gain(voter.alpha, voter.beta, first.mu, first.var, second.mu, second.var)

    def _least_seen(self, items: Sequence[int]) -> list[int]:
        fresh = [i for i in items if self.items[i].views < FEWEST_VIEWS]
        return fresh or list(items)

    @staticmethod
    def _drawn(items: Sequence[int], seed: str, tag: str) -> int:
        return min(items, key=lambda i: draw_key(seed, tag, str(i)))

    def state(self) -> dict[str, Any]:
        """Everything as plain data."""
        return {
            "mu": [i.mu for i in self.items],
            "var": [i.var for i in self.items],
            "views": [i.views for i in self.items],
            "judges": {name: {"alpha": v.alpha, "beta": v.beta, "last": v.last, "seen": sorted(v.seen)} for name, v in self.judges.items()},
        }

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> "CrowdBT":
        """The inverse of `state`."""
        out = cls(len(state["mu"]))
        out.items = [Item(*values) for values in zip(state["mu"], state["var"], state["views"], strict=True)]
        out.judges = {n: Voter(v["alpha"], v["beta"], v["last"], set(v["seen"])) for n, v in state["judges"].items()}
        return out


Updated = tuple[float, float, float, float, float, float, float]


def updated(alpha: float, beta: float, mu_w: float, var_w: float, mu_l: float, var_l: float) -> Updated:
    """Moment-matched posterior after winner beats loser: alpha, beta, mu and var of winner and loser, and the vote's probability."""
    p = 1 / (1 + exp(mu_l - mu_w))
    q = alpha / (alpha + beta * exp(mu_l - mu_w))
    shift, narrow = q - p, q * (1 - q) - p * (1 - p)
    new_w = (mu_w + var_w * shift, var_w * max(1 + var_w * narrow, KAPPA))
    new_l = (mu_l - var_l * shift, var_l * max(1 + var_l * narrow, KAPPA))
    right = p + 0.5 * (var_w + var_l) * p * (1 - p) * (1 - 2 * p)
    total = alpha + beta
    chance = (right * alpha + (1 - right) * beta) / total
    first = (right * (alpha + 1) * alpha + (1 - right) * alpha * beta) / (chance * (total + 1) * total)
    second = (right * (alpha + 2) * (alpha + 1) * alpha + (1 - right) * (alpha + 1) * alpha * beta) / (
        chance * (total + 2) * (total + 1) * total
    )
    scale = (first - second) / (second - first * first)
    return scale * first, scale * (1 - first), new_w[0], new_w[1], new_l[0], new_l[1], chance


def information_gain(alpha: float, beta: float, mu_a: float, var_a: float, mu_b: float, var_b: float) -> float:
    """Expected divergence of the posterior from the present state, over both outcomes of the vote."""
    ahead = updated(alpha, beta, mu_a, var_a, mu_b, var_b)
    behind = updated(alpha, beta, mu_b, var_b, mu_a, var_a)
    chance = ahead[6]

    def gain(u: Updated, better: tuple[float, float], worse: tuple[float, float]) -> float:
        return (
            _normal_divergence(u[2], u[3], *better)
            + _normal_divergence(u[4], u[5], *worse)
            + GAMMA * _beta_divergence(u[0], u[1], alpha, beta)
        )

    a, b = (mu_a, var_a), (mu_b, var_b)
    return chance * gain(ahead, a, b) + (1 - chance) * gain(behind, b, a)


def _normal_divergence(mu1: float, var1: float, mu2: float, var2: float) -> float:
    ratio = var1 / var2
    return (mu1 - mu2) ** 2 / (2 * var2) + (ratio - 1 - log(ratio)) / 2


def _beta_divergence(a1: float, b1: float, a2: float, b2: float) -> float:
    lead = lgamma(a2) + lgamma(b2) - lgamma(a2 + b2) - lgamma(a1) - lgamma(b1) + lgamma(a1 + b1)
    return lead + (a1 - a2) * digamma(a1) + (b1 - b2) * digamma(b1) + (a2 - a1 + b2 - b1) * digamma(a1 + b1)


def digamma(x: float) -> float:
    """Derivative of log gamma for x > 0: recurrence to x >= 10, then the asymptotic series."""
    shift = 0.0
    while x < 10:
        shift -= 1 / x
        x += 1
    y = 1 / (x * x)
    series = y * (1 / 12 - y * (1 / 120 - y * (1 / 252 - y * (1 / 240 - y * (1 / 132 - y * 691 / 32760)))))
    return shift + log(x) - 0.5 / x - series
