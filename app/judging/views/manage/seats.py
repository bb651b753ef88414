"""Seats of a panel: add, change, invite, remove; conflicts set and lifted by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.core.db import db
from app.core.errors import DomainError
from app.core.forms import ReasonForm
from app.core.uow import atomic
from app.core.web import actor, found, now, see_other
from app.judging.enums import SeatCategory
from app.judging.forms import SeatForm
from app.judging.models import Conflict, Seat
from app.judging.operations import conflicts, invitations, seats
from app.judging.queries import panels as queries

from .loading import panel_of, run_edition
from .panels import bp, panel_page, seat_form


@bp.post("/<int:panel_id>/seats")
def add_seat(code: str, position: int, panel_id: int) -> ResponseReturnValue:
    """One more judge."""
    edition = run_edition(code)
    stage, panel = panel_of(edition, position, panel_id)
    form = seat_form(panel)
    if form.validate_on_submit():
        with form.showing_errors(), atomic() as session:
            seats.add_seat(session, panel=panel, **_seat_values(form), email=form.email.data or "", actor=actor(), now=now())
            return see_other(".show", code=code, position=position, panel_id=panel_id)
        edition = run_edition(code)
        stage, panel = panel_of(edition, position, panel_id)
    return panel_page(edition, stage, panel, form, 422)


def _seat_values(form: SeatForm) -> dict[str, Any]:
    return {
        "name": form.name.data or "", "unit": form.unit.data or "", "category": SeatCategory(form.category.data),
        "is_chair": bool(form.is_chair.data), "load_limit": form.load_limit.data or None, "tracks": form.tracks.data or [],
    }  # fmt: skip


@bp.route("/<int:panel_id>/seats/<int:seat_id>", methods=["GET", "POST"])
def edit_seat(code: str, position: int, panel_id: int, seat_id: int) -> ResponseReturnValue:
    """Change a seat; the address stays."""
    edition = run_edition(code)
    stage, panel = panel_of(edition, position, panel_id)
    seat = found(queries.seat_in(db.session, panel, seat_id))
    form = seat_form(panel, seat)
    if request.method == "POST":
        form.email.process_data(seat.email)
        form.email.raw_data = [seat.email]
    if form.validate_on_submit():
        with form.showing_errors(), atomic() as session:
            seats.change_seat(session, seat=seat, **_seat_values(form), actor=actor(), now=now())
            return see_other(".show", code=code, position=position, panel_id=panel_id)
        edition = run_edition(code)
        stage, panel = panel_of(edition, position, panel_id)
        seat = found(queries.seat_in(db.session, panel, seat_id))
    page = render_template("judging/panels/seat.html", edition=edition, stage=stage, panel=panel, seat=seat, form=form)
    return page, 422 if request.method == "POST" else 200


@bp.post("/<int:panel_id>/seats/<int:seat_id>/invitation")
def invite(code: str, position: int, panel_id: int, seat_id: int) -> ResponseReturnValue:
    """Send the link, or send it again."""
    return _seat_step(
        code, position, panel_id, seat_id,
        lambda session, seat: invitations.invite_judge(session, seat=seat, actor=actor(), now=now()), _("The invitation is on its way."),
    )  # fmt: skip


@bp.post("/<int:panel_id>/seats/<int:seat_id>/removal")
def remove_seat(code: str, position: int, panel_id: int, seat_id: int) -> ResponseReturnValue:
    """Take a judge off the panel."""
    form = ReasonForm()
    if not form.validate_on_submit():
        flash(_("Please give a reason of at least four characters."), "error")
        return see_other(".show", code=run_edition(code).code, position=position, panel_id=panel_id)
    return _seat_step(
        code, position, panel_id, seat_id,
        lambda session, seat: seats.remove_seat(session, seat=seat, reason=form.reason.data or "", actor=actor(), now=now()),
        _("The judge has been taken off the panel."),
    )  # fmt: skip


@bp.post("/<int:panel_id>/seats/<int:seat_id>/conflicts")
def set_conflict(code: str, position: int, panel_id: int, seat_id: int) -> ResponseReturnValue:
    """Keep a judge away from an entry."""
    form = ReasonForm()
    edition = run_edition(code)
    _stage, panel = panel_of(edition, position, panel_id)
    wanted = request.form.get("entry_id", "")
    known = {str(entry_id): entry_id for entry_id, _code, _title in queries.matrix_of(db.session, panel).entries}
    if not form.validate_on_submit() or wanted not in known:
        flash(_("Please choose an entry and give a reason of at least four characters."), "error")
        return see_other(".show", code=code, position=position, panel_id=panel_id)
    return _seat_step(
        code, position, panel_id, seat_id,
        lambda session, seat: conflicts.set_conflict(
            session, seat=seat, entry_id=known[wanted], reason=form.reason.data or "", actor=actor(), now=now()
        ),
        _("The conflict is kept; an open assignment has ended."),
    )  # fmt: skip


@bp.post("/<int:panel_id>/conflicts/<int:conflict_id>/removal")
def lift_conflict(code: str, position: int, panel_id: int, conflict_id: int) -> ResponseReturnValue:
    """Take back a conflict, with a reason."""
    form = ReasonForm()
    edition = run_edition(code)
    _stage, panel = panel_of(edition, position, panel_id)
    conflict = found(db.session.get(Conflict, conflict_id))
    found(queries.seat_in(db.session, panel, conflict.seat_id))
    if not form.validate_on_submit():
        flash(_("Please give a reason of at least four characters."), "error")
        return see_other(".show", code=code, position=position, panel_id=panel_id)
    with atomic() as session:
        conflicts.lift_conflict(session, conflict=conflict, reason=form.reason.data or "", actor=actor(), now=now())
    return see_other(".show", code=code, position=position, panel_id=panel_id)


@bp.post("/<int:panel_id>/invitations")
def invite_everybody(code: str, position: int, panel_id: int) -> ResponseReturnValue:
    """Invite all who have not been invited."""
    edition = run_edition(code)
    _stage, panel = panel_of(edition, position, panel_id)
    with atomic() as session:
        count = invitations.invite_all(session, panel=panel, actor=actor(), now=now())
    flash(_("%(count)s invitations are on their way.", count=count), "success" if count else "info")
    return see_other(".show", code=code, position=position, panel_id=panel_id)


def _seat_step(
    code: str, position: int, panel_id: int, seat_id: int, act: Callable[[Session, Seat], object], said: str
) -> ResponseReturnValue:
    edition = run_edition(code)
    _stage, panel = panel_of(edition, position, panel_id)
    seat = found(queries.seat_in(db.session, panel, seat_id))
    try:
        with atomic() as session:
            act(session, seat)
    except DomainError as error:
        edition = run_edition(code)
        stage, panel = panel_of(edition, position, panel_id)
        return panel_page(edition, stage, panel, None, 422, str(error))
    flash(said, "success")
    return see_other(".show", code=code, position=position, panel_id=panel_id)
