"""Alarms about the record itself: the clock, broken chains, rules that the data breaks; closed with a reason."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from flask_babel import gettext as _

from app.accounts.gates import require_recent_sign_in, require_sign_in
from app.accounts.policies import can_manage_accounts, can_open_console
from app.admin.invariants import sentence_of
from app.admin.queries import witnessing
from app.admin.queries.troubles import told
from app.admin.queries.users import names_of
from app.admin.queries.watching import person_of
from app.audit.models import Alarm
from app.audit.operations.alarms import accept_clock, close_alarm
from app.core.authz import authorize
from app.core.db import db
from app.core.web import actor, found, now, see_other, telling, typed_text

from .frame import console_sections

bp = Blueprint("alarms", __name__, url_prefix="/admin/alarms")
bp.before_request(require_sign_in)


@bp.get("/")
def index() -> Any:
    """Open alarms first."""
    authorize(can_open_console(actor()))
    rows = witnessing.alarms(db.session)
    return render_template(
        "admin/alarms.html", subnav=console_sections(), rows=rows, me=actor().user_id, may_accept=bool(can_manage_accounts(actor())),
        sentence_of=sentence_of, person_of=person_of, told=told,
        names=names_of(db.session, {person for row in rows for person in (row.asked_by_id, row.closed_by_id, person_of(row))}),
    )  # fmt: skip


@bp.post("/<int:alarm_id>/close")
def close(alarm_id: int) -> Any:
    """Close it, or as the first of two persons ask for that."""
    authorize(can_open_console(actor()))
    return _act(alarm_id, accepting=False)


@bp.post("/<int:alarm_id>/accept-clock")
def accept(alarm_id: int) -> Any:
    """Take the present time as right."""
    authorize(can_manage_accounts(actor()))
    return _act(alarm_id, accepting=True)


def _act(alarm_id: int, *, accepting: bool) -> Any:
    if challenge := require_recent_sign_in():
        return challenge
    found(db.session.get(Alarm, alarm_id))
    operation = accept_clock if accepting else close_alarm
    with telling(lambda: _("A second person must agree.") if done is False else _("The alarm is closed.")) as session:
        done = operation(session, alarm=session.get_one(Alarm, alarm_id), reason=typed_text("reason"), actor=actor(), now=now())
    return see_other("admin.alarms.index")
