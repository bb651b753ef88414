"""The division matrix, windows in bulk, and one division's conditions."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp

from app.calls.models import Call
from app.calls.operations.matrix import AxisRow
from app.calls.rules import CallRules, EligibilityRule
from app.calls.rules.eligibility import KINDS
from app.core.forms import Form, LocalTimeField, WholeField, offered

from .rows import SHORT, Row, both, filled, kept, rows

KIND_WORDS = {
    "age_max": _l("Age at most"),
    "age_min": _l("Age at least"),
    "degree_min": _l("Degree at least"),
    "experience_min": _l("Years of experience at least"),
    "company_age_max": _l("Age of the company at most"),
    "company_registered_from": _l("Company registered on or after"),
    "company_registered_until": _l("Company registered on or before"),
    "company_place": _l("Seat of the company in the area"),
    "not_registered_in": _l("Company not registered in the area"),
    "equity_min": _l("Share of the leader at least (%(sign)s)", sign="%"),
    "paid_in_min": _l("Cash paid in at least (10,000 yuan)"),
    "team_min": _l("Team at least"),
    "team_max": _l("Team at most"),
    "one_entry_per_person": _l("One entry a person"),
    "not_winner_within": _l("No prize within years"),
    "revenue_max": _l("Last year's revenue at most (10,000 yuan)"),
    "declaration": _l("Declaration"),
}


class AxisLine(Row):
    id = HiddenField()
    code = StringField(
        _l("Code"), [Length(max=20), Optional(), Regexp(r"^[A-Za-z0-9_]+$", message=_l("Letters, digits and underscores only."))]
    )
    name = StringField(_l("Name"), [Length(max=80)])
    name_en = StringField(_l("Name in English"), [Length(max=120)])
    description = StringField(_l("Description"), [Length(max=500)])
    sponsor = StringField(_l("Sponsor"), [SHORT])


class AxisForm(Form):
    """Tracks, groups or regions."""

    lines = rows(AxisLine)

    def axis_rows(self) -> list[AxisRow]:
        return [
            AxisRow(
                code=row["code"] or f"{n + 1:02d}", name=row["name"], id=int(row["id"]) if str(row["id"] or "").isdigit() else None,
                name_en=row["name_en"] or "", description=row["description"] or "", sponsor=row["sponsor"] or "",
            )
            for n, row in enumerate(kept(self.lines, "name"))
        ]  # fmt: skip


class WindowsForm(Form):
    """One window for several divisions."""

    calls = SelectMultipleField(_l("Divisions"), [InputRequired(_l("Choose at least one division."))], coerce=int)
    opens_at = LocalTimeField(_l("Opens"), [InputRequired()])
    closes_at = LocalTimeField(_l("Closes"), [InputRequired()])
    reason = TextAreaField(_l("Reason"), [Length(max=1000)])


class ConditionRow(Row):
    kind = SelectField(_l("Condition"), [Optional()], choices=offered([("", "—"), *((kind, KIND_WORDS[kind]) for kind in KINDS)]))
    value = StringField(_l("Value"), [Length(max=20)])
    on = StringField(_l("On the day"), [Length(max=10)])
    area = StringField(_l("Area code"), [Length(max=6)])
    unless = StringField(_l("Waived for"), [Length(max=60)])
    other = StringField(_l("Or"), [Length(max=20)])
    question = StringField(_l("Question"), [Length(max=300)])
    question_en = StringField(_l("Question in English"), [Length(max=400)])
    label = StringField(_l("Place or prize meant"), [SHORT])
    label_en = StringField(_l("The same in English"), [SHORT])


class CallForm(Form):
    """Conditions, quota and form of one division."""

    quota = WholeField(_l("Most entries"), [Optional(), NumberRange(1, 100_000)], description=_l("Leave empty for no limit."))
    form_version_id = SelectField(_l("Form"), [Optional()], coerce=lambda value: int(value) if value else None)
    team_min = WholeField(_l("Team at least"), [InputRequired(), NumberRange(1, 100)])
    team_max = WholeField(_l("Team at most"), [InputRequired(), NumberRange(1, 100)])
    grace_minutes = WholeField(_l("Minutes of grace for uploads already begun"), [InputRequired(), NumberRange(0, 60)])
    organization_required = BooleanField(_l("An organization has to enter"))
    requires_member_confirmation = BooleanField(_l("Members confirm that they belong to the team"))
    conditions = rows(ConditionRow, _l("Conditions of entry"))
    same_group = BooleanField(_l("Also for all other divisions of the same group"))
    reason = TextAreaField(_l("Reason"), [Length(max=1000)])

    def show(self, call: Call) -> None:
        for name in ("team_min", "team_max", "grace_minutes", "organization_required", "requires_member_confirmation"):
            self[name].data = getattr(call.rules, name)
        self.quota.data, self.form_version_id.data = call.quota, call.form_version_id
        filled(self.conditions, [condition_line(rule) for rule in call.rules.eligibility])

    def rules(self) -> CallRules:
        return CallRules(
            eligibility=[condition(row) for row in kept(self.conditions, "kind")], team_min=self.team_min.data, team_max=self.team_max.data,
            grace_minutes=self.grace_minutes.data, organization_required=self.organization_required.data,
            requires_member_confirmation=self.requires_member_confirmation.data,
        )  # fmt: skip


def condition_line(rule: EligibilityRule) -> dict[str, Any]:
    return {
        "kind": rule.kind, "value": rule.value, "on": rule.on, "area": rule.area, "unless": rule.unless, "other": rule.other,
        "question": rule.question.zh, "question_en": rule.question.en, "label": rule.label.zh, "label_en": rule.label.en,
    }  # fmt: skip


def condition(row: dict[str, Any]) -> EligibilityRule:
    return EligibilityRule(
        kind=row["kind"], question=both(row, "question"), value=row["value"] or "", on=row["on"] or "", area=row["area"] or "",
        unless=(row["unless"] or "").replace(" ", ""), other=row["other"] or "", label=both(row, "label"),
    )  # fmt: skip
