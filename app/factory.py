"""``create_app``: configuration, database, features, security headers, error pages."""

from __future__ import annotations

import importlib
import importlib.util
from contextlib import nullcontext
from typing import Any

from flask import Flask, has_app_context, request
from flask_babel import Babel
from flask_login import LoginManager
from flask_wtf import CSRFProtect
from sqlalchemy.exc import DatabaseError
from werkzeug.middleware.proxy_fix import ProxyFix

from config import ROOT, Config, load_config

from . import errorpages, locales, pages, security, statics, styleguide, tables, turns
from .accounts import loading
from .audit.operations.timekeeping import trust_of
from .backup.queries import resting_since
from .cli import groups
from .core import authz, crypto, durability, jobs, logs
from .core.db import db
from .core.resting import rest
from .core.timeguard import guard
from .core.web import CONVERTERS

#: The features from the bottom of the stack to its top. Order is import direction, see docs/ARCHITECTURE.md.
FEATURES = (
    "settings", "audit", "accounts", "files", "notify", "downloads", "documents", "notices", "dynforms",
    "calls", "entries", "judging", "results", "talent", "admin", "backup", "privacy", "site",
)  # fmt: skip
MAX_BODY = 220 * 1024 * 1024
MAX_WORDS = 4 * 1024 * 1024

login_manager = LoginManager()
csrf = CSRFProtect()
babel = Babel()


def create_app(config: Config | None = None, **overrides: Any) -> Flask:
    """The WSGI application. ``overrides`` change Flask's own settings (tests)."""
    config = config or load_config()
    tables.ready()
    app = Flask(
        "app",
        root_path=str(ROOT / "app"),
        template_folder=str(ROOT / "templates"),
        static_folder=None,
    )
    app.url_map.converters.update(CONVERTERS)
    app.config.from_mapping(_flask_settings(config))
    app.config.update(overrides)
    app.extensions["jiebang"] = config
    if config.env != "test":
        logs.init()
    crypto.keys.open(secret_key=config.secret_key, fallbacks=config.secret_key_fallbacks, field_key=config.field_key)
    app.extensions["cipher"] = crypto.keys.cipher
    app.extensions["signer"] = crypto.Signer(config.var / "secrets" / "signing.pem")
    _open_database(app, config)
    locales.init(app, babel)
    _bound_words(app)
    turns.init(app)
    csrf.init_app(app)
    login_manager.init_app(app)
    loading.init(login_manager)
    security.init(app, config)
    statics.init(app, config)
    pages.init(app)
    errorpages.init(app)
    if config.env == "development":
        styleguide.init(app)
    _load_features(app)
    _fail_closed(app)
    _guard_the_clock(app, config)
    _rest_when_restored(app, config)
    jobs.within(lambda: nullcontext() if has_app_context() else app.app_context())
    if config.proxy_hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=config.proxy_hops, x_proto=config.proxy_hops, x_host=0)  # type: ignore[method-assign]
    return app


def _flask_settings(config: Config) -> dict[str, Any]:
    return {
        "SECRET_KEY": config.secret_key,
        "SECRET_KEY_FALLBACKS": list(config.secret_key_fallbacks),
        "TESTING": config.env == "test",
        "MAX_CONTENT_LENGTH": MAX_BODY,
        "MAX_FORM_MEMORY_SIZE": MAX_WORDS,
        "MAX_FORM_PARTS": 3000,
        "TRUSTED_HOSTS": list(config.trusted_hosts),
        "SESSION_COOKIE_NAME": "__Host-session" if config.is_secure else "session",
        "SESSION_COOKIE_SECURE": config.is_secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_PATH": "/",
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": config.is_secure,
        "PREFERRED_URL_SCHEME": "https" if config.is_secure else "http",
        "TEMPLATES_AUTO_RELOAD": config.env == "development",
    }


def _bound_words(app: Flask) -> None:
    """Whatever is not sent in parts is read into memory whole, several times its size: no more of it than of words beside a file."""

    @app.before_request
    def bound() -> None:
        if request.mimetype != "multipart/form-data":
            request.max_content_length = MAX_WORDS


def _open_database(app: Flask, config: Config) -> None:
    if db.engine is None:
        config.var.mkdir(parents=True, exist_ok=True)
        db.open(config.database_url, statement_seconds=config.statement_seconds)
    if config.is_production and db.engine is not None:
        durability.refuse_unsafe(db.engine)

    @app.teardown_appcontext
    def release(error: BaseException | None) -> None:
        if not app.config.get("KEEP_SESSION"):
            db.release()


def _load_features(app: Flask) -> None:
    """Each feature may bring views (``blueprints``), subscribers, jobs, exports (long files that it offers) and commands (``groups``)."""
    for feature in FEATURES:
        for part in ("subscribers", "jobs", "exports"):
            _optional(f"app.{feature}.{part}")
        views = _optional(f"app.{feature}.views")
        for blueprint in getattr(views, "blueprints", ()):
            app.register_blueprint(blueprint)
        commands = _optional(f"app.{feature}.cli")
        for group in getattr(commands, "groups", ()):
            app.cli.add_command(group)
    for group in groups:
        app.cli.add_command(group)


def _optional(name: str) -> Any:
    return importlib.import_module(name) if importlib.util.find_spec(name) else None


def _guard_the_clock(app: Flask, config: Config) -> None:
    """Begin to watch the clock, against what the database knows of it; at the latest with the first request that finds its tables."""

    def begin() -> None:
        if guard.is_on:
            return
        try:
            guard.begin(trust_of(db.session))
        except DatabaseError:
            db.session.rollback()

    if config.env == "test":
        return
    app.before_request(begin)
    with app.app_context():
        begin()


def _rest_when_restored(app: Flask, config: Config) -> None:
    """Refuse every change before it is looked at while this is a restored copy that nobody has opened."""
    if config.env != "test":
        rest.begin(resting_since)

    @app.before_request
    def refuse_changes() -> None:
        if request.method not in {"GET", "HEAD", "OPTIONS"} and request.endpoint != "language":
            rest.require()


def _fail_closed(app: Flask) -> None:
    """A page whose view never asked for a verdict, and is not marked public, is withheld."""

    @app.before_request
    def note_public_views() -> None:
        view = app.view_functions.get(request.endpoint or "")
        if getattr(view, "is_public", False) or request.endpoint in {"static", None}:
            authz.note_public()

    @app.after_request
    def withhold(response: Any) -> Any:
        if response.status_code < 400 and not authz.decided():
            raise RuntimeError("a view answered without authorize() and without @public")
        return response
