"""Certificates as PDF, built from the stored rows alone; many are laid out together and split."""

from __future__ import annotations

import base64
from collections.abc import Iterator

from flask import render_template
from flask_babel import force_locale
from sqlalchemy.orm import Session

from app.documents.pdf import pages_to_pdf, pages_to_pdfs
from app.documents.qr import qr_svg_uri, verification_url
from app.documents.queries import seal_blob
from app.files.serving import read_blob
from app.results.models import Certificate
from app.results.queries.awards import Sheet, sheets

STYLE = "certificate"


def certificate_pdf(session: Session, certificate: Certificate) -> bytes:
    """One certificate."""
    return booklet_pdf(session, [certificate.id])


def booklet_pdf(session: Session, ids: list[int]) -> bytes:
    """Many certificates in one file for the printer, in the order of their numbers."""
    _rows, pages = _pages(session, ids)
    return pages_to_pdf(pages, render_template("results/documents/certificates.html"), STYLE)


def certificate_pdfs(session: Session, ids: list[int]) -> Iterator[tuple[str, bytes]]:
    """Number and file of each certificate, in the order of the numbers."""
    rows, pages = _pages(session, ids)
    files = pages_to_pdfs(pages, render_template("results/documents/certificates.html"), STYLE)
    yield from zip((row.number for row in rows), files, strict=True)


def _pages(session: Session, ids: list[int]) -> tuple[list[Sheet], list[str]]:
    rows = sheets(session, ids)
    seals = {host_id: _seal(session, host_id) for host_id in {row.host_id for row in rows}}
    return rows, [page(row, seals[row.host_id]) for row in rows]


def page(sheet: Sheet, seal: str = "") -> str:
    """The HTML of one certificate in its own language."""
    url = verification_url(sheet.code)
    with force_locale(sheet.locale):
        return render_template("results/documents/certificate.html", sheet=sheet, seal=seal, qr=qr_svg_uri(url), url=url)


def _seal(session: Session, host_id: int) -> str:
    """The host's seal as a data URI; empty where none was given: then the space stays free for a stamp by hand."""
    blob = seal_blob(session, host_id)
    if blob is None:
        return ""
    return f"data:{blob.content_type};base64,{base64.b64encode(read_blob(blob)).decode()}"
