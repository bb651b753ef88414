"""Papers of judging."""

from __future__ import annotations

from app.documents.pdf import render_pdf
from app.judging.queries.printing import PrintedSheet


def sheet_pdf(page: PrintedSheet) -> bytes:
    """A score sheet with lines for signatures."""
    return render_pdf("judging/documents/sheet.html", page=page)
