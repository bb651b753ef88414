"""The application's one store, made at its first use."""

from __future__ import annotations

from flask import Flask, current_app

from .storage import Storage, make_storage


def storage_of(app: Flask) -> Storage:
    """The store of this application."""
    if "storage" not in app.extensions:
        app.extensions["storage"] = make_storage(app.extensions["jiebang"])
    return app.extensions["storage"]


def storage() -> Storage:
    """The store of the current application."""
    return storage_of(current_app)
