"""Several judges at once: a list is pasted, looked through line by line, and added whole or not at all."""

from __future__ import annotations

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from app.core.db import db
from app.core.uow import atomic
from app.core.web import actor, now, see_other
from app.judging.forms import SeatLine, SeveralForm
from app.judging.operations import seats
from app.judging.queries import panels as queries

from .loading import panel_of, run_edition
from .panels import bp


@bp.route("/<int:panel_id>/seats/several", methods=["GET", "POST"])
def several(code: str, position: int, panel_id: int) -> ResponseReturnValue:
    """First what the lines were read as, with faults beside them; then, when all are right and somebody has looked, the seats."""
    edition = run_edition(code)
    stage, panel = panel_of(edition, position, panel_id)
    form = SeveralForm()
    lines: list[SeatLine] = []
    if form.validate_on_submit():
        lines = form.lines(queries.addresses_of(db.session, panel))
        if form.was_looked_through and request.form.get("then") == "add" and not any(line.faults for line in lines):
            with form.showing_errors(), atomic() as session:
                made = seats.add_seats(session, panel=panel, judges=[line.values() for line in lines], actor=actor(), now=now())
                flash(ngettext("%(num)s judge has been added.", "%(num)s judges have been added.", len(made)), "success")
                return see_other(".show", code=code, position=position, panel_id=panel_id)
            edition = run_edition(code)
            stage, panel = panel_of(edition, position, panel_id)
    refused = bool(form.errors or form.form_errors) or any(line.faults for line in lines)
    page = render_template(
        "judging/panels/several.html", edition=edition, stage=stage, panel=panel, form=form, lines=lines, refused=refused
    )
    return page, 422 if refused else 200
