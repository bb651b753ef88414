"""One handler for each kind of error: a calm page, what happened, what to do; never a stack."""

from __future__ import annotations

import logging
from typing import Any

from flask import Flask, g, make_response, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError

from .core import authz
from .core.authz import VISITOR
from .core.db import db
from .core.errors import DomainError, Forbidden, NotFound
from .core.troubles import DatabaseGone, Unavailable, trouble_of

log = logging.getLogger(__name__)


def init(app: Flask) -> None:
    app.register_error_handler(Forbidden, lambda e: page(403, reason=str(e.reason)))
    app.register_error_handler(NotFound, not_found)
    app.register_error_handler(DomainError, lambda e: page(409, reason=str(e)))
    app.register_error_handler(Unavailable, unavailable)
    app.register_error_handler(
        CSRFError,
        lambda e: page(
            400,
            reason=_("This page had expired. Please go back, reload it and send the form again; your input is still there."),
        ),
    )
    app.register_error_handler(SecurityError, wrong_host)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(Exception, unexpected)
    app.log_exception = log_failure  # type: ignore[method-assign]


def not_found(error: NotFound) -> Any:
    """Not there, or not for this person: one page for both."""
    authz.note_absence()
    return page(404)


def wrong_host(error: SecurityError) -> Any:
    """The request names a host that is not ours: no page, because no address could be built for its links."""
    return make_response(_("This site does not answer under this name."), 400, {"Content-Type": "text/plain; charset=utf-8"})


def http_error(error: HTTPException) -> Any:
    if error.code is None or error.code < 400:
        return error
    body, status = page(error.code)
    response = make_response(body, status)
    if error.code == 405 and getattr(error, "valid_methods", None):
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))  # type: ignore[attr-defined]
    return response


def unavailable(error: Unavailable) -> Any:
    """Refused for a reason that passes: 503, when to try again, and the sentence that says whether anything was saved."""
    log.error("request %s %s %s refused: %s", g.get("request_id"), request.method, _address(), type(error).__name__)
    db.release()
    if isinstance(error, DatabaseGone) or "_login_user" not in g:
        g._login_user = VISITOR  # the page must not ask the database who is looking at it
    response = make_response(*page(error.status, reason=str(error), comfort=str(error.comfort)))
    response.headers["Retry-After"] = str(error.retry_after)
    return response


def unexpected(error: Exception) -> Any:
    trouble = trouble_of(error)
    if trouble is not None:
        return unavailable(trouble)
    log_failure(error)
    db.release()
    if request.environ.get("jiebang.raise"):
        raise error
    return page(500)


def _address() -> str:
    """The rule of the address: the address itself may hold a link's secret, or line breaks."""
    return request.url_rule.rule if request.url_rule is not None else "(no page)"


def log_failure(exc_info: Any) -> None:
    """An exception, or the triple that Flask hands over, whose own line would name the whole address."""
    log.error("request %s %s %s failed", g.get("request_id"), request.method, _address(), exc_info=exc_info)


def page(status: int, reason: str = "", comfort: str = "") -> tuple[str, int]:
    """The page for a status; unknown ones use the general page. It names no edition: after a failure that may be out of reach."""
    g.pop("edition", None)
    known = {400, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503}
    name = status if status in known else (400 if status < 500 else 500)
    return render_template(
        [f"errors/{name}.html", "errors/error.html"],
        status=status,
        reason=reason,
        comfort=comfort,
        request_id=g.get("request_id", "-"),
    ), status
