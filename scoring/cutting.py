"""The cut itself: the first n of a pool, equal scores at the line as declared; floors and ceilings of groups."""

from scoring.arrays import Ints
from scoring.draws import draw_key
from scoring.quotas import Spread
from scoring.reasons import Bar, Choice
from scoring.rounding import format_units
from scoring.trace import Step


def passing(choice: Choice, pool: list[int], mark: int | None) -> list[int]:
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


def cut(choice: Choice, entrants: list[int], n: int, mark: int | None = None) -> None:
    """Take the first n of those who reach the pass mark (best first); equal scores at the cut go by `at_line`."""
    rk = choice.rk
    pool = passing(choice, entrants, mark)
    choice.set_bar(entrants, pool, n, mark)
    if n >= len(pool) or n <= 0:
        target, key = (choice.refused, "out_none") if n <= 0 else (choice.chosen, "in_top")
        for i in pool:
            target[i] = Step(f"advance.{key}", choice.values(i, max(n, 0)))
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


def spread(choice: Choice, quota: Spread, group: Ints, entrants: list[int]) -> None:
    """Floors first, by rank within each group; then the rest by rank, up to each group's ceiling."""
    pool = passing(choice, entrants, quota.pass_mark)
    members = {g: [i for i in pool if int(group[i]) == g] for g in sorted(set(group.tolist()))}
    eligible: set[int] = set()
    for g, own in members.items():
        floor = Choice(choice.rk, choice.at_line, choice.seed)
        cut(floor, own, quota.floors.get(g, 0))
        for i in floor.chosen:
            choice.chosen[i] = Step("advance.in_floor", choice.values(i, quota.floors.get(g, 0), group=str(g)))
        capped = Choice(choice.rk, choice.at_line, choice.seed)
        cut(capped, own, quota.ceilings.get(g, max(len(own), 1)))
        eligible |= capped.chosen.keys()
        for i in capped.refused:
            choice.refused[i] = Step("advance.out_cap", choice.values(i, quota.ceilings.get(g, 0), group=str(g)))
    kept = set(choice.chosen)
    rest = [i for i in pool if i in eligible and i not in kept]
    cut(choice, rest, quota.n - len(kept))
    for i in rest:
        if i in choice.refused and int(choice.rk.place[i]) < quota.n:
            choice.refused[i] = Step("advance.out_floor", choice.values(i, quota.n))
    _spread_bars(choice, quota, group, entrants, members, kept)


def _spread_bars(choice: Choice, quota: Spread, group: Ints, entrants: list[int], members: dict[int, list[int]], kept: set[int]) -> None:
    """Whom an entry would have to pass: the last of its own group, or the last of all who came in by rank alone."""
    printed = choice.rk.results.printed
    by_rank = [int(printed[i]) for i in choice.chosen if i not in kept]
    waiting = [int(printed[i]) for i, step in choice.refused.items() if step.key not in ("advance.out_cap", "advance.out_pass")]
    full = len(choice.chosen) >= quota.n
    for i in entrants:
        g = int(group[i])
        inside = [int(printed[k]) for k in members[g] if k in choice.chosen]
        outside = [int(printed[k]) for k in members[g] if k not in choice.chosen]
        ceiling = quota.ceilings.get(g)
        open_to_all = ceiling is None or len(inside) < ceiling
        last = [min(inside)] if inside else []
        last += [min(by_rank)] if by_rank and open_to_all else []
        after = [max(outside)] if outside else []
        after += [max(waiting)] if waiting and len(inside) > quota.floors.get(g, 0) else []
        free = open_to_all and not full
        shut = i not in choice.chosen and not last and not free
        choice.bars[i] = Bar(None if free or not last else min(last), max(after, default=None), quota.pass_mark, shut)
