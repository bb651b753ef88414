"""The queue and the list of one's own scores."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from app.core.authz import ALLOW, authorize
from app.core.db import db
from app.core.errors import NotFound
from app.core.forms import ReasonForm
from app.core.money import exact
from app.core.uow import atomic
from app.core.web import actor, found, now, see_other
from app.judging import policies
from app.judging.models import Seat
from app.judging.operations import invitations
from app.judging.queries import desk
from app.judging.queries.progress import chaired_reopenings

from . import bp

STATES = ("open", "preparing", "sealed", "released")
STATUSES = ("todo", "draft", "done", "recused")
BARS = 10


@dataclass(frozen=True)
class PanelView:
    """A seat with the rows that the filter leaves, and how far it is."""

    panel: desk.DeskPanel
    rows: list[desk.DeskRow]
    done: int
    scored: int
    total: int


@bp.get("/")
def index() -> ResponseReturnValue:
    """All entries that I score, across panels."""
    authorize(ALLOW)  # the queries return only the reader's own seats
    every = sorted(desk.desk_panels(db.session, actor()), key=lambda panel: STATES.index(panel.stage_state))
    past = "past" in request.args
    panels = [panel for panel in every if (panel.stage_state == "released") == past]
    rows = desk.desk_rows(db.session, panels)
    status = request.args.get("status", "")
    status = status if status in STATUSES else ""
    counts = {name: sum(row.status == name for row in rows) for name in STATUSES}
    shown = [_panel_view(panel, rows, status) for panel in panels]
    asked = chaired_reopenings(db.session, actor().user_id) if any(panel.is_chair for panel in panels) else []
    return render_template(
        "judging/desk/queue.html",
        past=past,
        earlier=sum(panel.stage_state == "released" for panel in every),
        panels=shown,
        status=status,
        counts=counts,
        asked=asked,
        locale_name=str(get_locale()),
    )


def _panel_view(panel: desk.DeskPanel, rows: list[desk.DeskRow], status: str) -> PanelView:
    mine = [row for row in rows if row.seat_id == panel.seat_id]
    active = [row for row in mine if row.status != "recused"]
    return PanelView(
        panel, [row for row in mine if (row.status == status if status else row.status != "recused")],
        done=sum(row.status == "done" for row in active), scored=sum(row.total is not None for row in active), total=len(active),
    )  # fmt: skip


@bp.post("/seats/<int:seat_id>/leaving")
def leave(seat_id: int) -> ResponseReturnValue:
    """Give my seat back before anything is signed."""
    seat = found(db.session.get(Seat, seat_id))
    if seat.user_id != actor().user_id:
        raise NotFound
    authorize(policies.can_sit(actor(), seat))
    found(desk.seat_rows(db.session, actor(), seat_id))
    form = ReasonForm()
    if not form.validate_on_submit():
        flash(_("Please give a reason of at least four characters."), "error")
        return see_other(".index")
    with atomic() as session:
        invitations.leave_seat(session, seat=seat, reason=form.reason.data or "", actor=actor(), now=now())
    flash(_("You have given the seat back; the organizer is told."), "success")
    return see_other(".index")


SORTS: dict[str, Callable[[desk.DeskRow], Any]] = {
    "order": lambda row: (row.position, row.assignment_id),
    "code": lambda row: row.code,
    "total": lambda row: (row.total is not None, row.total or Decimal(0)),
    "saved": lambda row: (row.saved_at is not None, row.saved_at.timestamp() if row.saved_at else 0, row.assignment_id),
    "status": lambda row: STATUSES.index(row.status),
}


@bp.get("/seats/<int:seat_id>/scores")
def scores(seat_id: int) -> ResponseReturnValue:
    """My scores side by side, with how I use the scale."""
    authorize(ALLOW)  # the query returns only the reader's own seat
    panel, rows = found(desk.seat_rows(db.session, actor(), seat_id))
    g.zone = panel.zone
    sort = request.args.get("sort", "-total")
    key = SORTS.get(sort.removeprefix("-"), SORTS["total"])
    active = sorted((row for row in rows if row.status != "recused"), key=key, reverse=sort.startswith("-"))
    return render_template(
        "judging/desk/scores.html", panel=panel, rows=active, sort=sort, bars=_bars(active, exact(panel.full)), now=now(),
        sort_url=lambda value: url_for(".scores", seat_id=seat_id, sort=value), locale_name=str(get_locale()),
    )  # fmt: skip


def _bars(rows: list[desk.DeskRow], full: Decimal) -> list[tuple[str, int]]:
    """How many of my totals fall into each tenth of the scale."""
    width = full / BARS
    counts = [0] * BARS
    for row in rows:
        if row.total is not None:
            counts[max(0, min(BARS - 1, int(row.total / width)))] += 1
    return [(f"{(width * n).normalize():f}–{(width * (n + 1)).normalize():f}", count) for n, count in enumerate(counts)]
