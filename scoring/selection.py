"""Who advances: quotas, ties at the line, wild cards, reserves, withdrawals; for each entry why, and what would change it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np

from scoring.arrays import Bools, Ints
from scoring.cutting import cut, passing, spread
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
from scoring.reasons import Bar, Choice, change, cut_line, why
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
    gone = set(_positions(withdrawn, rk, "withdrawn"))
    scored = rk.results.scored
    pool = [int(i) for i in rk.order if scored[i] and not (pull_up and int(i) in gone)]
    choice = Choice(rk, at_line, seed)
    places = _apply(choice, quota, None if group is None else np.asarray(group), pool, base, rounding)
    if pull_up and gone:
        _mark_pulled_up(choice, _apply_all(rk, quota, group, base, rounding, at_line, seed))
    if not pull_up:
        for i in gone & choice.chosen.keys():
            del choice.chosen[i]
    wild = [i for i in _positions(wild_cards, rk, "wild_cards") if i not in choice.chosen and scored[i] and i not in gone]
    return _report(choice, pool, gone, wild, places, max(reserves, 0))


def _report(choice: Choice, pool: list[int], gone: set[int], wild: list[int], places: int | None, reserves: int) -> Advance:
    """The line is that of the quota; wild cards stand beside it."""
    rk, size = choice.rk, choice.rk.rank.size
    selected = np.zeros(size, bool)
    selected[list(choice.chosen)] = True
    line, first_out = cut_line(rk, pool, selected, gone)
    for i in wild:
        choice.chosen[i] = Step("advance.in_wild", choice.values(i))
        choice.bars[i] = Bar(shut=True)
        selected[i] = True
    waiting = tuple(i for i in pool if not selected[i] and i not in gone)[:reserves]
    distance = None if line is None or first_out is None else line - int(rk.results.printed[first_out])
    steps = tuple(why(choice, i, gone) for i in range(size))
    changes = tuple(change(choice, i, gone) for i in range(size))
    return Advance(selected, line, first_out, distance, steps, changes, waiting, places)


def _check(rk: Ranking, quota: Quota, group: Ints | None, at_line: str, rounding: str, base: int, seed: str | None) -> None:
    if at_line not in get_args(AtLine):
        raise InvalidRule("at_line must be include_all, exclude_all, chain or draw", {"field": "at_line"})
    if rounding not in get_args(Rounding):
        raise InvalidRule("rounding must be ceil, floor or half_up", {"field": "rounding"})
    if isinstance(base, bool) or not isinstance(base, (int, np.integer)) or base < 0:
        raise InvalidRule("base is the whole number that percentages refer to", {"field": "base"})
    if at_line == "draw" and seed is None:
        raise InvalidRule("a draw at the line needs a public seed", {"field": "seed"})
    if isinstance(quota, (PerGroup, Spread)):
        codes = np.zeros(0) if group is None else np.asarray(group)
        if codes.shape != rk.rank.shape or (codes.size and not np.issubdtype(codes.dtype, np.integer)):
            raise InvalidRule("this quota needs the group of every entry, as a whole number", {"field": "group"})
    elif not isinstance(quota, (Top, Percent, Threshold)):
        raise InvalidRule("unknown quota", {"field": "quota"})


def _positions(given: Sequence[int], rk: Ranking, name: str) -> list[int]:
    places = [int(i) for i in given]
    for i in places:
        if not 0 <= i < rk.rank.size:
            raise InvalidRule("an entry outside the ranking", {"field": name, "entry": i})
    return places


def _apply_all(rk: Ranking, quota: Quota, group: Ints | None, base: int, rounding: Rounding, at_line: AtLine, seed: str | None) -> set[int]:
    before = Choice(rk, at_line, seed)
    _apply(before, quota, group, [int(i) for i in rk.order if rk.results.scored[i]], base, rounding)
    return set(before.chosen)


def _mark_pulled_up(choice: Choice, before: set[int]) -> None:
    for i in choice.chosen.keys() - before:
        choice.chosen[i] = Step("advance.in_pulled", choice.values(i))


def _apply(choice: Choice, quota: Quota, group: Ints | None, pool: list[int], base: int, rounding: Rounding) -> int | None:
    """Fill chosen, refused and bars; returns the number of places where there is one."""
    if isinstance(quota, Threshold):
        return _threshold(choice, quota, pool)
    if isinstance(quota, Spread):
        spread(choice, quota, np.asarray(group), pool)
        return quota.n
    if isinstance(quota, PerGroup):
        return _per_group(choice, quota, np.asarray(group), pool, rounding)
    count = count_of(quota, base, rounding)
    cut(choice, pool, count if isinstance(quota, Percent) or count > 0 else max(len(pool), 1), quota.pass_mark)
    return count


def _threshold(choice: Choice, quota: Threshold, pool: list[int]) -> int | None:
    if quota.cap is not None:
        cut(choice, pool, quota.cap, quota.score)
        return quota.cap
    line = format_units(quota.score, choice.rk.results.rule.result_round.decimals)
    choice.bars.update(dict.fromkeys(pool, Bar(mark=quota.score)))
    for i in passing(choice, pool, quota.score):
        choice.chosen[i] = Step("advance.in_pass", choice.values(i, line=line))
    return None


def _per_group(choice: Choice, quota: PerGroup, group: Ints, pool: list[int], rounding: Rounding) -> int | None:
    codes = sorted(set(group.tolist()))
    members = {g: [i for i in pool if int(group[i]) == g] for g in codes}
    mark = None
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
        mark = quota.quotas.pass_mark
    else:
        counts = {g: max((quota.quotas or {}).get(g, 0), quota.minimum) for g in codes}
    for g in codes:
        cut(choice, members[g], counts[g], mark)
    return sum(counts.values())
