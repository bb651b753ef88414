"""One entry with its score sheet: read, save, recuse, open its files."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask import flash, g, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from app.calls.enums import StageState
from app.core import codes
from app.core.authz import authorize
from app.core.clock import local
from app.core.db import db
from app.core.errors import DomainError, NotFound
from app.core.uow import atomic
from app.core.web import actor, found, now, see_other
from app.entries.enums import EntryState
from app.entries.queries import material_of
from app.files import serving
from app.files.models import Blob
from app.judging import policies
from app.judging.enums import AssignmentState, RecusalReason, SheetState
from app.judging.forms import RecuseForm, SheetForm, named, nonce
from app.judging.models import ScoreSheet, SheetSave
from app.judging.operations import opening, recusing, sheets
from app.judging.operations.refusals import BadMarks, StaleSheet
from app.judging.queries import desk
from app.judging.queries.progress import pending_reopening
from app.judging.queries.sheets import other_sheets
from app.judging.queries.work import Work, content_of, work_of
from app.judging.rules import MarkFault, check_complete, items_of

from . import bp

PAGE = "judging/desk/sheet.html"


def own_work(assignment_id: int, *, key: str = "", locking: bool = False) -> Work:
    """The work behind an address; another judge's, and one that is no longer mine, do not exist."""
    work = found(work_of(db.session, assignment_id, key, locking=locking))
    gone = work.assignment.state != AssignmentState.ACTIVE or work.entry_state != EntryState.ACCEPTED
    if work.seat.user_id != actor().user_id or gone or work.edition.access_ended_at is not None:
        raise NotFound
    authorize(policies.can_score(actor(), work.assignment, work.seat))
    if work.stage.state not in desk.SHOWN:
        raise NotFound
    g.zone = work.edition.zone
    return work


@bp.get("/assignments/<int:assignment_id>")
def sheet(assignment_id: int) -> ResponseReturnValue:
    """The entry beside its score sheet."""
    work = own_work(assignment_id)
    if work.assignment.opened_at is None:
        with atomic() as session:
            opening.open_entry(session, assignment=work.assignment, actor=actor(), now=now())
    revision = work.sheet.revision if work.sheet is not None else 0
    form = SheetForm(items_of(work.rubric), content_of(work), revision)
    form.key = codes.token()
    return _page(work, form)


@bp.post("/assignments/<int:assignment_id>")
def save(assignment_id: int) -> ResponseReturnValue:
    """Store the draft; answers JSON to the page's script and a page to everybody else."""
    header = request.headers.get("Idempotency-Key", "")
    key = nonce(header or request.form.get("key", ""))
    form: SheetForm | None = None
    try:
        with atomic() as session:
            work = own_work(assignment_id, key=key, locking=True)
            form = SheetForm(items_of(work.rubric), {}, 0)
            if form.read(request.form, header):
                saved = sheets.write_sheet(session, work=work, actor=actor(), now=now(), **form.values())
                answer = _saved(work, saved)
            else:
                answer = None
    except BadMarks as error:
        return _refused(assignment_id, form, error, error.faults)
    except StaleSheet as error:
        return _stale(assignment_id, form, error)
    except DomainError as error:
        return _refused(assignment_id, form, error, {})
    if answer is None:
        return _refused(assignment_id, form, None, {})
    return answer


def _wants_json() -> bool:
    return "application/json" in request.headers.get("Accept", "")


def receipt_of(save: SheetSave) -> str:
    """The first eight characters of the save's digest, for reading aloud."""
    return codes.grouped(save.digest.upper(), 2)


def _saved(work: Work, saved: SheetSave) -> Any:
    if _wants_json():
        total = db.session.get_one(ScoreSheet, saved.sheet_id).total  # loaded already
        time = local(saved.saved_at, work.edition.zone).strftime("%H:%M")
        return jsonify(
            version=saved.revision, saved_at=time, receipt=receipt_of(saved), total=None if total is None else f"{total:f}",
            reasons={fault.key: fault.message for fault in _faults(work, saved.content) if fault.comment},
        )  # fmt: skip
    wish = request.form.get("then", "")
    if wish in ("next", "queue"):
        _tell_what_lacks(work, saved)
    if wish == "next":
        place = desk.place_in_queue(db.session, work.seat.id, work.assignment.id)
        target = place.next_open_id or place.next_id
        return see_other(".sheet", assignment_id=target) if target else see_other(".index")
    if wish == "queue":
        return see_other(".index")
    return see_other(".sheet", assignment_id=work.assignment.id)


def _faults(work: Work, content: Mapping[str, Any]) -> list[MarkFault]:
    """What the sheet still lacks for its signature."""
    marks = {key: Decimal(value) for key, value in content["marks"].items()}
    return check_complete(items_of(work.rubric), marks, content["remarks"])


def _tell_what_lacks(work: Work, saved: SheetSave) -> None:
    """Whoever goes on reads what the sheet that is left behind still lacks; it is saved all the same."""
    lacking = len(_faults(work, saved.content))
    if lacking:
        words = ngettext(
            "%(code)s is saved; %(num)s item still wants a mark or reasons before signing.",
            "%(code)s is saved; %(num)s items still want a mark or reasons before signing.",
            lacking, code=work.public_code,
        )  # fmt: skip
        flash(words, "warning")


def _refused(assignment_id: int, form: SheetForm | None, error: DomainError | None, faults: dict[str, str]) -> Any:
    if form is None:
        raise NotFound from error
    form.refuse(faults)
    if error is not None and not faults:
        form.form_errors.append(str(error))
    if _wants_json():
        message = " ".join(form.form_errors) or str(_("Not saved: see the marked fields."))
        return jsonify(message=message, errors=form.errors), 422
    return _again(assignment_id, form), 422


def _stale(assignment_id: int, form: SheetForm | None, error: StaleSheet) -> Any:
    if form is None:
        raise NotFound from error
    if _wants_json():
        return jsonify(message=str(error), version=error.revision, theirs=named(error.content)), 409
    form.compare(error.content, error.revision)
    form.form_errors.append(str(error))
    return _again(assignment_id, form), 409


def _again(assignment_id: int, form: SheetForm) -> str:
    """The page once more with what was typed; a further attempt is a save of its own."""
    work = own_work(assignment_id)
    form.key = codes.token()
    return _page(work, form)


def _page(work: Work, form: SheetForm) -> str:
    rules = work.rules or work.stage.rules
    locale = str(get_locale())
    material = material_of(db.session, work.assignment.entry_id, work.public_code or "", blind=rules.disclosure.blind, locale=locale)
    place = desk.place_in_queue(db.session, work.seat.id, work.assignment.id)
    content = content_of(work)
    signed = work.sheet is not None and work.sheet.state == SheetState.SIGNED
    faults = _faults(work, content) if work.last is not None else []  # not for an untouched sheet
    asked = pending_reopening(db.session, work.sheet) if signed and work.sheet is not None else None
    return render_template(
        PAGE, work=work, form=form, asked=asked, material=material, place=place, signed=signed, locale_name=locale, rubric=work.rubric,
        faults={fault.key: fault.message for fault in faults}, receipt=receipt_of(work.last) if work.last is not None else "",
        reasons=[(reason.value, reason.label) for reason in RecusalReason],
        file=material.chosen(request.args.get("file", "")) if material else None,
        **addresses(work.assignment.id),
        can_save=not signed and work.stage.state == StageState.OPEN, can_ask=work.stage.state == StageState.OPEN, summary=_summary(form),
        others=other_sheets(db.session, actor(), work.stage, work.edition, work.assignment, now()) if signed else [],
    )  # fmt: skip


def _summary(form: SheetForm) -> list[tuple[str, str]]:
    """All that is wrong, for the top of the page: sentence and the field to jump to."""
    lines = [(line.item.name.say(str(get_locale())) + _(": ") + text, line.mark_name) for line in form.lines for text in line.errors]
    texts = [(text, name) for name, text in form.field_errors.items()]
    return [*((text, "") for text in form.form_errors), *lines, *texts]


def addresses(assignment_id: int) -> dict[str, Any]:
    """Where the page of a file and its bytes are: the staff's "as judges see it" shows the same page with addresses of its own."""
    return {
        "page_of": lambda number: url_for(".sheet", assignment_id=assignment_id, file=number),
        "bytes_of": lambda number, **how: url_for(".file", assignment_id=assignment_id, number=number, **how),
    }


@bp.post("/assignments/<int:assignment_id>/recusal")
def recusal(assignment_id: int) -> ResponseReturnValue:
    """Step aside; the entry leaves my desk at once."""
    form = RecuseForm()
    work = own_work(assignment_id)
    if form.validate_on_submit():
        with form.showing_errors(), atomic() as session:
            recusing.recuse(
                session, assignment=work.assignment, reason=RecusalReason(form.reason_code.data), words=form.reason.data or "",
                actor=actor(), now=now(),
            )  # fmt: skip
            flash(_("You have stepped aside from %(code)s; its files are closed to you.", code=work.public_code), "success")
            return see_other(".index", status="recused")
    work = own_work(assignment_id)
    return render_template("judging/desk/recusal.html", work=work, form=form, url=url_for(".recusal", assignment_id=assignment_id)), 422


@bp.get("/assignments/<int:assignment_id>/files/<int:number>")
def file(assignment_id: int, number: int) -> ResponseReturnValue:
    """One file of the entry under the name that judges see."""
    work = own_work(assignment_id)
    rules = work.rules or work.stage.rules
    material = material_of(db.session, work.assignment.entry_id, work.public_code or "", blind=rules.disclosure.blind, locale="zh_CN")
    wanted = found(found(material).file(number))
    return serving.send_blob(db.session.get_one(Blob, wanted.blob_id), name=wanted.name, inline="download" not in request.args)
