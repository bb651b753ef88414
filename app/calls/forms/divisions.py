"""The division matrix, windows in bulk, and one division's conditions."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp

from app.calls.models import Call
from app.calls.operations.matrix import AxisRow
from app.calls.rules import CallRules
from app.core.forms import Form, LocalTimeField, WholeField

from .conditions import ConditionRow, condition, condition_line
from .rows import SHORT, Row, filled, kept, rows


class AxisLine(Row):
    id = HiddenField()
    code = StringField(
        _l("Code"), [Length(max=20), Optional(), Regexp(r"^[A-Za-z0-9_]+$", message=_l("Letters, digits and underscores only."))]
    )
    name = StringField(_l("Name"), [Length(max=80)])
    name_en = StringField(_l("Name in English"), [Length(max=120)])
    description = TextAreaField(_l("Description"), [Length(max=500)], render_kw={"rows": 3})
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
