"""Taking a person's words out of texts and structures."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from app.entries.rules.blinding import pattern_of

#: Content is Chinese; this stands where a person's name, address or number stood.
GONE = "〔已删除〕"
SHORTEST = 2


def words_of(*texts: str | None) -> tuple[str, ...]:
    """The texts that give the person away, longest first."""
    kept = {text.strip() for text in texts if text and len(text.strip()) >= SHORTEST}
    return tuple(sorted(kept, key=lambda text: (-len(text), text)))


def redact(value: Any, words: Collection[str]) -> Any:
    """The same structure with every occurrence of the words replaced, in any case and spacing.

    An entry of a list of people (or a person field) that is this person loses everything that is text.
    """
    if isinstance(value, str):
        for word in words:
            value = pattern_of(word).sub(GONE, value)
        return value
    if isinstance(value, list):
        return [redact(part, words) for part in value]
    if isinstance(value, dict):
        is_person = value.get("name") in words or value.get("email") in words
        return {key: GONE if is_person and isinstance(part, str) and part else redact(part, words) for key, part in value.items()}
    return value


def withheld(content: Mapping[str, Any], *, keep_title: bool) -> dict[str, Any]:
    """A handed-in version whose content is gone; digest and receipt code stay beside it."""
    unit = content.get("unit") or {}
    return {
        "title": content.get("title", "") if keep_title else GONE,
        "unit": unit if keep_title else {"name": "", "uscc": None, "area": None},
        "answers": {}, "files": [], "members": [], "partners": content.get("partners", []), "erased": True,
    }  # fmt: skip
