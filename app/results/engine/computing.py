"""The computation: inputs in, output out. No database, no clock, no chance; the same inputs give the same bytes for ever."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from app.calls.rules import Rubric
from app.core.later import later

from . import carrying, cutting, extras, granting, ruling
from .digests import text_of as engine_text
from .values import CutOut, ExclusionIn, Inputs, LineOut, Output, StandingOut, StepOut, normalized, of_call

if TYPE_CHECKING:
    import numpy as np

    import scoring
else:
    np = later("numpy")
    scoring = later("scoring")

ENGINE = "jiebang.results/1"


@dataclass(frozen=True)
class Computed:
    """What the steps hand on to one another."""

    inputs: Inputs
    rubric: Rubric
    rule: scoring.Rule
    own: scoring.Results
    results: scoring.Results
    ranking: scoring.Ranking
    extra: extras.Extras
    cut: cutting.Cut

    @cached_property
    def ranked(self) -> int:
        """How many entries have a rank."""
        return int(self.ranking.results.scored.sum())


def compute(inputs: Inputs) -> Output:
    """Standings, cut line and awards. Raises scoring.ScoringError when rules or marks do not allow a result."""
    made = _computed(normalized(inputs))
    inputs = made.inputs
    awards, award_of = granting.grant(made.ranking, inputs)
    order = [int(i) for i in made.ranking.order]
    standings = [_standing(made, i, position, award_of) for position, i in enumerate(order, start=1)]
    return Output(standings + _outside(inputs, len(standings)), _cut(made, standings), awards, _warnings(made))


def _computed(inputs: Inputs) -> Computed:
    """The call on its own; only for the cut line together with the calls that compete for the same places."""
    made = _ranked(of_call(inputs))
    if len({row.call for row in inputs.entries}) < 2:
        return made
    groups = {row.group for row in inputs.entries}
    rubrics = {engine_text(inputs.rules.rubric_for(group or None)) for group in groups}
    if len(rubrics) > 1:
        raise scoring.InvalidRule("places over several groups need one rubric for all of them", {"field": "rubrics"})
    return replace(made, cut=cutting.cut(made.ranking, made.inputs, _ranked(inputs).ranking, inputs))


def _ranked(inputs: Inputs) -> Computed:
    rubric = inputs.rules.rubric_for(inputs.group or None)
    rule = ruling.rule_of(inputs.rules, rubric)
    marks = marks_of(inputs, rule)
    totals = scoring.judge_totals(marks, rule)
    own = scoring.aggregate(totals, rule, _categories(inputs))
    results = carrying.carried(own, inputs)
    extra = extras.extras_of(inputs, rubric, totals)
    ranking = scoring.rank(results, rule, extra=extra.values, seed=inputs.seed or None)
    return Computed(inputs, rubric, rule, own, results, ranking, extra, cutting.cut(ranking, inputs, ranking, inputs))


def taking_part(inputs: Inputs) -> list[str]:
    """Ids of the entries that are ranked: all but those excluded, unless these hold their place."""
    gone = {row.entry for row in inputs.exclusions if not row.holds_place}
    return [str(row.id) for row in inputs.entries if row.id not in gone]


def marks_of(inputs: Inputs, rule: scoring.Rule) -> scoring.Marks:
    entries = taking_part(inputs)
    ranked = set(entries)
    optional = {c.id for c in rule.criteria if c.kind == "deduction"}
    rows = [
        (str(sheet.entry), str(sheet.judge), c.id, sheet.marks.get(c.id, "0" if c.id in optional else None))
        for sheet in inputs.sheets
        if str(sheet.entry) in ranked
        for c in rule.criteria
    ]
    status = {(str(a.entry), str(a.judge)): a.status for a in inputs.absences if str(a.entry) in ranked}
    judges = [str(row.id) for row in inputs.judges]
    return scoring.Marks.from_rows(rows, rule, entries=entries, judges=judges, status=status)


def _categories(inputs: Inputs) -> np.ndarray | None:
    rules = inputs.rules.aggregation
    if rules.method != "categories":
        return None
    place = {row.category: k for k, row in enumerate(rules.category_weights)}
    for judge in inputs.judges:
        if judge.category not in place:
            raise scoring.InvalidRule("a judge of a category that has no weight", {"category": judge.category})
    return np.array([place[judge.category] for judge in inputs.judges], np.int64)


def _standing(made: Computed, i: int, position: int, award_of: dict[int, str]) -> StandingOut:
    own, results, ranking = made.own, made.results, made.ranking
    explained = own.explain(i)
    scored = bool(results.scored[i])
    spread = _spread(own, i)
    alarm = made.inputs.rules.spread_alarm
    gone = str(own.entry_id(i)) in made.cut.gone
    return StandingOut(
        entry=int(own.entry_id(i)),
        position=position,
        rank=int(ranking.rank[i]) if scored else None,
        score=scoring.format_units(int(results.printed[i]), made.rule.result_round.decimals) if scored else None,
        exact=_ratio(results.exact(i)) if scored else "",
        status="withdrawn" if gone else explained.status,
        valid=int(own.n_valid[i]),
        judges=[LineOut(int(j.judge), j.total, j.fate, dict(j.marks)) for j in explained.judges],
        steps=[StepOut(s.key, dict(s.values)) for s in explained.steps] + carrying.steps(made.inputs, results, own, i),
        why=_step(made.cut.why[i]),
        change=_step(made.cut.change[i]),
        advances=made.cut.advances[i],
        award=None if gone else award_of.get(i),
        tie=_tie(made, position - 1),
        spread=None if spread is None else scoring.format_fraction(spread),
        disagrees=bool(alarm) and spread is not None and spread > Fraction(alarm),
    )


def _step(step: scoring.trace.Step) -> StepOut:
    return StepOut(step.key, dict(step.values))


def _ratio(value: Fraction) -> str:
    return f"{value.numerator}/{value.denominator}"


def _spread(own: scoring.Results, i: int) -> Fraction | None:
    """Highest less lowest judge total, where two judges or more count."""
    if own.totals is None:
        return None
    totals = [own.totals.exact(i, j) for j in np.flatnonzero(own.totals.valid[i]).tolist()]
    return max(totals) - min(totals) if len(totals) > 1 else None


def _tie(made: Computed, k: int) -> StepOut | None:
    """What parted this entry from the next one when the scores did not; None where the score decided or nobody follows."""
    ranking = made.ranking
    if k + 1 >= made.ranked:
        return None
    decision = ranking.decision(k)
    if decision.key == "score":
        return None
    values = {"above": decision.above, "below": decision.below}
    if decision.key is None:
        return StepOut("decide.shared", values)
    if decision.key == "lot":
        return StepOut("decide.lot", values)
    shown = made.extra.shown(decision.key, decision.above, decision.below) or (decision.high, decision.low)
    return StepOut("decide.tie", {**values, "tie": decision.key, "high": shown[0], "low": shown[1]})


def _outside(inputs: Inputs, before: int) -> list[StandingOut]:
    """Excluded entries at the end of the list: named, without rank or score, with the reason."""
    gone = [row for row in inputs.exclusions if not row.holds_place]
    nothing = StepOut("change.rule")
    return [
        StandingOut(row.entry, before + n, None, None, "", "excluded", 0, [], [], _excluded(row), nothing)
        for n, row in enumerate(gone, start=1)
    ]


def _excluded(row: ExclusionIn) -> StepOut:
    return StepOut("result.excluded", {"reason": row.reason})


def _cut(made: Computed, standings: list[StandingOut]) -> CutOut:
    passed = [s for s in standings if s.advances]
    line = made.cut.line
    return CutOut(
        method=made.inputs.rules.advancement.method,
        places=made.cut.places,
        line=None if line is None else scoring.format_units(line, made.rule.result_round.decimals),
        after=max((s.position for s in passed), default=0),
        first_out=made.cut.first_out,
        passed=len(passed),
    )


def _warnings(made: Computed) -> list[StepOut]:
    """What a reader must not overlook; none of it is applied silently."""
    own, found = made.own, []
    counts = sorted({int(n) for i, n in enumerate(own.n_valid) if own.scored[i]})
    if len(counts) > 1:
        found.append(StepOut("warning.different_n", {"least": str(counts[0]), "most": str(counts[-1])}))
    for status in (scoring.ResultStatus.UNTRIMMED, scoring.ResultStatus.INSUFFICIENT, scoring.ResultStatus.PROVISIONAL,
                   scoring.ResultStatus.BLOCKED, scoring.ResultStatus.GATED):  # fmt: skip
        number = int((own.status == status).sum())
        if number:
            alike = status == scoring.ResultStatus.UNTRIMMED and made.inputs.rules.aggregation.method == "trimmed_alike"
            found.append(StepOut(f"warning.{status.name.lower()}{'_alike' if alike else ''}", {"number": str(number)}))
    recused = sum(a.status == "recused" for a in made.inputs.absences)
    if recused:
        found.append(StepOut("warning.recused", {"number": str(recused)}))
    return found
