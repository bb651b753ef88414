"""Generalizability: variance components of a complete design, and what another number of judges would give (Brennan 2001)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from scoring.agreement import float_table
from scoring.arrays import Floats
from scoring.errors import Insufficient, InvalidRule

Design = Literal["p*j", "p*(j:panel)", "p*j*c"]


@dataclass(frozen=True)
class DRow:
    """Reliability with `n` judges (in each of `panels`, on `criteria`): relative (e_rho2) and absolute (phi)."""

    n: int
    e_rho2: float
    phi: float
    panels: int = 1
    criteria: int = 1


@dataclass(frozen=True)
class GStudy:
    """Components by effect: p, j, pj · p, t (panel or task), r:t, pt, pr:t · p, j, c, pj, pc, jc, pjc.

    Negative components are reported and count as 0 in the coefficients.
    """

    design: str
    components: dict[str, float]
    e_rho2: float
    phi: float
    sizes: tuple[int, ...]

    @classmethod
    def of_components(cls, entry: float, judge: float, residual: float, shape: tuple[int, int]) -> "GStudy":
        """The study p*j from variances found elsewhere (`Mixed.var` of a table with gaps); `shape` is entries, judges an entry."""
        components = {"p": entry, "j": judge, "pj": residual}
        return cls("p*j", components, *_coefficients("p*j", components, shape[1], 1, 1), shape)

    def d_study(self, n_judges: Sequence[int], *, n_panels: int | None = None, n_criteria: int | None = None) -> list[DRow]:
        """One row for each number of judges; panels and criteria as in the study unless given."""
        second = self.sizes[1] if self.design == "p*(j:panel)" else 1
        panels = n_panels or second
        criteria = n_criteria or (self.sizes[2] if self.design == "p*j*c" else 1)
        return [DRow(n, *_coefficients(self.design, self.components, n, panels, criteria), panels, criteria) for n in n_judges]

    def judges_needed(self, target: float, most: int = 200) -> int | None:
        """The smallest number of judges whose absolute coefficient reaches the target."""
        return next((row.n for row in self.d_study(range(1, most + 1)) if row.phi >= target), None)


def g_study(y: Floats, design: Design = "p*j") -> GStudy:
    """Components from expected mean squares. Shapes: p*j N x J; p*(j:panel) N x panels x judges; p*j*c N x J x C."""
    table = float_table(y)
    wanted = {"p*j": 2, "p*(j:panel)": 3, "p*j*c": 3}
    if design not in wanted:
        raise InvalidRule("the design must be p*j, p*(j:panel) or p*j*c", {"field": "design"})
    if table.ndim != wanted[design] or min(table.shape) < 2 or not np.isfinite(table).all():
        raise Insufficient("a complete table with at least two of everything is needed", {"field": "y"})
    components = {"p*j": _crossed, "p*(j:panel)": _nested, "p*j*c": _three_way}[design](table)
    judges = table.shape[2] if design == "p*(j:panel)" else table.shape[1]
    panels = table.shape[1] if design == "p*(j:panel)" else 1
    criteria = table.shape[2] if design == "p*j*c" else 1
    return GStudy(design, components, *_coefficients(design, components, judges, panels, criteria), table.shape)


def _square(effect: Floats, copies: int) -> float:
    return copies * float((effect * effect).sum())


def _crossed(y: Floats) -> dict[str, float]:
    n, k = y.shape
    p, j = y.mean(axis=1) - y.mean(), y.mean(axis=0) - y.mean()
    rest = y - y.mean() - p[:, None] - j
    ms_p, ms_j = _square(p, k) / (n - 1), _square(j, n) / (k - 1)
    ms_r = _square(rest, 1) / ((n - 1) * (k - 1))
    return {"p": (ms_p - ms_r) / k, "j": (ms_j - ms_r) / n, "pj": ms_r}


def _nested(y: Floats) -> dict[str, float]:
    n, t, r = y.shape
    grand, p, task = y.mean(), y.mean(axis=(1, 2)), y.mean(axis=(0, 2))
    rater, cell = y.mean(axis=0), y.mean(axis=2)
    ms_p = _square(p - grand, t * r) / (n - 1)
    ms_t = _square(task - grand, n * r) / (t - 1)
    ms_rt = _square(rater - task[:, None], n) / (t * (r - 1))
    ms_pt = _square(cell - p[:, None] - task + grand, r) / ((n - 1) * (t - 1))
    ms_prt = _square(y - cell[:, :, None] - rater + task[:, None], 1) / (t * (n - 1) * (r - 1))
    return {
        "p": (ms_p - ms_pt) / (t * r),
        "t": (ms_t - ms_rt - ms_pt + ms_prt) / (n * r),
        "r:t": (ms_rt - ms_prt) / n,
        "pt": (ms_pt - ms_prt) / r,
        "pr:t": ms_prt,
    }


def _three_way(y: Floats) -> dict[str, float]:
    n, k, c = y.shape
    g = y.mean()
    p, j, q = y.mean(axis=(1, 2)) - g, y.mean(axis=(0, 2)) - g, y.mean(axis=(0, 1)) - g
    pj = y.mean(axis=2) - g - p[:, None] - j
    pq = y.mean(axis=1) - g - p[:, None] - q
    jq = y.mean(axis=0) - g - j[:, None] - q
    rest = y - g - p[:, None, None] - j[:, None] - q - pj[:, :, None] - pq[:, None, :] - jq
    ms_p, ms_j, ms_q = _square(p, k * c) / (n - 1), _square(j, n * c) / (k - 1), _square(q, n * k) / (c - 1)
    ms_pj, ms_pq = _square(pj, c) / ((n - 1) * (k - 1)), _square(pq, k) / ((n - 1) * (c - 1))
    ms_jq, ms_r = _square(jq, n) / ((k - 1) * (c - 1)), _square(rest, 1) / ((n - 1) * (k - 1) * (c - 1))
    return {
        "p": (ms_p - ms_pj - ms_pq + ms_r) / (k * c),
        "j": (ms_j - ms_pj - ms_jq + ms_r) / (n * c),
        "c": (ms_q - ms_pq - ms_jq + ms_r) / (n * k),
        "pj": (ms_pj - ms_r) / c,
        "pc": (ms_pq - ms_r) / k,
        "jc": (ms_jq - ms_r) / n,
        "pjc": ms_r,
    }


def _coefficients(design: str, components: dict[str, float], judges: int, panels: int, criteria: int) -> tuple[float, float]:
    v = {key: max(value, 0.0) for key, value in components.items()}
    if design == "p*j":
        relative, absolute = v["pj"] / judges, v["j"] / judges
    elif design == "p*(j:panel)":
        relative = v["pt"] / panels + v["pr:t"] / (panels * judges)
        absolute = v["t"] / panels + v["r:t"] / (panels * judges)
    else:
        both = judges * criteria
        relative = v["pj"] / judges + v["pc"] / criteria + v["pjc"] / both
        absolute = v["j"] / judges + v["c"] / criteria + v["jc"] / both
    if v["p"] == 0:
        return 0.0, 0.0
    return v["p"] / (v["p"] + relative), v["p"] / (v["p"] + relative + absolute)
