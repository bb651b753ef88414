"""Files of an entry, for its team: upload, replace, remove, open; limits are said before, the digest is shown after."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, jsonify, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.gates import require_sign_in
from app.audit.operations import note_reading
from app.core import clock
from app.core.authz import authorize
from app.core.db import db
from app.core.errors import DomainError, NotFound
from app.core.uow import atomic
from app.core.web import actor, see_other
from app.entries.forms.entering import PlainForm, UploadForm
from app.entries.models import Entry, EntryFile
from app.entries.operations import attaching
from app.entries.policies import can_edit_entry, can_view_entry
from app.entries.queries import files as file_queries
from app.files.errors import Damaged
from app.files.operations import Received, receive
from app.files.serving import send_blob

from .loading import Team, file_accept, file_hint, my_entry, my_place, page_locale, ticket_of, wants_json
from .team import frame

bp = Blueprint("files", __name__, url_prefix="/my/entries")
bp.before_request(require_sign_in)


@bp.route("/<code>/files/<key>", methods=["GET", "POST"])
def field(code: str, key: str) -> Any:
    """A file field with its files and their history; POST takes one file."""
    form = UploadForm()
    if request.method == "GET":
        entry, members = my_entry(db.session, code)
        authorize(can_view_entry(actor(), entry, members))
        return _page(entry, members, key, form)
    try:
        made = _take(code, key)
    except DomainError as error:
        if wants_json():
            return jsonify(message=str(error)), 422
        form.file.errors = [str(error)]
        entry, members = my_entry(db.session, code)
        return _page(entry, members, key, form), 422
    if wants_json():
        return jsonify(name=made.name, size=made.size, sha256=made.sha256)
    flash(_("Received: %(name)s. SHA-256 %(digest)s", name=made.name, digest=made.sha256), "success")
    return see_other(".field", code=code, key=key)


def _take(code: str, key: str) -> Received:
    """Receive outside the transaction, attach inside: what counts is the instant after the whole file was stored."""
    entry, place = my_place(db.session, code)
    authorize(can_edit_entry(actor(), entry, place))
    wanted = attaching.file_field(entry, key, clock.now())
    received = receive(request.files.get("file"), attaching.limits_of(wanted))
    told = request.form.get("sha256", "").lower()
    if told and told != received.sha256:
        raise Damaged
    replaces = request.form.get("replaces", "")
    with atomic() as session:
        entry, place = my_place(session, code, locked=True)
        authorize(can_edit_entry(actor(), entry, place))
        attaching.attach_file(
            session, entry=entry, key=key, upload=received, replaces=int(replaces) if replaces.isdecimal() and len(replaces) < 12 else None,
            actor=actor(), now=clock.now(), ticket_at=ticket_of(entry),
        )  # fmt: skip
    return received


def _page(entry: Entry, members: Team, key: str, form: UploadForm) -> str:
    wanted = entry.form_version.schema.field(key)
    if wanted is None or wanted.kind != "file":
        raise NotFound
    return render_template(
        "entries/team/files.html", **frame(entry, members), field=wanted, form=form, page_locale=page_locale(),
        file_hint=file_hint, file_accept=file_accept,
        files=file_queries.history(db.session, entry.id, key), back=url_for("entries.team.section", code=entry.code,
            section=wanted.section or "more"),
    )  # fmt: skip


@bp.post("/<code>/files/<int:file_id>/remove")
def remove(code: str, file_id: int) -> Any:
    """Take a file out of its field."""
    entry, members = my_entry(db.session, code)
    authorize(can_edit_entry(actor(), entry, members))
    PlainForm()
    with atomic() as session:
        row = attaching.remove_file(session, entry=entry, file_id=file_id, actor=actor(), now=clock.now())
        key = row.field_key
    flash(_("Removed. Versions that were handed in keep it."), "success")
    return see_other(".field", code=code, key=key)


@bp.get("/<code>/files/<int:file_id>/<mode>")
def download(code: str, file_id: int, mode: str) -> Response:
    """One file, present or replaced: ``view`` shows it in the page, ``save`` stores it."""
    if mode not in {"view", "save"}:
        raise NotFound
    entry, members = my_entry(db.session, code)
    authorize(can_view_entry(actor(), entry, members))
    row = db.session.get(EntryFile, file_id)
    if row is None or row.entry_id != entry.id:
        raise NotFound
    with atomic() as session:
        note_reading(session, subject="entry_file", subject_id=row.id, edition_id=entry.edition_id, actor=actor(), now=clock.now())
    return send_blob(row.blob, inline=mode == "view")
