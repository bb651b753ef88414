"""Pages of messages: one's own inbox. The outbox belongs to the console and to the edition's staff (admin)."""

from __future__ import annotations

from flask import Blueprint

from . import my

root = Blueprint("notify", __name__)
root.register_blueprint(my.bp)

blueprints = (root,)
