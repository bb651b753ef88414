"""Certificates as PDF, built from the stored rows alone: the plate is laid out once a batch, each sheet's words are stamped on it."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from flask import render_template
from flask_babel import force_locale
from sqlalchemy.orm import Session

from app.core.later import later
from app.documents.letters import is_plain
from app.documents.pdf import pages_to_pdf
from app.documents.qr import qr_svg_uri
from app.documents.queries import seal_blob
from app.documents.stamping import Press, Stamp
from app.files.serving import read_blob
from app.results.models import Certificate
from app.results.queries.awards import Sheet, sheets

from .setting import SHEET, Words, stamp_words, style, words_of

if TYPE_CHECKING:
    import pypdf
else:
    pypdf = later("pypdf")

BATCH = 500
"""So many sheets share one laid-out document; it bounds the memory of any number."""


def certificate_pdf(session: Session, certificate: Certificate) -> bytes:
    """One certificate."""
    return next(certificate_pdfs(session, [certificate.id]))[1]


def certificate_pdfs(session: Session, ids: Sequence[int]) -> Iterator[tuple[str, bytes]]:
    """Number and file of each certificate, in the order of ``ids``' batches and of the numbers within."""
    for rows in _batches(session, ids):
        batch = Batch(session, rows)
        yield from ((row.number, batch.file(row)) for row in rows)


def booklet_pdf(session: Session, ids: Sequence[int]) -> bytes:
    """Many certificates in one file for the printer."""
    parts = [part for rows in _batches(session, ids) for part in Batch(session, rows).booklet()]
    if len(parts) == 1:
        return parts[0]
    writer = pypdf.PdfWriter()
    for part in parts:
        writer.append(io.BytesIO(part))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _batches(session: Session, ids: Sequence[int]) -> Iterator[list[Sheet]]:
    for start in range(0, len(ids), BATCH):
        yield sheets(session, list(ids[start : start + BATCH]))


class Batch:
    """Sheets that are made together."""

    def __init__(self, session: Session, rows: Sequence[Sheet]) -> None:
        self._seals = {host_id: _seal(session, host_id) for host_id in {row.host_id for row in rows}}
        self._rows = rows
        self._words = {row.number: _spoken(row) for row in rows}
        self._plates = list(dict.fromkeys(map(_plate_key, rows)))
        self._wrap = render_template("results/documents/certificates.html")
        examples = {_plate_key(row): row for row in rows}
        plates = [self._plate(examples[key]) for key in self._plates]
        self._press = Press(plates, self._languages(), self._wrap, SHEET)

    def file(self, row: Sheet) -> bytes:
        """The sheet as a file of its own; where letters have to be shaped or come as pictures, by the full layout."""
        return self._press.file(self._stamp(row)) if self._stamps(row) else pages_to_pdf([self._page(row)], self._wrap, SHEET)

    def booklet(self) -> list[bytes]:
        """All sheets in their order, in as few files as the order allows."""
        parts: list[bytes] = []
        waiting: list[Stamp] = []
        for row in self._rows:
            if self._stamps(row):
                waiting.append(self._stamp(row))
                continue
            parts += [self._press.booklet(waiting)] if waiting else []
            parts.append(self.file(row))
            waiting = []
        return parts + ([self._press.booklet(waiting)] if waiting else [])

    def _languages(self) -> dict[str, tuple[set[str], set[str]]]:
        found: dict[str, tuple[set[str], set[str]]] = {}
        for row in self._rows:
            sets = found.setdefault(_language(row), (set("0"), set("0")))
            for kind, text in self._words[row.number]:
                if is_plain(text):
                    sets[style(kind, english=_is_english(row)).is_bold].update(text)
        return found

    def _stamps(self, row: Sheet) -> bool:
        letters, english = self._press.letters[_language(row)], _is_english(row)
        return all(is_plain(text) and letters.knows(text, style(kind, english=english)) for kind, text in self._words[row.number])

    def _stamp(self, row: Sheet) -> Stamp:
        stamp = Stamp(self._plates.index(_plate_key(row)), row.number)
        stamp_words(stamp, self._words[row.number], self._press.letters[_language(row)], english=_is_english(row))
        return stamp

    def _plate(self, row: Sheet) -> str:
        with force_locale(row.locale):
            return render_template("results/documents/certificate.html", sheet=row, seal=self._seals[row.host_id], is_plate=True)

    def _page(self, row: Sheet) -> str:
        return page(row, self._words[row.number], self._seals[row.host_id])


def page(row: Sheet, words: Words, seal: str = "") -> str:
    """The HTML of a whole certificate."""
    with force_locale(row.locale):
        return render_template(
            "results/documents/certificate.html", sheet=row, seal=seal, is_plate=False, qr=qr_svg_uri(words.url), **words.fields()
        )


def _spoken(row: Sheet) -> Words:
    with force_locale(row.locale):
        return words_of(row)


def _plate_key(row: Sheet) -> tuple[str, int, bool]:
    return row.locale, row.host_id, row.is_revoked


def _is_english(row: Sheet) -> bool:
    return row.locale.startswith("en")


def _language(row: Sheet) -> str:
    return "en" if _is_english(row) else "zh-CN"


def _seal(session: Session, host_id: int) -> str:
    """The host's seal as a data URI; empty where none was given: then the space stays free for a stamp by hand."""
    blob = seal_blob(session, host_id)
    if blob is None:
        return ""
    return f"data:{blob.content_type};base64,{base64.b64encode(read_blob(blob)).decode()}"
