"""Forms of the staff: decisions of the formal check, messages, saved views."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, RadioField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from app.core.forms import Form, LocalTimeField
from app.dynforms.building import CheckList
from app.dynforms.schema import FieldKind, FormSchema
from app.entries.enums import CheckDecision
from app.entries.errors import NothingOpened, ReasonNeeded
from app.entries.operations.moving import MIN_REASON

from .entering import at_most, in_zone

_REASON = _l("Reason (the team reads it)")


class ReturnForm(Form):
    """What to correct, why and until when."""

    reason = TextAreaField(_REASON, [at_most(2000)])
    open_fields = CheckList(_l("Fields to correct (only these open)"), choices=[])
    due_at = LocalTimeField(_l("To be handed in again before"))

    def wants_reason(self) -> bool:
        """Whether what is chosen goes to the team with a reason."""
        return True

    def returns(self) -> bool:
        """Whether the entry goes back to its team."""
        return True

    def validate_reason(self, field: Field) -> None:
        if self.wants_reason() and len((field.data or "").strip()) < MIN_REASON:
            raise ValidationError(ReasonNeeded.message)

    def validate_open_fields(self, field: Field) -> None:
        if self.returns() and not field.data:
            raise ValidationError(NothingOpened.message)

    def validate_due_at(self, field: Field) -> None:
        if self.returns() and field.data is None:
            raise ValidationError(_("Please give the time until which the team may correct."))

    def offering(self, schema: FormSchema, locale: str, zone: str) -> Any:
        """With the fields of this form, and the due time in the edition's zone."""
        fields = [f for f in schema.fields if f.kind != FieldKind.HEADING]
        offered = [("basics", _("Title and unit")), ("team", _("Team and partners")), *((f.key, f.label.say(locale)) for f in fields)]
        self.open_fields.choices = [SelectChoice(key, label) for key, label in offered]
        in_zone(self.due_at, zone)
        return self


class DecisionForm(ReturnForm):
    """Pass, return or reject."""

    decision = RadioField(
        _l("Decision"), [InputRequired(_l("Please choose a decision."))], choices=[SelectChoice(d.value, d.label) for d in CheckDecision]
    )
    checklist = CheckList(_l("Checked and found right"), choices=[])

    def with_points(self, points: list[str]) -> DecisionForm:
        self.checklist.choices = [SelectChoice(str(number), text) for number, text in enumerate(points)]
        return self

    def wants_reason(self) -> bool:
        return self.decision.data in {CheckDecision.RETURN, CheckDecision.REJECT}

    def returns(self) -> bool:
        return self.decision.data == CheckDecision.RETURN


class BulkReturnForm(ReturnForm):
    """The same return for several entries."""


class MessageForm(Form):
    """A mail to several teams."""

    subject = StringField(_l("Subject"), [InputRequired(_l("Please fill in this field.")), at_most(150)])
    text = TextAreaField(_l("Text"), [InputRequired(_l("Please fill in this field.")), at_most(5000)])


class ViewForm(Form):
    """The name of a view."""

    name = StringField(_l("Name of the view"), [InputRequired(_l("Please fill in this field.")), at_most(80)])
