"""What every template may use: the actor, the language, navigation, and frame; and the health pages."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

from flask import Flask, current_app, g, has_request_context, jsonify, redirect, request
from flask_babel import get_locale
from sqlalchemy import func, select

from .audit.models import JournalEvent
from .core import clock, web
from .core.authz import public
from .core.db import db
from .core.display import install_display
from .core.markup import named
from .core.resting import rest
from .core.timeguard import guard
from .core.troubles import writing
from .core.web import actor, set_locale
from .locales import LOCALES
from .migrating import pending
from .navigation import edition_sections, sections
from .shell import shell

LEAST_ROOM = 4 * 1024 * 1024  # bytes: below it a page of the log may not fit any more
CLOCK_SLACK = timedelta(seconds=1)


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
    aside = edition_sections(edition.code, named(edition)) if edition is not None else []
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
    """The process can do its work: the database answers with the schema of this code, the disk takes writes, the clock can be believed."""
    try:
        last = db.session.scalar(select(func.max(JournalEvent.at)))
        waiting = pending()
        disk = os.statvfs(current_app.extensions["jiebang"].var)
    except Exception:  # noqa: BLE001 -- whatever fails, the answer is: not ready
        return jsonify(status="unavailable"), 503
    if waiting:
        return jsonify(status="migrations pending"), 503
    if writing.is_set or disk.f_flag & os.ST_RDONLY or disk.f_bavail * disk.f_frsize < LEAST_ROOM:
        return jsonify(status="cannot write"), 503
    if last is not None and last > clock.now() + CLOCK_SLACK:
        return jsonify(status="clock fault"), 503
    if rest.is_on:
        return jsonify(status="restored, not opened"), 503
    return (jsonify(status="clock not right"), 503) if guard.fault() is not None else jsonify(status="ready")
