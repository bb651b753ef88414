"""Pages of entries by audience: the team, the formal check, the organizer's table."""

from __future__ import annotations

from flask import Blueprint

from . import eligibility, files, forms, handing_in, manage, members, table, team

entries = Blueprint("entries", __name__)
for child in (team.bp, files.bp, handing_in.bp, members.bp, members.join, eligibility.bp, table.bp, table.check_bp, forms.bp, manage.bp):
    entries.register_blueprint(child)

blueprints = (entries,)
