"""What views share: found-or-404, redirects after POST, whole page or one block for htmx, the current actor."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar

from flask import Response, flash, g, redirect, render_template, request, session, url_for
from flask_login import current_user
from jinja2_fragments.flask import render_block
from sqlalchemy.orm import Session
from werkzeug.routing import IntegerConverter, Map, PathConverter, UnicodeConverter, ValidationError

from . import clock
from .authz import VISITOR, Actor
from .errors import DomainError, NotFound
from .uow import atomic

T = TypeVar("T")


def actor() -> Actor:
    """The acting person of this request."""
    user = current_user._get_current_object() if current_user else None
    return user if isinstance(user, Actor) else VISITOR


def found(thing: T | None) -> T:
    """The thing, or a 404 that does not say whether it exists for others."""
    if thing is None:
        raise NotFound
    return thing


def now() -> datetime:
    """One moment for a page, and a later one for each transaction in it: ``atomic`` has the clock read again once it holds the lock."""
    if "now" not in g:
        g.now = clock.now()
    return g.now


def see_other(endpoint: str, **values: Any) -> Response:
    """303 to a page, as the answer to a successful POST; htmx is told by header so that it moves the whole page."""
    target = url_for(endpoint, **values)
    if request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true":
        return Response(status=204, headers={"HX-Redirect": target})
    return redirect(target, code=303)  # type: ignore[return-value]


@contextmanager
def telling(done: str | Callable[[], str] = "") -> Iterator[Session]:
    """One transaction behind a plain button: the next page tells why it was refused, or that it is done once it is durable."""
    try:
        with atomic() as session:
            yield session
    except DomainError as error:
        flash(str(error), "error")
    else:
        said = done if isinstance(done, str) else done()
        flash(said, "success") if said else None


def page_or_block(template: str, block: str, /, **context: object) -> str:
    """The page, or only the named block when htmx asks for a fragment."""
    if request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true":
        return render_block(template, block, **context)
    return render_template(template, **context)


def answer_form(template: str, block: str, form: object, /, **context: object) -> tuple[str, int]:
    """The page with a form: 422 when it was sent and refused, 200 when it is merely shown."""
    status = 422 if request.method == "POST" else 200
    return page_or_block(template, block, form=form, **context), status


LARGEST = 2**31 - 1


class BoundedInteger(IntegerConverter):
    """``<int:…>`` in addresses: a number that no table could hold is not found, instead of upsetting the database."""

    def __init__(self, map: Map, **limits: Any) -> None:  # noqa: A002 -- werkzeug's own name
        super().__init__(map, **{"max": LARGEST, **limits})


class _Plain:
    """A part of an address without control characters: PostgreSQL takes no NUL, and no code of ours has any."""

    def to_python(self, value: str) -> str:
        if not value.isprintable():
            raise ValidationError
        return str(super().to_python(value))  # type: ignore[misc]


class PlainText(_Plain, UnicodeConverter):
    """``<code>`` in addresses."""


class PlainPath(_Plain, PathConverter):
    """``<path:…>`` in addresses."""


CONVERTERS = {"int": BoundedInteger, "default": PlainText, "string": PlainText, "path": PlainPath}


def asked_number(name: str) -> int | None:
    """A number in the query string; None when it is missing, odd or larger than any."""
    number = request.args.get(name, type=int)
    return number if number is not None and 0 <= number <= LARGEST else None


def asked_text(name: str, limit: int = 100) -> str:
    """A word from the query string, without control characters (PostgreSQL stores no NUL) and not too long."""
    return "".join(character for character in request.args.get(name, "") if character.isprintable()).strip()[:limit]


def typed_text(name: str, limit: int = 500) -> str:
    """A text typed beside a button (a reason, a remark), without control characters and not longer than the journal keeps."""
    return "".join(c for c in request.form.get(name, "").replace("\r\n", "\n") if c.isprintable() or c == "\n").strip()[:limit]


def page_number() -> int:
    """The page of a list that was asked for; anything odd is the first."""
    return max(1, min(asked_number("page") or 1, 100_000))


def address_with(**changes: object) -> str:
    """The address of this list with some of its filters changed."""
    fixed = request.view_args or {}
    kept = {key: value for key, value in request.args.items() if value and key not in fixed and not _steers(key)}
    return url_for(request.endpoint or "", **{**fixed, **kept, **changes})


def _steers(key: str) -> bool:
    """Words that ``url_for`` would take for its own: ``_scheme``, ``_external``, ``endpoint`` and their like."""
    return key.startswith("_") or key in {"self", "endpoint", "values"}


def set_locale(locale: str) -> None:
    session["locale"] = locale


def safe_target(target: str, fallback: str = "/") -> str:
    """A path of this site, or the fallback: no scheme, host, backslash, control character or second leading slash."""
    if not target.startswith("/") or target.startswith("//") or "\\" in target:
        return fallback
    if any(ord(character) < 33 or ord(character) == 127 for character in target):
        return fallback
    return target
