"""What has been sent to a person, readable here as well as in the mailbox."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from app.accounts.gates import require_sign_in
from app.accounts.policies import can_use_site
from app.core.authz import authorize
from app.core.db import db
from app.core.uow import atomic
from app.core.web import actor, address_with, found, now, page_number, see_other
from app.notify import queries
from app.notify.operations.queueing import read_messages

bp = Blueprint("my", __name__, url_prefix="/my/messages")
bp.before_request(require_sign_in)


@bp.get("/")
def index() -> Any:
    """The inbox, the newest on top."""
    authorize(can_use_site(actor()))
    page = page_number()
    rows, total = queries.inbox(db.session, actor().user_id or 0, page)
    pages = -(-total // queries.PAGE) or 1
    return render_template(
        "notify/my/index.html", messages=rows, total=total, page=page, pages=pages, page_url=lambda number: address_with(page=number)
    )


@bp.get("/<int:message_id>")
def show(message_id: int) -> Any:
    """One message; somebody else's is not found."""
    authorize(can_use_site(actor()))
    message = found(queries.inbox_message(db.session, actor().user_id or 0, message_id))
    return render_template("notify/my/show.html", message=message)


@bp.post("/read")
def read_all() -> Any:
    """Mark everything as read."""
    authorize(can_use_site(actor()))
    with atomic() as session:
        read_messages(session, user_id=actor().user_id or 0, now=now())
    return see_other("notify.my.index")
