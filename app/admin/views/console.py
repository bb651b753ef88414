"""The console's first page and the table of health."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, render_template

from app.accounts.gates import require_sign_in
from app.accounts.policies import can_manage_accounts, can_open_console
from app.admin.checks import run_checks
from app.admin.queries import users
from app.admin.queries.wording import chain_names
from app.audit import queries as audit
from app.audit.enums import DeliveryState
from app.core.authz import authorize
from app.core.db import db
from app.core.web import actor, now
from app.notify.enums import MessageState
from app.notify.queries import state_counts

from .frame import console_sections

bp = Blueprint("console", __name__, url_prefix="/admin")
bp.before_request(require_sign_in)


@bp.get("/")
def index() -> Any:
    """People, messages and deliveries in figures."""
    authorize(can_open_console(actor()))
    deliveries, messages = audit.delivery_counts(db.session), state_counts(db.session)
    heads = audit.chain_heads(db.session)
    return render_template(
        "admin/index.html",
        subnav=console_sections(),
        counts=users.counts(db.session, now()),
        dead=deliveries.get(DeliveryState.DEAD, 0),
        pending=deliveries.get(DeliveryState.PENDING, 0),
        failed=messages.get(MessageState.FAILED, 0),
        queued=messages.get(MessageState.QUEUED, 0),
        held=messages.get(MessageState.HELD, 0),
        heads=heads,
        chain_names=chain_names(db.session, [head.chain for head in heads]),
        is_admin=bool(can_manage_accounts(actor())),
    )


@bp.get("/health")
def health() -> Any:
    """The table of ``flask check``: what is well, what to mind, what to mend."""
    authorize(can_open_console(actor()))
    return render_template("admin/health.html", subnav=console_sections(), checks=run_checks(current_app.extensions["jiebang"], now()))
