"""The rule dossier on paper."""

from __future__ import annotations

from app.core.markup import pick
from app.documents.pdf import render_pdf

from .models import Edition, RuleDossier


def dossier_pdf(edition: Edition, dossier: RuleDossier) -> bytes:
    """A published dossier as PDF in the reader's language, with version and digest."""
    return render_pdf("calls/documents/dossier.html", edition=edition, dossier=dossier, text=pick(dossier.text_zh, dossier.text_en))
