"""The messages to the teams: read before they go, dropped one by one, released together."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from app.accounts.gates import require_sign_in
from app.calls.models import Edition
from app.core.authz import authorize
from app.core.db import db
from app.core.forms import ReasonForm
from app.core.uow import atomic
from app.core.web import actor, found, now, page_number, see_other
from app.results.forms import StepForm
from app.results.models import ResultRun
from app.results.operations.messages import batch_of, drop_team_message, send_team_messages
from app.results.policies import can_compute_result, can_read_results
from app.results.queries.messages import PAGE, counts_of, message_in, messages_of

from .loading import frame, run_for_staff

bp = Blueprint("messages", __name__, url_prefix="/manage/<code>/results/<int:run_id>/messages")
bp.before_request(require_sign_in)


@bp.get("/")
def index(code: str, run_id: int) -> ResponseReturnValue:
    edition, run = run_for_staff(code, run_id)
    authorize(can_read_results(actor(), edition))
    return _page(edition, run)


def _page(edition: Edition, run: ResultRun, form: object = None, status: int = 200) -> ResponseReturnValue:
    number = page_number()
    counts = counts_of(db.session, batch_of(run.id))
    page = render_template(
        "results/manage/messages.html", run=run, messages=messages_of(db.session, batch_of(run.id), number=number), counts=counts,
        form=form, number=number, pages=max(1, -(-sum(counts.values()) // PAGE)), total=sum(counts.values()),
        page_url=lambda n: url_for(".index", code=edition.code, run_id=run.id, page=n), **frame(edition),
    )  # fmt: skip
    return page, status


@bp.post("/release")
def release(code: str, run_id: int) -> ResponseReturnValue:
    """Let all held messages go."""
    edition, run = run_for_staff(code, run_id)
    authorize(can_compute_result(actor(), edition))
    form = StepForm()
    if form.validate_on_submit():
        with form.showing_errors():
            with atomic() as session:
                sent = send_team_messages(session, run=run, actor=actor(), now=now())
            flash(ngettext("%(num)s message is on its way.", "%(num)s messages are on their way.", sent), "success")
            return see_other(".index", code=code, run_id=run_id)
    return _page(edition, found(db.session.get(ResultRun, run_id)), form, 422)


@bp.post("/<int:message_id>/drop")
def drop(code: str, run_id: int, message_id: int) -> ResponseReturnValue:
    """Keep one message from being sent."""
    edition, run = run_for_staff(code, run_id)
    authorize(can_compute_result(actor(), edition))
    message = found(message_in(db.session, batch_of(run.id), message_id))
    form = ReasonForm()
    if form.validate_on_submit():
        with form.showing_errors():
            with atomic() as session:
                drop_team_message(session, run=run, message=message, reason=form.reason.data or "", actor=actor(), now=now())
            return see_other(".index", code=code, run_id=run_id)
    return _page(edition, found(db.session.get(ResultRun, run_id)), form, 422)
