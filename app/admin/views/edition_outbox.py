"""An edition's messages for its staff: read and mended before they go, released or dropped one by one or as a batch."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, render_template, request
from flask_babel import gettext as _

from app.accounts.gates import require_sign_in
from app.admin.forms.messages import MessageForm
from app.admin.operations.messages import check_may_change
from app.calls.models import Edition
from app.calls.policies import can_manage_edition, can_watch_edition
from app.calls.queries import edition_by_code
from app.core.authz import authorize
from app.core.db import db
from app.core.errors import NotFound
from app.core.uow import atomic
from app.core.web import actor, found, now, see_other, telling
from app.notify.models import Message
from app.notify.operations import edit_message, release_batch
from app.notify.queries import edits_of
from app.notify.rendering import parted

from .outbox import message_list, run_message_action

bp = Blueprint("edition_outbox", __name__, url_prefix="/manage/<code>/outbox")
bp.before_request(require_sign_in)


@bp.get("/")
def index(code: str) -> Any:
    """The edition's messages and the batches that wait."""
    edition = _edition(code)
    may_release = bool(can_manage_edition(actor(), edition))
    return render_template("admin/outbox.html", edition=edition, may_release=may_release, **message_list(edition.id))


@bp.get("/<int:message_id>")
def show(code: str, message_id: int) -> Any:
    """One message as its receiver gets it."""
    edition = _edition(code)
    message = _message(edition, message_id)
    return render_template(
        "admin/message.html", edition=edition, message=message, may_release=bool(can_manage_edition(actor(), edition)),
        edits=edits_of(db.session, message),
    )  # fmt: skip


@bp.route("/<int:message_id>/edit", methods=["GET", "POST"])
def edit(code: str, message_id: int) -> Any:
    """Other words for a message that waits."""
    edition = _edition(code)
    authorize(can_manage_edition(actor(), edition))
    message = _message(edition, message_id)
    letter, end = parted(message.body_text)
    form = MessageForm(data={"subject": message.subject, "letter": letter})
    if form.validate_on_submit():
        with form.showing_errors():
            with atomic() as session:
                check_may_change(session, edition_id=edition.id)
                edit_message(session, message=session.get_one(Message, message_id), **form.values(), actor=actor(), now=now())
            flash(_("The mail has new words. It still waits to be released."), "success")
            return see_other("admin.edition_outbox.show", code=code, message_id=message_id)
    status = 422 if request.method == "POST" else 200
    return render_template(
        "admin/message_form.html", edition=_edition(code), message=_message(edition, message_id), form=form, end=end
    ), status


@bp.post("/<int:message_id>/<action>")
def act(code: str, message_id: int, action: str) -> Any:
    """Release, drop or retry one message."""
    edition = _edition(code)
    authorize(can_manage_edition(actor(), edition))
    run_message_action(_message(edition, message_id), action)
    return see_other("admin.edition_outbox.show", code=code, message_id=message_id)


@bp.post("/release-batch")
def release(code: str) -> Any:
    """Let every message of a batch go."""
    edition = _edition(code)
    authorize(can_manage_edition(actor(), edition))
    batch = request.form.get("batch", "")
    if batch not in {name for name, _count, _subject in message_list(edition.id)["batches"]}:
        raise NotFound
    with telling(lambda: _("%(count)s messages are on their way.", count=count)) as session:
        check_may_change(session, edition_id=edition.id)
        count = release_batch(session, batch=batch, actor=actor(), now=now())
    return see_other("admin.edition_outbox.index", code=code)


def _edition(code: str) -> Edition:
    """The edition, or 404 for those who neither run nor watch it."""
    edition = found(edition_by_code(db.session, code))
    verdict = can_watch_edition(actor(), edition)
    if not verdict:
        raise NotFound
    authorize(verdict)
    g.zone, g.edition = edition.zone, edition
    return edition


def _message(edition: Edition, message_id: int) -> Message:
    message = found(db.session.get(Message, message_id))
    if message.edition_id != edition.id:
        raise NotFound
    return message
