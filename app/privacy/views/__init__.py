"""Pages about personal data: one's own, and the console's."""

from __future__ import annotations

from flask import Blueprint

from . import erasures, inventory, my

root = Blueprint("privacy", __name__)
for module in (my, erasures, inventory):
    root.register_blueprint(module.bp)

blueprints = (root,)
