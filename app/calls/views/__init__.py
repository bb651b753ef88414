"""The organizer's pages of an edition."""

from __future__ import annotations

from flask import Blueprint

from app.accounts.gates import require_sign_in

from .manage import about, approvals, creating, divisions, dossier, news, overview, staff, stages, timeline

blueprint = Blueprint("calls", __name__)
manage = Blueprint("manage", __name__, url_prefix="/manage")
manage.before_request(require_sign_in)
for module in (creating, overview, about, divisions, stages, timeline, dossier, news, staff, approvals):
    module.routes(manage)
blueprint.register_blueprint(manage)
blueprints = (blueprint,)
