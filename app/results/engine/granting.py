"""Awards by rank: each level takes its number of places from the top; a level stays vacant below its lowest score.

Entries that share a rank at the end of a level all receive it, and the next level has that many places fewer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.later import later

from .ruling import units
from .values import AwardOut, Inputs, StepOut

if TYPE_CHECKING:
    import scoring
else:
    scoring = later("scoring")


def grant(ranking: scoring.Ranking, inputs: Inputs) -> tuple[list[AwardOut], dict[int, str]]:
    """The levels in order, and the level of each awarded position of the ranking's arrays."""
    groups = _groups(ranking, inputs)
    decimals = ranking.results.rule.result_round.decimals
    awards: list[AwardOut] = []
    award_of: dict[int, str] = {}
    over = 0
    for level in inputs.rules.awards:
        places, reason = max(level.number - over, 0), None
        chosen: list[int] = []
        least = units(level.min_score, decimals) if level.min_score else None
        while groups and len(chosen) < places:
            if least is not None and int(ranking.results.printed[groups[0][0]]) < least:
                reason = StepOut("award.below", {"least": scoring.format_units(least or 0, decimals)})
                break
            chosen += groups.pop(0)
        over = max(len(chosen) - places, 0)
        vacant = max(places - len(chosen), 0)
        if vacant and reason is None:
            reason = StepOut("award.nobody_left")
        award_of |= dict.fromkeys(chosen, level.key)
        awards.append(AwardOut(level.key, [int(ranking.results.entry_id(i)) for i in chosen], vacant, reason if vacant else None))
    return awards, award_of


def _groups(ranking: scoring.Ranking, inputs: Inputs) -> list[list[int]]:
    """Scored entries from the first rank on, equal ranks together; withdrawn ones get nothing."""
    gone = {str(row.entry) for row in inputs.exclusions}
    groups: dict[int, list[int]] = {}
    for i in (int(k) for k in ranking.order):
        if ranking.results.scored[i] and ranking.results.entry_id(i) not in gone:
            groups.setdefault(int(ranking.place[i]), []).append(i)
    return [groups[place] for place in sorted(groups)]
