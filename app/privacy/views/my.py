"""One's own data: what is held, taking it along, asking for its erasure."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, send_file
from flask_babel import gettext as _

from app.accounts.gates import require_recent_sign_in, require_sign_in
from app.accounts.models import User
from app.accounts.policies import can_use_site
from app.core.authz import authorize
from app.core.db import db
from app.core.limits import limiter
from app.core.uow import atomic
from app.core.web import actor, found, now, see_other, telling, typed_text
from app.privacy.exports import pack
from app.privacy.operations.copies import note_own_copy
from app.privacy.operations.requests import request_erasure, withdraw_erasure
from app.privacy.queries.footprint import footprint_of
from app.privacy.queries.obstacles import obstacles
from app.privacy.queries.own_copy import own_copy, own_files
from app.privacy.queries.requests import open_request, preview

bp = Blueprint("my", __name__, url_prefix="/my/data")
bp.before_request(require_sign_in)


@bp.get("/")
def index() -> Any:
    """What the site holds of this person, and what they may do about it."""
    authorize(can_use_site(actor()))
    user = db.session.get_one(User, actor().user_id)
    known = footprint_of(db.session, user, traces=False)
    return render_template(
        "privacy/my.html", lines=preview(known), request=open_request(db.session, user.id), user=user,
        obstacles=obstacles(db.session, user, known),
    )  # fmt: skip


@bp.post("/copy")
@limiter.limit("5 per hour")
def copy() -> Any:
    """The person's data as a ZIP, after a fresh proof of identity; that it was taken is written down."""
    authorize(can_use_site(actor()))
    if challenge := require_recent_sign_in():
        return challenge
    user = db.session.get_one(User, actor().user_id)
    archive, digest = pack(own_copy(db.session, user), own_files(db.session, user))
    with atomic() as session:
        note_own_copy(session, user=session.get_one(User, actor().user_id), digest=digest, actor=actor(), now=now())
    response = send_file(archive, mimetype="application/zip", as_attachment=True, download_name="my-data.zip", etag=False)
    response.call_on_close(archive.close)
    response.headers["Cache-Control"] = "no-store, private"
    return response


@bp.post("/erasure")
def ask() -> Any:
    """Ask for erasure, after a fresh proof of identity."""
    authorize(can_use_site(actor()))
    if challenge := require_recent_sign_in():
        return challenge
    with telling(_("Your request has been received. Two administrators look at it; until then you can take it back.")) as session:
        user = session.get_one(User, actor().user_id)
        request_erasure(session, user=user, reason=typed_text("reason"), actor=actor(), now=now())
    return see_other("privacy.my.index")


@bp.post("/erasure/withdraw")
def withdraw() -> Any:
    """Take the request back."""
    authorize(can_use_site(actor()))
    with telling(_("Your request has been taken back; nothing was erased.")) as session:
        row = found(open_request(session, actor().user_id or 0))
        withdraw_erasure(session, request=row, actor=actor(), now=now())
    return see_other("privacy.my.index")
