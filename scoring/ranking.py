"""Ranks, the tie chain, and for every neighbouring pair the key that parted it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from scoring.arrays import Floats, Ints
from scoring.draws import draw_key
from scoring.errors import Insufficient, InvalidRule
from scoring.results import Results
from scoring.rule import Rule
from scoring.sentences import sentence, tie_name
from scoring.tiekeys import Level, levels, prefers, ratio_codes, show_score


@dataclass(frozen=True)
class Decision:
    """Why `above` stands before `below`: the key that parted them (None: shared rank) and both values as text."""

    above: str
    below: str
    key: str | None
    high: str = ""
    low: str = ""

    def sentence(self, lang: str = "zh_CN") -> str:
        values = {"above": self.above, "below": self.below, "high": self.high, "low": self.low}
        if self.key is None:
            return sentence("decide.shared", lang, values)
        if self.key in ("score", "lot"):
            return sentence(f"decide.{self.key}", lang, values)
        return sentence("decide.tie", lang, {**values, "key": tie_name(self.key, lang)})


@dataclass(frozen=True, eq=False)
class Ranking:
    """rank[N] in the declared style (0: no score), order[N] best first (entries without a score last).

    `level[N]` = number of entries strictly better on the score alone, `place[N]` after the whole chain.
    """

    rank: Ints
    order: Ints
    results: Results
    level: Ints
    place: Ints
    stages: tuple[tuple[str, Ints], ...]
    shows: Mapping[str, Callable[[int], str]]

    @cached_property
    def separated_by(self) -> tuple[str | None, ...]:
        """The key that parted order[k] from order[k+1]; None where they share a rank (or have none)."""
        out = np.full(max(self.order.size - 1, 0), -1, np.int64)
        for number, (_, place) in enumerate(self.stages):
            sorted_place = place[self.order]
            out[(out < 0) & (sorted_place[1:] != sorted_place[:-1])] = number
        labels = [label for label, _ in self.stages]
        return tuple(None if s < 0 else labels[s] for s in out.tolist())

    def decision(self, k: int) -> Decision:
        """The pair order[k], order[k+1] with the values that decided it."""
        a, b = int(self.order[k]), int(self.order[k + 1])
        key, r = self.separated_by[k], self.results
        if key is None or not (r.scored[a] and r.scored[b]):
            return Decision(r.entry_id(a), r.entry_id(b), key)
        if key == "head_to_head" and r.totals is not None:
            for_a, for_b = prefers(r.totals, a, b)
            return Decision(r.entry_id(a), r.entry_id(b), key, str(for_a), str(for_b))
        show = self.shows.get(key, lambda i: show_score(r, i))
        return Decision(r.entry_id(a), r.entry_id(b), key, show(a), show(b))

    def decisions(self) -> tuple[Decision, ...]:
        """Every neighbouring pair of entries that have a score."""
        return tuple(self.decision(k) for k in range(max(int(self.results.scored.sum()) - 1, 0)))


def rank(r: Results, rule: Rule, *, extra: Mapping[str, Ints] | None = None, seed: str | None = None) -> Ranking:
    """Rank the scored entries on the printed (or exact) score, then by the tie chain; what stays equal shares a rank.

    `extra` gives the arrays of `extra:<name>` keys; `seed` the public seed of a `lot`. Raises InvalidRule, Insufficient.
    """
    scored = r.scored
    at = np.nonzero(scored)[0].astype(np.int64)
    main = r.printed[at] if rule.compare == "printed" else ratio_codes(r.num[at], r.den[at])
    place = np.full(r.num.size, at.size, np.int64)
    place[at] = places(main)
    stages: list[tuple[str, Ints]] = [("score", place)]
    shows: dict[str, Callable[[int], str]] = {}
    for key in rule.ties:
        if key.kind == "lot":
            place = _by_lot(r, at, place, seed, stages)
        elif key.kind == "head_to_head":
            place = _head_to_head(r, at, place, stages)
        else:
            tied = _tied(at, place)
            for level in levels(key, r, tied, extra or {}) if tied.size else ():
                place = _refine(place, tied, level, stages)
                shows.setdefault(level.label, level.show)
    order = np.argsort(place * (r.num.size + 1) + np.arange(r.num.size)).astype(np.int64)
    ranks = np.zeros(r.num.size, np.int64)
    styled = style_ranks(place[at], rule.rank_style, [r.entry_id(int(i)) for i in at] if rule.rank_style in ("1234", "ordinal") else None)
    ranks = ranks.astype(styled.dtype)
    ranks[at] = styled
    return Ranking(ranks, order, r, stages[0][1], place, tuple(stages), shows)


def places(values: Ints) -> Ints:
    """For each value the number of strictly larger ones."""
    order = np.argsort(-values)
    ordered = values[order]
    starts = np.concatenate(([True], ordered[1:] != ordered[:-1])) if values.size else np.zeros(0, bool)
    first = np.maximum.accumulate(np.where(starts, np.arange(values.size), 0))
    out = np.empty(values.size, np.int64)
    out[order] = first
    return out


def _tied(at: Ints, place: Ints) -> Ints:
    """Positions of entries that share their place with another."""
    if not at.size:
        return at
    counts = np.bincount(place[at])
    return at[counts[place[at]] > 1]


def _refine(place: Ints, tied: Ints, level: Level, stages: list[tuple[str, Ints]]) -> Ints:
    """Split groups of equal place by the level's values; larger values first."""
    group, values = place[tied], level.values
    order = np.lexsort((-values, group))
    g, v = group[order], values[order]
    k = np.arange(tied.size)
    new_group = np.concatenate(([True], g[1:] != g[:-1]))
    new_run = new_group | np.concatenate(([True], v[1:] != v[:-1]))
    offset = np.maximum.accumulate(np.where(new_run, k, 0)) - np.maximum.accumulate(np.where(new_group, k, 0))
    if not offset.any():
        return place
    out = place.copy()
    out[tied[order]] = g + offset
    stages.append((level.label, out))
    return out


def _head_to_head(r: Results, at: Ints, place: Ints, stages: list[tuple[str, Ints]]) -> Ints:
    """Groups of exactly two: the one preferred by more judges first. Larger groups stay (majorities may run in a circle)."""
    if r.totals is None:
        raise InvalidRule("a combined score has no judges' marks to compare head to head", {"tie": "head_to_head"})
    tied = _tied(at, place)
    groups: dict[int, list[int]] = {}
    for i in tied.tolist():
        groups.setdefault(int(place[i]), []).append(i)
    out = place.copy()
    for pair in (g for g in groups.values() if len(g) == 2):
        for_a, for_b = prefers(r.totals, pair[0], pair[1])
        if for_a != for_b:
            out[pair[1] if for_a > for_b else pair[0]] += 1
    if (out != place).any():
        stages.append(("head_to_head", out))
        return out
    return place


def _by_lot(r: Results, at: Ints, place: Ints, seed: str | None, stages: list[tuple[str, Ints]]) -> Ints:
    tied = _tied(at, place)
    if not tied.size:
        return place
    if seed is None:
        raise InvalidRule("the tie chain ends in a lot: a public seed is needed", {"tie": "lot"})
    drawn = sorted(tied.tolist(), key=lambda i: draw_key(seed, "tiebreak", r.entry_id(i)), reverse=True)
    turn = {i: k for k, i in enumerate(drawn)}
    values = np.array([turn[i] for i in tied.tolist()], np.int64)
    return _refine(place, tied, Level("lot", values, str), stages)


def style_ranks(place: Ints, style: str, ids: list[str] | None = None) -> Ints | Floats:
    """Ranks from places (numbers of better entries): 1224, 1334, 1223 (dense), 1234 (ordinal; refuses ties), mean (halves)."""
    counts = np.bincount(place, minlength=place.size + 1) if place.size else np.zeros(1, np.int64)
    if style == "1224":
        return place + 1
    if style == "1334":
        return place + counts[place]
    if style in ("1223", "dense"):
        return np.cumsum(counts > 0)[place].astype(np.int64)
    if style == "mean":
        return place + (counts[place] + 1) / 2
    if style not in ("1234", "ordinal"):
        raise InvalidRule(f"unknown rank style {style!r}", {"field": "rank_style"})
    if (counts > 1).any():
        first = int(np.argmax(counts[place] > 1))
        raise Insufficient(
            "ordinal ranks need a chain that separates everybody; end it with a lot",
            {"entry": ids[first] if ids else first},
        )
    return place + 1


def rank_values(values: Ints, style: str = "1224") -> Ints | Floats:
    """Ranks of plain numbers, larger is better."""
    return style_ranks(places(np.asarray(values, np.int64)), style)
