"""The console, the supervisor's seat, and an edition's outbox."""

from __future__ import annotations

from flask import Blueprint

from app.admin import editionwork, waiting  # noqa: F401 -- fill the first pages of a person and of an edition

from . import (
    alarms,
    calendar,
    console,
    deliveries,
    edition_outbox,
    journal,
    organizations,
    outbox,
    roles,
    settings,
    supervise,
    users,
    witnessing,
)

root = Blueprint("admin", __name__)
MODULES = (
    console, users, roles, organizations, settings, calendar, outbox, deliveries, alarms, journal, supervise, witnessing, edition_outbox,
)  # fmt: skip
for module in MODULES:
    root.register_blueprint(module.bp)

root.register_blueprint(witnessing.site)

blueprints = (root,)
