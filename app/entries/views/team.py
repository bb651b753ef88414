"""The team's pages: own entries, one entry as a task list, its basics and sections with autosave."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, flash, jsonify, render_template, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.accounts.gates import require_sign_in
from app.calls.models import Stage
from app.core import clock
from app.core.authz import ALLOW, authorize
from app.core.db import db
from app.core.display import instant
from app.core.errors import DomainError, NotFound
from app.core.uow import atomic
from app.core.web import actor, now, see_other
from app.dynforms.building import AnswersForm, form_class
from app.dynforms.checks import warnings
from app.dynforms.conditions import visibility_of
from app.dynforms.display import say, show_field
from app.dynforms.naming import flat_errors, flat_inputs
from app.dynforms.values import PREFIX
from app.entries import queries
from app.entries.errors import EditedElsewhere
from app.entries.forms.entering import BasicsForm, UploadForm
from app.entries.models import Entry
from app.entries.operations import attaching, drafts, handing_in
from app.entries.operations.saying import status_line
from app.entries.operations.tickets import issue_ticket
from app.entries.operations.windows import deadline_of, is_open_for, open_keys
from app.entries.policies import can_edit_entry, can_lead_entry, can_submit_entry, can_view_entry
from app.entries.queries.team import invitations_for, released_stages
from app.entries.rules.merging import overtaken, token_for

from .judges_files import asked_of
from .loading import Team, fields_of, file_accept, file_hint, my_entry, page_locale, section_keys, tasks_of, ticket_of

bp = Blueprint("team", __name__, url_prefix="/my/entries")
bp.before_request(require_sign_in)


@bp.get("/")
def index() -> str:
    """My entries, each with its status in words."""
    authorize(ALLOW)
    entries = queries.my_entries(db.session, actor())
    released = released_stages(db.session, [entry.id for entry in entries])
    lines = {entry.id: status_line(entry, now(), _stage_name(released.get(entry.id))) for entry in entries}
    invited = invitations_for(db.session, actor().email)
    return render_template("entries/team/index.html", entries=entries, lines=lines, released=released, invitations=invited)


def _stage_name(stage: Stage | None) -> str:
    return "" if stage is None else (stage.name_en if page_locale() == "en" and stage.name_en else stage.name)


@bp.get("/<code>")
def overview(code: str) -> str:
    """One entry as a list of tasks."""
    entry, members = my_entry(db.session, code)
    authorize(can_view_entry(actor(), entry, members))
    faults = handing_in.faults_of(db.session, entry, now(), page_locale())
    files = attaching.current_files(db.session, entry.id)
    untouched = handing_in.awaiting_correction(db.session, entry)
    return render_template(
        "entries/team/overview.html", **frame(entry, members), tasks=tasks_of(entry, faults, files, untouched), faults=faults,
        untouched=untouched,
        checks=queries.team.returns_of(db.session, entry.id), versions=queries.team.versions_of(db.session, entry.id),
        moves=queries.team.moves_of(db.session, entry.id), asked=asked_of(entry, members),
        has_changes=handing_in.has_unsent_changes(db.session, entry), is_judged=handing_in.is_judged(db.session, entry.id),
    )  # fmt: skip


def frame(entry: Entry, members: Team) -> dict[str, Any]:
    """What every page of an entry shows: where it stands, until when it is open, what the reader may do."""
    who, moment = actor(), now()
    released = released_stages(db.session, [entry.id]).get(entry.id)
    return {
        "entry": entry, "members": members, "released": released,
        "status": status_line(entry, moment, _stage_name(released)), "is_open": is_open_for(entry, moment),
        "due": deadline_of(entry), "opened": open_keys(entry), "may_edit": bool(can_edit_entry(who, entry, members)),
        "may_submit": bool(can_submit_entry(who, entry, members)), "may_lead": bool(can_lead_entry(who, entry, members)),
        "ticket": issue_ticket(current_app.config["SECRET_KEY"], entry.id, clock.now()),
    }  # fmt: skip


# --- basics -----------------------------------------------------------------------------------------------------------


@bp.route("/<code>/basics", methods=["GET", "POST"])
def basics(code: str) -> Any:
    """Title and leading unit."""
    entry, members = my_entry(db.session, code)
    authorize(can_view_entry(actor(), entry, members))
    form = BasicsForm(obj=entry)
    conflict: EditedElsewhere | None = None
    if request.method == "POST":
        authorize(can_edit_entry(actor(), entry, members))
        if form.validate():
            try:
                with atomic() as session:
                    drafts.save_basics(
                        session, entry=entry, values=form.values(), token=request.form.get("version"), actor=actor(), now=clock.now(),
                    )  # fmt: skip
                flash(_("Saved."), "success")
                return see_other(".overview", code=code)
            except EditedElsewhere as error:
                conflict = error
            except DomainError as error:
                form.form_errors = [*form.form_errors, str(error)]
        entry, members = my_entry(db.session, code)
    token = conflict.token if conflict else token_for(drafts.BASICS, {name: getattr(entry, name) for name in drafts.BASICS})
    page = render_template("entries/team/basics.html", **frame(entry, members), form=form, token=token, conflict=conflict)
    return page, (422 if request.method == "POST" else 200)


# --- sections ---------------------------------------------------------------------------------------------------------


@bp.route("/<code>/sections/<section>", methods=["GET", "POST"])
def section(code: str, section: str) -> Any:
    """One section of the form; works without script, saves itself with it."""
    entry, members = my_entry(db.session, code)
    authorize(can_view_entry(actor(), entry, members))
    if section not in section_keys(entry.form_version.schema):
        raise NotFound
    form = _form(entry, section)
    if request.method == "GET":
        return _section_page(entry, members, section, form, token_for(form.keys, entry.answers))
    authorize(can_edit_entry(actor(), entry, members))
    conflict: EditedElsewhere | None = None
    if form.validate():
        try:
            with atomic() as session:
                drafts.save_answers(
                    session, entry=entry, values=form.answers(), token=request.form.get("version"), actor=actor(), now=clock.now(),
                    ticket_at=ticket_of(entry),
                )  # fmt: skip
            return _next(code, section)
        except EditedElsewhere as error:
            conflict = error
        except DomainError as error:
            form.form_errors = [*form.form_errors, str(error)]
    entry, members = my_entry(db.session, code)
    token = conflict.token if conflict else request.form.get("version", "")
    return _section_page(entry, members, section, form, token, conflict), 422


def _next(code: str, section: str) -> Any:
    if request.form.get("go") == "stay":
        flash(_("Saved."), "success")
        return see_other(".section", code=code, section=section)
    return see_other(".overview", code=code)


def _form(entry: Entry, section: str) -> AnswersForm:
    schema = entry.form_version.schema
    keys = {field.key for field in fields_of(schema, section)}
    opened = open_keys(entry)
    only = keys if opened is None else keys & set(opened)
    return form_class(schema, draft=True, now=now(), locale=page_locale(), only=only).filled(entry.answers)


def _section_page(entry: Entry, members: Team, section: str, form: AnswersForm, token: str, conflict: EditedElsewhere | None = None) -> str:
    schema = entry.form_version.schema
    files: dict[str, list[Any]] = {}
    for file in attaching.current_files(db.session, entry.id):
        files.setdefault(file.field_key, []).append(file)
    keys = section_keys(schema)
    place = keys.index(section)
    return render_template(
        "entries/team/section.html", **frame(entry, members), form=form, token=token, conflict=conflict, section=section,
        title=next((s.title.say(page_locale()) for s in schema.sections if s.key == section), _("Further questions")),
        intro=next((s.intro.say(page_locale()) for s in schema.sections if s.key == section), ""),
        fields=fields_of(schema, section), files=files, visible=_shown(entry, form), page_locale=page_locale(),
        warnings={w.key: w.text for w in warnings(schema, entry.answers)},
        uploads={f.key: UploadForm().named(f.key) for f in fields_of(schema, section)}, file_hint=file_hint, file_accept=file_accept,
        with_history=attaching.fields_with_files(db.session, entry.id),
        shown_field=show_field, shown_value=say,
        previous=keys[place - 1] if place else None, following=keys[place + 1] if place + 1 < len(keys) else None,
    )  # fmt: skip


@bp.post("/<code>/sections/<section>/autosave")
def autosave(code: str, section: str) -> Any:
    """One save from the page's script. Load, authorize and act in one transaction; the answer is JSON (see ``autosave.js``)."""
    try:
        with atomic() as session:
            entry, members = my_entry(session, code)
            authorize(can_edit_entry(actor(), entry, members))
            if section not in section_keys(entry.form_version.schema):
                raise NotFound
            form = _form(entry, section)
            if not form.validate():
                shown = _shown(entry, form)
                return jsonify(errors=flat_errors(form.errors), message=_("Not saved: see the marked fields."), shown=shown), 422
            moment, answers = clock.now(), form.answers()
            saved = drafts.save_answers(
                session, entry=entry, values=answers, token=request.form.get("version"), actor=actor(), now=moment,
                ticket_at=ticket_of(entry),
            )  # fmt: skip
            others = _others(session, entry, answers)
    except EditedElsewhere as error:
        return jsonify(message=str(error), version=error.token, theirs=_theirs(code, error)), 409
    except DomainError as error:
        return jsonify(errors={error.field: [str(error)]} if error.field else {}, message=str(error)), 422
    schema = entry.form_version.schema
    return jsonify(
        version=saved.token, saved_at=instant(moment)[-5:], shown=_shown(entry, form),
        warnings={PREFIX + w.key: w.text for w in warnings(schema, entry.answers)}, others=others,
    )  # fmt: skip


def _shown(entry: Entry, form: AnswersForm) -> dict[str, bool]:
    """Which questions apply, by what is stored and by what was typed beside it as far as it can be read."""
    typed = form.readable() if request.method == "POST" else {}
    return {key: bool(on) for key, on in visibility_of(entry.form_version.schema, {**entry.answers, **typed}).items()}


def _others(session: Session, entry: Entry, answers: dict[str, Any]) -> str:
    """Who changed which fields beside this page, which still shows them as they were; asks the journal only when there are any."""
    keys = overtaken(answers, entry.answers)
    found = queries.team.last_save_by_others(session, entry, actor()) if keys else None
    if found is None:
        return ""
    labels = [field.label.say(page_locale()) for key in keys if (field := entry.form_version.schema.field(key)) is not None]
    return _("%(who)s changed “%(fields)s” (%(time)s); reload the page to see it.", who=found[0], time=instant(found[1])[-5:],
             fields=_("”, “").join(labels))  # fmt: skip


def _theirs(code: str, error: EditedElsewhere) -> dict[str, str]:
    entry, _members = my_entry(db.session, code)
    found: dict[str, str] = {}
    for key, value in error.theirs.items():
        field = entry.form_version.schema.field(key)
        if field is not None:
            found |= flat_inputs(field, value)
    return found
