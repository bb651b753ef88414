"""What is wrong with rules, as sentences: what cannot be stored, what cannot be opened, what should be thought over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import get_locale
from flask_babel import gettext as _

from app.core.money import exact

from .rubric import Band, Criterion, Rubric
from .stages import StageRules

STEPS = ("1", "0.5", "0.1", "0.01")
SHARE_SUM = Decimal(100)


@dataclass(frozen=True)
class Fault:
    """``blocks``: the stage cannot be opened; otherwise a warning. ``where`` names the part of the rules."""

    where: str
    message: str
    blocks: bool = True

    def __str__(self) -> str:
        return self.message


def number(text: str | None) -> Decimal | None:
    """The exact decimal, or None when the text is not one."""
    try:
        return exact(text) if text is not None else None
    except ValueError:
        return None


def plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def rubric_faults(rubric: Rubric) -> list[Fault]:
    """Faults of a rubric; an empty list means that judging may open by it."""
    return [*_frame_faults(rubric), *_sum_faults(rubric), *_key_faults(rubric), *_criteria_faults(rubric), *_deduction_faults(rubric)]


def _say(text: object) -> str:
    return text.say(str(get_locale() or "zh"))  # type: ignore[attr-defined]


def _frame_faults(rubric: Rubric) -> Iterator[Fault]:
    full = number(rubric.full)
    if full is None or not 0 < full <= 10_000:
        yield Fault("full", _("The full mark must be a number above 0 and at most 10,000."))
    if rubric.step not in STEPS:
        yield Fault("step", _("The step must be 1, 0.5, 0.1 or 0.01."))
    if not 0 <= rubric.decimals <= 4:
        yield Fault("decimals", _("Results have between 0 and 4 decimals."))
    if rubric.mode not in ("points", "weights"):
        yield Fault("mode", _("Criteria add up by points or by weights."))
    if not rubric.criteria:
        yield Fault("criteria", _("The rubric has no criteria."))


def _sum_faults(rubric: Rubric) -> Iterator[Fault]:
    leaves = rubric.leaves()
    if not leaves:
        return
    by_points = rubric.mode == "points"
    parts = [number(leaf.full if by_points else leaf.weight) for leaf in leaves]
    if any(part is None for part in parts):
        yield Fault("criteria", _("Every criterion needs its full mark or weight as a plain number."))
        return
    total = sum((part for part in parts if part is not None), Decimal(0))
    wanted = number(rubric.full) if by_points else SHARE_SUM
    if wanted is None or total == wanted:
        return
    figures = {"terms": " + ".join(plain(p) for p in parts if p is not None), "total": plain(total), "wanted": plain(wanted)}
    if by_points:
        yield Fault("criteria", _("The criteria add up to %(terms)s = %(total)s, but the full mark is %(wanted)s. "
                                  "Judging cannot be opened by this rubric.", **figures))  # fmt: skip
    else:
        yield Fault("criteria", _("The weights add up to %(terms)s = %(total)s, but they must make %(wanted)s. "
                                  "Judging cannot be opened by this rubric.", **figures))  # fmt: skip


def _key_faults(rubric: Rubric) -> Iterator[Fault]:
    tops = [top.key for top in rubric.criteria if top.children]
    keys = [*tops, *(leaf.key for leaf in rubric.leaves()), *(d.key for d in rubric.deductions), *(g.key for g in rubric.gates)]
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        yield Fault("criteria", _("The key %(key)s is used twice.", key=key))


def _criteria_faults(rubric: Rubric) -> Iterator[Fault]:
    for top in rubric.criteria:
        if not (top.name.zh or top.name.en):
            yield Fault("criteria", _("A criterion has no name."))
        if top.children and rubric.mode == "points":
            yield from _children_faults(top)
        if any(child.children for child in top.children):
            yield Fault("criteria", _("“%(name)s” has more than two levels.", name=_say(top.name)))
    for leaf in rubric.leaves():
        yield from _leaf_faults(rubric, leaf)


def _children_faults(top: Criterion) -> Iterator[Fault]:
    parts = [number(child.full) or Decimal(0) for child in top.children]
    full = number(top.full)
    if full and sum(parts) != full:
        yield Fault(
            "criteria",
            _("The parts of “%(name)s” add up to %(total)s, not to its %(full)s.", name=_say(top.name),
              total=plain(sum(parts, Decimal(0))), full=plain(full)),
        )  # fmt: skip


def _leaf_faults(rubric: Rubric, leaf: Criterion) -> Iterator[Fault]:
    full = number(leaf.full if rubric.mode == "points" else rubric.full)
    step = number(rubric.step)
    if full is None or step is None or step <= 0:
        return
    name = _say(leaf.name)
    if full <= 0:
        yield Fault("criteria", _("The full mark of “%(name)s” must be above 0.", name=name))
    elif full % step:
        yield Fault(
            "criteria",
            _(
                "The full mark %(full)s of “%(name)s” cannot be reached in steps of %(step)s.",
                full=plain(full),
                name=name,
                step=plain(step),
            ),
        )
    if leaf.bands:
        yield from _band_faults(leaf.bands, full, step, name)
    for limit in (leaf.comment_below, leaf.comment_above):
        value = number(limit) if limit else Decimal(0)
        if value is None or not 0 <= value <= full:
            yield Fault(
                "criteria", _("The limits for a comment on “%(name)s” must lie between 0 and %(full)s.", name=name, full=plain(full))
            )


def _band_faults(bands: list[Band], full: Decimal, step: Decimal, name: str) -> Iterator[Fault]:
    read = [(number(band.low), number(band.high)) for band in bands]
    pairs = sorted((low, high) for low, high in read if low is not None and high is not None)
    if len(pairs) != len(bands):
        yield Fault("bands", _("A band of “%(name)s” has no plain numbers.", name=name))
        return
    lows, highs = [p[0] for p in pairs], [p[1] for p in pairs]
    if lows[0] != 0 or highs[-1] != full:
        yield Fault("bands", _("The bands of “%(name)s” must reach from 0 to %(full)s.", name=name, full=plain(full)))
    for high, low in zip(highs, lows[1:], strict=False):
        if low > high + step:
            yield Fault("bands", _("Between %(high)s and %(low)s “%(name)s” has no band.", high=plain(high), low=plain(low), name=name))
        if low < high:
            yield Fault(
                "bands", _("Two bands of “%(name)s” overlap between %(low)s and %(high)s.", high=plain(high), low=plain(low), name=name)
            )


def _deduction_faults(rubric: Rubric) -> Iterator[Fault]:
    for deduction in rubric.deductions:
        most = number(deduction.most)
        if most is None or most <= 0:
            yield Fault("deductions", _("The deduction “%(name)s” needs a number above 0.", name=_say(deduction.name)))


def stage_faults(rules: StageRules, *, judged: bool = True, earlier: bool = True) -> list[Fault]:
    """Faults of a stage's rules. ``judged`` False for a formal check; ``earlier``: a judged stage comes before it."""
    if not judged:
        return [] if rules.checklist else [Fault("checklist", _("The checklist is empty."), blocks=False)]
    faults = [fault for rubric in rules.rubrics.values() for fault in rubric_faults(rubric)]
    if not rules.rubrics:
        faults.append(Fault("rubrics", _("The stage has no rubric.")))
    return [*faults, *_aggregation_faults(rules), *_advancement_faults(rules), *_tie_faults(rules, earlier), *_award_faults(rules)]


def _aggregation_faults(rules: StageRules) -> Iterator[Fault]:
    a = rules.aggregation
    if a.min_judges < 1:
        yield Fault("aggregation", _("At least one judge is needed."))
    if a.method in ("trimmed", "trimmed_alike"):
        if a.trim_from <= a.drop_high + a.drop_low:
            yield Fault(
                "aggregation",
                _(
                    "With %(judges)s judges, dropping %(high)s highest and %(low)s lowest leaves nothing.",
                    judges=a.trim_from,
                    high=a.drop_high,
                    low=a.drop_low,
                ),
            )
        elif a.trim_from - a.drop_high - a.drop_low < 3:
            yield Fault("aggregation", _("After dropping, fewer than three marks are left."), blocks=False)
    if a.method == "trimmed_alike" and rules.advancement.per != "call":  # a score may not depend on entries of another division
        yield Fault("aggregation", _("Dropping alike for all entries needs places that are counted in each division."))
    if a.method == "categories":
        total = sum(item.weight for item in a.category_weights)
        if total != 100:
            yield Fault("aggregation", _("The weights of the judge categories add up to %(total)s, not to 100.", total=total))  # fmt: skip
    if rules.judges_per_entry and rules.judges_per_entry < a.min_judges:
        yield Fault(
            "aggregation",
            _("Each entry goes to %(given)s judges, but %(needed)s are required.", given=rules.judges_per_entry, needed=a.min_judges),
        )
    if rules.carry_over == "weighted" and not 0 < rules.carry_weight < 100:
        yield Fault("carry_over", _("The share of the earlier stage must lie between 1 and 99 percent."))


def _advancement_faults(rules: StageRules) -> Iterator[Fault]:
    a = rules.advancement
    share = number(a.share) if a.share else None
    if a.method == "top" and a.number < 1 and not a.quotas:
        yield Fault("advancement", _("Say how many advance."))
    if a.method == "share" and (share is None or not 0 < share <= 100):
        yield Fault("advancement", _("The share that advances must lie above 0 and at most at 100 percent."))
    if a.method == "threshold" and not a.pass_mark:
        yield Fault("advancement", _("Advancing by pass mark needs a pass mark."))
    if a.pass_mark:
        mark, full = number(a.pass_mark), max((number(r.full) or Decimal(0) for r in rules.rubrics.values()), default=Decimal(0))
        if mark is None or mark < 0 or (full and mark > full):
            yield Fault("advancement", _("The pass mark %(mark)s lies outside 0 to %(full)s.", mark=a.pass_mark, full=plain(full)))


def _tie_faults(rules: StageRules, earlier: bool) -> Iterator[Fault]:
    keys = {leaf.key for rubric in rules.rubrics.values() for leaf in rubric.leaves()}
    for step in rules.ties:
        if step.kind == "criterion" and step.criterion not in keys:
            yield Fault("ties", _("The tie chain names a criterion that no rubric has: %(key)s.", key=step.criterion))
        if step.kind == "earlier_stage" and not earlier:
            yield Fault("ties", _("The tie chain asks for an earlier stage, but this is the first that is judged."))
    kinds = [step.kind for step in rules.ties]
    if any(kind in kinds[:-1] for kind in ("draw", "share", "chair")):
        yield Fault("ties", _("After a draw, the chair's vote or a shared rank nothing is left to decide."), blocks=False)
    if rules.advancement.at_line == "tie_chain" and not rules.ties:
        yield Fault("ties", _("Ties at the line are to be decided by the tie chain, but there is none."))


def _award_faults(rules: StageRules) -> Iterator[Fault]:
    for level in rules.awards:
        if level.number < 1:
            yield Fault("awards", _("The award “%(name)s” needs a number.", name=_say(level.name)))
        if level.min_score and number(level.min_score) is None:
            yield Fault("awards", _("The least score for “%(name)s” is not a plain number.", name=_say(level.name)))


def blocking(faults: list[Fault]) -> list[Fault]:
    return [fault for fault in faults if fault.blocks]
