"""From a template to a PDF: WeasyPrint without network or files, fonts of the system, one rendering at a time.

WeasyPrint is not safe to run in several threads with one font configuration, and a new one for each document leaks; so one
configuration is kept a process, behind a lock. The library is loaded at first use because it needs a second and 60 MB.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

from flask import render_template

from config import ROOT

from .errors import GlyphsMissing, PdfUnavailable

STYLES = ROOT / "templates" / "documents" / "styles"
_lock = threading.Lock()
_GLYPH = re.compile(r'unsupported by fonts: "(?P<text>.+)" \(U\+')


def render_pdf(template: str, /, *, style: str = "sheet", **context: Any) -> bytes:
    """The template as a PDF. ``style`` names a style sheet of ``templates/documents/styles``. Raises PdfUnavailable, GlyphsMissing."""
    return html_to_pdf(render_template(template, **context), style)


def html_to_pdf(html: str, style: str = "sheet") -> bytes:
    with _lock, _watched_glyphs() as missing:
        pdf = _document(html, style).write_pdf()
    if missing:
        raise GlyphsMissing(" ".join(sorted(missing)))
    return bytes(pdf)


def pages_to_pdf(pages: Sequence[str], wrap: str, style: str) -> bytes:
    """All pages of HTML in one file, one sheet each. ``wrap`` is the document around them with ``{pages}`` in its body."""
    with _lock, _watched_glyphs() as missing:
        document = _document(wrap.replace("{pages}", "\n".join(pages), 1), style)
        if len(document.pages) != len(pages):
            raise ValueError("a page of a batch does not fit on one sheet")
        pdf = document.write_pdf()
    if missing:
        raise GlyphsMissing(" ".join(sorted(missing)))
    return bytes(pdf)


def _document(html: str, style: str) -> Any:
    weasyprint, fonts = _library()
    sheet = _style(style)
    page = weasyprint.HTML(string=html, base_url=None, url_fetcher=_fetcher(), media_type="print")
    return page.render(stylesheets=[sheet], font_config=fonts)


@cache
def _library() -> tuple[Any, Any]:
    try:
        import weasyprint  # noqa: PLC0415 -- heavy: loaded at first use
        from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415 -- heavy
    except OSError as error:
        raise PdfUnavailable from error
    return weasyprint, FontConfiguration()


@cache
def _fetcher() -> Any:
    """Fetches nothing but what stands in the document itself."""
    from weasyprint.urls import URLFetcher  # noqa: PLC0415 -- heavy

    return URLFetcher(allowed_protocols=("data",), allow_redirects=False)


@cache
def _style(name: str) -> Any:
    weasyprint, fonts = _library()
    text = (STYLES / "fonts.css").read_text("utf-8") + (STYLES / f"{name}.css").read_text("utf-8")
    return weasyprint.CSS(string=text, font_config=fonts, url_fetcher=_fetcher())


@contextmanager
def _watched_glyphs() -> Iterator[set[str]]:
    """Collects the texts that WeasyPrint reports as not covered by any font; they would print as boxes."""
    missing: set[str] = set()

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found = _GLYPH.search(record.getMessage())
            if found:
                missing.add(found["text"])

    listener, log = Listener(), logging.getLogger("weasyprint")
    log.addHandler(listener)
    try:
        yield missing
    finally:
        log.removeHandler(listener)
