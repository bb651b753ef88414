"""Finding what a page is about; what the reader may not know of is answered as not there."""

from __future__ import annotations

from flask import g

from app.calls.models import Edition, Stage
from app.calls.queries import edition_by_code
from app.core.authz import authorize
from app.core.db import db
from app.core.errors import NotFound
from app.core.web import actor, found
from app.judging import policies
from app.judging.models import Panel
from app.judging.queries import panels as queries


def watched_edition(code: str) -> Edition:
    """An edition for its staff and supervisors."""
    edition = found(edition_by_code(db.session, code))
    verdict = policies.can_watch_judging(actor(), edition)
    if not verdict:
        raise NotFound
    authorize(verdict)
    g.zone, g.edition = edition.zone, edition
    return edition


def run_edition(code: str) -> Edition:
    """An edition for those who run its panels."""
    edition = watched_edition(code)
    authorize(policies.can_run_panels(actor(), edition))
    return edition


def stage_of(edition: Edition, position: int) -> Stage:
    return found(queries.stage_at(db.session, edition, position))


def panel_of(edition: Edition, position: int, panel_id: int) -> tuple[Stage, Panel]:
    stage = stage_of(edition, position)
    return stage, found(queries.panel_in(db.session, stage, panel_id))


def may_run(edition: Edition) -> bool:
    """Whether the page shows buttons."""
    return bool(policies.can_run_panels(actor(), edition))
