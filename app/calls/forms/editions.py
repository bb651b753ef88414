"""A new edition, last year's again, and the general facts."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp

from app.calls.models import Edition
from app.core.forms import Form, LocalTimeField, WholeField

from .rows import LONG, SHORT, Row, filled, kept, rows

CODE = Regexp(r"^[a-z0-9]+(-[a-z0-9]+)*$", message=_l("Small letters, digits and single hyphens, for example dongwu-2026."))
CODE_HINT = _l("Part of the public address; it cannot be changed later. Small letters, digits and hyphens.")


class NewEditionForm(Form):
    """Everything that a preset cannot know."""

    preset = RadioField(_l("Kind of contest"), [InputRequired()])
    title = StringField(_l("Title"), [InputRequired(), SHORT])
    title_en = StringField(_l("Title in English"), [SHORT])
    code = StringField(_l("Code"), [InputRequired(), Length(min=3, max=40), CODE], description=CODE_HINT)
    host = SelectField(_l("Host"), [InputRequired()], coerce=int, description=_l("Approves the rules and publishes."))
    organizer = SelectField(_l("Organizer"), [InputRequired()], coerce=int, description=_l("Configures and runs the contest."))
    opens_at = LocalTimeField(_l("Entries open"), [InputRequired()], description=_l("All other dates follow from it and can be changed."))


class CloneForm(Form):
    """Last year's edition with new dates."""

    title = StringField(_l("Title"), [InputRequired(), SHORT])
    title_en = StringField(_l("Title in English"), [SHORT])
    code = StringField(_l("Code"), [InputRequired(), Length(min=3, max=40), CODE], description=CODE_HINT)
    opens_at = LocalTimeField(_l("Entries open"), [InputRequired()], description=_l("All dates of the edition move by the same distance."))


class ContactRow(Row):
    name = StringField(_l("Name or office"), [SHORT])
    phone = StringField(
        _l("Telephone"), [Length(max=40), Optional(), Regexp(r"^[0-9+\-() #转]{3,40}$", message=_l("Digits, spaces and hyphens only."))]
    )
    email = StringField(
        _l("E-mail"), [Length(max=120), Optional(), Regexp(r"^[^@\s]+@[^@\s]+\.[^@\s]+$", message=_l("This is not an e-mail address."))]
    )
    note = StringField(_l("For what"), [SHORT])


class QuestionRow(Row):
    q = StringField(_l("Question"), [SHORT])
    q_en = StringField(_l("Question in English"), [SHORT])
    a = TextAreaField(_l("Answer"), [LONG])
    a_en = TextAreaField(_l("Answer in English"), [LONG])


class AboutForm(Form):
    """Texts of the contest's page, contacts and what a notice needs."""

    title = StringField(_l("Title"), [InputRequired(), SHORT])
    title_en = StringField(_l("Title in English"), [SHORT])
    summary = TextAreaField(
        _l("Summary"),
        [InputRequired(), Length(max=500)],
        description=_l("One or two sentences, shown in lists and when the page is shared."),
    )
    summary_en = TextAreaField(_l("Summary in English"), [Length(max=800)])
    body = TextAreaField(_l("Description"), [Length(max=20000)], description=_l("Markdown: ## heading, - list, **bold**."))
    body_en = TextAreaField(_l("Description in English"), [Length(max=20000)])
    basis = StringField(_l("Legal or administrative basis"), [Length(max=400)])
    notice_days = WholeField(_l("Working days of public notice"), [InputRequired(), NumberRange(1, 60)])
    objection_contact = StringField(_l("Contact for objections"), [Length(max=200)])
    discipline_contact = StringField(_l("Discipline contact"), [Length(max=200)])
    address = StringField(_l("Address"), [Length(max=200)])
    one_entry_per_person = BooleanField(_l("A person leads only one entry of this edition"))
    contacts = rows(ContactRow, _l("Contacts"))

    def show(self, edition: Edition) -> None:
        """What is stored, on GET."""
        for name in ("title", "title_en", "summary", "summary_en", "body", "body_en"):
            self[name].data = getattr(edition, name)
        for name in RULE_FIELDS:
            self[name].data = getattr(edition.rules, name)
        filled(self.contacts, list(edition.contacts or []))

    def texts(self) -> dict[str, Any]:
        texts = {name: self[name].data or "" for name in ("title", "title_en", "summary", "summary_en", "body", "body_en")}
        keys = ("name", "phone", "email", "note")
        return {**texts, "contacts": [{key: row[key] or "" for key in keys} for row in kept(self.contacts, "name", "phone", "email")]}

    def rule_values(self) -> dict[str, Any]:
        return {name: self[name].data if self[name].data is not None else "" for name in RULE_FIELDS}


RULE_FIELDS = ("basis", "notice_days", "objection_contact", "discipline_contact", "address", "one_entry_per_person")


class QuestionsForm(Form):
    """Frequently asked questions."""

    faq = rows(QuestionRow, _l("Frequently asked questions"))

    def items(self) -> list[dict[str, str]]:
        return [{key: row[key] or "" for key in ("q", "a", "q_en", "a_en")} for row in kept(self.faq, "q", "a")]
