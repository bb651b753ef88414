"""What the pages of a supervisor share: the gate to an edition, and its tabs."""

from __future__ import annotations

from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _

from app.audit.operations import note_reading
from app.calls.models import Edition
from app.calls.policies import can_supervise_edition
from app.calls.queries import edition_by_code
from app.core.authz import authorize
from app.core.db import db
from app.core.errors import NotFound
from app.core.uow import atomic
from app.core.web import actor, found, now


def watched_edition(code: str) -> Edition:
    """The edition, or 404 for those who do not watch over it. That the supervisor looked is itself noted."""
    watched = found(edition_by_code(db.session, code))
    verdict = can_supervise_edition(actor(), watched)
    if not verdict:
        raise NotFound
    authorize(verdict)
    g.zone = watched.zone
    with atomic() as session:
        note_reading(session, subject="edition", subject_id=watched.id, edition_id=watched.id, actor=actor(), now=now())
    return watched


def edition_tabs(watched: Edition) -> list[dict[str, Any]]:
    """The supervisor's pages of one edition."""
    pages = (
        (_("Overview"), "supervise.edition"), (_("Journal"), "supervise.journal"),
        (_("Changes and re-openings"), "supervise.changes"), (_("Draws"), "supervise.draws"),
        (_("Who opened what"), "supervise.readings"), (_("Chain"), "supervise.chain"), (_("Checkpoints"), "witnessing.index"),
    )  # fmt: skip
    return [
        {"label": label, "url": url_for(f"admin.{name}", code=watched.code), "active": request.endpoint == f"admin.{name}"}
        for label, name in pages
    ]
