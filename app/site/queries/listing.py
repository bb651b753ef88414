"""What visitors type into lists: page numbers and search words."""

from __future__ import annotations

import unicodedata

MOST_PAGES = 10_000


def page_number(text: str) -> int:
    """The page asked for; 1 for anything that is no page."""
    return min(int(text), MOST_PAGES) if text.isascii() and text.isdigit() and 0 < len(text) < 6 and int(text) else 1


def search_text(text: str) -> str:
    """Search words without control characters, at most 100 characters."""
    return "".join(c for c in text if unicodedata.category(c) != "Cc").strip()[:100]
