"""A person's ordered files: how far they are, and the file itself for its requester, while the rights last."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from app.accounts.gates import require_recent_sign_in, require_sign_in
from app.accounts.policies import can_use_site
from app.audit.operations import note_reading
from app.core.authz import authorize
from app.core.db import db
from app.core.errors import NotFound
from app.core.uow import atomic
from app.core.web import actor, found, now, page_or_block, see_other
from app.files.serving import send_blob

from . import queries
from .enums import DownloadState
from .kinds import KINDS
from .models import Download
from .operations import note_fetched, order_download

bp = Blueprint("downloads", __name__, url_prefix="/my/downloads")
bp.before_request(require_sign_in)
blueprints = (bp,)


def order(kind: str, params: dict[str, Any], title: str, edition_id: int | None = None) -> ResponseReturnValue:
    """Order the file and go to the page that says how far it is. For the views of the features that offer it."""
    if KINDS[kind].holds_scores and (challenge := require_recent_sign_in()):
        return challenge
    locale = str(get_locale() or "zh_CN")
    with atomic() as session:
        row = order_download(session, kind=kind, params=params, title=title, locale=locale, actor=actor(), now=now(), edition_id=edition_id)
        code = row.code
    return see_other("downloads.show", download_code=code)


@bp.get("/")
def index() -> str:
    """What was ordered in the last days."""
    authorize(can_use_site(actor()))
    return render_template("downloads/index.html", rows=queries.my_downloads(db.session, actor().user_id, now()))


@bp.get("/<download_code>")
def show(download_code: str) -> str:
    """How far one is; the page asks again by itself."""
    authorize(can_use_site(actor()))
    row = _mine(download_code)
    return page_or_block("downloads/show.html", "progress", row=row)


@bp.get("/<download_code>/file")
def file(download_code: str) -> Response | ResponseReturnValue:
    """The file: to its requester, before it expires, and only while the rights that it was ordered with still hold."""
    authorize(can_use_site(actor()))
    row = _mine(download_code)
    kind = KINDS.get(row.kind)
    if kind is None or row.state != DownloadState.READY or row.blob is None or row.expires_at is None or row.expires_at <= now():
        raise NotFound
    if not kind.may(db.session, actor(), row.params):
        raise NotFound
    if kind.holds_scores and (challenge := require_recent_sign_in()):
        return challenge
    with atomic() as session:
        note_fetched(session, download=row, actor=actor(), now=now())
        note_reading(session, subject="download", subject_id=row.id, edition_id=row.edition_id, actor=actor(), now=now(), kind=row.kind)
    return send_blob(row.blob)


def _mine(code: str) -> Download:
    return found(queries.my_download(db.session, actor().user_id, code))
