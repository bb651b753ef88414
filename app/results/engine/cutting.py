"""Who goes on: the stage's advancement rule through ``scoring.advance``, with the reason for every entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.calls.rules import Advancement
from app.core.later import later

from .ruling import units
from .values import Inputs

if TYPE_CHECKING:
    import scoring
else:
    scoring = later("scoring")


@dataclass(frozen=True)
class Cut:
    """By position in the ranking's arrays: who advances and why; ``gone`` are ids of withdrawn entries that hold a place."""

    advances: Sequence[bool]
    why: Sequence[scoring.trace.Step]
    change: Sequence[scoring.trace.Step]
    gone: frozenset[str]
    places: int | None = None
    line: int | None = None
    first_out: int | None = None


AT_LINE = {"include_all": "include_all", "exclude_all": "exclude_all", "tie_chain": "chain", "draw": "draw"}


def cut(ranking: scoring.Ranking, inputs: Inputs, pool: scoring.Ranking, everybody: Inputs) -> Cut:
    """Apply the rule to all who compete for the same places (``pool``); answers for the positions of ``ranking``.

    ``none`` lets nobody advance (the stage is the last one).
    """
    size = int(ranking.rank.size)
    gone = frozenset(str(row.entry) for row in inputs.exclusions if row.holds_place)
    rule = inputs.rules.advancement
    if rule.method == "none":
        return Cut([False] * size, [_alone(ranking, i) for i in range(size)], [scoring.trace.Step("change.rule")] * size, gone)
    ids = [pool.results.entry_id(i) for i in range(int(pool.rank.size))]
    held = frozenset(str(row.entry) for row in everybody.exclusions if row.holds_place)
    made = scoring.advance(
        pool,
        quota(rule, inputs, ranking.results.rule.result_round.decimals),
        at_line=AT_LINE.get(rule.at_line, rule.at_line),  # type: ignore[arg-type]
        rounding=rule.share_rounding,  # type: ignore[arg-type]
        base=len(ids),
        seed=inputs.seed or None,
        withdrawn=[i for i, entry in enumerate(ids) if entry in held],
        pull_up=rule.replacement,
    )
    first_out = None if made.first_out is None else int(ids[made.first_out])
    place = {entry: i for i, entry in enumerate(ids)}
    at = [place[ranking.results.entry_id(i)] for i in range(size)]
    chosen = [bool(made.selected[i]) for i in at]
    why, change = [made.steps[i] for i in at], [made.changes[i] for i in at]
    return Cut(chosen, why, change, gone, made.quota, made.line_score, first_out)


def quota(rule: Advancement, inputs: Inputs, decimals: int) -> scoring.Top | scoring.Percent | scoring.Threshold:
    """The quota for this call: its own number by group or region where one is given, else the common one."""
    mark = units(rule.pass_mark, decimals) if rule.pass_mark else None
    number = next((rule.quotas[key] for key in (inputs.group, inputs.region) if key and key in rule.quotas), rule.number)
    if rule.method == "share":
        return scoring.Percent(rule.share, pass_mark=mark, at_most=number or None)
    if rule.method == "threshold":
        return scoring.Threshold(mark or 0, cap=number or None)
    if rule.method == "top":
        return scoring.Top(number, pass_mark=mark)
    raise scoring.InvalidRule("unknown way to advance", {"field": "advancement", "value": rule.method})


def _alone(ranking: scoring.Ranking, i: int) -> scoring.trace.Step:
    if not ranking.results.scored[i]:
        return scoring.trace.Step("advance.out_unscored")
    return scoring.trace.Step("result.ranked", {"rank": str(int(ranking.rank[i]))})
