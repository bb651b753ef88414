"""What still gives a team away inside a cleaned file: found by reading it as its reader would, shown to the staff, decided by it."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from app.files.cleaning import page_texts
from app.files.kinds import KINDS
from app.files.names import extension_of
from app.files.office import UnreadableError, passages

from .blinding import Findings, Identity, identity_in, neutral_text

#: Findings for which a file is held back until the staff has decided.
HOLDING = frozenset({"member", "unit", "contact", "unread"})


def leaks_in(content: bytes, name: str, identity: Identity) -> list[dict[str, Any]]:
    """Rows ``{"place", "kind", "count"}`` with ``page`` for PDF and ``part`` for office files.

    ``unread`` marks what could not be searched, ``picture`` a page without any words. The words themselves are in no row.
    """
    family = KINDS[extension_of(name)].family
    search = {"pdf": _in_pages, "office": _in_parts}.get(family)
    return search(content, name, identity) if search else []


def holds_back(rows: list[dict[str, Any]]) -> bool:
    """Whether the staff has to decide before judges get the file."""
    return any(row["kind"] in HOLDING for row in rows)


def _in_pages(content: bytes, name: str, identity: Identity) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for page, text in page_texts(BytesIO(content)):
        found = Findings()
        if text is None:
            found.note(name, "unread", 1)
        elif not text.strip():
            found.note(name, "picture", 1)
        else:
            neutral_text(text, identity, name, found)
        rows += [{**row, "page": page} for row in found.rows()]
    return rows


def _in_parts(content: bytes, name: str, identity: Identity) -> list[dict[str, Any]]:
    """One row for each kind of place."""
    found: dict[str, Findings] = {}
    try:
        for passage in passages(BytesIO(content)):
            here = found.setdefault(passage.place, Findings())
            if passage.is_prose:
                neutral_text(passage.text, identity, name, here)
            else:
                identity_in(passage.text, identity, name, here)
    except UnreadableError:
        found.setdefault("body", Findings()).note(name, "unread", 1)
    return [{**row, "part": place} for place, findings in found.items() for row in findings.rows()]
