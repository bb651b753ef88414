"""Public notices of a proposed selection."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Response, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.gates import require_recent_sign_in
from app.core import clock
from app.core.authz import authorize
from app.core.db import db
from app.core.errors import NotFound
from app.core.forms import Form, ReasonForm
from app.core.markup import named
from app.core.uow import atomic
from app.core.web import actor, found, now, see_other
from app.notices.documents import notice_pdf
from app.notices.models import Notice
from app.notices.operations import withdraw_notice
from app.notices.phases import phase_of
from app.notices.queries import code_of_notice
from app.settings.calendar import is_estimated, load_calendar
from app.talent import queries
from app.talent.enums import RecordState
from app.talent.forms import SelectionNoticeForm, StepForm
from app.talent.models import Program
from app.talent.operations import draft_selection_notice, publish_selection_notice
from app.talent.operations.notices import drop_selection_notice
from app.talent.policies import can_manage_program, can_open_office
from app.talent.queries import RecordRow
from app.talent.queries.notices import notice_in_office, notices_in_office

from .office import bp, frame, locale_name

MOST = 500


def today() -> date:
    return clock.local_date(now())


@bp.get("/notices")
def notices() -> ResponseReturnValue:
    authorize(can_open_office(actor()))
    rows = notices_in_office(db.session, actor())
    phases = {notice.id: phase_of(notice, today()) for notice in rows}
    return render_template("talent/office/notices.html", rows=rows, phases=phases, **frame())


@bp.route("/notices/new", methods=["GET", "POST"])
def new_notice() -> ResponseReturnValue:
    """A draft for the chosen records of one programme (``ids``)."""
    rows = _chosen()
    if not rows:
        authorize(can_open_office(actor()))
        flash(_("Choose records whose checks have passed and that are on no notice yet."), "warning")
        return see_other(".records")
    program = rows[0].program
    authorize(can_manage_program(actor(), program))
    form = SelectionNoticeForm(data=None if request.method == "POST" and "title" in request.form else _proposed(program))
    if "title" in request.form and form.validate_on_submit():
        with form.showing_errors():
            with atomic() as session:
                notice = draft_selection_notice(
                    session, program=program, records=[row.record for row in rows], actor=actor(), now=now(), **form.values()
                )
            return see_other(".notice", notice_id=notice.id)
        rows = _chosen()
    page = render_template("talent/office/notice_form.html", form=form, rows=rows, program=rows[0].program, **frame())
    return page, 422 if request.method == "POST" and "title" in request.form else 200


def _chosen() -> list[RecordRow]:
    """The records named by ``ids``, as far as they are mine, checked and not yet listed."""
    ids = [int(text) for text in request.values.getlist("ids")[:MOST] if text.isascii() and text.isdigit() and len(text) < 10]
    rows = queries.records_by_ids(db.session, actor(), ids)
    if ids and not rows:
        raise NotFound
    rows = [row for row in rows if row.record.state == RecordState.CHECKED and row.record.notice_id is None]
    return [row for row in rows if row.program.id == rows[0].program.id]


def _proposed(program: Program) -> dict[str, object]:
    start = load_calendar(db.session, (today().year, today().year + 1)).next_working(today())
    return {
        "title": f"{program.name}拟入选人员公示",
        "title_en": f"Public notice of proposed selection: {program.name_en or program.name}",
        "body": f"根据{program.name}有关规定，经资格核查，现将拟入选人员名单予以公示。",
        "starts_on": start,
    }


@bp.get("/notices/<int:notice_id>")
def notice(notice_id: int) -> ResponseReturnValue:
    row, program = _load(notice_id)
    authorize(can_manage_program(actor(), program))
    return _page(row, program)


@bp.post("/notices/<int:notice_id>/publish")
def publish(notice_id: int) -> ResponseReturnValue:
    _load(notice_id)
    if challenge := require_recent_sign_in():
        return challenge
    return _step(notice_id, StepForm(), lambda s, n, reason: publish_selection_notice(s, notice=n, actor=actor(), now=now()))


@bp.post("/notices/<int:notice_id>/withdraw")
def withdraw(notice_id: int) -> ResponseReturnValue:
    return _step(notice_id, ReasonForm(), lambda s, n, reason: withdraw_notice(s, notice=n, reason=reason, actor=actor(), now=now()))


@bp.post("/notices/<int:notice_id>/drop")
def drop(notice_id: int) -> ResponseReturnValue:
    return _step(
        notice_id, StepForm(), lambda s, n, reason: drop_selection_notice(s, notice=n, actor=actor(), now=now()), is_gone=True
    )  # fmt: skip


def _step(notice_id: int, form: Form, act: Callable[[Any, Notice, str], object], *, is_gone: bool = False) -> ResponseReturnValue:
    """One operation on one notice; a refusal is said on its page."""
    row, program = _load(notice_id)
    authorize(can_manage_program(actor(), program))
    if form.validate_on_submit():
        with form.showing_errors():
            with atomic() as session:
                act(session, row, form.values().get("reason") or "")
            return see_other(".notices") if is_gone else see_other(".notice", notice_id=notice_id)
    return _page(*_load(notice_id), form, 422)


@bp.get("/notices/<int:notice_id>.pdf")
def notice_file(notice_id: int) -> ResponseReturnValue:
    row, program = _load(notice_id)
    authorize(can_manage_program(actor(), program))
    content = notice_pdf(row, code=code_of_notice(db.session, row.id), issuer=named(program.organization), locale=locale_name())
    return Response(content, mimetype="application/pdf", headers={"Content-Disposition": f'inline; filename="{row.number or "draft"}.pdf"'})


def _load(notice_id: int) -> tuple[Notice, Program]:
    return found(notice_in_office(db.session, actor(), notice_id))


def _page(row: Notice, program: Program, form: object = None, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "talent/office/notice.html", notice=row, program=program, phase=phase_of(row, today()), form=form,
        records=queries.records_of_notice(db.session, row.id), estimated=is_estimated(db.session, row.starts_on, row.ends_on), **frame(),
    )  # fmt: skip
    return page, status
