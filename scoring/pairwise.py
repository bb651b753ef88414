"""Bradley-Terry strengths from pairwise choices, with standard errors; ties as half wins, an optional order effect."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from scoring.arrays import Bools, Floats, Ints, sum_by, whole
from scoring.errors import Insufficient, InvalidRule, NotConverged, NotIdentifiable

DENSE_LIMIT = 3000


@dataclass(frozen=True, eq=False)
class BT:
    """strength[n] (logits, sum 0); deviance against the saturated model of the pairs as shown; order_effect of being first.

    `se` belongs to the strengths with their sum fixed at 0; `contrast_se` to a difference (exact up to 3,000 items).
    """

    strength: Floats
    deviance: float
    order_effect: float
    iterations: int
    weights: tuple[Ints, Ints, Floats, Floats]
    prior_precision: float
    with_order: bool

    @cached_property
    def covariance(self) -> Floats:
        """Of the strengths (and last the order effect)."""
        a, b, sign, curvature = self.weights
        n = self.strength.size
        if n > DENSE_LIMIT:
            raise Insufficient(f"exact errors are computed for up to {DENSE_LIMIT} items", {"items": n})
        size = n + int(self.with_order)
        info = np.zeros((size, size))
        np.add.at(info, (a, a), curvature)
        np.add.at(info, (b, b), curvature)
        np.add.at(info, (a, b), -curvature)
        np.add.at(info, (b, a), -curvature)
        if self.with_order:
            side = sum_by(a, curvature * sign, n) - sum_by(b, curvature * sign, n)
            info[:n, n], info[n, :n], info[n, n] = side, side, curvature @ (sign * sign)
        info[:n, :n] += self.prior_precision * np.eye(n) + 1.0 / n
        inverse = np.linalg.inv(info)
        inverse[:n, :n] -= 1.0 / n if self.prior_precision == 0 else 1.0 / (n * (1.0 + self.prior_precision))
        return inverse

    @cached_property
    def se(self) -> Floats:
        n = self.strength.size
        if n > DENSE_LIMIT:
            a, b, _, curvature = self.weights
            return 1 / np.sqrt(sum_by(a, curvature, n) + sum_by(b, curvature, n) + self.prior_precision)
        return np.sqrt(np.maximum(np.diag(self.covariance)[:n], 0.0))

    @property
    def se_order_effect(self) -> float:
        return float(np.sqrt(self.covariance[-1, -1])) if self.with_order else float("nan")

    def contrast_se(self, i: int, j: int) -> float:
        """Standard error of strength i - strength j."""
        c = self.covariance
        return float(np.sqrt(max(c[i, i] + c[j, j] - 2 * c[i, j], 0.0)))


def bradley_terry(
    winner: Ints,
    loser: Ints,
    n: int,
    *,
    tie: Bools | None = None,
    prior_precision: float = 0.05,
    order_effect: bool | Bools | Ints = False,
    first: Bools | None = None,
) -> BT:
    """Strengths from V votes. `first[v]`: the winner was shown first (or at home); needed for `order_effect`, which may itself
    be that array (True or +1: the winner; False or -1: the loser). `tie[v]`: half a win for each.

    A Gaussian prior of this precision keeps winless or unlinked items finite; with 0 they are refused.
    Raises InvalidRule, Insufficient, NotIdentifiable, NotConverged.
    """
    if np.ndim(order_effect):
        first, order_effect = np.asarray(order_effect) > 0, True
    win, lose = whole(winner, "winner"), whole(loser, "loser")
    _check(win, lose, n, prior_precision, bool(order_effect), first, tie)
    wins, a, b, sign = _grouped(win, lose, n, tie, first)
    total = wins[0] + wins[1]
    if prior_precision == 0:
        _refuse_unbounded(a, b, wins, n)
    strength, effect, rounds = _newton(a, b, sign, wins[0], total, n, prior_precision, bool(order_effect))
    p = 1 / (1 + np.exp(-(strength[a] - strength[b] + effect * sign)))
    fitted = np.stack((p, 1 - p)) * total
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = np.where(wins > 0, wins * np.log(wins / fitted), 0.0)
    return BT(strength, 2 * float(parts.sum()), effect, rounds, (a, b, sign, total * p * (1 - p)), prior_precision, bool(order_effect))


def _check(win: Ints, lose: Ints, n: int, prior: float, ordered: bool, first: Bools | None, tie: Bools | None) -> None:
    if not win.size or win.shape != lose.shape:
        raise Insufficient("winners and losers are arrays of one common length, not empty", {"field": "winner"})
    if int(min(win.min(), lose.min())) < 0 or int(max(win.max(), lose.max())) >= n:
        raise InvalidRule("an item outside 0..n-1", {"field": "n"})
    if (win == lose).any():
        raise InvalidRule("an item cannot be compared with itself", {"item": int(win[np.argmax(win == lose)])})
    if not 0 <= prior < np.inf:
        raise InvalidRule("a precision is not negative", {"field": "prior_precision"})
    for name, flags in (("tie", tie), ("first", first)):
        if flags is not None and np.asarray(flags).shape != win.shape:
            raise InvalidRule("one flag for every vote is needed", {"field": name})
    if ordered and first is None:
        raise InvalidRule("an order effect needs to know who was shown first", {"field": "first"})


def _refuse_unbounded(a: Ints, b: Ints, wins: Floats, n: int) -> None:
    """Without a prior every item must beat every other through a chain of wins, and lose so too (Ford's condition)."""
    ahead = wins[0] > 0, wins[1] > 0
    source, target = np.concatenate((a[ahead[0]], b[ahead[1]])), np.concatenate((b[ahead[0]], a[ahead[1]]))
    for start, end in ((source, target), (target, source)):
        reached = np.zeros(n, bool)
        reached[0] = True
        for _ in range(n):
            grown = reached.copy()
            grown[end[reached[start]]] = True
            if (grown == reached).all():
                break
            reached = grown
        if not reached.all():
            raise NotIdentifiable("without a prior this item's strength is infinite or unlinked", {"item": int(np.argmin(reached))})


def _grouped(win: Ints, lose: Ints, n: int, tie: Bools | None, first: Bools | None) -> tuple[Floats, Ints, Ints, Floats]:
    """Votes counted by pair (ordered by who was first where that is known): wins of a and b, positions, sign of the order effect."""
    ahead = np.asarray(first, bool) if first is not None else win < lose
    a, b = np.where(ahead, win, lose), np.where(ahead, lose, win)
    code, group = np.unique(a * n + b, return_inverse=True)
    even = np.zeros(win.size, bool) if tie is None else np.asarray(tie, bool)
    won = np.where(even, 0.5, ahead.astype(np.float64))
    wins = np.stack((sum_by(group, won, code.size), sum_by(group, 1 - won, code.size)))
    return wins, code // n, code % n, np.full(code.size, 1.0 if first is not None else 0.0)


def _newton(a: Ints, b: Ints, sign: Floats, won: Floats, total: Floats, n: int, prior: float, ordered: bool) -> tuple[Floats, float, int]:
    """Newton steps, their equations solved as far as the step deserves. A step below 1e-6 leaves an error near its square."""
    votes = _Neighbours.of(a, b, n)
    strength, effect, first = np.zeros(n), 0.0, 0.0
    for step in range(1, 101):
        p = 1 / (1 + np.exp(-np.clip(strength[a] - strength[b] + effect * sign, -60, 60)))
        gap, curvature = won - total * p, total * p * (1 - p)
        gradient = sum_by(a, gap, n) - sum_by(b, gap, n) - prior * strength
        size = float(np.sqrt(gradient @ gradient))
        first = first or size
        information = _Information.at(votes, curvature, prior, min(max(size / max(first, 1e-300), 1e-10), 0.1))
        move, more = information.solve(gradient), 0.0
        if ordered:  # one more unknown: eliminated, so that the pairs' equations stay as they are
            side = sum_by(a, curvature * sign, n) - sum_by(b, curvature * sign, n)
            through = information.solve(side)
            more = (float(gap @ sign) - float(side @ move)) / max(float(curvature @ (sign * sign)) - float(side @ through), 1e-300)
            move = move - more * through
        reach = max(float(np.abs(move).max()), abs(more))
        shorten = min(1.0, 3.0 / max(reach, 1e-300))
        strength, effect = strength + shorten * move, effect + shorten * more
        if reach < 1e-6:
            return strength - strength.mean(), effect, step
    raise NotConverged("the strengths did not settle", {"field": "winner"})


@dataclass(frozen=True, eq=False)
class _Neighbours:
    """Every pair seen from both its items, sorted by item: `pair` and the `other` item; `starts` where each of `items` begins."""

    items: Ints
    starts: Ints
    pair: Ints
    other: Ints
    n: int

    @classmethod
    def of(cls, a: Ints, b: Ints, n: int) -> "_Neighbours":
        own = np.concatenate((a, b))
        order = np.argsort(own, kind="stable")
        own = own[order]
        starts = np.flatnonzero(np.concatenate(([True], own[1:] != own[:-1])))
        return cls(own[starts], starts, order % a.size, np.concatenate((b, a))[order], n)

    def sums(self, values: Floats) -> Floats:
        """Sums by item of values in this order."""
        out = np.zeros(self.n)
        out[self.items] = np.add.reduceat(values, self.starts)
        return out


@dataclass(frozen=True, eq=False)
class _Information:
    """Second derivatives of the log likelihood (and prior) at some strengths: diagonal minus the curvature of each pair."""

    votes: _Neighbours
    curvature: Floats
    diagonal: Floats
    tol: float

    @classmethod
    def at(cls, votes: _Neighbours, curvature: Floats, prior: float, tol: float) -> "_Information":
        both = curvature[votes.pair]
        return cls(votes, both, votes.sums(both) + prior, tol)

    def solve(self, right: Floats) -> Floats:
        """x with information x = right, both adding up to 0, by conjugate gradients to a relative residual of `tol`."""
        n, other = self.votes.n, self.votes.other
        scale = 1 / np.maximum(self.diagonal, 1e-12)
        x, r = np.zeros(n), right - right.sum() / n
        target = self.tol**2 * float(r @ r)
        p, rz = np.zeros(n), 1.0
        for _ in range(10 * n + 50):
            if float(r @ r) <= target:
                break
            z = r * scale
            z -= z.sum() / n
            before, rz = rz, float(r @ z)
            p = z + (rz / before) * p
            q = self.diagonal * p - self.votes.sums(self.curvature * p[other])
            length = float(p @ q)
            if length <= 1e-15 * float(self.diagonal @ (p * p)):
                break
            x += (rz / length) * p
            r -= (rz / length) * q
        return x - x.sum() / n
