"""Pages of entries by audience: the team, the formal check, the organizer's table."""

from __future__ import annotations

from flask import Blueprint

from . import blinding, eligibility, files, forms, handing_in, judges_files, manage, members, seen, table, team

entries = Blueprint("entries", __name__)
CHILDREN = (
    team.bp, files.bp, judges_files.bp, handing_in.bp, members.bp, members.join, eligibility.bp, table.bp, table.check_bp, forms.bp,
    blinding.bp, blinding.held, seen.bp, manage.bp,
)  # fmt: skip
for child in CHILDREN:
    entries.register_blueprint(child)

blueprints = (entries,)
