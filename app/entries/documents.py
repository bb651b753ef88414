"""Printed papers of entries: the receipt."""

from __future__ import annotations

from typing import Any

from app.calls.models import Edition
from app.core.codes import grouped
from app.entries.models import Entry, EntryVersion


def receipt_page(entry: Entry, version: EntryVersion, locale: str) -> dict[str, Any]:
    """What the receipt's template prints."""
    edition: Edition = entry.call.edition
    english = locale.startswith("en")
    return {
        "locale": locale,
        "edition_title": edition.title_en if english and edition.title_en else edition.title,
        "call_name": entry.call.name_en if english and entry.call.name_en else entry.call.name,
        "entry": entry,
        "version": version,
        "receipt": version.receipt,
        "files": version.content["files"],
        "check": grouped(version.digest, 16),
        "zone": edition.zone,
    }
