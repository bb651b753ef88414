"""All dates of an edition under each other, with warnings: overlap, weekend, holiday."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.calls.queries.timeline import edition_timeline
from app.core.db import db
from app.core.web import now

from .loading import watched_edition


def routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/<code>/timeline", "timeline", timeline)


def timeline(code: str) -> ResponseReturnValue:
    """Entry windows and stages, oldest first."""
    edition = watched_edition(code)
    items = edition_timeline(db.session, edition, now())
    return render_template("calls/manage/timeline.html", edition=edition, items=items)
