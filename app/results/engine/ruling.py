"""From a stage's typed rules to the rule of ``scoring``: nothing is added that the stage does not say."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from app.calls.rules import Aggregation, Rubric, StageRules, TieStep
from app.core.later import later
from app.core.money import exact

if TYPE_CHECKING:
    import scoring
else:
    scoring = later("scoring")

MAX_PLACES = 4
#: Steps of the tie chain whose values are computed here and handed to ``scoring`` as extra keys.
EXTRA = {"earlier_stage": "earlier", "chair": "chair", "fewer_deductions": "deductions"}
PLAIN = {
    "untrimmed_mean": "mean_all", "median": "median", "highest_mark": "highest", "lowest_mark": "lowest",
    "second_highest": "next_highest", "head_to_head": "head_to_head", "sum_all": "sum_all", "draw": "lot",
}  # fmt: skip


def places_of(*texts: str) -> int:
    """The most decimals used in these decimal texts."""
    return max((max(0, -int(exact(text).normalize().as_tuple().exponent)) for text in texts if text), default=0)


def mark_places(rubric: Rubric) -> int:
    """Decimals of the marks of a rubric: those of its step, full marks and deductions."""
    texts = [rubric.step, rubric.full, *(c.full for c in rubric.leaves()), *(d.most for d in rubric.deductions)]
    return min(places_of(*texts), MAX_PLACES)


def units(text: str, places: int) -> int:
    """Decimal text in minor units."""
    return int(exact(text).scaleb(places))


def rule_of(rules: StageRules, rubric: Rubric) -> scoring.Rule:
    """The rule by which ``scoring`` computes. Raises scoring.InvalidRule for a rubric that does not add up."""
    places = mark_places(rubric)
    weights = rubric.mode == "weights"
    weight_places = places_of(*(c.weight for c in rubric.leaves())) if weights else 0
    return scoring.Rule(
        criteria=_criteria(rubric, places, weight_places),
        mark_decimals=places,
        scheme="weights" if weights else "points",
        weight_sum=100 * 10**weight_places if weights else 100,
        full_mark=None if weights else units(rubric.full, places),
        aggregate=_aggregate(rules.aggregation),
        judge_total_round=_round(rules.aggregation) if rules.aggregation.round_judge_total else None,
        result_round=_round(rules.aggregation),
        compare="exact" if rules.aggregation.compare == "exact" else "printed",
        min_judges=rules.aggregation.min_judges,
        ties=tuple(key for step in _until_share(rules.ties) for key in _tie(step)),
        deductions="before",
        missing=_policy(rules.aggregation.missing),
        recused="reduce",
        gate_fails="majority",
    )


def _criteria(rubric: Rubric, places: int, weight_places: int) -> tuple[scoring.Criterion, ...]:
    step = units(rubric.step, places)
    weights = rubric.mode == "weights"
    marked = [
        scoring.Criterion(
            c.key,
            weight=units(c.weight, weight_places) if weights else 1,
            lo=0,
            hi=units(rubric.full if weights else c.full, places),
            step=_step(step, units(rubric.full if weights else c.full, places)),
        )
        for c in rubric.leaves()
    ]
    taken = [
        scoring.Criterion(d.key, weight=1, lo=0, hi=units(d.most, places), step=_step(step, units(d.most, places)), kind="deduction")
        for d in rubric.deductions
    ]
    one = 10**places
    gates = [scoring.Criterion(g.key, 0, 0, one, one, kind="gate") for g in rubric.gates if g.blocks]
    return (*marked, *taken, *gates)


def _step(step: int, most: int) -> int:
    """The rubric's step where it divides the range; a full mark off the step can still be given, the sheet checked the rest."""
    return step if step and most % step == 0 else 1


def _aggregate(rules: Aggregation) -> scoring.Mean | scoring.Trimmed | scoring.Median | scoring.Categories:
    if rules.method == "mean":
        return scoring.Mean()
    if rules.method == "median":
        return scoring.Median()
    if rules.method == "categories":
        return scoring.Categories(tuple(row.weight for row in rules.category_weights))
    if rules.method in ("trimmed", "trimmed_alike"):
        return scoring.Trimmed(rules.drop_low, rules.drop_high, min_n=rules.trim_from, alike=rules.method == "trimmed_alike")
    raise scoring.InvalidRule("unknown aggregation", {"field": "method", "value": rules.method})


def _round(rules: Aggregation) -> scoring.Round:
    return scoring.Round(rules.decimals, rules.rounding)  # type: ignore[arg-type]


#: A judge who drops out is replaced by a person, not by a mean: until that person has signed, the entry waits.
POLICIES: dict[str, scoring.rule.Policy] = {"block": "block", "reduce": "reduce", "substitute": "block"}


def _policy(text: str) -> scoring.rule.Policy:
    if text not in POLICIES:
        raise scoring.InvalidRule("unknown policy for a missing judge", {"field": "missing", "value": text})
    return POLICIES[text]


def _until_share(steps: list[TieStep]) -> list[TieStep]:
    """Whatever follows "share the rank" is never reached."""
    kinds = [step.kind for step in steps]
    return steps[: kinds.index("share")] if "share" in kinds else steps


def _tie(step: TieStep) -> list[scoring.TieKey]:
    if step.kind in EXTRA:
        return [scoring.TieKey("extra", EXTRA[step.kind])]
    if step.kind == "criterion":
        return [scoring.TieKey("criterion", step.criterion) if step.criterion else scoring.TieKey("criteria_by_weight")]
    if step.kind not in PLAIN:
        raise scoring.InvalidRule("unknown step of the tie chain", {"field": "ties", "value": step.kind})
    return [scoring.TieKey(PLAIN[step.kind])]


def plain(value: Decimal) -> str:
    """A decimal as the shortest plain text: ``18.5000`` is ``18.5``."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
