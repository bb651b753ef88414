"""The talent office: overview, and what its pages share."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from app.accounts.gates import require_sign_in
from app.core.authz import authorize
from app.core.db import db
from app.core.web import actor
from app.talent import queries
from app.talent.enums import RecordState
from app.talent.policies import can_open_office

bp = Blueprint("office", __name__, url_prefix="/talent")
bp.before_request(require_sign_in)


@bp.get("/")
def index() -> ResponseReturnValue:
    """Programmes, and records by state: what waits comes first."""
    authorize(can_open_office(actor()))
    counts = queries.record_counts(db.session, actor())
    programs = queries.programs_of(db.session, actor())
    tiles = [
        {"label": state.label, "value": counts.get(state.value, 0), "url": url_for(".records", state=state.value)} for state in RecordState
    ]
    return render_template("talent/office/index.html", programs=programs, tiles=tiles, **frame())


def locale_name() -> str:
    return str(get_locale() or "zh_CN")


def frame() -> dict[str, Any]:
    """The sections of the office."""
    links = [
        (_("Overview"), "talent.office.index", "stars"),
        (_("Selection records"), "talent.office.records", "list-check"),
        (_("Notices of selection"), "talent.office.notices", "megaphone"),
        (_("Talent files"), "talent.office.people", "person-vcard"),
    ]
    items = [{"label": label, "url": url_for(endpoint), "icon": icon, "current": False} for label, endpoint, icon in links]
    for item in sorted(items, key=lambda i: -len(str(i["url"]))):
        if request.path.startswith(str(item["url"])):
            item["current"] = True
            break
    return {"subnav": [{"title": _("Talent programmes"), "links": items}]}
