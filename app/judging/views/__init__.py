"""Pages of judging, by audience: the judge's desk, the invitation, the organizer's panels and progress."""

from __future__ import annotations

from flask import Blueprint

from . import desk, invitation, manage

bp = Blueprint("judging", __name__)
bp.register_blueprint(desk.bp)
bp.register_blueprint(invitation.bp)
for part in manage.blueprints:
    bp.register_blueprint(part)
blueprints = (bp,)
