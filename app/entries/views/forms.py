"""The form builder: forms of an edition, their fields with a live preview beside, conditions in words, publication."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from app.accounts.gates import require_sign_in
from app.calls.models import Edition
from app.calls.policies import can_manage_edition
from app.calls.queries.editions import calls_in
from app.core.authz import authorize
from app.core.db import db
from app.core.errors import DomainError, NotFound
from app.core.uow import atomic
from app.core.web import actor, found, now, see_other
from app.dynforms import editing
from app.dynforms.building import form_class
from app.dynforms.enums import KIND_LABELS, VISIBILITY_LABELS
from app.dynforms.models import FormDefinition, FormVersion
from app.dynforms.operations import versions
from app.dynforms.schema import Field, FieldKind, FormSchema, Section, Text
from app.dynforms.sentences import condition_sentence
from app.entries.forms.building import FieldForm, FormNameForm, PublishForm, SectionForm
from app.entries.operations import forms as operations

from .loading import file_hint, page_locale
from .staffing import frame, staff_edition

bp = Blueprint("forms", __name__, url_prefix="/manage/<code>/forms")
bp.before_request(require_sign_in)


def _edition(code: str) -> Edition:
    edition = staff_edition(code)
    authorize(can_manage_edition(actor(), edition))
    return edition


def _form(session: Session, edition: Edition, form_id: int) -> tuple[FormDefinition, FormVersion]:
    """A form of the edition with its latest version."""
    definition = session.get(FormDefinition, form_id)
    if definition is None or definition.edition_id != edition.id:
        raise NotFound
    return definition, definition.versions[-1]


@bp.route("/", methods=["GET", "POST"])
def index(code: str) -> Any:
    """The edition's forms; POST begins a new one."""
    edition = _edition(code)
    form = FormNameForm()
    if request.method == "POST" and form.validate():
        with form.showing_errors(), atomic() as session:
            made = operations.create_edition_form(session, edition=edition, name=form.name.data, actor=actor(), now=now())
            return see_other(".edit", code=code, form_id=made.definition_id)
    calls = calls_in(db.session, edition)
    page = render_template(
        "entries/forms/index.html", **frame(edition), form=form, definitions=operations.forms_of(db.session, edition), calls=calls,
    )  # fmt: skip
    return page, (422 if request.method == "POST" else 200)


@bp.get("/<int:form_id>")
def edit(code: str, form_id: int) -> str:
    """The fields in order, with the whole form as teams see it beside."""
    edition = _edition(code)
    definition, version = _form(db.session, edition, form_id)
    return _builder(edition, definition, version, PublishForm(formdata=None))


def _builder(edition: Edition, definition: FormDefinition, version: FormVersion, publish: PublishForm, refused: str = "") -> str:
    calls = calls_in(db.session, edition)
    ids = {v.id for v in definition.versions}
    using = [call for call in calls if call.form_version_id in ids]
    return render_template(
        "entries/forms/edit.html", **frame(edition), definition=definition, version=version, schema=version.schema, kinds=KIND_LABELS,
        visibilities=VISIBILITY_LABELS, faults=versions.faults_of(version.schema), calls=calls, using=using,
        publish=publish, refused=refused,
        sentence=condition_sentence, section_form=SectionForm(formdata=None), affected=operations.entries_on(db.session,
            [c.id for c in using]),
        **preview_of(version.schema),
    )  # fmt: skip


def preview_of(schema: FormSchema) -> dict[str, Any]:
    """What a page needs to show the form as teams see it."""
    made = form_class(schema, draft=True, now=now(), locale=page_locale())(formdata=None)
    return {"preview": made, "file_hint": file_hint}


@bp.post("/<int:form_id>/draft")
def draft(code: str, form_id: int) -> Any:
    """Begin the next version."""
    edition = _edition(code)
    definition, _version = _form(db.session, edition, form_id)
    with atomic() as session:
        versions.begin_draft(session, definition=definition, actor=actor(), now=now())
    return see_other(".edit", code=code, form_id=form_id)


def _change(code: str, form_id: int, change: Any) -> None:
    """One change of the draft: ``change(schema)`` gives the next schema."""
    edition = _edition(code)
    with atomic() as session:
        _definition, version = _form(session, edition, form_id)
        operations.change_form(session, edition=edition, version=version, schema=change(version.schema), actor=actor(), now=now())


@bp.post("/<int:form_id>/fields")
def add(code: str, form_id: int) -> Any:
    """A new field of the chosen kind, then its editor."""
    _edition(code)
    kind, section = request.form.get("kind", ""), request.form.get("section", "")
    if kind not in set(FieldKind):
        raise NotFound
    made: list[str] = []

    def change(schema: FormSchema) -> FormSchema:
        known = section if section in {s.key for s in schema.sections} else ""
        after, key = editing.add_field(schema, FieldKind(kind), known, str(KIND_LABELS[FieldKind(kind)]))
        made.append(key)
        return after

    return _then(code, form_id, change, lambda: url_for(".field", code=code, form_id=form_id, key=made[0]))


def _then(code: str, form_id: int, change: Any, target: Any) -> Any:
    """Make the change and go on; a refusal is said on the form's page."""
    try:
        _change(code, form_id, change)
    except DomainError as error:
        flash(str(error), "error")
        return see_other(".edit", code=code, form_id=form_id)
    return redirect(target(), code=303)


@bp.post("/<int:form_id>/order")
def order(code: str, form_id: int) -> Any:
    """The order of the fields: by position numbers, or one field one step."""
    step = request.form.get("move", "")
    key, _colon, way = step.partition(":")

    def change(schema: FormSchema) -> FormSchema:
        if step:
            return editing.move(schema, key, -1 if way == "up" else 1)
        numbers = {f.key: request.form.get(f"position_{f.key}", "") for f in schema.fields}
        ranked = sorted(
            schema.fields, key=lambda f: int(numbers[f.key]) if numbers[f.key].isdecimal() and len(numbers[f.key]) < 5 else 9999
        )
        return editing.order_fields(schema, [f.key for f in ranked])

    return _then(code, form_id, change, lambda: url_for(".edit", code=code, form_id=form_id, _anchor=f"move-{key}" if step else None))


@bp.post("/<int:form_id>/fields/<key>/remove")
def remove(code: str, form_id: int, key: str) -> Any:
    """Take a field out of the draft; published versions keep it."""
    return _then(code, form_id, lambda schema: editing.remove_field(schema, key), lambda: url_for(".edit", code=code, form_id=form_id))


@bp.post("/<int:form_id>/sections")
def sections(code: str, form_id: int) -> Any:
    """Add a section, or with ``remove`` take one out."""
    _edition(code)
    gone, form = request.form.get("remove", ""), SectionForm()
    if not gone and not form.validate():
        flash(" ".join(str(e) for errors in form.errors.values() for e in errors), "error")
        return see_other(".edit", code=code, form_id=form_id)

    def change(schema: FormSchema) -> FormSchema:
        if gone:
            return editing.set_sections(schema, [s for s in schema.sections if s.key != gone])
        made = Section(editing.new_key("s"), Text(form.title_zh.data or "", form.title_en.data or ""))
        return editing.set_sections(schema, [*schema.sections, made])

    return _then(code, form_id, change, lambda: url_for(".edit", code=code, form_id=form_id))


@bp.route("/<int:form_id>/fields/<key>", methods=["GET", "POST"])
def field(code: str, form_id: int, key: str) -> Any:
    """One field: everything that can be said of its kind, and beside it how it looks."""
    edition = _edition(code)
    definition, version = _form(db.session, edition, form_id)
    old = found(version.schema.field(key))
    form = FieldForm.editing(old, version.schema, page_locale(), edition.zone)
    if request.method == "POST" and form.validate():
        with form.showing_errors():
            made = form.field(old, version.schema)
            _change(code, form_id, lambda schema: editing.replace_field(schema, made))
            if request.form.get("go") == "stay":
                return see_other(".field", code=code, form_id=form_id, key=key)
            return see_other(".edit", code=code, form_id=form_id)
    page = _field_page(edition, definition, version, old, form)
    return page, (422 if request.method == "POST" else 200)


def _field_page(edition: Edition, definition: FormDefinition, version: FormVersion, old: Field, form: FieldForm) -> str:
    return render_template(
        "entries/forms/field.html", **frame(edition), definition=definition, version=version, field=old, form=form,
        parts=form.shown(old.kind),
        kinds=KIND_LABELS, faults=[f for f in versions.faults_of(version.schema) if f.key == old.key],
        sentence=condition_sentence(old, version.schema, page_locale()), **_one(old, version.schema),
    )  # fmt: skip


def _one(field: Field, schema: FormSchema) -> dict[str, Any]:
    alone = FormSchema(fields=[field])
    return {"shown": field, "words": condition_sentence(field, schema, page_locale()), **preview_of(alone)}


@bp.post("/<int:form_id>/fields/<key>/preview")
def preview(code: str, form_id: int, key: str) -> Any:
    """The field as it would look with what the editor holds now; nothing is saved."""
    edition = _edition(code)
    _definition, version = _form(db.session, edition, form_id)
    old = found(version.schema.field(key))
    form = FieldForm.editing(old, version.schema, page_locale(), edition.zone)
    made = form.field(old, version.schema) if form.validate() else old
    try:
        return render_template("entries/forms/_preview.html", page_locale=page_locale(), **_one(made, version.schema))
    except ValueError:  # a limit that is no number yet
        return render_template("entries/forms/_preview.html", page_locale=page_locale(), **_one(old, version.schema))


@bp.post("/<int:form_id>/publish")
def publish(code: str, form_id: int) -> Any:
    """Fix the draft and let the chosen calls use it from now on."""
    edition = _edition(code)
    definition, version = _form(db.session, edition, form_id)
    chosen = set(request.form.getlist("calls"))
    calls = [call for call in calls_in(db.session, edition) if call.code in chosen]
    form = PublishForm()
    refused = ""
    if form.validate():
        try:
            with atomic() as session:
                staying = operations.publish_form(
                    session, edition=edition, version=version, calls=calls, reason=form.reason.data or "", actor=actor(), now=now(),
                )  # fmt: skip
            kept = ngettext("%(num)s entry that has begun keeps the version it has.",
                            "%(num)s entries that have begun keep the version they have.", staying)  # fmt: skip
            flash(_("Published. %(kept)s", kept=kept) if staying else _("Published. No entry has begun yet."), "success")
            return see_other(".edit", code=code, form_id=form_id)
        except DomainError as error:
            refused = str(error)
    edition = _edition(code)
    definition, version = _form(db.session, edition, form_id)
    return _builder(edition, definition, version, form, refused), 422
