"""Loading what a page is about; what the actor may not know of is answered as not there."""

from __future__ import annotations

from typing import Any

from flask import current_app, g, url_for
from flask_babel import get_locale

from app.calls.models import Edition
from app.calls.policies import can_approve_edition, can_manage_edition, can_watch_edition
from app.calls.queries.editions import edition_by_code
from app.core.db import db
from app.core.errors import NotFound
from app.core.web import actor, found
from app.results import queries
from app.results.models import ResultRun


def edition_for_staff(code: str) -> Edition:
    """An edition of the actor's own; its zone becomes the page's."""
    edition = found(edition_by_code(db.session, code))
    if not can_watch_edition(actor(), edition):
        raise NotFound
    g.zone, g.edition = edition.zone, edition
    return edition


def run_for_staff(code: str, run_id: int) -> tuple[Edition, ResultRun]:
    edition = edition_for_staff(code)
    return edition, found(queries.run_in(db.session, edition, run_id))


def locale_name() -> str:
    return str(get_locale() or "zh_CN")


def frame(edition: Edition) -> dict[str, Any]:
    """What every page of an edition needs: the way back and what the reader may do."""
    return {
        "edition": edition,
        "edition_title": (edition.title_en if locale_name().startswith("en") else "") or edition.title,
        "edition_url": _address("calls.manage.overview", code=edition.code) or url_for("results.manage.index", code=edition.code),
        "may_manage": bool(can_manage_edition(actor(), edition)),
        "may_approve": bool(can_approve_edition(actor(), edition)),
    }


def _address(endpoint: str, **values: Any) -> str:
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else ""
