"""Forms of the team: basics, files, members, handing in."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import Field, RadioField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from app.accounts.rules.identifiers import CreditCode, credit_code
from app.core.forms import Form, LocalTimeField
from app.entries.enums import MemberRight, MemberRole

_MAIL = re.compile(r"[^\s@<>,;:\"]+@[^\s@<>,;:\"]+\.[^\s@<>,;:\"]+")
_AREA = re.compile(r"[0-9]{6}")


def at_most(length: int):  # type: ignore[no-untyped-def]
    """A validator for the column's length."""

    def check(form: Form, field: Field) -> None:
        if isinstance(field.data, str) and len(field.data) > length:
            raise ValidationError(_("At most %(limit)s characters; this has %(count)s.", limit=length, count=len(field.data)))

    return check


def well_formed_code(form: Form, field: Field) -> None:
    """Empty, or a unified social credit code. Its check digit may be odd: some early codes are."""
    field.data = (field.data or "").strip().upper()
    if field.data and credit_code(field.data) == CreditCode.MALFORMED:
        raise ValidationError(_("A unified social credit code has 18 digits and capital letters (without I, O, S, V, Z)."))


def in_zone(field: LocalTimeField, zone: str) -> None:
    """Read and show the field's wall-clock time in this zone."""
    field.zone = zone
    if field.raw_data and field.data is not None:
        field.process_formdata(field.raw_data)


class BasicsForm(Form):
    """What every entry has besides its form."""

    title = StringField(_l("Title of the entry"), [at_most(200)])
    unit_name = StringField(
        _l("Leading unit"),
        [at_most(160)],
        description=_l("Company, university or institute; leave empty if you enter as a team without one."),
    )
    unit_uscc = StringField(
        _l("Unified social credit code"), [well_formed_code], description=_l("18 characters, as on the business licence.")
    )
    area_code = StringField(_l("Area code of the seat"), description=_l("Six digits, for example 320506."))

    def validate_area_code(self, field: Field) -> None:
        if field.data and not _AREA.fullmatch(field.data):
            raise ValidationError(_("Please enter six digits, for example 320506."))


class StartForm(Form):
    """The first thing asked of a new entry."""

    title = StringField(_l("Title of the entry"), [InputRequired(_l("Please give the entry a title.")), at_most(200)])
    unit_name = BasicsForm.unit_name


class UploadForm(Form):
    """One file. Several such forms may stand on one page, so the input's id carries the field's key."""

    file = FileField(_l("File"))

    def named(self, key: str) -> UploadForm:
        self.file.id = self.file.label.field_id = f"file-{key}"
        return self


class MemberForm(Form):
    """An invitation to the team."""

    name = StringField(_l("Name of the person"), [InputRequired(_l("Please give the person's name.")), at_most(80)])
    email = StringField(_l("E-mail"), [at_most(254)])
    unit = StringField(_l("Unit"), [at_most(160)])
    position = StringField(_l("Position or title"), [at_most(80)])
    role = RadioField(
        _l("Part in the team"),
        choices=[SelectChoice(r.value, r.label) for r in (MemberRole.MEMBER, MemberRole.ADVISER)],
        default=MemberRole.MEMBER.value,
    )
    right = RadioField(_l("Rights"), choices=[SelectChoice(r.value, r.label) for r in MemberRight], default=MemberRight.VIEW.value)

    def validate_email(self, field: Field) -> None:
        field.data = (field.data or "").strip().casefold()
        if not _MAIL.fullmatch(field.data):
            raise ValidationError(_("Please enter an e-mail address, for example name@example.org."))


class RightForm(Form):
    """What a member may do."""

    right = RadioField(_l("Rights"), choices=[SelectChoice(r.value, r.label) for r in MemberRight])


class PartnerForm(Form):
    """An organization that takes part."""

    name = StringField(_l("Full name"), [InputRequired(_l("Please give the organization's full name.")), at_most(160)])
    uscc = StringField(_l("Unified social credit code"), [well_formed_code])
    part = TextAreaField(_l("Part in the project"), [at_most(200)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in (self.name, self.uscc, self.part):  # the invitation's form stands on the same page
            field.id = field.label.field_id = f"partner-{field.name}"


class PlainForm(Form):
    """A step without input: only the token."""
