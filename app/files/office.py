"""The words of an office file, wherever they stand: body, headers, notes, comments, tables, attributes, names of its parts.

Parts are read as a stream with defusedxml; what is not XML is searched as bytes by the caller's own words.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO
from xml.sax import SAXException  # nosec B406 -- only the class of its errors; defusedxml parses
from xml.sax.handler import ContentHandler  # nosec B406 -- likewise
from xml.sax.xmlreader import AttributesImpl  # nosec B406 -- likewise

from defusedxml.expatreader import create_parser

#: Elements after which a new text begins; a name may be split over several runs inside of one.
_ENDS = frozenset({"p", "si", "is", "v", "f", "comment", "text", "definedName", "tr", "c"})
_XML = (".xml", ".rels", ".vml")
_NESTED = (".docx", ".xlsx", ".pptx")
_PICTURES = (".jpg", ".jpeg", ".png")
CHUNK = 64 * 1024
LONGEST = 100_000
#: Where a text was found, by the name of its part; the first that fits. The words are translated by who shows them.
_PLACES = (
    (re.compile(r"notesSlide|notesMaster", re.I), "notes"), (re.compile(r"comment|people|persons", re.I), "comments"),
    (re.compile(r"header|footer", re.I), "header"), (re.compile(r"docProps|customXml", re.I), "properties"),
    (re.compile(r"footnotes|endnotes", re.I), "footnotes"), (re.compile(r"_rels/|\.rels$", re.I), "links"),
)  # fmt: skip


@dataclass(frozen=True)
class Passage:
    """A text of the file: its place (a key of ``PLACES``), and whether it is prose or only an attribute or name."""

    place: str
    text: str
    is_prose: bool = True


PLACES = ("body", "notes", "comments", "header", "properties", "footnotes", "links", "parts")


class UnreadableError(Exception):
    """A part is not what it should be, so nobody can say that nothing stands in it."""


def passages(source: Path | IO[bytes], depth: int = 0) -> Iterator[Passage]:
    """Every text of the file. Raises UnreadableError."""
    try:
        with zipfile.ZipFile(source) as archive:
            for info in archive.infolist():
                yield Passage("parts", info.filename, is_prose=False)
                if info.is_dir() or info.filename.lower().endswith(_PICTURES):
                    continue
                with archive.open(info) as part:
                    yield from _part(info.filename, part, depth)
    except (zipfile.BadZipFile, OSError, RuntimeError, ValueError, SAXException) as error:
        raise UnreadableError from error


def _part(name: str, part: IO[bytes], depth: int) -> Iterator[Passage]:
    lower = name.lower()
    if lower.endswith(_XML):
        yield from _xml(part, place_of(name))
    elif lower.endswith(_NESTED) and depth == 0:
        yield from passages(BytesIO(part.read()), depth=1)
    else:
        yield from _bytes(part.read())


def place_of(name: str) -> str:
    """Which kind of place a part is."""
    return next((place for pattern, place in _PLACES if pattern.search(name)), "body")


def _xml(part: IO[bytes], place: str) -> Iterator[Passage]:
    """Texts joined up to the end of their paragraph, and attributes one by one, 64 kB at a time."""
    listener = _Listener(place)
    parser = create_parser(forbid_dtd=True)
    parser.setContentHandler(listener)
    while chunk := part.read(CHUNK):
        parser.feed(chunk)
        yield from listener.take()
    parser.close()
    yield from listener.take()


class _Listener(ContentHandler):
    """Gathers what an XML part says."""

    def __init__(self, place: str) -> None:
        super().__init__()
        self._place, self._joined, self._length = place, list[str](), 0
        self._found: list[Passage] = []

    def take(self) -> list[Passage]:
        found, self._found = self._found, []
        return found

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 -- the library's name
        self._found += [Passage(self._place, value, is_prose=False) for value in attrs.values() if len(value) > 1]

    def characters(self, content: str) -> None:
        self._joined.append(content)
        self._length += len(content)
        if self._length > LONGEST:
            self._end()

    def endElement(self, name: str) -> None:  # noqa: N802 -- the library's name
        if name.rpartition(":")[2] in _ENDS:
            self._end()

    def endDocument(self) -> None:  # noqa: N802 -- the library's name
        self._end()

    def _end(self) -> None:
        text = "".join(self._joined)
        if text.strip():
            self._found.append(Passage(self._place, text))
        self._joined, self._length = [], 0


def _bytes(content: bytes) -> Iterator[Passage]:
    """What no parser of ours reads (old objects, drawings), as the three encodings in which a name may stand in it."""
    for encoding in ("utf-8", "utf-16-le", "gb18030"):
        yield Passage("parts", content.decode(encoding, errors="ignore"), is_prose=False)
