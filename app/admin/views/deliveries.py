"""Deliveries of facts to subscribers that have trouble, and the button that tries them again."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from flask_babel import gettext as _

from app.accounts.gates import require_sign_in
from app.accounts.policies import can_manage_accounts, can_open_console
from app.admin.operations.deliveries import redrive_delivery
from app.audit import queries
from app.audit.models import Delivery
from app.core.authz import authorize
from app.core.db import db
from app.core.web import actor, address_with, found, now, page_number, see_other, telling

from .frame import console_sections

bp = Blueprint("deliveries", __name__, url_prefix="/admin/deliveries")
bp.before_request(require_sign_in)


@bp.get("/")
def index() -> Any:
    """What has given up or is being tried again."""
    authorize(can_open_console(actor()))
    rows, total = queries.troubled_deliveries(db.session, page_number())
    return render_template(
        "admin/deliveries.html", subnav=console_sections(), rows=rows, total=total, page=page_number(),
        pages=-(-total // queries.PAGE) or 1,
        page_url=lambda number: address_with(page=number), counts=queries.delivery_counts(db.session),
        may_redrive=bool(can_manage_accounts(actor())),
    )  # fmt: skip


@bp.post("/<int:delivery_id>/redrive")
def redrive(delivery_id: int) -> Any:
    """Begin anew with one that has given up."""
    authorize(can_manage_accounts(actor()))
    found(db.session.get(Delivery, delivery_id))
    with telling(_("It is being tried again.")) as session:
        redrive_delivery(session, delivery=session.get_one(Delivery, delivery_id), actor=actor(), now=now())
    return see_other("admin.deliveries.index")
