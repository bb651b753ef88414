"""Language and time zone of a request: Chinese first, English complete; one catalogue a feature."""

from __future__ import annotations

from flask import Flask, g, has_request_context, request, session
from flask_babel import Babel

from config import ROOT

from .core.clock import DEFAULT_ZONE

LOCALES = {"zh_CN": "中文", "en": "English"}
DEFAULT = "zh_CN"


def init(app: Flask, babel: Babel) -> None:
    directories = sorted(str(path) for path in (ROOT / "app").glob("**/translations") if path.is_dir())
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = ";".join(directories)
    app.config["BABEL_DEFAULT_LOCALE"] = DEFAULT
    app.config["BABEL_DEFAULT_TIMEZONE"] = DEFAULT_ZONE
    babel.init_app(app, locale_selector=select_locale, timezone_selector=select_zone)


def select_locale() -> str:
    """What the person chose, else what their browser asks for, else Chinese."""
    if not has_request_context():
        return g.get("locale", DEFAULT)
    if "locale" in g:
        return str(g.locale)
    chosen = session.get("locale")
    if chosen in LOCALES:
        return str(chosen)
    return "en" if request.accept_languages.best_match(["zh", "zh-CN", "en"]) == "en" else DEFAULT


def select_zone() -> str:
    """The zone of the edition on the page, set by the view; otherwise the site's."""
    return str(g.get("zone", DEFAULT_ZONE))
