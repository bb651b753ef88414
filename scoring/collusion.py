"""Judges whose deviations move together: a reason to ask, never a finding."""

from dataclasses import dataclass

import numpy as np

from scoring.additive import Additive
from scoring.arrays import Floats
from scoring.judges import adjust, residuals
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

    def sentence(self, lang: str = "zh_CN") -> str:
        a, b = self.judges
        values = {"a": a, "b": b, "n": str(self.shared), "value": f"{self.correlation:.2f}", "p": f"{self.p_adjusted:.3f}"}
        return Step("judge.together", values).sentence(lang)


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


def _correlation(a: Floats, b: Floats) -> float:
    x, y = a - a.mean(), b - b.mean()
    size = float(np.sqrt((x @ x) * (y @ y)))
    return float(x @ y) / size if size > 0 else 0.0
