"""What the staff's pages share: the edition, its sections, the entry behind a code."""

from __future__ import annotations

from typing import Any

from flask import current_app, g, url_for

from app.calls.models import Edition
from app.calls.policies import can_manage_edition, can_watch_edition
from app.calls.queries.editions import edition_by_code
from app.core.db import db
from app.core.errors import NotFound
from app.core.web import actor, found
from app.entries import queries
from app.entries.models import Entry

from .loading import Team, page_locale


def staff_edition(code: str) -> Edition:
    """The edition for its staff and supervisors; 404 for everybody else."""
    edition = found(edition_by_code(db.session, code))
    if not can_watch_edition(actor(), edition):
        raise NotFound
    g.zone, g.edition = edition.zone, edition
    return edition


def staff_entry(code: str, entry_code: str) -> tuple[Edition, Entry, Team]:
    """A handed-in entry of the edition; drafts belong to their team alone."""
    edition = staff_edition(code)
    entry = found(queries.entry_by_code(db.session, entry_code))
    if entry.edition_id != edition.id or entry.submitted_at is None:
        raise NotFound
    return edition, entry, queries.members_of(db.session, entry.id)


def frame(edition: Edition) -> dict[str, Any]:
    """What every staff page shows around its content."""
    overview = "calls.manage.overview"
    home = url_for(overview if overview in current_app.view_functions else "entries.table.index", code=edition.code)
    may_manage = bool(can_manage_edition(actor(), edition))
    return {"edition": edition, "edition_url": home, "may_manage": may_manage, "page_locale": page_locale()}
