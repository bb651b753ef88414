"""Why an entry is in or out, and what would have changed it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from scoring.arrays import Bools
from scoring.quotas import AtLine
from scoring.ranking import Ranking
from scoring.rounding import format_units
from scoring.trace import Step


@dataclass(frozen=True)
class Bar:
    """The cut that an entry stood before, in printed units.

    `last`: the score on the last place (None: a place was free); `after`: the best score that got none; `mark`: the pass mark.
    `shut`: there was no place at all, whatever the score.
    """

    last: int | None = None
    after: int | None = None
    mark: int | None = None
    shut: bool = False


@dataclass
class Choice:
    """What has been decided so far while a quota is applied."""

    rk: Ranking
    at_line: AtLine
    seed: str | None
    chosen: dict[int, Step] = field(default_factory=dict)
    refused: dict[int, Step] = field(default_factory=dict)
    bars: dict[int, Bar] = field(default_factory=dict)

    def score(self, i: int) -> str:
        return format_units(int(self.rk.results.printed[i]), self.rk.results.rule.result_round.decimals)

    def values(self, i: int, quota: int | str = "", **more: str) -> dict[str, str]:
        return {"rank": str(int(self.rk.place[i]) + 1), "score": self.score(i), "quota": str(quota), **more}

    def set_bar(self, entrants: Sequence[int], pool: Sequence[int], n: int, mark: int | None) -> None:
        """All `entrants` competed for `n` places; `pool` are those who reached the pass mark, best first."""
        printed = self.rk.results.printed
        last = int(printed[pool[n - 1]]) if 0 < n <= len(pool) else None
        after = int(printed[pool[n]]) if 0 < n < len(pool) else None
        self.bars.update(dict.fromkeys(entrants, Bar(last, after, mark, n <= 0)))


def cut_line(rk: Ranking, pool: list[int], selected: Bools, gone: set[int]) -> tuple[int | None, int | None]:
    chosen = [int(rk.results.printed[i]) for i in pool if selected[i]]
    outside = [i for i in pool if not selected[i] and i not in gone]
    return (min(chosen) if chosen else None), (outside[0] if outside else None)


def why(choice: Choice, i: int, gone: set[int]) -> Step:
    if i in gone:
        return Step("advance.out_withdrawn")
    if not choice.rk.results.scored[i]:
        return Step("advance.out_unscored")
    if i in choice.chosen:
        return choice.chosen[i]
    step, last = choice.refused[i], choice.bars[i].last
    if step.key != "advance.out_rank" or last is None:
        return step
    decimals = choice.rk.results.rule.result_round.decimals
    gap = format_units(max(last - int(choice.rk.results.printed[i]), 0), decimals)
    return Step(step.key, {**step.values, "line": format_units(last, decimals), "gap": gap})


def change(choice: Choice, i: int, gone: set[int]) -> Step:
    """With all others as they are: from which score on the entry would be in, or below which it could be out."""
    r, bar = choice.rk.results, choice.bars.get(i)
    if i in gone or not r.scored[i] or bar is None or bar.shut:
        return Step("change.rule")
    own = int(r.printed[i])
    if i in choice.chosen:
        return _loss(r.rule.result_round.decimals, own, bar)
    printed = r.rule.compare == "printed"
    return _gain(r.rule.result_round.decimals, own, bar, choice.at_line if printed else "chain")


def _loss(decimals: int, own: int, bar: Bar) -> Step:
    limits = [score for score in (bar.after, bar.mark) if score is not None]
    if not limits:
        return Step("change.none")
    return Step("change.in", {"line": format_units(max(limits), decimals), "gap": format_units(max(own - max(limits), 0), decimals)})


def _gain(decimals: int, own: int, bar: Bar, at_line: str) -> Step:
    """Equal scores at the line all go in, none goes in, or something else decides."""
    if bar.last is None:
        if bar.mark is None:
            return Step("change.rule")
        return Step("change.out", {"line": format_units(bar.mark, decimals), "gap": format_units(max(bar.mark - own, 0), decimals)})
    if own >= bar.last:
        return Step("change.out_tie", {"gap": format_units(1, decimals)})
    enough = bar.last + (at_line == "exclude_all")
    values = {"line": format_units(enough, decimals), "gap": format_units(enough - own, decimals)}
    if at_line in ("include_all", "exclude_all"):
        return Step("change.out", values)
    return Step("change.out_level", {**values, "unit": format_units(1, decimals)})
