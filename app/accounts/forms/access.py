"""Signing in and up, resetting, confirming."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, HiddenField, PasswordField, StringField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length, StopValidation

from app.core.db import db
from app.core.forms import Form
from app.core.later import later
from app.settings.queries import setting

if TYPE_CHECKING:
    import email_validator
else:
    email_validator = later("email_validator")

_HERE = {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
PASSWORD_LIMIT = 1024
LONGEST_ANSWER = 20_000  # of a security key, as JSON


class Email(StringField):
    """An address as people type it; ``data`` is small letters, checked for form only."""

    max_length = 254

    def __init__(self, label: object = None, validators: object = (), **kwargs: object) -> None:
        super().__init__(label, [DataRequired(_l("Please enter an e-mail address.")), check_address, *validators], **kwargs)  # type: ignore[misc]


class Secret(PasswordField):
    """A password: kept exactly as typed, not even trimmed; absurdly long ones are not hashed at all."""

    def pre_validate(self, form: object) -> None:
        if len(self.data or "") > PASSWORD_LIMIT:
            raise StopValidation(_("At most %(count)s characters.", count=PASSWORD_LIMIT))

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = valuelist[0] if valuelist else ""


def check_address(form: Form, field: Field) -> None:
    try:
        field.data = email_validator.validate_email(
            field.data or "", check_deliverability=False, test_environment=True
        ).normalized.casefold()
    except email_validator.EmailNotValidError:
        raise ValidationError(_("This is not an e-mail address.")) from None


def check_secret(form: Form, field: Field) -> None:
    if "\x00" in (field.data or ""):
        raise ValidationError(_("A password cannot contain the character NUL."))


class SignInForm(Form):
    email = Email(_l("E-mail address"), render_kw=_HERE)
    password = Secret(_l("Password"), [InputRequired(_l("Please enter your password."))], render_kw={"autocomplete": "current-password"})


class CodeForm(Form):
    """The second step of a sign-in: a code, or the answer of a security key that script puts in."""

    answer = HiddenField(validators=[Length(max=LONGEST_ANSWER)])
    code = StringField(
        _l("Code of the second factor"), [Length(max=20)],
        description=_l("Six digits from your authenticator app, or one of your recovery codes."),
        render_kw={"autocomplete": "one-time-code", "inputmode": "text", "autocapitalize": "characters"},
    )  # fmt: skip

    def validate_code(self, field: Field) -> None:
        if not field.data and not self.answer.data:
            raise ValidationError(_("Please enter the code."))


class AddressForm(Form):
    """Sign-up and reset begin with an address only."""

    email = Email(_l("E-mail address"), render_kw=_HERE)


def password_hint() -> str:
    """What is demanded of a new password, said before it is typed."""
    least = setting(db.session, "password_min_length")
    return _("At least %(count)s characters. Several unrelated words are easy to keep and hard to guess.", count=least)


class NewPasswordForm(Form):
    password = Secret(
        _l("New password"), [InputRequired(_l("Please enter a password.")), check_secret], render_kw={"autocomplete": "new-password"}
    )
    again = Secret(
        _l("New password once more"), [InputRequired(_l("Please enter the password twice."))], render_kw={"autocomplete": "new-password"}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.password.description = password_hint()

    def validate_again(self, field: Field) -> None:
        if field.data != self.password.data:
            raise ValidationError(_("The two passwords differ."))


class FinishSignUpForm(NewPasswordForm):
    name = StringField(_l("Your name"), [DataRequired(_l("Please enter your name."))], render_kw={"autocomplete": "name"})
    agree = BooleanField(_l("I have read how my data are used."), [DataRequired(_l("Please confirm that you have read it."))])

    def __iter__(self) -> Iterator[Field]:
        """As the page has them, and so the faults above it: the name first."""
        return iter(sorted(super().__iter__(), key=lambda field: field.short_name != "name"))

    def validate_name(self, field: Field) -> None:
        check_name(self, field)


def check_name(form: Form, field: Field) -> None:
    """A name of a person or office fits one line of 80 characters."""
    if field.data and ("\n" in field.data or "\t" in field.data or len(field.data) > 80):
        raise ValidationError(_("A name is one line of at most 80 characters."))


class ConfirmForm(Form):
    """Proving oneself again within a session."""

    password = Secret(_l("Password"), [InputRequired(_l("Please enter your password."))], render_kw={"autocomplete": "current-password"})
    code = StringField(_l("Code of the second factor"), [Length(max=20)], render_kw={"autocomplete": "one-time-code", "inputmode": "text"})
    answer = HiddenField(validators=[Length(max=LONGEST_ANSWER)])
