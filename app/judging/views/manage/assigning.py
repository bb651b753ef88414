"""Assigning entries to judges: propose, look, apply all or part, change by hand, undo."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.gates import require_sign_in
from app.calls.models import Edition, Stage
from app.core import codes
from app.core.db import db
from app.core.errors import DomainError
from app.core.uow import atomic
from app.core.web import actor, found, now, see_other
from app.judging.enums import SeatCategory
from app.judging.forms import ProposeForm
from app.judging.models import AssignmentPlan, Panel
from app.judging.operations import assigning, proposing
from app.judging.operations.conflicts import find_conflicts
from app.judging.queries import panels as queries

from .loading import may_run, panel_of, run_edition, watched_edition
from .panels import panel_page

bp = Blueprint("assigning", __name__, url_prefix="/manage/<code>/stages/<int:position>/panels/<int:panel_id>")
bp.before_request(require_sign_in)
SHOW = "judging.panels.show"


@bp.post("/plans")
def propose(code: str, position: int, panel_id: int) -> ResponseReturnValue:
    """Draw a proposal; nothing is assigned yet."""
    edition = run_edition(code)
    stage, panel = panel_of(edition, position, panel_id)
    form = ProposeForm()
    if not form.validate_on_submit():
        faults = " ".join(str(fault) for faults in form.errors.values() for fault in faults)
        return panel_page(edition, stage, panel, None, 422, faults, form)
    wanted = {
        "panel": panel, "seed": form.seed.data or codes.code(16), "per_entry": form.judges_per_entry.data,
        "by_field": bool(form.by_field.data), "each_category": bool(form.each_category.data),
        "one_per_unit": bool(form.one_per_unit.data), "ceiling": form.ceiling.data or 0,
    }  # fmt: skip
    try:
        with atomic() as session:
            find_conflicts(session, panel=panel, actor=actor(), now=now())
        made = proposing.draw_beforehand(db.session, **wanted)
        with atomic() as session:
            plan = proposing.propose_plan(session, **wanted, made=made, actor=actor(), now=now())
    except DomainError as error:
        return _refused(code, position, panel_id, error, form)
    return see_other(".plan", code=code, position=position, panel_id=panel_id, plan_id=plan.id)


@bp.get("/plans/<int:plan_id>")
def plan(code: str, position: int, panel_id: int, plan_id: int) -> ResponseReturnValue:
    """A proposal with its figures; ticked pairs may be applied."""
    edition = watched_edition(code)
    stage, panel = panel_of(edition, position, panel_id)
    return _plan_page(edition, stage, panel, _plan(panel, plan_id), 200)


def _plan(panel: Panel, plan_id: int) -> AssignmentPlan:
    plan = found(db.session.get(AssignmentPlan, plan_id))
    return found(plan if plan.panel_id == panel.id and plan.parameters.get("kind") == "draw" else None)


def _plan_page(edition: Edition, stage: Stage, panel: Panel, plan: AssignmentPlan, status: int, refusal: str = "") -> ResponseReturnValue:
    matrix = queries.matrix_of(db.session, panel)
    wanted = {(e, s) for e, s in plan.pairs}
    repeats = proposing.repeat_plan(plan) if "repeat" in request.args else None
    page = render_template(
        "judging/panels/plan.html", edition=edition, stage=stage, panel=panel, plan=plan, matrix=matrix, wanted=wanted, refusal=refusal,
        may_run=may_run(edition), repeats=repeats, titles={entry_id: f"{code} {title}" for entry_id, code, title in matrix.entries},
        categories=[(category.value, category.label) for category in SeatCategory],
    )  # fmt: skip
    return page, status


@bp.post("/plans/<int:plan_id>/application")
def apply(code: str, position: int, panel_id: int, plan_id: int) -> ResponseReturnValue:
    """Make the assignments: all, or the ticked pairs."""
    edition = run_edition(code)
    stage, panel = panel_of(edition, position, panel_id)
    plan = _plan(panel, plan_id)
    only = None if request.form.get("what") == "all" else pairs_sent("pairs")
    if only is not None and not only:
        return _plan_page(edition, stage, panel, plan, 422, _("Please tick at least one assignment."))
    try:
        with atomic() as session:
            made = assigning.apply_plan(session, plan=plan, only=only, actor=actor(), now=now())
            count = len(made)
    except DomainError as error:
        edition = run_edition(code)
        stage, panel = panel_of(edition, position, panel_id)
        return _plan_page(edition, stage, panel, _plan(panel, plan_id), 422, str(error))
    flash(_("%(count)s assignments have been made; the judges are told by mail.", count=count), "success")
    return see_other(SHOW, code=code, position=position, panel_id=panel_id)


def pairs_sent(name: str) -> set[tuple[int, int]]:
    """Ticked pairs ``entry:seat``; what is not one is left out, and foreign ids are refused by the operation."""
    found: set[tuple[int, int]] = set()
    for text in request.form.getlist(name):
        entry_id, _sep, seat_id = text.partition(":")
        if all(part.isascii() and part.isdigit() and len(part) < 12 for part in (entry_id, seat_id)):
            found.add((int(entry_id), int(seat_id)))
    return found


@bp.route("/matrix", methods=["GET", "POST"])
def matrix(code: str, position: int, panel_id: int) -> ResponseReturnValue:
    """Who scores what, as a table to tick."""
    edition = run_edition(code) if request.method == "POST" else watched_edition(code)
    stage, panel = panel_of(edition, position, panel_id)
    refusal = ""
    if request.method == "POST":
        try:
            with atomic() as session:
                assigning.set_assignments(session, panel=panel, wanted=pairs_sent("pairs"), actor=actor(), now=now())
            flash(_("The assignments have been changed. You can undo this on the panel's page."), "success")
            return see_other(SHOW, code=code, position=position, panel_id=panel_id)
        except DomainError as error:
            refusal = str(error)
            edition = run_edition(code)
            stage, panel = panel_of(edition, position, panel_id)
    page = render_template(
        "judging/panels/matrix.html", edition=edition, stage=stage, panel=panel, matrix=queries.matrix_of(db.session, panel),
        refusal=refusal, ticked=pairs_sent("pairs") if refusal else None, may_run=may_run(edition),
    )  # fmt: skip
    return page, 422 if refusal else 200


@bp.post("/undoing")
def undo(code: str, position: int, panel_id: int) -> ResponseReturnValue:
    """Take back the last change of assignments."""
    edition = run_edition(code)
    _stage, panel = panel_of(edition, position, panel_id)
    try:
        with atomic() as session:
            count = assigning.undo_plan(session, panel=panel, actor=actor(), now=now())
    except DomainError as error:
        return _refused(code, position, panel_id, error)
    flash(_("%(count)s assignments have been put back.", count=count), "success")
    return see_other(SHOW, code=code, position=position, panel_id=panel_id)


def _refused(code: str, position: int, panel_id: int, error: DomainError, form: ProposeForm | None = None) -> ResponseReturnValue:
    edition = run_edition(code)
    stage, panel = panel_of(edition, position, panel_id)
    return panel_page(edition, stage, panel, None, 422, str(error), form)
