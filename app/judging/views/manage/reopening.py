"""Requests to open signed sheets again, or to strike them: asked by one, decided by another."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.gates import require_recent_sign_in, require_sign_in
from app.calls.models import Edition, Stage
from app.calls.queries import edition_by_code
from app.core.authz import authorize
from app.core.db import db
from app.core.errors import DomainError, NotFound
from app.core.forms import ReasonForm
from app.core.uow import atomic
from app.core.web import actor, found, now, see_other, typed_text
from app.judging import policies
from app.judging.models import Assignment, ScoreSheet, Seat
from app.judging.operations import reopening
from app.judging.queries import progress as queries

from .loading import stage_of, watched_edition

bp = Blueprint("reopening", __name__, url_prefix="/manage/<code>/stages/<int:position>/reopenings")
bp.before_request(require_sign_in)


@bp.post("/")
def ask(code: str, position: int) -> ResponseReturnValue:
    """The organizer asks for a judge's sheet, named by entry and seat."""
    edition = watched_edition(code)
    stage = stage_of(edition, position)
    sheet, seat = _sheet(stage, request.form.get("assignment_id", ""))
    authorize(policies.can_ask_reopening(actor(), edition, seat))
    form = ReasonForm()
    if not form.validate_on_submit():
        flash(_("Please give a reason of at least four characters."), "error")
        return see_other("judging.progress.index", code=code, stage=position)
    strikes = request.form.get("strikes") == "yes"
    with atomic() as session:
        reopening.ask(session, sheet=sheet, reason=form.reason.data or "", strikes=strikes, actor=actor(), now=now())
    flash(_("The request is kept. A second person decides."), "success")
    return see_other("judging.progress.index", code=code, stage=position)


def _sheet(stage: Stage, text: str) -> tuple[ScoreSheet, Seat]:
    if not (text.isascii() and text.isdigit() and len(text) < 12):
        raise NotFound
    assignment = found(db.session.get(Assignment, int(text)))
    if assignment.stage_id != stage.id:
        raise NotFound
    return found(queries.sheet_of(db.session, assignment)), db.session.get_one(Seat, assignment.seat_id)


@bp.post("/<int:reopening_id>/decision")
def decide(code: str, position: int, reopening_id: int) -> ResponseReturnValue:
    """Agree or not, as the second person: the host, or the panel's chair."""
    edition, row = _asked(code, position, reopening_id)
    authorize(policies.can_decide_reopening(actor(), edition, row.seat, row.chair_user_id, row.reopening.asked_by_id))
    if challenge := require_recent_sign_in():
        return challenge
    agreed = request.form.get("decision") == "agree"
    remark = typed_text("reason", 1000)
    try:
        with atomic() as session:
            reopening.decide(session, reopening=row.reopening, agreed=agreed, remark=remark, actor=actor(), now=now())
    except DomainError as error:
        flash(str(error), "error")
        return _back(code, position, row)
    opened = (
        _("The sheet is struck; the judge is told by mail.")
        if row.reopening.strikes
        else _("The sheet is open again; the judge is told by mail.")
    )
    said = opened if agreed else _("The sheet stays signed; the judge is told by mail.")
    flash(said, "success")
    return _back(code, position, row)


def _asked(code: str, position: int, reopening_id: int) -> tuple[Edition, Any]:
    """The request with its edition: for staff and supervisors, and for the chair of the panel."""
    edition = found(edition_by_code(db.session, code))
    stage = stage_of(edition, position)
    row = found(next((r for r in queries.reopenings_of(db.session, stage) if r.reopening.id == reopening_id), None))
    if not policies.can_watch_judging(actor(), edition) and actor().user_id != row.chair_user_id:
        raise NotFound
    return edition, row


def _back(code: str, position: int, row: Any) -> ResponseReturnValue:
    edition = row.seat.panel.stage.edition
    if policies.can_watch_judging(actor(), edition):
        return see_other("judging.progress.index", code=code, stage=position)
    return see_other("judging.desk.index")
