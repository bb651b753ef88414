"""Pages of judging, by audience: the judge's desk, the invitation, the organizer's panels and progress."""

from __future__ import annotations

from flask import Blueprint

from . import desk, invitation

bp = Blueprint("judging", __name__)
bp.register_blueprint(desk.bp)
bp.register_blueprint(invitation.bp)
blueprints = (bp,)
