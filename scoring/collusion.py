"""Judges whose deviations move together: a reason to ask, never a finding."""

from dataclasses import dataclass

import numpy as np

from scoring.additive import Additive
from scoring.arrays import Bools, Floats
from scoring.judges import adjust, excess, residuals
from scoring.marks import Marks
from scoring.mixed import Mixed
from scoring.special import student_sf
from scoring.trace import Step

NAN = float("nan")


@dataclass(frozen=True)
class Signal:
    """Two judges whose residuals on shared entries move together more than chance allows; a reason to ask, not a proof."""

    judges: tuple[str, str]
    shared: int
    correlation: float
    p_adjusted: float

    @property
    def step(self) -> Step:
        a, b = self.judges
        values = {"a": a, "b": b, "n": str(self.shared), "value": f"{self.correlation:.2f}", "p": f"{self.p_adjusted:.3f}"}
        return Step("judge.together", values)

    def sentence(self, lang: str = "zh_CN") -> str:
        return self.step.sentence(lang)


@dataclass(frozen=True)
class Exchange:
    """Two judges who each mark the entries tied to the other above expectation, by `gaps` points; a reason to ask, not a proof."""

    judges: tuple[str, str]
    gaps: tuple[float, float]
    p_adjusted: float

    @property
    def step(self) -> Step:
        (a, b), (there, back) = self.judges, self.gaps
        return Step("judge.exchange", {"a": a, "b": b, "value": f"{there:.2f}", "back": f"{back:.2f}", "p": f"{self.p_adjusted:.3f}"})

    def sentence(self, lang: str = "zh_CN") -> str:
        return self.step.sentence(lang)


def collusion_signals(m: Marks, fit: Mixed | Additive, *, least_shared: int = 8, level: float = 0.05) -> list[Signal]:
    """Pairs of judges with correlated residuals (one-sided t test, Benjamini-Hochberg over all pairs).

    Residuals around an entry's mean are negatively correlated by construction (about -1/(judges-1)), which makes the
    test cautious.
    """
    residual = residuals(fit)
    table = np.full((fit.entry.size, fit.judge.size), NAN)
    table[fit.e, fit.j] = residual
    seen = np.isfinite(table)
    pairs, values = [], []
    for a in range(fit.judge.size):
        for b in range(a + 1, fit.judge.size):
            both = seen[:, a] & seen[:, b]
            shared = int(both.sum())
            if shared >= least_shared:
                r = _correlation(table[both, a], table[both, b])
                pairs.append((a, b, shared, r))
                t = r * np.sqrt((shared - 2) / max(1 - r * r, 1e-12))
                values.append(student_sf(float(t), shared - 2))
    adjusted = adjust(values)
    return [
        Signal((m.judge_id(a), m.judge_id(b)), n, r, p) for (a, b, n, r), p in zip(pairs, adjusted, strict=True) if p < level
    ]  # fmt: skip


def reciprocal_favours(m: Marks, fit: Mixed | Additive, related: Bools, *, level: float = 0.05, seed: str = "exchange") -> list[Exchange]:
    """Pairs of judges who favour the entries tied to each other. `related[N, J]`: entry i is tied to judge j (unit, supervisor),
    whether or not j marked it.

    Each direction is a permutation test on the judge's own residuals; the pair counts with the weaker of the two, adjusted
    (Benjamini-Hochberg) over all pairs that could be tested.
    """
    tied, residual = np.asarray(related, bool), residuals(fit)
    rows = [np.nonzero(fit.j == k)[0] for k in range(fit.judge.size)]

    def favour(a: int, b: int) -> tuple[float, float]:
        return excess(residual[rows[a]], tied[fit.e[rows[a]], b], f"{seed}\x1f{a}\x1f{b}")

    pairs, weaker = [], []
    for a in range(fit.judge.size):
        for b in range(a + 1, fit.judge.size):
            (there, p), (back, q) = favour(a, b), favour(b, a)
            if p == p and q == q:
                pairs.append((a, b, there, back))
                weaker.append(max(p, q))
    adjusted = adjust(weaker)
    return [
        Exchange((m.judge_id(a), m.judge_id(b)), (there, back), p)
        for (a, b, there, back), p in zip(pairs, adjusted, strict=True)
        if p < level
    ]


def _correlation(a: Floats, b: Floats) -> float:
    x, y = a - a.mean(), b - b.mean()
    size = float(np.sqrt((x @ x) * (y @ y)))
    return float(x @ y) / size if size > 0 else 0.0
