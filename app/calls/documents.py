"""The rule dossier on paper."""

from __future__ import annotations

from functools import lru_cache

from flask import render_template

from app.core.markup import pick
from app.documents.pdf import html_to_pdf

from .models import Edition, RuleDossier


def dossier_pdf(edition: Edition, dossier: RuleDossier) -> bytes:
    """A published dossier as PDF in the reader's language, with version and digest."""
    text = pick(dossier.text_zh, dossier.text_en)
    return _printed(render_template("calls/documents/dossier.html", edition=edition, dossier=dossier, text=text))


@lru_cache(maxsize=16)
def _printed(html: str) -> bytes:
    """Everybody reads the same rules, and setting them takes half a second: the last ones are kept."""
    return html_to_pdf(html)
