"""What the documentation claims about panels and intervals, by simulation: sd of entries 5, panels 3, judges 2, noise 4."""

import numpy as np
import pytest

from scoring import fit_mixed, rank_uncertainty
from scoring.rescaling import standard_scores

PANELS, ENTRIES, JUDGES = 6, 20, 7


def season(seed: int, *, bridge: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """True quality, entry, judge, mark, panel of each entry; panels differ in true quality (sd 3) and in severity (sd 3).

    With `bridge` the first judge of every panel also marks the entries of the next one.
    """
    rng = np.random.Generator(np.random.Philox(seed))
    panel = np.repeat(np.arange(PANELS), ENTRIES)
    quality = rng.normal(0, 5, panel.size) + rng.normal(0, 3, PANELS)[panel]
    severity = rng.normal(0, 3, PANELS).repeat(JUDGES) + rng.normal(0, 2, PANELS * JUDGES)
    pairs = []
    for e, p in enumerate(panel):
        judges = [p * JUDGES + k for k in range(JUDGES)]
        if bridge:
            judges[-1] = ((p - 1) % PANELS) * JUDGES
        pairs += [(e, j) for j in judges]
    e, j = np.array(pairs).T
    _, j_code = np.unique(j, return_inverse=True)
    y = 75 + quality[e] + severity[j] + rng.normal(0, 4, e.size)
    return quality, e, j_code, y, panel


def recall(quality: np.ndarray, score: np.ndarray, k: int = 12) -> float:
    """Share of the k truly best that are among the k best by score."""
    return len(set(np.argsort(-quality)[:k].tolist()) & set(np.argsort(-score)[:k].tolist())) / k


@pytest.mark.slow
def test_a_bridge_and_the_shrunken_model_find_more_than_equalising_panels() -> None:
    equalised, plain, modelled = [], [], []
    for seed in range(120):
        quality, e, _, y, panel = season(seed, bridge=False)
        mean = np.bincount(e, y) / np.bincount(e)
        t = mean.copy()
        for p in range(PANELS):
            t[panel == p] = standard_scores(mean[panel == p], mean)
        plain.append(recall(quality, mean))
        equalised.append(recall(quality, t))
        quality, e, j, y, _ = season(seed, bridge=True)
        fit = fit_mixed(e, j, y)
        modelled.append(recall(quality, np.bincount(e, y - fit.judge[j]) / np.bincount(e)))
    assert np.mean(equalised) < np.mean(plain) - 0.03
    assert np.mean(modelled) > np.mean(plain) + 0.08


@pytest.mark.slow
def test_posterior_intervals_cover_the_true_rank() -> None:
    covered = []
    for seed in range(100):
        rng = np.random.Generator(np.random.Philox(seed + 1000))
        quality = rng.normal(0, 5, 60)
        e, j = np.repeat(np.arange(60), JUDGES), np.tile(np.arange(JUDGES), 60)
        y = 75 + quality[e] + rng.normal(0, 2, JUDGES)[j] + rng.normal(0, 4, e.size)
        sure = rank_uncertainty(fit_mixed(e, j, y), k=[6], draws=500, seed=str(seed))
        true_rank = 1 + (quality[:, None] < quality).sum(axis=1)
        covered.append(float(((sure.lo <= true_rank) & (true_rank <= sure.hi)).mean()))
    assert 0.94 < np.mean(covered) < 0.98
