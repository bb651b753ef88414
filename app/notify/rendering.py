"""From a template to subject and bodies in the receiver's language, inside a frame that says who sent it.

A template is ``templates/<feature>/emails/<name>.txt``; its first line is ``Subject: …``. An HTML part is optional.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import current_app, g
from flask_babel import force_locale
from flask_babel import gettext as _
from jinja2 import Environment, TemplateNotFound
from markupsafe import Markup

PREFIX = "Subject:"
MAX_SUBJECT = 200
#: Between the letter and the fixed end of every mail, as mail programs know it.
SEPARATOR = "\n\n-- \n"
#: What mail programs turn into links by themselves.
ADDRESS = re.compile(r"(?i)\b(?:https?|ftp)://\S+|\bwww\.\S+")
_ENVIRONMENT = "jiebang.mails"


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
    return _environment().get_template(path + ending)


def _environment() -> Environment:
    """The application's templates, but what is printed cannot become a link to another site."""
    known = current_app.extensions.get(_ENVIRONMENT)
    if known is None:
        known = current_app.extensions[_ENVIRONMENT] = current_app.jinja_env.overlay(finalize=inert)
    return known


def inert(value: Any) -> Any:
    """Text of users may hold addresses: those of other sites are taken apart, so that no mail program makes links of them."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    base = current_app.extensions["jiebang"].base_url

    def apart(found: re.Match[str]) -> str:
        text = found.group(0)
        return text if base and (text == base or text.startswith(base + "/")) else text.replace("://", ":// ").replace("www.", "www. ")

    return ADDRESS.sub(apart, value)


def _frame(body: str, site_name: str, site_contact: str) -> str:
    """The fixed end of every mail: who sends it, that it cannot be answered, whom to ask."""
    sender = site_name or _("Jiebang")
    end = _("This mail was sent by %(site)s because of your account or role there. Please do not answer it.", site=sender)
    if site_contact:
        end += "\n" + _("Questions: %(contact)s", contact=site_contact)
    return joined(body, end + "\n")


def joined(letter: str, end: str) -> str:
    """A letter above the fixed end."""
    return letter + SEPARATOR + end


def parted(text: str) -> tuple[str, str]:
    """The letter and the fixed end of a mail's text."""
    letter, _separator, end = text.rpartition(SEPARATOR)
    return letter, end
