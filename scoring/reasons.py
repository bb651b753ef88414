"""Why an entry is in or out, and what would have changed it."""

from dataclasses import dataclass, field

from scoring.arrays import Bools
from scoring.quotas import AtLine
from scoring.ranking import Ranking
from scoring.rounding import format_units
from scoring.trace import Step


@dataclass
class Choice:
    """What has been decided so far while a quota is applied."""

    rk: Ranking
    at_line: AtLine
    seed: str | None
    chosen: dict[int, Step] = field(default_factory=dict)
    refused: dict[int, Step] = field(default_factory=dict)

    def score(self, i: int) -> str:
        return format_units(int(self.rk.results.printed[i]), self.rk.results.rule.result_round.decimals)

    def values(self, i: int, quota: int | str = "", **more: str) -> dict[str, str]:
        return {"rank": str(int(self.rk.place[i]) + 1), "score": self.score(i), "quota": str(quota), **more}


def cut_line(rk: Ranking, pool: list[int], selected: Bools, gone: set[int]) -> tuple[int | None, int | None]:
    chosen = [int(rk.results.printed[i]) for i in pool if selected[i]]
    outside = [i for i in pool if not selected[i] and i not in gone]
    return (min(chosen) if chosen else None), (outside[0] if outside else None)


def why(choice: Choice, i: int, gone: set[int], line: int | None) -> Step:
    if i in gone:
        return Step("advance.out_withdrawn")
    if not choice.rk.results.scored[i]:
        return Step("advance.out_unscored")
    if i in choice.chosen:
        return choice.chosen[i]
    step = choice.refused[i]
    if step.key != "advance.out_rank":
        return step
    decimals = choice.rk.results.rule.result_round.decimals
    gap = "0" if line is None else format_units(max(line - int(choice.rk.results.printed[i]), 0), decimals)
    return Step(step.key, {**step.values, "line": "-" if line is None else format_units(line, decimals), "gap": gap})


def change(choice: Choice, i: int, selected: Bools, line: int | None, first_out: int | None, gone: set[int]) -> Step:
    r = choice.rk.results
    decimals = r.rule.result_round.decimals
    if i in gone or not r.scored[i]:
        return Step("change.rule")
    own = int(r.printed[i])
    if selected[i]:
        if first_out is None:
            return Step("change.none")
        other = int(r.printed[first_out])
        return Step("change.in", {"line": format_units(other, decimals), "gap": format_units(max(own - other, 0), decimals)})
    if line is None:
        return Step("change.rule")
    if own >= line:
        return Step("change.out_tie", {"gap": format_units(1, decimals)})
    return Step("change.out", {"line": format_units(line, decimals), "gap": format_units(line - own, decimals)})
