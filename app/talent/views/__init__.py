"""Pages of talent programmes: the office's, and a person's own file."""

from __future__ import annotations

from flask import Blueprint

from . import my, notices, office, people, programs, records  # noqa: F401 -- the modules add their views to the office's blueprint

bp = Blueprint("talent", __name__)
bp.register_blueprint(office.bp)
bp.register_blueprint(my.bp)
blueprints = (bp,)
