"""Minimum of a smooth function of a few variables, by Newton's method with numerical derivatives."""

from collections.abc import Callable

import numpy as np

from scoring.arrays import Floats
from scoring.errors import NotConverged

LOWEST, FLAT, SMALL = -17.0, -10.0, -6.0


def minimise(value: Callable[[Floats], float], start: Floats, *, tol: float = 1e-9, limit: int = 60) -> tuple[Floats, float]:
    """Minimum of a smooth function of few variables: Newton steps from central differences, backtracking, steps of at most 2.

    Variables are logarithms of ratios: one that is small and still falls is tried at 0 at once, and below `FLAT` it does not
    matter how far it moves.
    """
    x, best = start, value(start)
    size, h = start.size, 1e-3
    for _ in range(limit):
        gradient, hessian = _derivatives(value, x, best, h)
        eigenvalues, vectors = np.linalg.eigh(hessian)
        step = -vectors @ ((vectors.T @ gradient) / np.maximum(np.abs(eigenvalues), 1e-6))
        step *= min(1.0, 2.0 / max(float(np.abs(step).max()), 1e-300))
        trial, now = _backtrack(value, x, step, best)
        for place in np.nonzero((x < SMALL) & (gradient > 0))[0]:
            at_zero = np.where(np.arange(size) == place, LOWEST, trial)
            lower = value(at_zero)
            trial, now = (at_zero, lower) if lower <= now else (trial, now)
        moved, gain = float(np.abs(trial - x)[trial > FLAT].max(initial=0.0)), best - now
        x, best = trial, now
        if gain <= tol * (1 + abs(best)) * 1e-2 and moved < 1e-5 * size:
            return x, best
    raise NotConverged("the likelihood did not settle", {"field": "var"})


def _backtrack(value: Callable[[Floats], float], x: Floats, step: Floats, best: float) -> tuple[Floats, float]:
    """The first of ever shorter steps that improves; the old point where none does."""
    for shrink in range(12):
        trial = np.maximum(x + step / 4**shrink, LOWEST)
        now = value(trial)
        if now < best:
            return trial, now
    return x, best


def _derivatives(value: Callable[[Floats], float], x: Floats, centre: float, h: float) -> tuple[Floats, Floats]:
    size = x.size
    steps = np.eye(size) * h
    up, down = np.array([value(x + s) for s in steps]), np.array([value(x - s) for s in steps])
    hessian = np.diag((up - 2 * centre + down) / h**2)
    for a in range(size):
        for b in range(a):
            mixed = value(x + steps[a] + steps[b]) - up[a] - up[b] + centre
            hessian[a, b] = hessian[b, a] = mixed / h**2
    return (up - down) / (2 * h), hessian
