"""The judge's desk."""

from __future__ import annotations

from flask import Blueprint

from app.accounts.gates import require_sign_in

bp = Blueprint("desk", __name__, url_prefix="/desk")
bp.before_request(require_sign_in)

from . import queue, sheet, signing  # noqa: E402, F401 -- the modules add their views to the blueprint
