"""File names of people: kept as words to show, never used as a path."""

from __future__ import annotations

import unicodedata
from urllib.parse import quote

MAX_BYTES = 180
_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))})
_FORBIDDEN = frozenset('/\\:*?"<>|')


def clean_name(name: str, fallback: str = "file") -> str:
    """A harmless name: last path part, NFC, no control, direction or path characters, no device name, bounded in bytes."""
    text = unicodedata.normalize("NFC", name or "").replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(c for c in text if unicodedata.category(c)[0] != "C" and c not in _FORBIDDEN)
    stem, dot, extension = " ".join(kept.split()).strip(". ").rpartition(".")
    if not dot:
        stem, extension = extension, ""
    stem = stem.strip(". ") or fallback
    if stem.split(".")[0].lower() in _DEVICES:
        stem = f"_{stem}"
    extension = extension[:12]
    room = MAX_BYTES - len(extension.encode()) - 1
    return _shorten(stem, room) + (f".{extension}" if extension else "")


def extension_of(name: str) -> str:
    """The lower-case extension without the dot, or nothing."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def disposition(name: str, *, inline: bool) -> str:
    """The Content-Disposition header of RFC 6266: an ASCII name for old readers and the exact one in UTF-8."""
    ascii_name = "".join(c if c.isascii() and c.isprintable() and c not in '"\\%;' else "_" for c in name)
    way = "inline" if inline else "attachment"
    return f"{way}; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name, safe='')}"


def _shorten(text: str, room: int) -> str:
    while len(text.encode()) > room:
        text = text[:-1]
    return text
