"""Texts, contacts and what every public notice needs."""

from __future__ import annotations

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from msgspec.structs import replace

from app.calls.forms.editions import AboutForm
from app.calls.forms.rows import more
from app.calls.operations.editions import edit_edition
from app.core.uow import atomic
from app.core.web import actor, answer_form, now, see_other

from .loading import managed_edition


def routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/<code>/about", "about", about, methods=["GET", "POST"])


def about(code: str) -> ResponseReturnValue:
    """The contest's page in words."""
    edition = managed_edition(code)
    form = AboutForm()
    if not form.is_submitted():
        form.show(edition)
    elif "add" in request.form:
        more(form.contacts)
    elif form.validate():
        rules = replace(edition.rules, **form.rule_values())
        with form.showing_errors(), atomic() as session:
            edit_edition(session, edition=edition, values={**form.texts(), "rules": rules}, actor=actor(), now=now())
        if not form.errors:
            flash(_("Saved."), "success")
            return see_other("calls.manage.about", code=code)
        edition = managed_edition(code)
    return answer_form("calls/manage/about.html", "form", form, edition=edition)
