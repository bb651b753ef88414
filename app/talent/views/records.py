"""Selection records: the list, one record with its checks, every step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from flask import Response, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts.gates import require_recent_sign_in
from app.audit.operations import note_reading
from app.calls.models import Edition
from app.core.authz import authorize
from app.core.db import db
from app.core.forms import Form, ReasonForm
from app.core.uow import atomic
from app.core.web import actor, address_with, asked_number, asked_text, found, now, page_number, see_other
from app.talent import queries
from app.talent.enums import CheckResult, RecordAction, RecordState
from app.talent.exports import records_workbook
from app.talent.forms import CheckForm, StepForm
from app.talent.models import SelectionCheck
from app.talent.operations import (
    confirm_record,
    decide_check,
    finish_checks,
    propose_records,
    refuse_record,
    reopen_checks,
    revoke_record,
    waive_check,
)
from app.talent.policies import can_confirm_record, can_manage_program, can_open_office
from app.talent.queries import RecordRow
from app.talent.queries.programs import editions_of_office
from app.talent.queries.records import PAGE
from app.talent.states import RECORD

from .office import bp, frame

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/records")
def records() -> ResponseReturnValue:
    """All records of my offices, filtered."""
    authorize(can_open_office(actor()))
    state, program_id, text = _filters()
    number = page_number()
    counts = queries.record_counts(db.session, actor())
    total = counts.get(state.value, 0) if state else sum(counts.values())
    rows = queries.record_rows(db.session, actor(), state=state, program_id=program_id, text=text, number=number)
    return render_template(
        "talent/office/records.html", rows=rows, counts=counts, states=list(RecordState), state=state, text=text, number=number,
        pages=max(1, -(-total // PAGE)), total=total, programs=queries.programs_of(db.session, actor()), program_id=program_id,
        page_url=lambda n: address_with(page=n), **frame(),
    )  # fmt: skip


@bp.get("/records.xlsx")
def records_xlsx() -> ResponseReturnValue:
    """The list as filtered, as an Excel file."""
    authorize(can_open_office(actor()))
    if challenge := require_recent_sign_in(back=url_for(".records")):
        return challenge
    state, program_id, text = _filters()
    with atomic() as session:
        note_reading(session, subject="talent_ledger", subject_id=program_id or 0, actor=actor(), now=now(), state=str(state or ""))
    rows = queries.record_rows(db.session, actor(), state=state, program_id=program_id, text=text, number=None)
    name = quote(_("Selection records"))
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}.xlsx"}
    return Response(records_workbook(rows), mimetype=XLSX, headers=headers)


@bp.post("/records/collect")
def collect() -> ResponseReturnValue:
    """Records for winners of results that came out before their award led anywhere."""
    authorize(can_open_office(actor()))
    form = StepForm()
    made = 0
    if form.validate_on_submit():
        with form.showing_errors():
            for edition in editions_of_office(db.session, actor()):
                made += _collect(edition)
            flash(ngettext("%(num)s new record.", "%(num)s new records.", made), "success")
    return see_other(".records")


def _collect(edition: Edition) -> int:
    with atomic() as session:
        return len(propose_records(session, edition_id=edition.id, actor=actor(), now=now()))


@bp.get("/records/<number>")
def record(number: str) -> ResponseReturnValue:
    row = _row(number)
    authorize(can_manage_program(actor(), row.program))
    return _page(row)


@bp.post("/records/<number>/checks/<int:check_id>")
def check(number: str, check_id: int) -> ResponseReturnValue:
    """Decide or waive one check, with a reason."""
    row = _row(number)
    authorize(can_manage_program(actor(), row.program))
    wanted = found(db.session.get(SelectionCheck, check_id))
    wanted = found(wanted if wanted.record_id == row.record.id else None)
    form = CheckForm()
    if form.validate_on_submit():
        result, reason = CheckResult(form.result.data), form.reason.data or ""
        with form.showing_errors():
            with atomic() as session:
                if result == CheckResult.WAIVED:
                    waive_check(session, check=wanted, reason=reason, actor=actor(), now=now())
                else:
                    decide_check(session, check=wanted, result=result, reason=reason, actor=actor(), now=now())
            return see_other(".record", number=number)
    return _page(_row(number), form, 422)


@bp.post("/records/<number>/finish")
def finish(number: str) -> ResponseReturnValue:
    """All conditions are met or waived."""
    return _step(number, StepForm(), lambda s, r, reason: finish_checks(s, record=r, actor=actor(), now=now()))


@bp.post("/records/<number>/reopen")
def reopen(number: str) -> ResponseReturnValue:
    return _step(number, ReasonForm(), lambda s, r, reason: reopen_checks(s, record=r, reason=reason, actor=actor(), now=now()))


@bp.post("/records/<number>/refuse")
def refuse(number: str) -> ResponseReturnValue:
    return _step(number, ReasonForm(), lambda s, r, reason: refuse_record(s, record=r, reason=reason, actor=actor(), now=now()))


@bp.post("/records/<number>/revoke")
def revoke(number: str) -> ResponseReturnValue:
    return _step(number, ReasonForm(), lambda s, r, reason: revoke_record(s, record=r, reason=reason, actor=actor(), now=now()))


@bp.post("/records/<number>/confirm")
def confirm(number: str) -> ResponseReturnValue:
    """The second person's act, after the notice."""
    row = _row(number)
    authorize(can_confirm_record(actor(), row.record, row.program))
    if challenge := require_recent_sign_in():
        return challenge
    return _step(number, StepForm(), lambda s, r, reason: confirm_record(s, record=r, actor=actor(), now=now()))


def _step(number: str, form: Form, act: Callable[[Any, Any, str], object]) -> ResponseReturnValue:
    """One operation on one record; a refusal is said on its page."""
    row = _row(number)
    authorize(can_manage_program(actor(), row.program))
    if form.validate_on_submit():
        reason = getattr(form, "reason", None)
        with form.showing_errors():
            with atomic() as session:
                act(session, row.record, (reason.data or "") if reason is not None else "")
            return see_other(".record", number=number)
    return _page(_row(number), form, 422)


def _row(number: str) -> RecordRow:
    return found(queries.record_in_office(db.session, actor(), number[:40]))


def _page(row: RecordRow, form: object = None, status: int = 200) -> ResponseReturnValue:
    checks = queries.checks_of_record(db.session, row.record.id)
    page = render_template(
        "talent/office/record.html", row=row, record=row.record, checks=checks, form=form, check_form=CheckForm(formdata=None),
        actions=_actions(row), editable=row.record.state == RecordState.PROPOSED, **frame(),
    )  # fmt: skip
    return page, status


def _actions(row: RecordRow) -> list[dict[str, object]]:
    """Buttons from the machine and the policies."""
    record = row.record
    found: list[dict[str, object]] = []

    def add(action: RecordAction, endpoint: str, label: str, style: str, **more: object) -> None:
        if RECORD.allows(record.state, action):
            found.append({"label": label, "url": url_for(f".{endpoint}", number=record.number), "style": style, **more})

    add(RecordAction.FINISH_CHECKS, "finish", _("All checks are met"), "primary", icon="check2-all")
    verdict = can_confirm_record(actor(), record, row.program)
    refusal = "" if verdict else str(verdict.reason)
    add(RecordAction.CONFIRM, "confirm", _("Confirm the selection"), "primary", icon="patch-check", disabled_reason=refusal)
    add(RecordAction.REOPEN_CHECKS, "reopen", _("Open the checks again"), "secondary", needs_reason=True)
    add(RecordAction.REFUSE, "refuse", _("Refuse"), "danger", needs_reason=True)
    add(RecordAction.REVOKE, "revoke", _("Revoke"), "danger", needs_reason=True)
    return found


def _filters() -> tuple[RecordState | None, int | None, str]:
    state = request.args.get("state", "")
    known = RecordState(state) if state in {member.value for member in RecordState} else None
    return known, asked_number("program") or None, asked_text("q", 80)
