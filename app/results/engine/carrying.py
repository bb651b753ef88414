"""Earlier stages in the score of this one, where the rules carry them over."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from app.core.later import later

from .values import Inputs, StepOut, latest_scores

if TYPE_CHECKING:
    import numpy as np

    import scoring
else:
    np = later("numpy")
    scoring = later("scoring")


def carried(own: scoring.Results, inputs: Inputs) -> scoring.Results:
    """The stage's scores with the earlier stage's share: ``weighted`` (carry_weight percent earlier) or ``sum``.

    Tie keys still look at this stage's marks. An entry without an earlier score has no score here.
    """
    rules = inputs.rules
    if rules.carry_over == "none":
        return own
    if rules.carry_over not in ("weighted", "sum"):
        raise scoring.InvalidRule("unknown way to carry over", {"field": "carry_over", "value": rules.carry_over})
    if not inputs.earlier:
        raise scoring.Insufficient("the earlier stage that is carried over has no released result", {"field": "carry_over"})
    share, whole = _weights(inputs)
    earlier = _part(own, inputs)
    now = scoring.Part("now", own.num, own.den, whole - share if rules.carry_over == "weighted" else 1, own.scored)
    made = scoring.combine((earlier, now), own.rule, weight_sum=whole if rules.carry_over == "weighted" else 1)
    status = np.where(made.scored, own.status, np.where(own.scored, scoring.ResultStatus.INSUFFICIENT, own.status)).astype(np.uint8)
    return replace(own, num=made.num, den=made.den, printed=made.printed, status=status)


def _weights(inputs: Inputs) -> tuple[int, int]:
    return (inputs.rules.carry_weight, 100) if inputs.rules.carry_over == "weighted" else (1, 1)


def _part(own: scoring.Results, inputs: Inputs) -> scoring.Part:
    scores = latest_scores(inputs)
    unit = 10**own.rule.mark_decimals
    exact = [Fraction(scores[e]) * unit if (e := own.entry_id(i)) in scores else None for i in range(own.num.size)]
    num = np.array([0 if value is None else value.numerator for value in exact], np.int64)
    den = np.array([1 if value is None else value.denominator for value in exact], np.int64)
    known = np.array([value is not None for value in exact], bool)
    return scoring.Part("earlier", num, den, _weights(inputs)[0], known)


def steps(inputs: Inputs, results: scoring.Results, own: scoring.Results, i: int) -> list[StepOut]:
    """How the carried score came about, after the steps of the stage itself."""
    if results is own or not results.scored[i]:
        return []
    earlier = latest_scores(inputs)[own.entry_id(i)]
    now = scoring.format_fraction(own.exact(i))
    share, whole = _weights(inputs)
    exact = scoring.format_fraction(results.exact(i))
    printed = scoring.format_units(int(results.printed[i]), results.rule.result_round.decimals)
    key = f"result.carried_{inputs.rules.carry_over}"
    return [
        StepOut(key, {"earlier": earlier, "now": now, "share": str(share), "rest": str(whole - share), "exact": exact, "printed": printed})
    ]
