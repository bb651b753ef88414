"""One's own talent file."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.accounts.gates import require_sign_in
from app.core.authz import ALLOW, authorize
from app.core.db import db
from app.core.web import actor
from app.talent import queries

bp = Blueprint("my", __name__, url_prefix="/my/talent")
bp.before_request(require_sign_in)


@bp.get("/")
def index() -> ResponseReturnValue:
    """Contests, awards and selection records, oldest first."""
    authorize(ALLOW)  # the query returns only the reader's own lines
    lines = queries.person_file(db.session, actor().user_id or 0)
    return render_template("talent/my/index.html", lines=lines)
