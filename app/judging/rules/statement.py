"""What a judge signs before anything of the entries opens. The digest of the words, as read, is kept with the seat."""

from __future__ import annotations

import hashlib

from flask_babel import gettext as _


def statement_sentences() -> list[str]:
    """Confidentiality and conflict of interest, in the reader's language."""
    return [
        _("I keep everything that I learn of entries, applicants, judges and scores to myself, during the review and after it."),
        _("I use the documents for this review only, do not copy or pass them on, and do not enter them into other systems."),
        _("I score independently, by the published criteria, and accept no request and no favour from anybody."),
        _("I step aside from every entry in which I, a relative or my organization have an interest, and say so at once."),
        _("I do not contact applicants about their entry, and report every attempt to influence me."),
    ]


def statement_digest(sentences: list[str]) -> str:
    """SHA-256 over the sentences, one a line."""
    return hashlib.sha256("\n".join(sentences).encode()).hexdigest()
