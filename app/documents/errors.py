"""What may stop a document."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.errors import DomainError


class PdfUnavailable(DomainError):
    """WeasyPrint's libraries are missing on this machine."""

    message = _l(
        "PDF files cannot be made on this server because the Pango library is missing. "
        "Please ask the operator to install it (Debian: libpango-1.0-0 libpangoft2-1.0-0); the page itself can be printed."
    )


class GlyphsMissing(DomainError):
    """A character has no glyph in any installed font: the document would show an empty box."""

    def __init__(self, characters: str) -> None:
        super().__init__(
            _l(
                "These characters are missing in the fonts of this server: %(characters)s. The document was not made.",
                characters=characters,
            )
        )
        self.characters = characters
