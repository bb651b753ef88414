"""What the staff's pages share: the edition, its sections, the entry behind a code."""

from __future__ import annotations

from typing import Any

from flask import current_app, g, request, url_for
from flask_babel import gettext as _

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
    return {
        "edition": edition, "subnav": subnav(edition), "may_manage": bool(can_manage_edition(actor(), edition)), "page_locale": page_locale(),
        "edition_url": _address("calls.manage.overview", edition) or url_for("entries.table.index", code=edition.code),
    }  # fmt: skip


def subnav(edition: Edition) -> list[dict[str, Any]]:
    """The sections of the edition that exist in this installation."""
    wanted = [
        (_("Overview"), "calls.manage.overview", "house"), (_("Forms"), "entries.forms.index", "ui-checks"),
        (_("Formal check"), "entries.check.index", "clipboard-check"), (_("Entries"), "entries.table.index", "folder2-open"),
        (_("Panels"), "judging.panels.index", "people"), (_("Results"), "results.manage.index", "bar-chart-line"),
    ]  # fmt: skip
    links = [{"label": label, "url": url, "icon": icon} for label, endpoint, icon in wanted if (url := _address(endpoint, edition))]
    for link in links:
        link["current"] = request.path.startswith(str(link["url"]).rstrip("/")) and link["icon"] != "house"
    return [{"title": edition.title, "links": links}]


def _address(endpoint: str, edition: Edition) -> str:
    return url_for(endpoint, code=edition.code) if endpoint in current_app.view_functions else ""
