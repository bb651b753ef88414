"""Assignments by lot with capped probabilities, so that nobody can be sure to get a certain judge."""

import numpy as np

from scoring.arrays import Floats, Ints
from scoring.demand import Assignment, Demand, build_assignment
from scoring.errors import Infeasible, InvalidRule
from scoring.mixing import seed_word
from scoring.optimal import tie_break
from scoring.sideways import needs_whole_numbers
from scoring.transport import Transport

NEAR = 1e-7
FAIR_PAIRS = 30_000


def pair_probabilities(d: Demand, seed: str = "", *, time_limit_s: float = 60, fair: bool = False) -> tuple[Ints, Floats, float]:
    """Codes entry x J + judge, their probabilities (each at most `max_probability`) and the expected total, at its largest.

    `fair`: the least expected sum of an entry is made as large as it can be first (up to 30,000 pairs), then the total.
    Which of equally good pairs may be drawn at all follows from the seed, so that without it even less is known.
    Raises Infeasible when the cap is too low, InvalidRule with limits that a lot over pairs cannot keep.
    """
    if needs_whole_numbers(d):
        raise InvalidRule("a probability cap cannot be combined with unit, seat or apart limits", {"field": "max_probability"})
    cap = 1.0 if d.max_probability is None else float(d.max_probability)
    if not 0 < cap <= 1:
        raise InvalidRule("a probability lies above 0 and up to 1", {"field": "max_probability"})
    given = np.bincount([e for e, _ in d.fixed], minlength=d.shape[0]) if d.fixed else np.zeros(d.shape[0], np.int64)
    free = (~d.conflict).sum(axis=1) - given
    short = free * cap < d.need - given - 1e-9
    if short.any():
        entries = np.nonzero(short)[0].tolist()
        where = {"entry": entries[0], "entries": entries[:20], "rule": "max_probability"}
        raise Infeasible("the probability cap leaves an entry too few judges", where)
    code = np.nonzero(~d.conflict.ravel())[0]
    score = np.zeros(code.size) if d.score is None else d.score.ravel()[code].astype(np.float64)
    gain = score + tie_break(code, seed, int(d.need.sum()))
    fair = fair and d.score is not None and code.size <= FAIR_PAIRS
    model = Transport(d, code, np.zeros(code.size) if fair else gain, upper=cap, time_limit_s=time_limit_s)
    if fair:
        model.hold_worst(model.largest_worst(d) - 1e-6)
        model.set_gains(gain)
    values = np.clip(model.solve()[: code.size], 0.0, 1.0)
    used = values > NEAR
    return code[used], values[used], float(score @ values)


def draw_assignment(d: Demand, seed: str, time_limit_s: float = 60, *, fair: bool = False) -> Assignment:
    """One assignment drawn so that every pair occurs with its probability; all limits hold in every draw."""
    code, values, expected = pair_probabilities(d, seed, time_limit_s=time_limit_s, fair=fair)
    j = d.shape[1]
    whole = round_dependently(code // j, code % j + d.shape[0], values, seed)
    pairs = code[whole > 0.5]
    return build_assignment(d, np.stack((pairs // j, pairs % j), axis=1), seed, bound=expected)


def round_dependently(left: Ints, right: Ints, values: Floats, seed: str) -> Floats:
    """Round fractions on the edges of a bipartite graph to 0 or 1: expectations stay, degrees stay within one (Gandhi et al.)."""
    x = values.astype(np.float64).tolist()
    ends = list(zip(left.tolist(), right.tolist(), strict=True))
    around: dict[int, set[int]] = {}
    for edge, (a, b) in enumerate(ends):
        if NEAR < x[edge] < 1 - NEAR:
            around.setdefault(a, set()).add(edge)
            around.setdefault(b, set()).add(edge)
    state = seed_word(seed, "lottery") | 1
    while around:
        walk = _walk(around, ends)
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        _shift(x, walk, (state >> 11) / 2.0**53)
        for edge in walk:
            if not NEAR < x[edge] < 1 - NEAR:
                x[edge] = round(x[edge])
                for node in ends[edge]:
                    around[node].discard(edge)
                    if not around[node]:
                        del around[node]
    return np.rint(np.array(x))


def _walk(around: dict[int, set[int]], ends: list[tuple[int, int]]) -> list[int]:
    """A cycle of fractional edges, or a path that cannot be extended at either end; edges alternate sides."""
    start = min((node for node in around if len(around[node]) == 1), default=min(around))
    node, seen = start, {start: 0}
    path: list[int] = []
    while True:
        edge = min((e for e in around.get(node, ()) if not path or e != path[-1]), default=-1)
        if edge < 0:
            return path
        path.append(edge)
        node = ends[edge][1] if ends[edge][0] == node else ends[edge][0]
        if node in seen:
            return path[seen[node] :]
        seen[node] = len(path)


def _shift(x: list[float], walk: list[int], u: float) -> None:
    """Raise every other edge and lower the rest, as far as possible one way or the other, with fair odds."""
    odd, even = walk[1::2], walk[::2]
    up = min([1 - x[e] for e in even] + [x[e] for e in odd])
    down = min([x[e] for e in even] + [1 - x[e] for e in odd])
    step = up if u < down / (up + down) else -down
    for e in even:
        x[e] += step
    for e in odd:
        x[e] -= step
