"""What others see of an entry now, for its staff: the judges' page by the judges' own query and template."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template, request, url_for

from app.accounts.gates import require_sign_in
from app.audit.operations import note_reading
from app.calls.enums import StageState
from app.calls.models import Edition, Stage
from app.calls.policies import can_manage_edition
from app.calls.rules import StageRules
from app.core import clock
from app.core.authz import authorize
from app.core.db import db
from app.core.uow import atomic
from app.core.web import actor, asked_number, found
from app.entries.enums import EntryState
from app.entries.models import Entry
from app.entries.queries import Material, judged_stages, material_of
from app.files.models import Blob
from app.files.serving import send_blob

from .loading import page_locale
from .staffing import frame, staff_entry

bp = Blueprint("seen", __name__, url_prefix="/manage/<code>/entries/<entry_code>/as-judges-see-it")
bp.before_request(require_sign_in)
ON_DESKS = (StageState.OPEN, StageState.SEALED, StageState.RELEASED)


def _asked(code: str, entry_code: str) -> tuple[Edition, Entry, list[tuple[Stage, StageRules]]]:
    """The entry of one's own contest and the judged stages that it takes part in."""
    edition, entry, _members = staff_entry(code, entry_code)
    authorize(can_manage_edition(actor(), edition))
    return edition, entry, judged_stages(db.session, entry.id)


def _chosen(stages: list[tuple[Stage, StageRules]]) -> tuple[Stage, StageRules] | None:
    """The stage that was asked for, else the last one."""
    wanted = asked_number("stage")
    return next((pair for pair in stages if pair[0].position == wanted), stages[-1] if stages else None)


def _material(entry: Entry, rules: StageRules) -> Material | None:
    return material_of(db.session, entry.id, entry.public_code or "", blind=rules.disclosure.blind, locale=page_locale())


@bp.get("/")
def judges(code: str, entry_code: str) -> str:
    """What stands on the judges' desks of a stage, with the same bytes but for the addresses."""
    edition, entry, stages = _asked(code, entry_code)
    chosen = _chosen(stages)
    stage, rules = chosen or (None, None)
    material = _material(entry, rules) if rules is not None else None
    on_desks = stage is not None and stage.state in ON_DESKS
    place: dict[str, Any] = {"code": code, "entry_code": entry_code, "stage": stage.position if stage else None}
    return render_template(
        "entries/manage/seen.html", **frame(edition), entry=entry, stages=[known for known, _rules in stages], stage=stage, rules=rules,
        material=material, file=material.chosen(request.args.get("file", "")) if material else None, public_code=entry.public_code,
        is_seen=on_desks and entry.state == EntryState.ACCEPTED and edition.access_ended_at is None,
        page_of=lambda number: url_for(".judges", **place, file=number),
        bytes_of=lambda number, **how: url_for(".file", **place, number=number, **how),
    )  # fmt: skip


@bp.get("/files/<int:number>")
def file(code: str, entry_code: str, number: int) -> Response:
    """A file as the judges get it. Who opened it is noted."""
    edition, entry, stages = _asked(code, entry_code)
    _stage, rules = found(_chosen(stages))
    wanted = found(found(_material(entry, rules)).file(number))
    blob = db.session.get_one(Blob, wanted.blob_id)
    with atomic() as session:
        note_reading(
            session, subject="entry_file", subject_id=blob.id, edition_id=edition.id, actor=actor(), now=clock.now(), entry_id=entry.id
        )
    return send_blob(blob, name=wanted.name, inline="download" not in request.args)
