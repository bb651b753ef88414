"""Several parts to one score: stages added, experts with audience, interview with written work."""

import numpy as np

from scoring.errors import InvalidRule
from scoring.parts import Part
from scoring.results import Results, ResultStatus, print_scores
from scoring.rounding import check_bound
from scoring.rule import Rule


def combine(parts: tuple[Part, ...] | list[Part], rule: Rule, *, weight_sum: int, entries: tuple[str, ...] = ()) -> Results:
    """One score from several: sum(weight x part) / weight_sum, exact, then the rule's result rounding.

    Stages added: weights 1 and weight_sum 1. Experts 80 %, audience 20 %: weights 80, 20 and weight_sum 100.
    An entry that misses a part has no score (status insufficient). Tie keys of the rule may use `extra` only.
    """
    if not parts or weight_sum <= 0 or any(p.weight < 0 for p in parts):
        raise InvalidRule("parts need non-negative weights and a positive weight_sum", {"field": "parts"})
    size = parts[0].num.size
    num, den, scored = np.zeros(size, np.int64), np.ones(size, np.int64), np.ones(size, bool)
    for part in parts:
        if part.num.shape != (size,):
            raise InvalidRule("the parts are not about the same entries", {"part": part.id})
        own = np.broadcast_to(np.asarray(part.den, np.int64), (size,))
        common = np.lcm(den, np.maximum(own, 1))
        check_bound(2 * int(np.abs(part.num).max(initial=0)) * max(part.weight, 1) * int((common // np.maximum(own, 1)).max(initial=1)))
        check_bound(2 * int(np.abs(num).max(initial=0)) * int((common // den).max(initial=1)))
        num, den = num * (common // den) + part.weight * part.num * (common // np.maximum(own, 1)), common
        if part.scored is not None:
            scored &= part.scored
    status = np.where(scored, ResultStatus.OK, ResultStatus.INSUFFICIENT).astype(np.uint8)
    num, den = np.where(scored, num, 0), np.where(scored, den * weight_sum, 1)
    return Results(
        num,
        den,
        print_scores(num, den, rule),
        np.full(size, len(parts), np.int64),
        status,
        rule,
        parts=tuple(parts),
        entries=entries,
    )


def as_part(id_: str, r: Results, weight: int = 1, *, printed: bool = True) -> Part:
    """Carry a stage's result into the next: the printed score (as people can check it) or the exact one."""
    if not printed:
        return Part(id_, r.num, r.den, weight, r.scored)
    shift = r.rule.result_round.decimals - r.rule.mark_decimals
    return Part(id_, r.printed * 10 ** max(-shift, 0), 10 ** max(shift, 0), weight, r.scored)
