"""From steps to sentences, in the reader's language. Stored results hold keys and figures; the words are made here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.calls.rules import Criterion, Deduction, Gate, StageRules
from app.core.later import later

from .values import StepOut

if TYPE_CHECKING:
    import scoring
else:
    scoring = later("scoring")

#: Values of steps that hold the id of a judge, and of an entry.
JUDGES = ("judge", "other_judge", "a", "b")
ENTRIES = ("above", "below", "entry")

#: Names of the tie keys whose values are computed here.
EXTRAS = {"earlier": _l("score of the earlier stage"), "chair": _l("total of the chair"), "deductions": _l("deductions (fewer first)")}
#: Figures of an analysis, as sentences name them.
MEASURES = {
    "confidence": _l("how sure the ranks are"), "correction": _l("the correction for severity"), "icc": _l("the intraclass correlation"),
    "kendall_w": _l("the concordance of rankings"), "alpha": _l("Krippendorff's alpha"), "study": _l("how many judges are enough"),
}  # fmt: skip
REASONS = {"withdrawn": _l("withdrawn"), "disqualified": _l("disqualified"), "left": _l("left the stage")}


@dataclass(frozen=True)
class Names:
    """How ids are called in a sentence for this reader: codes of entries, labels of judges, names of criteria."""

    locale: str
    entries: Mapping[str, str] = field(default_factory=dict)
    judges: Mapping[str, str] = field(default_factory=dict)
    criteria: Mapping[str, str] = field(default_factory=dict)

    def entry(self, key: str) -> str:
        return self.entries.get(key, key)

    def judge(self, key: str) -> str:
        return self.judges.get(key, key)

    def criterion(self, key: str) -> str:
        return self.criteria.get(key, key)


def criteria_names(rules: StageRules, group: str, locale: str) -> dict[str, str]:
    """Criteria, deductions and yes/no items of the group's rubric by key."""
    rubric = rules.rubric_for(group or None)
    items: list[Criterion | Deduction | Gate] = [*rubric.leaves(), *rubric.deductions, *rubric.gates]
    return {item.key: item.name.say(locale) for item in items}


def say(step: StepOut, names: Names) -> str:
    """The step as one sentence."""
    values = dict(step.values)
    for side in JUDGES:
        if side in values:
            values[side] = names.judge(values[side])
    for side in ENTRIES:
        if side in values:
            values[side] = names.entry(values[side])
    if "tie" in values:
        values["key"] = tie_name(values.pop("tie"), names)
    own = OWN.get(step.key)
    if own is None:
        return scoring.sentence(step.key, names.locale, values)
    with force_locale(names.locale):
        return own(values)


def say_all(steps: list[StepOut], names: Names) -> list[str]:
    return [say(step, names) for step in steps]


def tie_name(label: str, names: Names) -> str:
    """What was compared: ``criterion:innovation``, ``extra:chair`` and so on in words."""
    kind, _sep, name = label.partition(":")
    if kind == "extra" and name in EXTRAS:
        with force_locale(names.locale):
            return str(EXTRAS[name])
    return scoring.sentence(f"tie.{kind}", names.locale, {"name": names.criterion(name) if kind == "criterion" else name})


def _what(values: Mapping[str, str]) -> str:
    return str(MEASURES.get(values["what"], values["what"]))


def _reason(values: Mapping[str, str]) -> str:
    return str(REASONS.get(values["reason"], values["reason"]))


#: Sentences for steps that ``scoring`` does not know.
OWN: Mapping[str, Callable[[Mapping[str, str]], str]] = {
    "result.excluded": lambda v: _("Not ranked: %(reason)s.", reason=_reason(v)),
    "result.ranked": lambda v: _("Rank %(rank)s; nobody advances from this stage.", rank=v["rank"]),
    "result.carried_weighted": lambda v: _(
        "With the earlier stage: %(earlier)s × %(share)s%% + %(now)s × %(rest)s%% = %(exact)s; published score %(printed)s.", **v
    ),
    "result.carried_sum": lambda v: _("Added to the earlier stage: %(earlier)s + %(now)s = %(exact)s; published score %(printed)s.", **v),
    "refused.size": lambda v: _("These figures need between 2 and %(most)s marked entries.", most=v["most"]),
    "refused.few": lambda v: _("The marks do not suffice for this: %(what)s.", what=_what(v)),
    "refused.judges": lambda v: _("With more than %(most)s judges %(what)s cannot be worked out at once.", most=v["most"], what=_what(v)),
    "refused.unsettled": lambda v: _("The model did not settle on these marks: %(what)s.", what=_what(v)),
    "refused.marks": lambda v: _(
        "Most judges marked only %(usual)s entries; below %(least)s the estimate of severity is chance.", usual=v["usual"], least=v["least"]
    ),
    "refused.unlinked": lambda v: _(
        "No chain of shared entries links %(judge)s and %(other)s: their marks cannot be compared.",
        judge=_("judge %(number)s", number=v.get("judge", "–")),
        other=_("judge %(number)s", number=v.get("other_judge", "–")),
    ),
    "award.below": lambda v: _("The next entry does not reach the least score of %(least)s.", least=v["least"]),
    "award.nobody_left": lambda v: _("There are no more ranked entries."),
    "warning.different_n": lambda v: _(
        "Entries were marked by different numbers of judges (%(least)s to %(most)s).", least=v["least"], most=v["most"]
    ),
    "warning.untrimmed": lambda v: _("%(number)s entries have too few judges for dropping extremes; their mean is over all.", **v),
    "warning.untrimmed_alike": lambda v: _(
        "One entry or more has too few judges for dropping extremes; by the rules nothing was dropped from any of the %(number)s.", **v
    ),
    "warning.insufficient": lambda v: _("%(number)s entries have fewer judges than the rules require and no score.", **v),
    "warning.provisional": lambda v: _("%(number)s entries wait for a sheet; their score is provisional.", **v),
    "warning.blocked": lambda v: _("%(number)s entries have no score because a judge's sheet is missing.", **v),
    "warning.gated": lambda v: _("%(number)s entries fail a required condition and have no score.", **v),
    "warning.recused": lambda v: _("%(number)s sheets are missing because a judge recused.", **v),
}
