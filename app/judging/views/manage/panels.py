"""Panels of a stage and their seats."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from app.accounts.gates import require_sign_in
from app.calls.models import Edition, Stage
from app.calls.queries import calls_in
from app.core.db import db
from app.core.markup import named
from app.core.uow import atomic
from app.core.web import actor, now, see_other
from app.judging.forms import PanelForm, ProposeForm, SeatForm
from app.judging.models import Panel, Seat
from app.judging.operations import panels
from app.judging.queries import panels as queries
from app.judging.queries import wishes

from .loading import may_run, panel_of, run_edition, stage_of, watched_edition

bp = Blueprint("panels", __name__, url_prefix="/manage/<code>/stages/<int:position>/panels")
bp.before_request(require_sign_in)


@bp.route("/", methods=["GET", "POST"])
def index(code: str, position: int) -> ResponseReturnValue:
    """The panels of a stage; a form for one more."""
    edition = run_edition(code) if request.method == "POST" else watched_edition(code)
    stage = stage_of(edition, position)
    form = _panel_form(edition)
    if form.validate_on_submit():
        with form.showing_errors(), atomic() as session:
            made = panels.add_panel(session, stage=stage, **_panel_values(form), actor=actor(), now=now())
            flash(_("The panel has been added. Now add its judges."), "success")
            return see_other(".show", code=code, position=position, panel_id=made.id)
        edition = run_edition(code)
        stage = stage_of(edition, position)
    page = render_template(
        "judging/panels/index.html", edition=edition, stage=stage, panels=queries.panels_of(db.session, [stage.id])[stage.id], form=form,
        may_run=may_run(edition),
    )  # fmt: skip
    return page, 422 if request.method == "POST" else 200


def _panel_form(edition: Edition, panel: Panel | None = None) -> PanelForm:
    form = PanelForm(obj=panel) if request.method == "GET" else PanelForm()
    form.calls.choices = [SelectChoice(call.id, named(call)) for call in calls_in(db.session, edition)]
    return form


def _panel_values(form: PanelForm) -> dict[str, Any]:
    return {
        "name": form.name.data or "", "name_en": form.name_en.data or "", "call_ids": form.calls.data or [], "brief": form.brief.data or "",
        "judges_per_entry": form.judges_per_entry.data or 0,
    }  # fmt: skip


@bp.get("/<int:panel_id>/")
def show(code: str, position: int, panel_id: int) -> ResponseReturnValue:
    """One panel: seats, conflicts, assignments."""
    edition = watched_edition(code)
    stage, panel = panel_of(edition, position, panel_id)
    return panel_page(edition, stage, panel, None, 200)


def seat_form(panel: Panel, seat: Seat | None = None, **options: Any) -> SeatForm:
    """The form of a seat, with the tracks that the panel judges; of a known seat with what is stored."""
    form = SeatForm(obj=seat, **options) if seat is not None else SeatForm(**options)
    form.tracks.choices = [SelectChoice(track.id, named(track)) for track in wishes.tracks_of(db.session, panel)]
    if seat is not None and request.method == "GET":
        form.tracks.data = sorted(wishes.fields_of(db.session, [seat.id]).get(seat.id, ()))
    return form


def panel_page(edition: Edition, stage: Stage, panel: Panel, form: SeatForm | None, status: int, refusal: str = "",
               propose: ProposeForm | None = None) -> Any:  # fmt: skip
    form = form or seat_form(panel, formdata=None)
    page = render_template(
        "judging/panels/show.html", edition=edition, stage=stage, panel=panel, form=form, seats=queries.seat_rows(db.session, panel),
        conflicts=queries.conflict_rows(db.session, panel), plans=queries.plans_of(db.session, panel),
        matrix=queries.matrix_of(db.session, panel), may_run=may_run(edition), refusal=refusal,
        propose=propose or ProposeForm(formdata=None, judges_per_entry=panel.judges_per_entry or stage.rules.judges_per_entry),
    )  # fmt: skip
    return page, status


@bp.route("/<int:panel_id>/edit", methods=["GET", "POST"])
def edit(code: str, position: int, panel_id: int) -> ResponseReturnValue:
    """Name, calls, judges an entry, brief."""
    edition = run_edition(code)
    stage, panel = panel_of(edition, position, panel_id)
    form = _panel_form(edition, panel)
    if request.method == "GET":
        form.calls.data = queries.call_ids_of(db.session, panel)
    if form.validate_on_submit():
        with form.showing_errors(), atomic() as session:
            panels.change_panel(session, panel=panel, **_panel_values(form), actor=actor(), now=now())
            return see_other(".show", code=code, position=position, panel_id=panel_id)
        edition = run_edition(code)
        stage, panel = panel_of(edition, position, panel_id)
    page = render_template("judging/panels/edit.html", edition=edition, stage=stage, panel=panel, form=form)
    return page, 422 if request.method == "POST" else 200


@bp.post("/<int:panel_id>/removal")
def remove(code: str, position: int, panel_id: int) -> ResponseReturnValue:
    """Take away a panel that has not begun."""
    edition = run_edition(code)
    _stage, panel = panel_of(edition, position, panel_id)
    with atomic() as session:
        panels.remove_panel(session, panel=panel, actor=actor(), now=now())
    flash(_("The panel has been removed."), "success")
    return see_other(".index", code=code, position=position)
