"""What an invited judge answers."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, RadioField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from app.accounts.forms.access import FinishSignUpForm
from app.core.forms import ChecksField, Form


class AcceptForm(Form):
    """Statement and conflicts; neither can be passed without an answer."""

    statement = BooleanField(_l("I have read this statement and sign it."), [DataRequired(_l("Please sign the statement."))])
    has_conflict = RadioField(
        _l("Conflicts of interest"),
        [InputRequired(_l("Please say whether you have a conflict of interest."))],
        choices=[
            SelectChoice("no", _l("I have none with any of the entries listed.")),
            SelectChoice("yes", _l("I have one with the entries ticked below.")),
        ],
    )
    conflicts = ChecksField(_l("Entries with a conflict"), coerce=int)
    conflict_reason = TextAreaField(_l("Why (one line for all is enough)"), [Length(max=400)])

    def validate_conflicts(self, field: Field) -> None:
        if self.has_conflict.data == "yes" and not field.data:
            raise ValidationError(_("Please tick the entries concerned."))
        if self.has_conflict.data == "no" and field.data:
            raise ValidationError(_("You ticked entries, but said that there is no conflict."))

    def declared(self) -> dict[int, str]:
        """Entry ids with the reason."""
        return dict.fromkeys(self.conflicts.data or [], self.conflict_reason.data or "")


class AcceptAsNewForm(AcceptForm, FinishSignUpForm):
    """The same with what everybody gives for a new account, the notice of how data are used included."""

    def __iter__(self) -> Iterator[Field]:
        """As the page has them, and so the faults above it: the statement, the conflicts, then the account."""
        own = ("statement", "has_conflict", "conflicts", "conflict_reason")
        return iter(sorted(super().__iter__(), key=lambda field: field.short_name not in own))


class DeclineForm(Form):
    """No, and perhaps why."""

    decline_reason = TextAreaField(_l("Reason, or whom you suggest instead"), [Length(max=400)])
