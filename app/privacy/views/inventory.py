"""The data inventory as a page of the console."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request

from app.accounts.gates import require_sign_in
from app.accounts.policies import can_open_console
from app.admin.views.frame import console_sections
from app.core.authz import authorize
from app.core.web import actor
from app.privacy import words
from app.privacy.inventory import SECTIONS

bp = Blueprint("inventory", __name__, url_prefix="/admin/inventory")
bp.before_request(require_sign_in)


@bp.get("/")
def index() -> Any:
    """Every table, or only those with personal data."""
    authorize(can_open_console(actor()))
    personal = "personal" in request.args
    sections = [(section.title, [row for row in section.holdings if row.is_personal or not personal]) for section in SECTIONS]
    return render_template(
        "privacy/inventory.html", subnav=console_sections(), sections=[(title, rows) for title, rows in sections if rows],
        personal=personal, words=words,
    )  # fmt: skip
