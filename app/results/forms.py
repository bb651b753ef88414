"""Forms of results, certificates and notices."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, Field, HiddenField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, NumberRange, Optional

from app.core.forms import Form, ReasonForm, WholeField

HUGE = 2**31 - 1


class LineField(StringField):
    """One line, as long as its column."""

    max_length = 200


class LongField(TextAreaField):
    max_length = 1000


class ComputeForm(Form):
    """Which call of which stage; a reason where a released result is to be corrected."""

    stage_id = WholeField(validators=[InputRequired(), NumberRange(1, HUGE)])
    call_id = WholeField(validators=[InputRequired(), NumberRange(1, HUGE)])
    reason = LongField(_l("Reason for the correction"))


class ProposeForm(Form):
    reason = LongField(_l("Remark"), description=_l("Needed when entries have no score; kept in the journal."))


class StepForm(Form):
    """A step without any field but the protection against forgery."""


class RevokeForm(ReasonForm):
    """Revoke a certificate, and issue a corrected one at once where asked."""

    reissue = HiddenField()


class NoticeForm(Form):
    """Texts and period of a notice; its list comes from the result."""

    title = LineField(_l("Title (Chinese)"), validators=[InputRequired()])
    title_en = LineField(_l("Title (English)"))
    body = TextAreaField(_l("Text (Chinese)"))
    body_en = TextAreaField(_l("Text (English)"))
    starts_on = DateField(_l("First day"), validators=[InputRequired()], description=_l("It counts as the first working day."))
    working_days = WholeField(_l("Working days"), validators=[InputRequired(), NumberRange(1, 60)])
    contact = LineField(_l("Objections go to"), validators=[InputRequired()], description=_l("Office, telephone and e-mail."))
    discipline_contact = LineField(_l("Discipline inspection"), validators=[InputRequired()], description=_l("Office and telephone."))
    address = LineField(_l("Address for written objections"), validators=[Optional()])

    def validate_starts_on(self, field: Field) -> None:
        if field.data is not None and not 2000 <= field.data.year <= 2100:
            raise ValidationError(_("Please enter a year between 2000 and 2100."))
