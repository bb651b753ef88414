"""The public portal."""

from __future__ import annotations

from flask import Blueprint

from . import contests, notices, portal, verify

blueprint = Blueprint("site", __name__)
public = Blueprint("public", __name__)
for module in (portal, contests, notices, verify):
    module.routes(public)
blueprint.register_blueprint(public)
blueprints = (blueprint,)
