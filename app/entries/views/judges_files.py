"""A new file for blind judges, when the staff has asked the team for one."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, render_template, request
from flask_babel import gettext as _

from app.accounts.gates import require_sign_in
from app.core import clock
from app.core.authz import authorize
from app.core.db import db
from app.core.errors import DomainError, NotFound
from app.core.uow import atomic
from app.core.web import actor, found, see_other
from app.entries.forms.entering import UploadForm
from app.entries.models import BlindCopy, Entry
from app.entries.operations import attaching
from app.entries.operations.deciding import asked_files, limits_for_judges, replace_judges_file
from app.entries.policies import can_submit_entry
from app.entries.queries.blinding import blind_copy
from app.files.limits import Limits
from app.files.models import Blob
from app.files.operations import receive

from .loading import Team, my_entry

bp = Blueprint("judges_files", __name__, url_prefix="/my/entries")
bp.before_request(require_sign_in)


@bp.route("/<code>/judges-files/<int:number>", methods=["GET", "POST"])
def send(code: str, number: int) -> Any:
    """What the staff writes, and the place for the new file."""
    entry, members = my_entry(db.session, code)
    authorize(can_submit_entry(actor(), entry, members))
    copy, file = _asked(entry, number)
    limits = _limits(entry, file["field"])
    form = UploadForm()
    if form.validate_on_submit():
        try:
            received = receive(request.files.get("file"), limits)
            with atomic() as session:
                replace_judges_file(session, copy=copy, number=number, upload=received, actor=actor(), now=clock.now())
        except DomainError as error:
            form.file.errors = [str(error)]
            return _page(code, number, form), 422
        flash(_("Received: %(name)s. SHA-256 %(digest)s", name=received.name, digest=received.sha256), "success")
        return see_other("entries.team.overview", code=code)
    return _page(code, number, form)


def _asked(entry: Entry, number: int) -> tuple[BlindCopy, dict[str, Any]]:
    """The copy and the file in it; 404 where nobody asked."""
    copy = found(blind_copy(db.session, entry.id))
    file = dict(asked_files(copy)).get(number)
    if file is None:
        raise NotFound
    return copy, file


def _limits(entry: Entry, key: str) -> Limits:
    return limits_for_judges(attaching.limits_of(found(entry.form_version.schema.field(key))))


def _page(code: str, number: int, form: UploadForm) -> str:
    entry, _members = my_entry(db.session, code)
    _copy, file = _asked(entry, number)
    source = db.session.get_one(Blob, file["source_blob_id"])
    limits = _limits(entry, file["field"])
    return render_template(
        "entries/team/judges_file.html", entry=entry, form=form, source=source, reason=file["decision"]["reason"], limits=limits,
        accept=",".join(f".{kind}" for kind in limits.types),
    )  # fmt: skip


def asked_of(entry: Entry, members: Team) -> list[tuple[int, str]]:
    """Places and sent names of the files that this team is asked for."""
    if not can_submit_entry(actor(), entry, members):
        return []
    rows = asked_files(blind_copy(db.session, entry.id))
    return [(number, db.session.get_one(Blob, file["source_blob_id"]).name) for number, file in rows]
