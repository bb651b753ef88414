"""Headers, sign-in loading, rate limits: what every answer carries."""

from __future__ import annotations

from flask import Flask, Response, g
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from config import Config

from .core.codes import token
from .core.limits import limiter

CSP = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-src 'self'; frame-ancestors 'none'"
)


def init(app: Flask, config: Config) -> None:
    app.config["RATELIMIT_STORAGE_URI"] = config.redis_url or "memory://"
    if config.redis_url:  # a lost Redis costs each process its own count for a while, never a request
        app.config["RATELIMIT_STORAGE_OPTIONS"] = {"socket_timeout": 5, "socket_connect_timeout": 5}
        app.config["RATELIMIT_IN_MEMORY_FALLBACK_ENABLED"] = True
    app.config["RATELIMIT_ENABLED"] = config.env != "test"
    limiter.init_app(app)

    def name_request() -> None:
        g.request_id = token()[:12]

    app.before_request_funcs.setdefault(None, []).insert(0, name_request)  # before whatever may refuse, so that each refusal has a name

    @app.after_request
    def headers(response: Response) -> Response:
        put = response.headers.setdefault
        put("Content-Security-Policy", CSP)
        put("X-Content-Type-Options", "nosniff")
        put("Referrer-Policy", "same-origin")
        put("Cross-Origin-Opener-Policy", "same-origin")
        put("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        put("X-Request-Id", g.get("request_id", "-"))
        if config.is_secure:
            put("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        response.vary.add("Cookie")  # also where none was sent: with one the page may be another
        if _signed_in() and "no-store" not in response.headers.get("Cache-Control", ""):
            response.headers["Cache-Control"] = "no-store"
        return response


def _signed_in() -> bool:
    return "_login_user" in g and bool(current_user and current_user.is_authenticated)


TOO_MANY = _l("Too many requests. Please wait a moment and try again.")
