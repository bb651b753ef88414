"""The outbox of the whole site: read, release, drop, try again. Secrets of links are never shown."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from flask_babel import gettext as _

from app.accounts.gates import require_sign_in
from app.accounts.policies import can_manage_accounts
from app.admin.operations.messages import check_may_change
from app.core.authz import authorize
from app.core.db import db
from app.core.errors import DomainError
from app.core.web import actor, address_with, asked_text, found, now, page_number, see_other, telling, typed_text
from app.notify import queries
from app.notify.enums import MessageState
from app.notify.models import Message
from app.notify.operations import queueing
from app.settings.queries import setting

from .frame import console_sections

bp = Blueprint("outbox", __name__, url_prefix="/admin/outbox")
bp.before_request(require_sign_in)


@bp.get("/")
def index() -> Any:
    """All messages, narrowed by state and words."""
    authorize(can_manage_accounts(actor()))
    return render_template(
        "admin/outbox.html", subnav=console_sections(), edition=None, is_paused=setting(db.session, "mail_paused"), **message_list()
    )


@bp.get("/<int:message_id>")
def show(message_id: int) -> Any:
    """One message as its receiver gets it, without the secrets of its links."""
    authorize(can_manage_accounts(actor()))
    message = found(db.session.get(Message, message_id))
    return render_template(
        "admin/message.html", subnav=console_sections(), edition=None, message=message, edits=queries.edits_of(db.session, message)
    )


@bp.post("/<int:message_id>/<action>")
def act(message_id: int, action: str) -> Any:
    """Release, drop or retry one message."""
    authorize(can_manage_accounts(actor()))
    run_message_action(found(db.session.get(Message, message_id)), action)
    return see_other("admin.outbox.show", message_id=message_id)


def message_list(edition_id: int | None = None) -> dict[str, Any]:
    """The list's rows and what its filters show."""
    state, search = asked_text("state"), asked_text("q")
    wanted = MessageState(state) if state in set(MessageState) else None
    filters = queries.Filters(state=wanted, search=search, edition_id=edition_id, batch=asked_text("batch", 80))
    rows, total = queries.outbox(db.session, filters, page_number())
    counts = queries.state_counts(db.session, edition_id)
    return {
        "messages": rows, "total": total, "page": page_number(), "pages": -(-total // queries.PAGE) or 1, "search": search, "state": state,
        "page_url": lambda number: address_with(page=number), "batches": queries.held_batches(db.session, edition_id),
        "chips": [
            {"label": key.label, "count": counts.get(key, 0), "active": key == wanted,
             "url": address_with(state="" if key == wanted else key.value, page=1)}
            for key in MessageState
        ],
    }  # fmt: skip


def run_message_action(message: Message, action: str) -> None:
    """Do what the button says; an unknown word does nothing and says so.

    A frozen edition stops releasing and dropping. A failed mail was let go before the freeze: it may be tried again.
    """
    reason = typed_text("reason")
    with telling(_("Done.")) as session:
        message = session.get_one(Message, message.id)
        if action != "retry":
            check_may_change(session, edition_id=message.edition_id)
        if action == "release":
            queueing.release_message(session, message=message, actor=actor(), now=now())
        elif action == "drop":
            queueing.drop_message(session, message=message, reason=reason, actor=actor(), now=now())
        elif action == "retry":
            queueing.retry_message(session, message=message, actor=actor(), now=now())
        else:
            raise UnknownAction


class UnknownAction(DomainError):
    """A button that this page does not have."""
