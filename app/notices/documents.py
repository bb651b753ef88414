"""A notice on paper."""

from __future__ import annotations

from app.documents.pdf import render_pdf
from app.documents.qr import qr_svg_uri, verification_url

from .models import Notice


def notice_pdf(notice: Notice, *, code: str | None, issuer: str, locale: str) -> bytes:
    """The notice as published, with number, digest and verification code; a draft says that it is one."""
    qr = qr_svg_uri(verification_url(code)) if code else ""
    return render_pdf(
        "notices/documents/notice.html", notice=notice, issuer=issuer, english=locale.startswith("en"), digest=notice.digest,
        code=code or "", qr=qr,
    )  # fmt: skip
