"""One entry for the staff: content and files on the left, state, people and trail on the right; decisions of the formal check."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.gates import require_sign_in
from app.audit.operations import note_reading, record
from app.calls.enums import StageKind
from app.calls.models import Edition
from app.calls.policies import can_approve_edition, can_manage_edition
from app.calls.queries.editions import stages_in
from app.calls.sentences.words import CONDITIONS
from app.core import clock
from app.core.authz import authorize
from app.core.db import db
from app.core.errors import DomainError, NotFound
from app.core.uow import atomic
from app.core.web import actor, now, see_other, telling, typed_text
from app.dynforms.display import display, say
from app.dynforms.schema import Visibility
from app.entries.enums import CheckDecision, EntryAction
from app.entries.events import AnswerRevealed
from app.entries.forms.checking import DecisionForm
from app.entries.models import Entry, EntryVersion
from app.entries.operations import checking, excluding
from app.entries.operations.moving import need_reason
from app.entries.policies import can_check_entry, can_view_entry
from app.entries.queries import table
from app.entries.queries.blinding import blind_copy, is_blind_edition
from app.entries.queries.table import read_view
from app.entries.queries.team import moves_of, versions_of
from app.entries.states import ENTRY
from app.files.models import Blob
from app.files.serving import send_blob

from .loading import Team, page_locale
from .staffing import frame, staff_entry

bp = Blueprint("manage", __name__, url_prefix="/manage/<code>/entries")
bp.before_request(require_sign_in)
Loaded = tuple[Edition, Entry, Team]


@bp.get("/<entry_code>")
def entry(code: str, entry_code: str) -> str:
    """The version that counts, with everything around it. Who opened it is noted."""
    loaded = staff_entry(code, entry_code)
    authorize(can_view_entry(actor(), loaded[1], loaded[2]))
    with atomic() as session:
        note_reading(
            session, subject="entry", subject_id=loaded[1].id, edition_id=loaded[0].id, actor=actor(), now=clock.now(),
            version=_number(loaded[1]),
        )  # fmt: skip
    return _page(loaded, _decision_form(loaded, fresh=True))


def _number(entry: Entry) -> int:
    return entry.current_version.number if entry.current_version else 0


def _decision_form(loaded: Loaded, *, fresh: bool) -> DecisionForm:
    edition, entry, _members = loaded
    form = DecisionForm(formdata=None) if fresh else DecisionForm()
    form.offering(entry.form_version.schema, page_locale(), edition.zone)
    return form.with_points(checklist_of(edition))


def checklist_of(edition: Edition) -> list[str]:
    """The points of the formal check, from the rules of its stage."""
    stage = next((s for s in stages_in(db.session, edition) if s.kind == StageKind.FORMAL_CHECK), None)
    if stage is None:
        return []
    rules = stage.rule_version.rules if stage.rule_version else stage.rules
    return [point.say(page_locale()) for point in rules.checklist]


def _page(loaded: Loaded, form: DecisionForm, refused: str = "") -> str:
    edition, entry, members = loaded
    version = entry.current_version
    assert version is not None
    files: dict[str, list[Any]] = {}
    for number, file in enumerate(version.content["files"]):
        files.setdefault(file["field"], []).append({**file, "number": number})
    sections = display(
        version.form_version.schema, version.content["answers"], audience="staff", locale=page_locale(), files=files, masked=True
    )
    copy = blind_copy(db.session, entry.id) if is_blind_edition(db.session, edition.id) else None
    view = read_view(request.args)
    before, after, place, length = table.neighbours(db.session, edition.id, view, entry.code)

    waiting = excluding.pending_exclusion(db.session, entry.id) if can_manage_edition(actor(), edition) else None

    def beside(other: str | None) -> str:
        return url_for("entries.manage.entry", code=edition.code, entry_code=other, **view.parameters()) if other else ""

    return render_template(
        "entries/manage/entry.html", **frame(edition), entry=entry, members=members, version=version, sections=sections,
        form=form, refused=refused,
        versions=versions_of(db.session, entry.id), moves=moves_of(db.session, entry.id), checks=table.checks_of(db.session,
            entry.id), copy=copy,
        before=beside(before), after=beside(after), place=place, length=length, list_url=url_for("entries.table.index",
            code=edition.code, **view.parameters()),
        may_check=bool(can_check_entry(actor(), edition, members)) and ENTRY.allows(entry.state, EntryAction.ACCEPT),
        may_disqualify=not waiting and ENTRY.allows(entry.state, EntryAction.DISQUALIFY),
        may_reinstate=not waiting and ENTRY.allows(entry.state, EntryAction.REINSTATE),
        waiting=waiting,
        may_decide=waiting is not None and waiting.asked_by_id != actor().user_id and bool(can_approve_edition(actor(), edition)),
        decide_url=url_for("entries.manage.decide", code=edition.code, entry_code=entry.code, **view.parameters()),
        deadline_open=clock.now() < entry.call.closes_at, condition_words=CONDITIONS,
    )  # fmt: skip


@bp.post("/<entry_code>/decide")
def decide(code: str, entry_code: str) -> Any:
    """Pass, return or reject; then on to the next in the list."""
    loaded = staff_entry(code, entry_code)
    edition, entry, members = loaded
    authorize(can_check_entry(actor(), edition, members))
    form = _decision_form(loaded, fresh=False)
    if not form.validate():
        return _page(loaded, form), 422
    try:
        with form.showing_errors():
            with atomic() as session:
                _decide(session, edition, entry, form)
            flash(_("Decided: %(decision)s.", decision=CheckDecision(form.decision.data).label), "success")
            return see_other(".entry", code=code, entry_code=entry_code, **read_view(request.args).parameters())
    except DomainError:  # shown by the form
        pass
    loaded = staff_entry(code, entry_code)
    return _page(loaded, form.offering(loaded[1].form_version.schema, page_locale(), edition.zone)), 422


def _decide(session: Any, edition: Edition, entry: Entry, form: DecisionForm) -> None:
    points = [{"text": text, "ok": str(number) in (form.checklist.data or [])} for number, text in enumerate(checklist_of(edition))]
    common: dict[str, Any] = {"entry": entry, "checklist": points, "reason": form.reason.data or "", "actor": actor(), "now": clock.now()}
    if form.decision.data == CheckDecision.PASS:
        checking.accept_entry(session, **common)
    elif form.decision.data == CheckDecision.RETURN:
        checking.return_entry(session, open_fields=form.open_fields.data or [], due_at=form.due_at.data, **common)
    else:
        checking.reject_entry(session, **common)


@bp.post("/<entry_code>/<step>")
def later(code: str, entry_code: str, step: str) -> Any:
    """Ask for a disqualification or a reinstatement; another person at the host decides."""
    if step not in {EntryAction.DISQUALIFY, EntryAction.REINSTATE}:
        raise NotFound
    edition, entry, _members = staff_entry(code, entry_code)
    authorize(can_manage_edition(actor(), edition))
    with telling(_("Asked. Another person of the host decides.")) as session:
        reason = typed_text("reason", 2000)
        excluding.ask_exclusion(session, entry=entry, action=EntryAction(step), reason=reason, actor=actor(), now=now())
    return see_other(".entry", code=code, entry_code=entry_code)


@bp.post("/<entry_code>/exclusions/<int:exclusion_id>/<answer>")
def decide_exclusion(code: str, entry_code: str, exclusion_id: int, answer: str) -> Any:
    """The second person's answer: agree or refuse."""
    edition, entry, _members = staff_entry(code, entry_code)
    authorize(can_approve_edition(actor(), edition))
    waiting = excluding.pending_exclusion(db.session, entry.id)
    if answer not in {"agree", "refuse"} or waiting is None or waiting.id != exclusion_id:
        raise NotFound
    with telling(_("Done.")) as session:
        excluding.decide_exclusion(session, exclusion=waiting, agreed=answer == "agree", actor=actor(), now=now())
    return see_other(".entry", code=code, entry_code=entry_code)


@bp.get("/<entry_code>/files/<int:number>/<mode>")
def file(code: str, entry_code: str, number: int, mode: str) -> Response:
    """A file of the version that counts, as it was sent."""
    edition, entry, members = staff_entry(code, entry_code)
    authorize(can_view_entry(actor(), entry, members))
    files = entry.current_version.content["files"] if entry.current_version else []
    if number >= len(files) or mode not in {"view", "save"}:
        raise NotFound
    blob = db.session.get_one(Blob, files[number]["blob_id"])
    with atomic() as session:
        note_reading(
            session, subject="entry_file", subject_id=blob.id, edition_id=edition.id, actor=actor(), now=clock.now(), entry_id=entry.id
        )
    return send_blob(blob, name=files[number]["name"], inline=mode == "view")


@bp.post("/<entry_code>/reveal")
def reveal(code: str, entry_code: str) -> Any:
    """One sensitive answer, with a reason that is kept in the journal."""
    edition, entry, _members = staff_entry(code, entry_code)
    authorize(can_manage_edition(actor(), edition))
    version = entry.current_version
    assert version is not None
    field = version.form_version.schema.field(request.form.get("field", ""))
    if field is None or field.visibility != Visibility.SENSITIVE:
        raise NotFound
    try:
        with atomic() as session:
            reason = need_reason(typed_text("reason"))
            record(session, AnswerRevealed(entry.id, edition.id, field.key, reason), actor=actor(), now=clock.now())
    except DomainError as error:
        flash(str(error), "error")
        return see_other(".entry", code=code, entry_code=entry_code)
    value = _revealed(version, field.key)
    return render_template("entries/manage/revealed.html", **frame(edition), entry=entry, field=field, value=value)


def _revealed(version: EntryVersion, key: str) -> str:
    field = version.form_version.schema.field(key)
    return say(field, version.content["answers"].get(key), page_locale()) if field else ""
