"""The ranking list and the score summary on paper."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app.calls.models import Edition
from app.documents.pdf import render_pdf
from app.results.models import ResultRun
from app.results.queries.pages import run_page


def ranking_pdf(session: Session, edition: Edition, run: ResultRun, locale: str) -> bytes:
    """Ranks, scores, advancement and awards; the list that is signed and filed."""
    return render_pdf("results/documents/ranking.html", **_context(session, edition, run, locale))


def summary_pdf(session: Session, edition: Edition, run: ResultRun, locale: str) -> bytes:
    """Every judge's total with what was dropped, and blocks for the signatures of judges, scorer and supervisor."""
    return render_pdf("results/documents/summary.html", landscape=True, **_context(session, edition, run, locale))


def _context(session: Session, edition: Edition, run: ResultRun, locale: str) -> dict[str, Any]:
    page = run_page(session, run, number=1, locale=locale, size=None)
    english = locale.startswith("en")
    return {
        "edition": edition, "run": run, "page": page, "english": english, "digest": run.digest,
        "edition_title": (edition.title_en if english else "") or edition.title,
        "stage_name": (run.stage.name_en if english else "") or run.stage.name,
        "call_name": (run.call.name_en if english else "") or run.call.name,
    }  # fmt: skip
