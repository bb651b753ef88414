"""A stage's name and dates, and the rules by which it computes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp

from app.calls.enums import StageKind
from app.calls.rules import Advancement, Aggregation, AwardLevel, CategoryWeight, Disclosure, StageRules, TieStep
from app.calls.sentences.stages import AT_LINE, MISSING, PER, ROUNDINGS, TIES
from app.calls.sentences.words import CATEGORIES, say
from app.core.forms import Form, LocalTimeField, WholeField, offered

from .rows import Row, both, filled, kept, rows
from .rubric import NUMBER

METHODS = [
    ("mean", _l("mean of all judges")),
    ("trimmed", _l("mean after dropping the highest and lowest")),
    ("trimmed_alike", _l("the same, but where one entry has too few judges nothing is dropped from any")),
    ("median", _l("median")),
    ("categories", _l("weighted means of judge categories")),
]
ADVANCE = [
    ("none", _l("nobody advances; the ranking is final")),
    ("top", _l("a number")),
    ("share", _l("a share")),
    ("threshold", _l("everybody above the pass mark")),
]
CARRY = [("none", _l("does not count")), ("sum", _l("its score is added")), ("weighted", _l("counts a share"))]
COUNT = NumberRange(0, 10_000)


class StageForm(Form):
    """Name and dates."""

    kind = SelectField(_l("Kind"), choices=offered([(kind.value, kind.label) for kind in StageKind]))
    name = StringField(_l("Name"), [InputRequired(), Length(max=80)])
    name_en = StringField(_l("Name in English"), [Length(max=80)])
    opens_at = LocalTimeField(_l("Begins"), [InputRequired()])
    closes_at = LocalTimeField(_l("Ends"), [InputRequired()])
    reason = TextAreaField(_l("Reason"), [Length(max=1000)])


class CategoryRow(Row):
    category = SelectField(_l("Category"), [Optional()], choices=offered([("", "—"), *CATEGORIES.items()]))
    weight = WholeField(_l("Weight in percent"), [Optional(), NumberRange(1, 100)])


class QuotaRow(Row):
    key = SelectField(_l("Group or region"), [Length(max=20), Optional(), Regexp(r"^[A-Za-z0-9_]+$")], choices=[], validate_choice=False)
    number = WholeField(_l("How many"), [Optional(), NumberRange(0, 10_000)])


class TieRow(Row):
    kind = SelectField(
        _l("First is the entry for which"),
        [Optional()],
        choices=offered([("", "—"), ("criterion", _l("the mark for a criterion is higher")), *TIES.items()]),
    )
    criterion = SelectField(_l("Criterion"), [Length(max=40)], choices=[], validate_choice=False)


class AwardRow(Row):
    key = HiddenField(validators=[Length(max=40), Optional(), Regexp(r"^[a-z][a-z0-9_]*$")])
    name = StringField(_l("Name"), [Length(max=80)])
    name_en = StringField(_l("Name in English"), [Length(max=120)])
    number = WholeField(_l("How many"), [Optional(), NumberRange(1, 10_000)])
    prize_wan = StringField(_l("Prize (10,000 yuan)"), [Optional(), NUMBER])
    min_score = StringField(_l("Least score"), [Optional(), NUMBER])


class CheckRow(Row):
    text = StringField(_l("To be checked"), [Length(max=200)])
    text_en = StringField(_l("The same in English"), [Length(max=300)])


class ChecklistForm(Form):
    """The formal check's list."""

    checklist = rows(CheckRow, _l("Checklist"))
    reason = TextAreaField(_l("Reason"), [Length(max=1000)])

    def show(self, rules: StageRules) -> None:
        filled(self.checklist, [{"text": item.zh, "text_en": item.en} for item in rules.checklist])

    def rules(self, before: StageRules) -> StageRules:
        return StageRules(
            rubrics=before.rubrics, checklist=[both(row, "text") for row in kept(self.checklist, "text")], notice_days=before.notice_days
        )


class StageRulesForm(Form):
    """Panels, computing, ties, advancing, awards, disclosure. The rubrics have pages of their own."""

    judges_per_entry = WholeField(
        _l("Judges for each entry"), [InputRequired(), NumberRange(0, 99)], description=_l("0: the whole panel marks every entry.")
    )
    min_judges = WholeField(_l("Signed sheets needed"), [InputRequired(), NumberRange(1, 99)])
    minutes_pitch = WholeField(_l("Minutes of pitch"), [InputRequired(), NumberRange(0, 240)])
    minutes_answers = WholeField(_l("Minutes of answers"), [InputRequired(), NumberRange(0, 240)])
    method = SelectField(_l("Score"), choices=offered(METHODS))
    drop_high = WholeField(_l("Highest dropped"), [InputRequired(), NumberRange(0, 20)])
    drop_low = WholeField(_l("Lowest dropped"), [InputRequired(), NumberRange(0, 20)])
    trim_from = WholeField(_l("From how many judges on"), [InputRequired(), NumberRange(1, 999)])
    category_weights = rows(CategoryRow, _l("Categories of judges"))
    decimals = WholeField(_l("Decimals"), [InputRequired(), NumberRange(0, 4)])
    rounding = SelectField(_l("Rounding"), choices=offered(ROUNDINGS.items()))
    compare = SelectField(_l("Scores are compared"), choices=offered([("printed", _l("as printed")), ("exact", _l("before rounding"))]))
    round_judge_total = BooleanField(_l("Round each judge's total first"))
    missing = SelectField(_l("When a judge is missing"), choices=offered(MISSING.items()))
    spread_alarm = StringField(_l("Mark entries for discussion when totals differ by more than"), [InputRequired(), NUMBER])
    ties = rows(TieRow, _l("Equal scores"))
    advance = SelectField(_l("Who advances"), choices=offered(ADVANCE))
    number = WholeField(_l("How many"), [InputRequired(), COUNT])
    per = SelectField(_l("Counted"), choices=offered(PER.items()))
    quotas = rows(QuotaRow, _l("Quotas instead of the number"))
    share = StringField(_l("Share in percent"), [Optional(), NUMBER])
    share_rounding = SelectField(
        _l("The number is rounded"), choices=offered([("ceil", _l("up")), ("floor", _l("down")), ("half_up", _l("half up"))])
    )
    pass_mark = StringField(_l("Pass mark"), [Optional(), NUMBER])
    at_line = SelectField(_l("Equal scores at the line"), choices=offered(AT_LINE.items()))
    replacement = BooleanField(_l("When an entry withdraws, the next in order moves up"))
    carry_over = SelectField(
        _l("Earlier stage"),
        choices=offered(CARRY),
    )
    carry_weight = WholeField(_l("Its share in percent"), [InputRequired(), NumberRange(0, 99)])
    awards = rows(AwardRow, _l("Awards"))
    blind = BooleanField(_l("Blind review: no institution and no persons"))
    judges_see_others = SelectField(
        _l("Judges see each other's marks"),
        choices=offered([("never", _l("never")), ("signed", _l("after signing")), ("all_signed", _l("when all have signed"))]),
    )
    organizer_sees_scores = SelectField(
        _l("The organizer sees marks"), choices=offered([("sealed", _l("after sealing")), ("signed", _l("as sheets are signed"))])
    )
    public_scores = BooleanField(_l("Scores are made public"))
    public_ranks = BooleanField(_l("Ranks are made public"))
    team_scores = BooleanField(_l("Teams see their own scores"))
    team_comments = BooleanField(_l("Teams read the judges' comments"))
    notice_days = WholeField(_l("Working days of public notice"), [InputRequired(), NumberRange(0, 60)])
    reason = TextAreaField(_l("Reason"), [Length(max=1000)])

    def show(self, rules: StageRules) -> None:
        """The stored rules, on GET."""
        for part in (rules, rules.aggregation, rules.advancement, rules.disclosure):
            for name in part.__struct_fields__:
                if name in self._fields and name not in LISTS and not (part is rules.advancement and name == "method"):
                    self[name].data = getattr(part, name) if getattr(part, name) is not None else ""
        self.advance.data = rules.advancement.method
        filled(self.category_weights, [{"category": c.category, "weight": c.weight} for c in rules.aggregation.category_weights])
        filled(self.ties, [{"kind": t.kind, "criterion": t.criterion} for t in rules.ties])
        filled(self.quotas, [{"key": key, "number": number} for key, number in rules.advancement.quotas.items()])
        filled(self.awards, [award_line(level) for level in rules.awards])

    def offer(self, places: Iterable[tuple[str, str]], rules: StageRules) -> None:
        """What the rows may name: groups and regions of the edition, criteria of the stage's rubrics. A name no longer known stays."""
        criteria = {c.key: c.name for rubric in rules.rubrics.values() for top in rubric.criteria for c in (top.children or [top])}
        known_places, known_criteria = dict(places), {key: say(name) for key, name in criteria.items()}
        for field, known in [(row.form.key, known_places) for row in self.quotas] + [
            (row.form.criterion, known_criteria) for row in self.ties
        ]:
            held = {field.data: field.data} if field.data else {}
            field.choices = offered([("", "—"), *{**held, **known}.items()])

    def rules(self, before: StageRules) -> StageRules:
        """What was typed; rubrics and checklist stay."""
        value = {name: field.data for name, field in self._fields.items()}
        return StageRules(
            rubrics=before.rubrics, checklist=before.checklist, aggregation=self._aggregation(value), advancement=self._advancement(value),
            ties=[TieStep(row["kind"], row["criterion"] or "" if row["kind"] == "criterion" else "") for row in kept(self.ties, "kind")],
            awards=award_levels(kept(self.awards, "name")),
            disclosure=Disclosure(**{name: value[name] for name in Disclosure.__struct_fields__}),
            **{name: value[name] for name in PLAIN},
        )  # fmt: skip

    def _aggregation(self, value: dict[str, Any]) -> Aggregation:
        weights = [CategoryWeight(row["category"], row["weight"] or 0) for row in kept(self.category_weights, "category")]
        return Aggregation(
            **{name: value[name] for name in Aggregation.__struct_fields__ if name != "category_weights"}, category_weights=weights
        )

    def _advancement(self, value: dict[str, Any]) -> Advancement:
        quotas = {row["key"]: row["number"] or 0 for row in kept(self.quotas, "key")}
        plain = ("number", "share_rounding", "at_line", "per", "replacement")
        return Advancement(
            method=value["advance"], share=value["share"] or "", pass_mark=value["pass_mark"] or None, quotas=quotas,
            **{name: value[name] for name in plain},
        )  # fmt: skip


LISTS = frozenset({"rubrics", "checklist", "ties", "awards", "category_weights", "quotas", "aggregation", "advancement", "disclosure"})
PLAIN = ("judges_per_entry", "carry_over", "carry_weight", "spread_alarm", "notice_days", "minutes_pitch", "minutes_answers")


def award_line(level: AwardLevel) -> dict[str, Any]:
    return {
        "key": level.key, "name": level.name.zh, "name_en": level.name.en, "number": level.number, "prize_wan": level.prize_wan,
        "min_score": level.min_score or "",
    }  # fmt: skip


def award_levels(lines: list[dict[str, Any]]) -> list[AwardLevel]:
    """The levels in order; a new one gets a key that no other has and that stays when it is renamed."""
    known = {row["key"] for row in lines}
    free = (key for n in range(1, len(lines) * 2 + 1) if (key := f"award_{n}") not in known)
    return [
        AwardLevel(row["key"] or next(free), both(row, "name"), row["number"] or 0, row["prize_wan"] or "0", row["min_score"] or None)
        for row in lines
    ]
