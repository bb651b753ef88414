"""The working-day calendar: what differs from Monday to Friday."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, flash
from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts.gates import require_sign_in
from app.accounts.policies import can_manage_accounts
from app.admin.forms.settings import FIRST_YEAR, LAST_YEAR, DayForm
from app.core import clock
from app.core.authz import authorize
from app.core.db import db
from app.core.errors import NotFound
from app.core.uow import atomic
from app.core.web import actor, answer_form, asked_number, now, see_other, telling
from app.notices.queries import running_over
from app.settings import queries
from app.settings.calendar import published_days, published_years
from app.settings.models import CalendarDay
from app.settings.operations.calendar import clear_day, fill_year, mark_day

from .frame import console_sections

bp = Blueprint("calendar", __name__, url_prefix="/admin/calendar")
bp.before_request(require_sign_in)


@bp.route("/", methods=["GET", "POST"])
def index() -> Any:
    """The days of a year; POST marks one."""
    authorize(can_manage_accounts(actor()))
    year = _year(asked_number("year"))
    form = DayForm()
    if form.validate_on_submit():
        with form.showing_errors(), atomic() as session:
            mark_day(session, day=form.day.data, kind=form.kind.data, name=form.name.data or "", actor=actor(), now=now())
            return _saved(form.day.data)
    return answer_form("admin/calendar.html", "content", form, subnav=console_sections(), **_page(year))


@bp.post("/<int:year>/fill")
def fill(year: int) -> Any:
    """Put the official calendar of the year into force."""
    authorize(can_manage_accounts(actor()))
    with telling(lambda: _("The official calendar of %(year)s is in force: %(count)s days.", year=year, count=count)) as session:
        count = fill_year(session, year=_year(year), actor=actor(), now=now())
    return see_other("admin.calendar.index", year=year)


@bp.post("/days/<day>/clear")
def clear(day: str) -> Any:
    """Let the plain week decide about a day again."""
    authorize(can_manage_accounts(actor()))
    try:
        wanted = date.fromisoformat(day)
    except ValueError as error:
        raise NotFound from error
    with atomic() as session:
        clear_day(session, day=wanted, actor=actor(), now=now())
    return _saved(wanted)


def _saved(day: date) -> Any:
    """Back to the year; what is published keeps its period, which whoever changes the calendar has to know."""
    flash(_("Saved."), "success")
    number = running_over(db.session, day)
    if number:
        text = ngettext(
            "%(num)s published notice runs over this day; its period stays as published.",
            "%(num)s published notices run over this day; their periods stay as published.", number,
        )  # fmt: skip
        flash(text, "warning")
    return see_other("admin.calendar.index", year=day.year)


def _year(asked: int | None) -> int:
    this = clock.local_date(now()).year
    return asked if asked is not None and FIRST_YEAR <= asked <= LAST_YEAR else this


def _page(year: int) -> dict[str, Any]:
    stored = queries.calendar_days(db.session, year)
    shown = stored or [CalendarDay(day=day, kind=kind, name=name, is_official=True) for day, kind, name in published_days(year)]
    return {"year": year, "days": shown, "is_stored": bool(stored), "is_published": year in published_years()}
