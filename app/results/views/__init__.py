"""Pages of results, by audience: the organizer's runs, certificates and notices; the team's own result."""

from __future__ import annotations

from flask import Blueprint

from . import analysis, certificates, manage, messages, notices, printing, team  # noqa: F401 -- printing adds its views to manage's

bp = Blueprint("results", __name__)
for child in (manage.bp, messages.bp, certificates.bp, notices.bp, team.bp, team.certificates):
    bp.register_blueprint(child)
blueprints = (bp,)
