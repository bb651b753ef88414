"""The console, the supervisor's seat, and an edition's outbox."""

from __future__ import annotations

from flask import Blueprint

from app.admin import waiting  # noqa: F401 -- fills the first page after signing in

from . import calendar, console, deliveries, edition_outbox, journal, organizations, outbox, roles, settings, supervise, users

root = Blueprint("admin", __name__)
for module in (console, users, roles, organizations, settings, calendar, outbox, deliveries, journal, supervise, edition_outbox):
    root.register_blueprint(module.bp)

blueprints = (root,)
