"""The organizer's results: overview, one run, its steps."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.gates import require_recent_sign_in, require_sign_in
from app.calls.models import Call, Edition, Stage
from app.core.authz import authorize
from app.core.db import db
from app.core.forms import ReasonForm
from app.core.uow import atomic
from app.core.web import actor, found, now, page_number, page_or_block, see_other
from app.results import queries
from app.results.documents.files import is_long
from app.results.enums import RunAction
from app.results.forms import ComputeForm, ProposeForm, StepForm
from app.results.models import ResultRun
from app.results.operations import compute_run, propose_run, release_run, take_back_run
from app.results.operations.orders import order_result
from app.results.policies import can_compute_result, can_read_results, can_release_result
from app.results.queries.computing import computation, proof_of
from app.results.queries.orders import STEPS, is_large, order_in
from app.results.queries.pages import run_page
from app.results.states import RUN

from .loading import edition_for_staff, frame, locale_name, run_for_staff

bp = Blueprint("manage", __name__, url_prefix="/manage/<code>/results")
bp.before_request(require_sign_in)


@bp.get("/")
def index(code: str) -> ResponseReturnValue:
    """Every call of every judged stage, with the state of its result."""
    edition = edition_for_staff(code)
    authorize(can_read_results(actor(), edition))
    return _index(edition, ComputeForm(formdata=None))


def _index(edition: Edition, form: ComputeForm, status: int = 200) -> ResponseReturnValue:
    cells = queries.overview(db.session, edition)
    return render_template("results/manage/index.html", cells=cells, form=form, **frame(edition)), status


@bp.post("/compute")
def compute(code: str) -> ResponseReturnValue:
    """A new run for one call of one stage."""
    edition = edition_for_staff(code)
    authorize(can_compute_result(actor(), edition))
    form = ComputeForm()
    if form.validate_on_submit():
        stage, call = _cell(edition, form.stage_id.data, form.call_id.data)
        with form.showing_errors():
            if is_large(db.session, stage):
                return _order(edition, stage, call, form)
            made = computation(db.session, stage, call)
            with atomic() as session:
                run = compute_run(session, stage=stage, call=call, reason=form.reason.data or "", actor=actor(), now=now(), made=made)
            return see_other(".run", code=code, run_id=run.id)
    return _index(found(db.session.get(Edition, edition.id)), form, 422)


def _order(edition: Edition, stage: Stage, call: Call, form: ComputeForm) -> ResponseReturnValue:
    with atomic() as session:
        order = order_result(session, stage=stage, call=call, reason=form.reason.data or "", actor=actor(), now=now())
    return see_other(".order", code=edition.code, order_id=order.id)


@bp.get("/orders/<int:order_id>")
def order(code: str, order_id: int) -> ResponseReturnValue:
    """How far a computation in the background is; the page asks again by itself and leads on to the result."""
    edition = edition_for_staff(code)
    authorize(can_read_results(actor(), edition))
    row = found(order_in(db.session, edition, order_id))
    if row.run_id is not None:
        return see_other(".run", code=code, run_id=row.run_id)
    return page_or_block("results/manage/order.html", "progress", row=row, steps=STEPS, **frame(edition))


def _cell(edition: Edition, stage_id: int | None, call_id: int | None) -> tuple[Stage, Call]:
    """Stage and call of this very edition; foreign ids do not exist."""
    stage, call = found(db.session.get(Stage, stage_id)), found(db.session.get(Call, call_id))
    return found(stage if stage.edition_id == edition.id else None), found(call if call.edition_id == edition.id else None)


@bp.get("/<int:run_id>")
def run(code: str, run_id: int) -> ResponseReturnValue:
    """One run: table, tie and cut explanations, plots, what may be done next."""
    edition, shown = run_for_staff(code, run_id)
    authorize(can_read_results(actor(), edition))
    return _run_page(edition, shown)


def _run_page(edition: Edition, shown: ResultRun, form: object = None, status: int = 200) -> ResponseReturnValue:
    page = run_page(db.session, shown, number=page_number(), locale=locale_name())
    others = queries.other_runs(db.session, shown)
    context = {
        "run": shown,
        "page": page,
        "others": others,
        "form": form,
        "actions": _actions(edition, shown, page.unscored),
        **frame(edition),
    }
    return render_template("results/manage/run.html", page_url=_page_url(edition, shown), is_long=is_long(shown), **context), status


def _page_url(edition: Edition, shown: ResultRun) -> Callable[[int], str]:
    return lambda number: url_for("results.manage.run", code=edition.code, run_id=shown.id, page=number)


@bp.post("/<int:run_id>/propose")
def propose(code: str, run_id: int) -> ResponseReturnValue:
    """The first person's act."""
    edition, shown = run_for_staff(code, run_id)
    authorize(can_compute_result(actor(), edition))
    form = ProposeForm()
    if form.validate_on_submit():
        with form.showing_errors():
            proof = proof_of(db.session, shown)
            with atomic() as session:
                propose_run(session, run=shown, remark=form.reason.data or "", actor=actor(), now=now(), proof=proof)
            flash(_("The result is proposed. Another person of the host can release it now."), "success")
            return see_other(".run", code=code, run_id=run_id)
    return _again(code, run_id, form)


@bp.post("/<int:run_id>/take-back")
def take_back(code: str, run_id: int) -> ResponseReturnValue:
    edition, shown = run_for_staff(code, run_id)
    authorize(can_compute_result(actor(), edition))
    form = ReasonForm()
    if form.validate_on_submit():
        with form.showing_errors():
            with atomic() as session:
                take_back_run(session, run=shown, reason=form.reason.data or "", actor=actor(), now=now())
            return see_other(".run", code=code, run_id=run_id)
    return _again(code, run_id, form)


@bp.post("/<int:run_id>/release")
def release(code: str, run_id: int) -> ResponseReturnValue:
    """The second person's act; teams' messages wait in the outbox until somebody has read them."""
    edition, shown = run_for_staff(code, run_id)
    authorize(can_release_result(actor(), edition, shown))
    if challenge := require_recent_sign_in():
        return challenge
    form = StepForm()
    if form.validate_on_submit():
        with form.showing_errors():
            proof = proof_of(db.session, shown)
            with atomic() as session:
                release_run(session, run=shown, actor=actor(), now=now(), proof=proof)
            flash(_("The result is released. The messages to the teams wait to be read and sent."), "success")
            return see_other(".run", code=code, run_id=run_id)
    return _again(code, run_id, form)


@bp.get("/<int:run_id>/changes")
def changes(code: str, run_id: int) -> ResponseReturnValue:
    """What this run changes against the one that it corrects."""
    edition, shown = run_for_staff(code, run_id)
    authorize(can_read_results(actor(), edition))
    old = found(queries.run_in(db.session, edition, shown.supersedes_id or 0))
    rows = queries.differences(db.session, old.id, shown.id)
    return render_template("results/manage/changes.html", run=shown, old=old, rows=rows, **frame(edition))


def _again(code: str, run_id: int, form: object) -> ResponseReturnValue:
    """The page of the run as it stands after a refused step, with the reason on top."""
    db.session.rollback()
    edition, shown = run_for_staff(code, run_id)
    return _run_page(edition, shown, form, 422)


def _actions(edition: Edition, shown: ResultRun, unscored: bool) -> list[dict[str, object]]:
    """Buttons from the machine and the policies; a second person's step says why it is not yours."""
    may_compute, may_release = can_compute_result(actor(), edition), can_release_result(actor(), edition, shown)
    found: list[dict[str, object]] = []
    if may_compute and RUN.allows(shown.state, RunAction.PROPOSE):
        question = _("Some entries have no score. Why may the result go out without them?") if unscored else ""
        found.append(
            _button(edition, shown, "propose", _("Propose for release"), "send-check", "primary", confirm=question, needs_reason=unscored)
        )
    if RUN.allows(shown.state, RunAction.RELEASE):
        question = _("Teams will see their results, entries join the next stage and awards are granted.")
        refusal = "" if may_release else str(may_release.reason)
        found.append(_button(edition, shown, "release", _("Release"), "broadcast", "primary", confirm=question, disabled_reason=refusal))
    if may_compute and RUN.allows(shown.state, RunAction.TAKE_BACK):
        found.append(_button(edition, shown, "take_back", _("Take back"), "arrow-counterclockwise", "secondary", needs_reason=True))
    return found


def _button(edition: Edition, shown: ResultRun, step: str, label: str, icon: str, style: str, **more: object) -> dict[str, object]:
    url = url_for(f"results.manage.{step}", code=edition.code, run_id=shown.id)
    return {"label": label, "url": url, "icon": icon, "style": style, **more}
