"""Checkpoints of the journal: which there are, to whom they went, and who gets them. For an edition's supervisors and the auditor."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, render_template, url_for
from flask_babel import gettext as _

from app.accounts.enums import Role
from app.accounts.gates import require_recent_sign_in, require_sign_in
from app.accounts.policies import can_read_journal
from app.admin.forms.witnesses import WitnessForm
from app.admin.models import Witness
from app.admin.operations.witnesses import add_witness, remove_witness
from app.admin.queries import witnessing
from app.audit.events import PLATFORM
from app.audit.jobs.chains import DAILY
from app.audit.labels import event_label
from app.audit.models import Checkpoint
from app.calls.models import Edition
from app.core.authz import authorize
from app.core.db import db
from app.core.uow import atomic
from app.core.web import actor, found, now, see_other, telling, typed_text

from .frame import console_sections
from .watching import edition_tabs, watched_edition

bp = Blueprint("witnessing", __name__, url_prefix="/supervise/<code>/checkpoints")
site = Blueprint("site_witnessing", __name__, url_prefix="/admin/checkpoints")
for _each in (bp, site):
    _each.before_request(require_sign_in)


@bp.get("/")
def index(code: str) -> Any:
    """The edition's checkpoints with their copies, and its witnesses."""
    return _page(watched_edition(code), WitnessForm())


@bp.get("/<int:checkpoint_id>.txt")
def note(code: str, checkpoint_id: int) -> Any:
    """The signed note as a file, to be kept outside this system."""
    return _note(watched_edition(code), checkpoint_id)


@bp.post("/witnesses")
def add(code: str) -> Any:
    """Name one more witness of the edition."""
    return _add(watched_edition(code))


@bp.post("/witnesses/<int:witness_id>/remove")
def remove(code: str, witness_id: int) -> Any:
    """Send no more of the edition's checkpoints there."""
    return _remove(watched_edition(code), witness_id)


@site.get("/")
def site_index() -> Any:
    """The checkpoints of the platform's chain, and the witnesses of every chain."""
    authorize(can_read_journal(actor()))
    return _page(None, WitnessForm())


@site.get("/<int:checkpoint_id>.txt")
def site_note(checkpoint_id: int) -> Any:
    """A note about the platform's chain as a file."""
    authorize(can_read_journal(actor()))
    return _note(None, checkpoint_id)


@site.post("/witnesses")
def site_add() -> Any:
    """Name a witness of every chain."""
    authorize(can_read_journal(actor()))
    return _add(None)


@site.post("/witnesses/<int:witness_id>/remove")
def site_remove(witness_id: int) -> Any:
    """Send nothing more there."""
    authorize(can_read_journal(actor()))
    return _remove(None, witness_id)


def _note(watched: Edition | None, checkpoint_id: int) -> Response:
    made = found(db.session.get(Checkpoint, checkpoint_id))
    found(made if made.chain == _chain(watched) else None)
    name = f"checkpoint-{watched.code if watched else PLATFORM}-{made.size}.txt"
    return Response(made.note, mimetype="text/plain", headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _add(watched: Edition | None) -> Any:
    if challenge := require_recent_sign_in():
        return challenge
    form = WitnessForm()
    if form.validate():
        with form.showing_errors(), atomic() as session:
            add_witness(session, edition_id=watched.id if watched else None, **form.values(), actor=actor(), now=now())
            flash(_("This address gets every checkpoint from now on."), "success")
            return _home(watched)
    return _page(watched, form), 422


def _remove(watched: Edition | None, witness_id: int) -> Any:
    if challenge := require_recent_sign_in():
        return challenge
    witness = found(db.session.get(Witness, witness_id))
    found(witness if witness.edition_id == (watched.id if watched else None) else None)
    with telling(_("This address gets no more checkpoints.")) as session:
        kept = session.get_one(Witness, witness_id)
        remove_witness(session, witness=kept, reason=typed_text("reason"), actor=actor(), now=now())
    return _home(watched)


def _home(watched: Edition | None) -> Response:
    if watched is None:
        return see_other("admin.site_witnessing.site_index")
    return see_other("admin.witnessing.index", code=watched.code)


def _urls(watched: Edition | None) -> dict[str, Any]:
    """Where the page's buttons lead, by what they do."""
    kind = "admin.witnessing." if watched else "admin.site_witnessing.site_"
    given: dict[str, Any] = {"code": watched.code} if watched else {}
    return {
        "add_url": url_for(kind + "add", **given),
        "note_url": lambda number: url_for(kind + "note", checkpoint_id=number, **given),
        "remove_url": lambda number: url_for(kind + "remove", witness_id=number, **given),
    }


def _chain(watched: Edition | None) -> str:
    return f"edition:{watched.id}" if watched else PLATFORM


def _page(watched: Edition | None, form: WitnessForm) -> str:
    session, number = db.session, watched.id if watched else None
    rows = [(made, _occasion(made), copies) for made, copies in witnessing.checkpoints(session, _chain(watched))]
    watchers = witnessing.supervisors_of(session, watched) if watched else witnessing.platform_watchers(session, Role.AUDITOR)
    frame = {"tabs": edition_tabs(watched)} if watched else {"subnav": console_sections()}
    return render_template(
        "admin/checkpoints.html", edition=watched, **_urls(watched), form=form, rows=rows, watchers=watchers,
        witnesses=witnessing.witnesses(session, number), site_witnesses=witnessing.witnesses(session, None) if watched else [], **frame,
    )  # fmt: skip


def _occasion(made: Checkpoint) -> object:
    return _("every day") if made.occasion == DAILY else event_label(made.occasion)
