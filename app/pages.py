"""What every template may use: the actor, the language, navigation, and frame; and the health pages."""

from __future__ import annotations

from typing import Any

from flask import Flask, g, has_request_context, jsonify, redirect, request
from flask_babel import get_locale
from sqlalchemy import text

from .core import clock, web
from .core.authz import public
from .core.db import db
from .core.display import install_display
from .core.web import actor, set_locale
from .locales import LOCALES
from .migrating import pending
from .navigation import edition_sections, sections
from .shell import shell


def init(app: Flask) -> None:
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    install_display(app)
    app.context_processor(context)
    app.add_url_rule("/language/<locale>", "language", language, methods=["POST"])
    app.add_url_rule("/healthz", "healthz", healthz)
    app.add_url_rule("/readyz", "readyz", readyz)


def context() -> dict[str, Any]:
    """For every template; what frames a page only where there is a page, not in a mail or a PDF made by the worker."""
    around = {"locale": str(get_locale()), "locales": LOCALES, "now": web.now(), "zone": g.get("zone", clock.DEFAULT_ZONE)}
    if not has_request_context():
        return around
    who = actor()
    edition = g.get("edition")  # set by the views of an edition's pages
    aside = edition_sections(edition.code, edition.title) if edition is not None else []
    return {**around, "current_actor": who, "nav": sections(who), "shell": shell(who), "subnav": aside}


@public
def language(locale: str) -> Any:
    """Switch the language and stay on the page."""
    if locale in LOCALES:
        set_locale(locale)
    target = request.form.get("next", "/")
    return redirect(web.safe_target(target), code=303)


@public
def healthz() -> Any:
    """The process answers."""
    return jsonify(status="ok")


@public
def readyz() -> Any:
    """The process can do its work: the database answers and its schema is the one this code expects."""
    try:
        db.session.execute(text("select 1"))
        waiting = pending()
    except Exception:  # noqa: BLE001 -- whatever fails, the answer is: not ready
        return jsonify(status="unavailable"), 503
    return (jsonify(status="migrations pending"), 503) if waiting else jsonify(status="ready")
