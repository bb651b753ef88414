"""One's own profile, password, address and second factor."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, SelectField, StringField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length

from app.accounts.rules.identifiers import IdKind
from app.core.forms import Form, offered

from .access import LONGEST_ANSWER, Email, NewPasswordForm, Secret, check_name, password_hint

LANGUAGES = [("zh_CN", "中文"), ("en", "English")]
DEGREES = [
    ("", _l("not stated")),
    ("secondary", _l("Secondary school")),
    ("college", _l("College")),
    ("bachelor", _l("Bachelor")),
    ("master", _l("Master")),
    ("doctor", _l("Doctor")),
]


class ProfileForm(Form):
    """What others may see of a person, and what programmes ask for again and again."""

    name = StringField(_l("Your name"), [DataRequired(_l("Please enter your name."))], render_kw={"autocomplete": "name"})
    locale = SelectField(_l("Language of mails"), choices=offered(LANGUAGES))
    unit = StringField(_l("Employer or school"), [Length(max=160)], render_kw={"autocomplete": "organization"})
    title = StringField(_l("Title or position"), [Length(max=80)])
    degree = SelectField(_l("Highest degree"), choices=offered(DEGREES))
    fields = StringField(_l("Fields of work"), [Length(max=400)], description=_l("A few words, separated by commas."))

    def validate_name(self, field: Field) -> None:
        check_name(self, field)


class SensitiveForm(Form):
    """One sensitive value. It is written, never read back into the form."""

    value = StringField(_l("Number"), [Length(max=40)], render_kw={"autocomplete": "off"})


class DocumentForm(SensitiveForm):
    id_kind = SelectField(_l("Document"), choices=offered((kind.value, kind.label) for kind in IdKind))


class ChangePasswordForm(Form):
    old = Secret(_l("Present password"), [InputRequired(_l("Please enter your password."))], render_kw={"autocomplete": "current-password"})
    new = NewPasswordForm.password
    again = NewPasswordForm.again

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.new.description = password_hint()

    def validate_again(self, field: Field) -> None:
        if field.data != self.new.data:
            raise ValidationError(_("The two passwords differ."))


class ChangeEmailForm(Form):
    email = Email(_l("New e-mail address"), render_kw={"autocomplete": "email"})
    password = Secret(_l("Password"), [InputRequired(_l("Please enter your password."))], render_kw={"autocomplete": "current-password"})


class KeyForm(Form):
    """A security key under a name by which its owner knows it; the answer is put in by script."""

    name = StringField(
        _l("Name of the key"), [DataRequired(_l("Please give the key a name.")), Length(max=60)],
        description=_l("Such as “Phone” or “Blue key, left drawer”."), render_kw={"autocomplete": "off"},
    )  # fmt: skip
    answer = HiddenField(validators=[Length(max=LONGEST_ANSWER)])

    def validate_name(self, field: Field) -> None:
        check_name(self, field)


class FirstCodeForm(Form):
    """The first code shows that the app holds the secret."""

    code = StringField(
        _l("Code from the app"), [DataRequired(_l("Please enter the code.")), Length(max=20)],
        description=_l("The six digits that the app shows now."),
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
    )  # fmt: skip
