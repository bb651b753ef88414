"""Public pages answer 304 to a visitor who already has them; people who are signed in always get a fresh page."""

from __future__ import annotations

import hashlib

from flask import Response, g, make_response, request, session
from flask_babel import get_locale

from app.core.web import actor

#: A visitor's browser asks again each time; a shared cache must not mix up languages and people.
VISITORS = "public, max-age=0, must-revalidate"


def revalidated(*facts: object) -> Response | None:
    """304 when the visitor's copy was made of the same facts; None when the page has to be written.

    The facts are everything the page shows; the day is among them wherever days are counted.
    """
    if not actor().is_anonymous or request.method not in ("GET", "HEAD"):
        return None
    g.page_tag = _tag(facts)
    if request.if_none_match.contains_weak(g.page_tag):
        return _marked(Response(status=304), g.page_tag)
    return None


def cacheable(page: str, *facts: object) -> Response:
    """The page, for visitors with its tag."""
    response = make_response(page)
    if actor().is_anonymous:
        return _marked(response, g.get("page_tag") or _tag(facts))
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _marked(response: Response, tag: str) -> Response:
    response.set_etag(tag, weak=True)
    response.headers["Cache-Control"] = VISITORS
    response.vary.update(("Cookie", "Accept-Language"))
    return response


def _tag(facts: tuple[object, ...]) -> str:
    text = repr((facts, str(get_locale()), request.full_path, session.get("_flashes")))
    return hashlib.sha256(text.encode()).hexdigest()[:32]
