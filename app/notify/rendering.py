"""From a template to subject and bodies in the receiver's language, inside a frame that says who sent it.

A template is ``templates/<feature>/emails/<name>.txt``; its first line is ``Subject: …``. An HTML part is optional.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import current_app, g
from flask_babel import force_locale
from flask_babel import gettext as _
from jinja2 import TemplateNotFound

PREFIX = "Subject:"
MAX_SUBJECT = 200


@dataclass(frozen=True)
class Rendered:
    """One message, ready for the outbox."""

    subject: str
    text: str
    html: str = ""


class SubjectMissing(Exception):
    """The template does not begin with ``Subject:``: a mistake of ours, not of the sender."""


def render(template: str, locale: str, context: Mapping[str, Any], *, site_name: str = "", site_contact: str = "") -> Rendered:
    """Render ``feature/emails/name`` (or ``feature/name``) for a receiver."""
    with speaking(locale):
        raw = _template(template, ".txt").render(**context, locale=locale)
        first, _sep, body = raw.lstrip().partition("\n")
        if not first.startswith(PREFIX):
            raise SubjectMissing(template)
        subject = " ".join(first.removeprefix(PREFIX).split())[:MAX_SUBJECT]
        text = _frame(body.strip(), site_name, site_contact)
        try:
            html = _template(template, ".html").render(**context, locale=locale)
        except TemplateNotFound:
            html = ""
    return Rendered(subject, text, html)


@contextmanager
def speaking(locale: str) -> Iterator[None]:
    """Everything translated inside is in this language."""
    before = g.get("locale")
    g.locale = locale
    try:
        with force_locale(locale):
            yield
    finally:
        if before is None:
            g.pop("locale", None)
        else:
            g.locale = before


def _template(name: str, ending: str) -> Any:
    feature, _slash, short = name.partition("/")
    path = name if "/emails/" in name else f"{feature}/emails/{short}"
    return current_app.jinja_env.get_template(path + ending)


def _frame(body: str, site_name: str, site_contact: str) -> str:
    """The fixed end of every mail: who sends it, that it cannot be answered, whom to ask."""
    sender = site_name or _("Jiebang")
    lines = [
        body,
        "",
        "-- ",
        _("This mail was sent by %(site)s because of your account or role there. Please do not answer it.", site=sender),
    ]
    if site_contact:
        lines.append(_("Questions: %(contact)s", contact=site_contact))
    return "\n".join(lines) + "\n"
