"""Panels, computing, ties, advancement and carry-over in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.calls.rules import StageRules, TieStep

from .words import category, say

ROUNDINGS = {
    "half_up": _l("half up"),
    "half_even": _l("half to even"),
    "down": _l("down"),
    "up": _l("up"),
}
MISSING = {
    "block": _l("While a judge's sheet is missing, no result is computed."),
    "reduce": _l("A missing sheet reduces the number of judges for that entry; the result page says so."),
    "substitute": _l("A missing judge is replaced by a substitute who marks all entries of the panel."),
}
TIES = {
    "untrimmed_mean": _l("the mean of all judges' totals, without dropping any, is higher"),
    "median": _l("the median of the judges' totals is higher"),
    "highest_mark": _l("the highest total is higher"),
    "lowest_mark": _l("the lowest total is higher"),
    "second_highest": _l("the second-highest total is higher, then the third-highest, and so on"),
    "head_to_head": _l("more judges placed it before the other"),
    "earlier_stage": _l("the score of the earlier stage is higher"),
    "sum_all": _l("the sum of all judges' totals is higher"),
    "fewer_deductions": _l("fewer points were taken off"),
    "chair": _l("the chair of the panel decides"),
    "draw": _l("a draw under supervision decides"),
    "share": _l("the entries share the rank"),
}
AT_LINE = {
    "include_all": _l("Entries with equal scores at the line all advance."),
    "exclude_all": _l("Entries with equal scores at the line do not advance."),
    "tie_chain": _l("Equal scores at the line are decided by the tie rules."),
}
PER = {
    "call": _l("in each division"),
    "group": _l("in each group"),
    "region": _l("in each region"),
    "stage": _l("over the whole stage"),
}


def panel_sentences(rules: StageRules) -> Iterable[str]:
    """How many judges, what they see, minutes on stage."""
    given, needed = rules.judges_per_entry, rules.aggregation.min_judges
    if given:
        yield _("Each entry goes to %(given)s judges; at least %(needed)s signed sheets are needed.", given=given, needed=needed)
    else:
        yield _("The whole panel marks every entry; at least %(needed)s signed sheets are needed.", needed=needed)
    if rules.disclosure.blind:
        yield _("The review is blind: judges see neither institution nor persons.")
    if rules.minutes_pitch:
        yield _(
            "%(pitch)s minutes of pitch and %(answers)s minutes of answers for each entry.",
            pitch=rules.minutes_pitch,
            answers=rules.minutes_answers,
        )


def aggregation_sentences(rules: StageRules) -> Iterable[str]:
    """From judges' totals to the entry's score."""
    a = rules.aggregation
    yield METHODS.get(a.method, METHODS["mean"])(rules)
    if a.round_judge_total:
        yield _("Each judge's total is rounded before the score is computed.")
    yield _(
        "The score is computed to %(places)s decimals, rounding %(mode)s.", places=a.decimals, mode=ROUNDINGS.get(a.rounding, a.rounding)
    )
    yield _("Scores are compared as printed.") if a.compare == "printed" else _("Scores are compared before rounding.")
    yield str(MISSING.get(a.missing, a.missing))
    yield _("When two judges' totals lie more than %(gap)s apart, the entry is marked for discussion.", gap=rules.spread_alarm)


def _mean(rules: StageRules) -> str:
    return _("The score is the mean of the judges' totals.")


def _trimmed(rules: StageRules) -> str:
    a = rules.aggregation
    if a.drop_high == a.drop_low == 1:
        return _("From %(from_judges)s judges on, the highest and the lowest total are dropped and the mean of the others is taken; "
                 "with fewer judges the mean of all.", from_judges=a.trim_from)  # fmt: skip
    return _("From %(from_judges)s judges on, the %(high)s highest and the %(low)s lowest total are dropped "
             "and the mean of the others is taken; "
             "with fewer judges the mean of all.", from_judges=a.trim_from, high=a.drop_high, low=a.drop_low)  # fmt: skip


def _trimmed_alike(rules: StageRules) -> str:
    a = rules.aggregation
    return _("Where every entry with a result has at least %(from_judges)s judges, the %(high)s highest and the %(low)s lowest total are "
             "dropped and the mean of the others is taken; where one entry has fewer, nothing is dropped from any and the mean of all "
             "counts.",
             from_judges=a.trim_from, high=a.drop_high, low=a.drop_low)  # fmt: skip


def _median(rules: StageRules) -> str:
    return _("The score is the median of the judges' totals.")


def _categories(rules: StageRules) -> str:
    parts = _(", ").join(f"{category(item.category)} {item.weight}%" for item in rules.aggregation.category_weights)
    return _("The mean of each category of judges is taken and weighted: %(parts)s.", parts=parts)


METHODS: dict[str, Callable[[StageRules], str]] = {
    "mean": _mean, "trimmed": _trimmed, "trimmed_alike": _trimmed_alike, "median": _median, "categories": _categories,
}  # fmt: skip


def tie_sentence(step: TieStep, names: dict[str, str] | None = None) -> str:
    """One key of the tie chain: which entry comes first."""
    if step.kind == "criterion":
        return _("the mark for “%(name)s” is higher", name=(names or {}).get(step.criterion, step.criterion))
    return str(TIES.get(step.kind, step.kind))


def tie_sentences(rules: StageRules) -> Iterable[str]:
    names = {leaf.key: say(leaf.name) for rubric in rules.rubrics.values() for leaf in rubric.leaves()}
    if not rules.ties:
        yield _("Equal scores share the rank.")
        return
    yield _("Entries with equal scores are told apart in this order: %(chain)s.",
            chain=_("; ").join(f"({n}) {tie_sentence(step, names)}" for n, step in enumerate(rules.ties, start=1)))  # fmt: skip


def advancement_sentences(rules: StageRules, group_names: dict[str, str] | None = None) -> Iterable[str]:
    """Who goes on, and what happens at the line and on withdrawal."""
    a = rules.advancement
    if a.method == "none":
        yield _("This stage decides the ranking; nobody advances from it.")
        return
    where = PER.get(a.per, a.per)
    if a.pass_mark:
        yield _("Only scores of at least %(mark)s advance.", mark=a.pass_mark)
    if a.method == "top" and a.quotas:
        names = group_names or {}
        parts = _(", ").join(f"{names.get(key, key)} {count}" for key, count in a.quotas.items())
        yield _("The first of the ranking advance, by quota %(where)s: %(parts)s.", where=where, parts=parts)
    elif a.method == "top":
        yield ngettext("The first %(num)s advances %(where)s.", "The first %(num)s advance %(where)s.", a.number, where=where)
    elif a.method == "share":
        way = {"ceil": _("rounded up"), "floor": _("rounded down")}.get(a.share_rounding, _("rounded half up"))
        yield _("The best %(share)s%% advance %(where)s, the number %(way)s.", share=a.share, where=where, way=way)
    if a.method != "threshold":
        yield str(AT_LINE.get(a.at_line, a.at_line))
    yield _("When an entry withdraws, the next in order moves up.") if a.replacement else _("Entries that withdraw are not replaced.")


def carry_sentence(rules: StageRules) -> str:
    """What earlier stages count."""
    if rules.carry_over == "weighted":
        return _("The earlier stage counts %(share)s%%, this stage %(rest)s%%.", share=rules.carry_weight, rest=100 - rules.carry_weight)
    if rules.carry_over == "sum":
        return _("The scores of the earlier stage and of this stage are added.")
    return _("Scores of earlier stages are not carried over.")


def stage_sentences(rules: StageRules, group_names: dict[str, str] | None = None) -> list[str]:
    """Everything by which the stage computes, in the order in which it happens."""
    return [
        *panel_sentences(rules), *aggregation_sentences(rules), carry_sentence(rules), *tie_sentences(rules),
        *advancement_sentences(rules, group_names),
    ]  # fmt: skip
