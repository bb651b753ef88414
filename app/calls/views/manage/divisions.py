"""The division matrix, entry windows and each division's conditions."""

from __future__ import annotations

from typing import Any

import msgspec
from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.calls import sentences
from app.calls.affected import in_words
from app.calls.enums import ApprovalSubject
from app.calls.forms.divisions import AxisForm, CallForm, WindowsForm
from app.calls.forms.rows import filled, more
from app.calls.models import Call, Edition
from app.calls.operations.approvals import ask_change
from app.calls.operations.calls import edit_call, edit_group_calls, move_windows
from app.calls.operations.matrix import AXES, arrange_axis
from app.calls.queries import axes_of, calls_in
from app.calls.queries.approvals import before_asking
from app.calls.queries.editions import forms_for
from app.core.db import db
from app.core.errors import NotFound
from app.core.forms import offered
from app.core.markup import pick
from app.core.uow import atomic
from app.core.web import actor, answer_form, now, see_other

from .loading import call_named, is_draft, managed_edition


def routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/<code>/divisions", "divisions", divisions, methods=["GET", "POST"])
    blueprint.add_url_rule("/<code>/divisions/axes/<axis>", "axis", axis_lines, methods=["GET", "POST"])
    blueprint.add_url_rule("/<code>/divisions/<call_code>", "division", division, methods=["GET", "POST"])


def divisions(code: str) -> ResponseReturnValue:
    """All divisions; windows are set for several at once."""
    edition = managed_edition(code)
    calls = calls_in(db.session, edition)
    form = WindowsForm()
    form.calls.choices = offered([(call.id, pick(call.name, call.name_en)) for call in calls])
    if not form.is_submitted() and calls:
        form.opens_at.data, form.closes_at.data = calls[0].opens_at, calls[0].closes_at
    if form.validate_on_submit():
        windows = dict.fromkeys(form.calls.data or [], (form.opens_at.data, form.closes_at.data))
        with form.showing_errors(), atomic() as session:
            if is_draft(edition):
                move_windows(session, edition=edition, windows=windows, actor=actor(), now=now())
            else:
                payload = {"windows": {str(key): [opens.isoformat(), closes.isoformat()] for key, (opens, closes) in windows.items()}}
                ask_change(session, edition=edition, subject=ApprovalSubject.CALL_WINDOWS, thing_id=edition.id, payload=payload,
                           reason=form.reason.data or "", actor=actor(), now=now())  # fmt: skip
        if not form.errors:
            flash(_("Saved.") if is_draft(edition) else _("The host has been asked to decide on the change."), "success")
            return see_other("calls.manage.divisions", code=code)
        edition = managed_edition(code)
        calls = calls_in(db.session, edition)
    return answer_form("calls/manage/divisions.html", "form", form, edition=edition, calls=calls, axes=axes_of(db.session, edition),
                       in_words=in_words, asking=before_asking(db.session, edition, ApprovalSubject.CALL_WINDOWS, edition.id))  # fmt: skip


def axis_lines(code: str, axis: str) -> ResponseReturnValue:
    """Tracks, groups or regions of an edition in preparation."""
    if axis not in AXES:
        raise NotFound
    edition = managed_edition(code)
    form = AxisForm()
    if not form.is_submitted():
        filled(form.lines, [axis_line(row) for row in axes_of(db.session, edition)[axis]], blank=2)
    elif "add" in request.form:
        more(form.lines)
    elif form.validate():
        with form.showing_errors(), atomic() as session:
            arrange_axis(session, edition=edition, axis=axis, rows=form.axis_rows(), actor=actor(), now=now())
        if not form.errors:
            flash(_("Saved. The divisions follow the matrix."), "success")
            return see_other("calls.manage.divisions", code=code)
        edition = managed_edition(code)
    return answer_form("calls/manage/axis.html", "form", form, edition=edition, axis=axis)


def division(code: str, call_code: str) -> ResponseReturnValue:
    """One division: conditions, quota, form."""
    edition = managed_edition(code)
    call = call_named(edition, call_code)
    form = CallForm()
    form.form_version_id.choices = offered([("", "—"), *forms_for(db.session, edition)])
    if not form.is_submitted():
        form.show(call)
    elif (asked := request.form.get("add")) is not None:
        if asked == "conditions":
            more(form.conditions)
    elif form.validate():
        with form.showing_errors(), atomic() as session:
            _save(session, edition, call, form)
        if not form.errors:
            flash(_("Saved.") if is_draft(edition) else _("The host has been asked to decide on the change."), "success")
            return see_other("calls.manage.division", code=code, call_code=call_code)
        edition = managed_edition(code)
        call = call_named(edition, call_code)
    return answer_form("calls/manage/division.html", "form", form, edition=edition, call=call, **sentences.FOR_TEMPLATES,
                       in_words=in_words, asking=before_asking(db.session, edition, ApprovalSubject.CALL_RULES, call.id))  # fmt: skip


def axis_line(row: Any) -> dict[str, Any]:
    names = ("id", "code", "name", "name_en", "description")
    return {name: getattr(row, name) for name in names} | {"sponsor": getattr(row, "sponsor", "")}


def _save(session: Any, edition: Edition, call: Call, form: CallForm) -> None:
    values = {"rules": form.rules(), "quota": form.quota.data, "form_version_id": form.form_version_id.data}
    if not is_draft(edition):
        ask_change(session, edition=edition, subject=ApprovalSubject.CALL_RULES, thing_id=call.id, payload=msgspec.to_builtins(values),
                   reason=form.reason.data or "", actor=actor(), now=now())  # fmt: skip
    elif form.same_group.data:
        edit_group_calls(session, call=call, **values, actor=actor(), now=now())
    else:
        edit_call(session, call=call, **values, actor=actor(), now=now())
