"""Who advances: quotas, ties at the line, wild cards, reserves, withdrawals; for each entry why, and what would change it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np

from scoring.arrays import Bools, Ints
from scoring.draws import draw_key
from scoring.errors import InvalidRule
from scoring.quotas import (
    AtLine,
    Percent,
    PerGroup,
    Quota,
    Rounding,
    Spread,
    Threshold,
    Top,
    count_of,
    largest_remainder,
)
from scoring.ranking import Ranking
from scoring.reasons import Choice, change, cut_line, why
from scoring.rounding import format_units
from scoring.trace import Step


@dataclass(frozen=True, eq=False)
class Advance:
    """selected[N]; line_score: lowest printed score selected by the quota; first_out: best position not selected.

    `distance` between the two in printed units; `steps[N]` why in or out, `changes[N]` what would have changed it;
    `reserves` the positions that follow, in order.
    """

    selected: Bools
    line_score: int | None
    first_out: int | None
    distance: int | None
    steps: tuple[Step, ...]
    changes: tuple[Step, ...]
    reserves: tuple[int, ...]
    quota: int | None

    @property
    def reasons(self) -> list[str]:
        """One Chinese sentence per entry; other languages: `reasons_in`."""
        return self.reasons_in("zh_CN")

    def reasons_in(self, lang: str) -> list[str]:
        return [step.sentence(lang) for step in self.steps]


def advance(
    rk: Ranking,
    quota: Quota,
    group: Ints | None = None,
    *,
    at_line: AtLine,
    rounding: Rounding,
    base: int,
    seed: str | None = None,
    wild_cards: Sequence[int] = (),
    withdrawn: Sequence[int] = (),
    pull_up: bool = False,
    reserves: int = 0,
) -> Advance:
    """Apply the quota to the ranking. `base` is what percentages refer to; `at_line` decides equal scores at the cut.

    include_all / exclude_all look at the score; chain at the tie chain (what it cannot part goes in together); draw
    parts the rest by lot. `withdrawn` free their places only with `pull_up`. Raises InvalidRule, Infeasible.
    """
    _check(rk, quota, group, at_line, rounding, base, seed)
    gone = {int(i) for i in withdrawn}
    scored = rk.results.scored
    pool = [int(i) for i in rk.order if scored[i] and not (pull_up and int(i) in gone)]
    choice = Choice(rk, at_line, seed)
    places = _apply(choice, quota, group, pool, base, rounding)
    if pull_up and gone:
        _mark_pulled_up(choice, _apply_all(rk, quota, group, base, rounding, at_line, seed))
    if not pull_up:
        for i in gone & choice.chosen.keys():
            del choice.chosen[i]
    wild = [int(i) for i in wild_cards if i not in choice.chosen and scored[i] and i not in gone]
    return _report(choice, pool, gone, wild, places, max(reserves, 0))


def _report(choice: Choice, pool: list[int], gone: set[int], wild: list[int], places: int | None, reserves: int) -> Advance:
    """The line is that of the quota; wild cards stand beside it."""
    rk, size = choice.rk, choice.rk.rank.size
    selected = np.zeros(size, bool)
    selected[list(choice.chosen)] = True
    line, first_out = cut_line(rk, pool, selected, gone)
    for i in wild:
        choice.chosen[i] = Step("advance.in_wild", choice.values(i))
        selected[i] = True
    waiting = tuple(i for i in pool if not selected[i] and i not in gone)[:reserves]
    distance = None if line is None or first_out is None else line - int(rk.results.printed[first_out])
    steps = tuple(why(choice, i, gone, line) for i in range(size))
    changes = tuple(change(choice, i, selected, line, first_out, gone) for i in range(size))
    return Advance(selected, line, first_out, distance, steps, changes, waiting, places)


def _check(rk: Ranking, quota: Quota, group: Ints | None, at_line: str, rounding: str, base: int, seed: str | None) -> None:
    if at_line not in get_args(AtLine):
        raise InvalidRule("at_line must be include_all, exclude_all, chain or draw", {"field": "at_line"})
    if rounding not in get_args(Rounding):
        raise InvalidRule("rounding must be ceil, floor or half_up", {"field": "rounding"})
    if base is True or base < 0:
        raise InvalidRule("base is the whole number that percentages refer to", {"field": "base"})
    if at_line == "draw" and seed is None:
        raise InvalidRule("a draw at the line needs a public seed", {"field": "seed"})
    if isinstance(quota, (PerGroup, Spread)):
        if group is None or np.asarray(group).shape != rk.rank.shape:
            raise InvalidRule("this quota needs the group of every entry", {"field": "group"})
    elif not isinstance(quota, (Top, Percent, Threshold)):
        raise InvalidRule("unknown quota", {"field": "quota"})


def _apply_all(rk: Ranking, quota: Quota, group: Ints | None, base: int, rounding: Rounding, at_line: AtLine, seed: str | None) -> set[int]:
    before = Choice(rk, at_line, seed)
    _apply(before, quota, group, [int(i) for i in rk.order if rk.results.scored[i]], base, rounding)
    return set(before.chosen)


def _mark_pulled_up(choice: Choice, before: set[int]) -> None:
    for i in choice.chosen.keys() - before:
        choice.chosen[i] = Step("advance.in_pulled", choice.values(i))


def _apply(choice: Choice, quota: Quota, group: Ints | None, pool: list[int], base: int, rounding: Rounding) -> int | None:
    """Fill chosen and refused; returns the number of places where there is one."""
    if isinstance(quota, Threshold):
        return _threshold(choice, quota, pool)
    if isinstance(quota, Spread):
        _spread(choice, quota, np.asarray(group), _passing(choice, pool, quota.pass_mark))
        return quota.n
    if isinstance(quota, PerGroup):
        return _per_group(choice, quota, np.asarray(group), pool, rounding)
    count = count_of(quota, base, rounding)
    _cut(choice, _passing(choice, pool, quota.pass_mark), count if isinstance(quota, Percent) or count > 0 else len(pool))
    return count


def _threshold(choice: Choice, quota: Threshold, pool: list[int]) -> int | None:
    passing = _passing(choice, pool, quota.score)
    if quota.cap is not None:
        _cut(choice, passing, quota.cap)
        return quota.cap
    line = format_units(quota.score, choice.rk.results.rule.result_round.decimals)
    for i in passing:
        choice.chosen[i] = Step("advance.in_pass", choice.values(i, line=line))
    return None


def _passing(choice: Choice, pool: list[int], mark: int | None) -> list[int]:
    """Those at or above the pass mark; the others are refused for it."""
    if mark is None:
        return pool
    decimals = choice.rk.results.rule.result_round.decimals
    printed = choice.rk.results.printed
    for i in pool:
        if printed[i] < mark:
            gap = format_units(mark - int(printed[i]), decimals)
            choice.refused[i] = Step("advance.out_pass", choice.values(i, line=format_units(mark, decimals), gap=gap))
    return [i for i in pool if printed[i] >= mark]


def _cut(choice: Choice, pool: list[int], n: int) -> None:
    """Take the first n of the pool (best first); equal scores at the cut go by `at_line`."""
    rk = choice.rk
    if n >= len(pool):
        for i in pool:
            choice.chosen[i] = Step("advance.in_top", choice.values(i, n))
        return
    if n <= 0:
        for i in pool:
            choice.refused[i] = Step("advance.out_rank", choice.values(i, 0))
        return
    level = int(rk.level[pool[n - 1]])
    parted = int(rk.level[pool[n]]) != level
    tied = [] if parted else [i for i in pool if int(rk.level[i]) == level]
    together = set(tied)
    for place, i in enumerate(pool):
        if i not in together:
            target, key = (choice.chosen, "in_top") if place < n else (choice.refused, "out_rank")
            target[i] = Step(f"advance.{key}", choice.values(i, n))
    if tied:
        _cut_tied(choice, tied, n - pool.index(tied[0]), n)


def _cut_tied(choice: Choice, tied: list[int], left: int, n: int) -> None:
    """`left` places for the entries tied on the score at the line."""
    if choice.at_line in ("include_all", "exclude_all"):
        target, key = (choice.chosen, "in_tie") if choice.at_line == "include_all" else (choice.refused, "out_tie")
        for i in tied:
            target[i] = Step(f"advance.{key}", choice.values(i, n))
        return
    edge = int(choice.rk.place[tied[left - 1]])
    same = [i for i in tied if int(choice.rk.place[i]) == edge]
    room = left - sum(int(choice.rk.place[i]) < edge for i in tied)
    drawn = set(same)
    key = "in_chain" if len(same) <= room else "in_chain_tie"
    if choice.at_line == "draw" and len(same) > room:
        seed = choice.seed or ""
        drawn = set(sorted(same, key=lambda i: draw_key(seed, "cut-line", choice.rk.results.entry_id(i)))[:room])
        key = "in_draw"
    for i in tied:
        place = int(choice.rk.place[i])
        if place < edge or i in drawn:
            choice.chosen[i] = Step(f"advance.{'in_chain' if place < edge else key}", choice.values(i, n))
        else:
            choice.refused[i] = Step(f"advance.{'out_draw' if place == edge else 'out_chain'}", choice.values(i, n))


def _per_group(choice: Choice, quota: PerGroup, group: Ints, pool: list[int], rounding: Rounding) -> int | None:
    codes = sorted(set(group.tolist()))
    members = {g: [i for i in pool if int(group[i]) == g] for g in codes}
    if quota.total is not None:
        shares = largest_remainder(quota.total, [len(members[g]) for g in codes], minimum=quota.minimum)
        counts = dict(zip(codes, shares, strict=True))
    elif isinstance(quota.quotas, Threshold):
        for g in codes:
            _threshold(choice, quota.quotas, members[g])
        return None
    elif isinstance(quota.quotas, (Top, Percent)):
        bases = quota.bases or {g: len(members[g]) for g in codes}
        counts = {g: max(count_of(quota.quotas, bases.get(g, 0), rounding), quota.minimum) for g in codes}
        members = {g: _passing(choice, members[g], quota.quotas.pass_mark) for g in codes}
    else:
        counts = {g: max((quota.quotas or {}).get(g, 0), quota.minimum) for g in codes}
    for g in codes:
        _cut(choice, members[g], counts[g])
    return sum(counts.values())


def _spread(choice: Choice, quota: Spread, group: Ints, pool: list[int]) -> None:
    """Floors first, by rank within each group; then the rest by rank, up to each group's ceiling."""
    eligible: set[int] = set()
    for g in sorted(set(group.tolist())):
        members = [i for i in pool if int(group[i]) == g]
        floor = Choice(choice.rk, choice.at_line, choice.seed)
        _cut(floor, members, quota.floors.get(g, 0))
        for i in floor.chosen:
            choice.chosen[i] = Step("advance.in_floor", choice.values(i, quota.floors.get(g, 0), group=str(g)))
        capped = Choice(choice.rk, choice.at_line, choice.seed)
        _cut(capped, members, quota.ceilings.get(g, len(members)))
        eligible |= capped.chosen.keys()
        for i in capped.refused:
            choice.refused[i] = Step("advance.out_cap", choice.values(i, quota.ceilings.get(g, 0), group=str(g)))
    rest = [i for i in pool if i in eligible and i not in choice.chosen]
    _cut(choice, rest, quota.n - len(choice.chosen))
