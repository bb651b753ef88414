"""What blind judges see, for the staff: the copy itself, what was found in its files, and what becomes of those."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, render_template
from flask_babel import gettext as _

from app.accounts.gates import require_sign_in
from app.calls.models import Edition
from app.calls.policies import can_manage_edition
from app.core import clock
from app.core.authz import authorize
from app.core.db import db
from app.core.uow import atomic
from app.core.web import actor, found, see_other
from app.entries.enums import BlindChoice
from app.entries.forms.blinding import BlindFileForm
from app.entries.models import BlindCopy, Entry
from app.entries.operations.deciding import decide_blind_file
from app.entries.queries import blinding as queries
from app.files.serving import send_blob

from .loading import page_locale
from .staffing import frame, staff_edition, staff_entry

bp = Blueprint("blinding", __name__, url_prefix="/manage/<code>/entries")
held = Blueprint("held", __name__, url_prefix="/manage/<code>/judges-files")


@bp.before_request
@held.before_request
def gate() -> Any:
    return require_sign_in()


@held.get("/")
def index(code: str) -> str:
    """Entries with a file that judges do not get before the staff has decided."""
    edition = staff_edition(code)
    authorize(can_manage_edition(actor(), edition))
    return render_template("entries/manage/judges_files.html", **frame(edition), rows=queries.undecided_entries(db.session, edition.id))


def _judged_blind(code: str, entry_code: str) -> tuple[Edition, Entry]:
    """The entry of one's own contest; 404 where no stage is blind: nothing is made for judges there, they read the entry itself."""
    edition, entry, _members = staff_entry(code, entry_code)
    authorize(can_manage_edition(actor(), edition))
    found(queries.is_blind_edition(db.session, edition.id) or None)
    return edition, entry


@bp.get("/<entry_code>/judges-copy")
def judges_copy(code: str, entry_code: str) -> str:
    """What was left out and replaced for blind judges, and what becomes of each file; the page itself is at ``entries.seen``."""
    return _page(code, entry_code)


def _page(code: str, entry_code: str, refused: int | None = None, form: BlindFileForm | None = None) -> str:
    edition, entry = _judged_blind(code, entry_code)
    copy = found(queries.blind_copy(db.session, entry.id))
    labels = {f.key: f.label.say(page_locale()) for f in entry.form_version.schema.fields}
    empty = BlindFileForm(formdata=None)
    return render_template(
        "entries/manage/judges_copy.html", **frame(edition), entry=entry, copy=copy, labels=labels,
        files=queries.judges_files(copy), form_of=lambda number: form if number == refused and form else empty,
        choices=list(BlindChoice), originals=_originals(entry, copy),
    )  # fmt: skip


def _originals(entry: Entry, copy: BlindCopy) -> dict[int, int]:
    """Where each file for the judges stands among those that were handed in."""
    sent = [file["blob_id"] for file in entry.current_version.content["files"]] if entry.current_version else []
    places = enumerate(copy.content["files"])
    return {number: sent.index(file["source_blob_id"]) for number, file in places if file["source_blob_id"] in sent}


@bp.get("/<entry_code>/judges-copy/files/<int:number>")
def judges_copy_file(code: str, entry_code: str, number: int) -> Response:
    """A cleaned file, also one that is held back."""
    _edition, entry = _judged_blind(code, entry_code)
    blob, name = found(queries.cleaned_file(db.session, found(queries.blind_copy(db.session, entry.id)), number))
    return send_blob(blob, name=name, inline=True)


@bp.post("/<entry_code>/judges-copy/files/<int:number>/decide")
def decide(code: str, entry_code: str, number: int) -> Any:
    """Release, ask for a new file, or withhold, with a reason."""
    _edition, entry = _judged_blind(code, entry_code)
    copy = found(queries.blind_copy(db.session, entry.id))
    form = BlindFileForm()
    if form.validate_on_submit():
        with form.showing_errors():
            with atomic() as session:
                choice, reason = BlindChoice(form.choice.data), form.reason.data or ""
                decide_blind_file(session, copy=copy, number=number, choice=choice, reason=reason, actor=actor(), now=clock.now())
            flash(_("The file: %(decision)s.", decision=choice.label), "success")
            return see_other(".judges_copy", code=code, entry_code=entry_code)
    return _page(code, entry_code, number, form), 422
