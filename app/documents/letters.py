"""Letters for stamping: WeasyPrint chooses the fonts and cuts them down once for a batch; each file then takes the few it needs.

A page that lists every character of the batch is laid out beside the plates. What Pango made of each character (which font,
which glyph, how wide) is read from that page, so fallback fonts, language variants and missing glyphs are Pango's decision here too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any

from app.core.later import later

if TYPE_CHECKING:
    import pypdf
    import uharfbuzz
else:
    pypdf = later("pypdf")
    uharfbuzz = later("uharfbuzz")


_PAIR = re.compile(rb"<([0-9a-fA-F]{4})> <([0-9a-fA-F]+)>")


@dataclass(frozen=True)
class Glyph:
    """One character in one font; the width is in thousandths of the size."""

    font: str
    code: int
    width: float


@dataclass
class Face:
    """A font as WeasyPrint embedded it, with the glyphs of the whole batch. Heights and widths are thousandths of the size."""

    name: str
    descriptor: pypdf.generic.DictionaryObject
    program: bytes
    up: float
    down: float
    widths: dict[int, float]
    words: dict[int, str] = field(default_factory=dict)

    @property
    def is_compact(self) -> bool:
        """PostScript outlines keep their character ids when they are cut down; TrueType glyphs must keep their places."""
        return self.program[:4] == b"OTTO"

    @cached_property
    def _face(self) -> uharfbuzz.Face:
        return uharfbuzz.Face(self.program)

    def cut_down(self, codes: Iterable[int]) -> bytes:
        """The font program with these glyphs only: bare outlines (CIDFontType0C), or a TrueType file."""
        wanted = uharfbuzz.SubsetInput()
        wanted.glyph_set.update(codes)
        wanted.flags = uharfbuzz.SubsetFlags.NO_HINTING
        if self.is_compact:
            return bytes(uharfbuzz.subset(self._face, wanted).reference_table("CFF ").data)
        wanted.flags |= uharfbuzz.SubsetFlags.RETAIN_GIDS
        return bytes(uharfbuzz.subset(self._face, wanted).blob.data)


def is_plain(text: str) -> bool:
    """Whether the text is set one letter after the other; other scripts are shaped, which only the full layout does."""
    return not any(_is_shaped(character) for character in text)


def _is_shaped(character: str) -> bool:
    joined = unicodedata.category(character) in {"Mn", "Mc", "Me", "Cc", "Cf", "Cs", "Co", "Cn"}
    return joined or unicodedata.bidirectional(character) in {"R", "AL", "AN"} or "\u1800" <= character <= "\u18af"


def alphabet(characters: Iterable[str], lang: str, *, bold: bool) -> str:
    """The HTML of a page that shows each character once."""
    letters = " ".join(escape(character) for character in sorted(set(characters)) if not character.isspace())
    return f'<section class="alphabet {"bold" if bold else "light"}" lang="{lang}">{letters} .</section>'


def faces_of(page: pypdf.PageObject) -> dict[str, Face]:
    """The fonts of a page under the names that its content uses."""
    fonts: Any = resources_of(page).get("/Font", {})
    return {name: _face(font.get_object()) for name, font in fonts.items()}


def resources_of(page: pypdf.PageObject) -> pypdf.generic.DictionaryObject:
    """What the page's content names: fonts, pictures, graphic states."""
    found = page["/Resources"].get_object()
    assert isinstance(found, pypdf.generic.DictionaryObject)
    return found


def _face(font: Any) -> Face:
    child = font["/DescendantFonts"][0].get_object()
    descriptor = child["/FontDescriptor"].get_object()
    program = (descriptor.get("/FontFile3") or descriptor["/FontFile2"]).get_object().get_data()
    words = {int(code, 16): bytes.fromhex(word.decode()).decode("utf-16-be") for code, word in _PAIR.findall(font["/ToUnicode"].get_data())}
    heights = float(descriptor["/Ascent"]), -float(descriptor["/Descent"])
    return Face(str(font["/BaseFont"]), descriptor, program, *heights, dict(_widths(child["/W"])), words)


def _widths(array: Any) -> Iterator[tuple[int, float]]:
    for first, row in zip(array[::2], array[1::2], strict=True):
        yield from ((int(first) + place, float(width)) for place, width in enumerate(row))


def shown(page: pypdf.PageObject) -> Iterator[tuple[str, int]]:
    """Every glyph that the page shows: font name and code, in order."""
    font = ""
    for operands, operator in pypdf.generic.ContentStream(page.get_contents(), page.pdf).operations:
        if operator == b"Tf":
            font = str(operands[0])
        elif operator in {b"Tj", b"TJ"}:
            parts = operands[0] if isinstance(operands[0], list) else operands
            for part in parts:
                raw = getattr(part, "original_bytes", b"")
                yield from ((font, int.from_bytes(raw[place : place + 2], "big")) for place in range(0, len(raw), 2))


def letters_of(page: pypdf.PageObject, faces: Mapping[str, Face]) -> dict[str, Glyph]:
    """What each character of an alphabet's page became. A character that is missing here wants the full layout."""
    found: dict[str, Glyph] = {}
    for font, code in shown(page):
        word = faces[font].words.get(code, "")
        if len(word) == 1:
            found.setdefault(word, Glyph(font, code, faces[font].widths.get(code, 0)))
    return found
