"""Where the words of a certificate stand: the numbers of ``certificate.css``, read once, applied to each sheet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from flask_babel import gettext as _

from app.core.display import day
from app.documents.lines import break_lines
from app.documents.qr import verification_url
from app.documents.stamping import Letters, Stamp
from app.documents.styles import Style, style_of
from app.results.queries.awards import Sheet

SHEET = "certificate"
WIDTH, HEIGHT = 297 * 72 / 25.4, 210 * 72 / 25.4
SHRINK = 0.95


@dataclass(frozen=True)
class Words:
    """Everything on a certificate that varies from sheet to sheet; ``rows`` are the kinds and texts of the middle, from the top."""

    number: str
    rows: tuple[tuple[str, str], ...]
    code: str
    date: str
    url: str

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Every text with the kind of line it stands in."""
        yield from (("no", self.number), *self.rows, ("code", self.code), ("date", self.date))

    def fields(self) -> dict[str, Any]:
        """What the template of a whole certificate prints."""
        return asdict(self)


def words_of(sheet: Sheet) -> Words:
    """The sheet's texts in the language of the moment."""
    sentence = _(
        "for the entry “%(entry)s” in the %(edition)s, division %(call)s,", entry=sheet.entry, edition=sheet.edition, call=sheet.call
    )
    rows = [("holder", sheet.holder), ("text", sentence), ("text", _("is awarded the")), ("level", sheet.level)]
    if sheet.unit:
        rows.append(("unit", sheet.unit))
    code = f"{sheet.code[:4]} {sheet.code[4:8]} {sheet.code[8:]}"
    number = " ".join((_("No."), sheet.number))
    return Words(number, tuple(rows), code, day(sheet.issued_at, sheet.zone), verification_url(sheet.code))


@cache
def style(kind: str, *, english: bool) -> Style:
    return style_of(SHEET, f".{kind}", f".en .{kind}") if english else style_of(SHEET, f".{kind}")


@cache
def _room(name: str) -> Style:
    return style_of(SHEET, f".{name}")


def stamp_words(stamp: Stamp, words: Words, letters: Letters, *, english: bool) -> None:
    """Set all words and the code on the sheet."""
    _set_number(stamp, words, letters, english=english)
    _set_middle(stamp, words, letters, english=english)
    box, square = _room("verify"), _room("square")
    _set_last_line(stamp, "code", words.code, box.length("left") + box.length("width") / 2, box.length("bottom"), letters, english=english)
    lines = 2 * style("code", english=english).leading
    side = square.length("height")
    left = box.length("left") + (box.length("width") - side) / 2
    stamp.code(words.url, left, box.length("bottom") + lines + square.length("margin-bottom"), side)
    box = _room("issuer")
    middle = WIDTH - box.length("right") - box.length("width") / 2
    _set_last_line(stamp, "date", words.date, middle, box.length("bottom"), letters, english=english)


def _set_number(stamp: Stamp, words: Words, letters: Letters, *, english: bool) -> None:
    kind = style("no", english=english)
    left = WIDTH - kind.length("right") - letters.measure(kind)(words.number)
    letters.set_line(stamp, words.number, kind, left, HEIGHT - kind.length("top") - letters.baseline(kind, kind.size))


def _set_last_line(stamp: Stamp, name: str, text: str, middle: float, bottom: float, letters: Letters, *, english: bool) -> None:
    """A line in the middle of a box that stands on its last line."""
    kind = style(name, english=english)
    y = bottom + kind.leading - letters.baseline(kind, kind.size)
    letters.set_line(stamp, text, kind, middle - letters.measure(kind)(text) / 2, y)


def _set_middle(stamp: Stamp, words: Words, letters: Letters, *, english: bool) -> None:
    """The words between head and foot; where they need more room than there is, all of them get smaller together."""
    box, head = _room("words"), style_of(SHEET, "h1", *([".en h1"] if english else []))
    top = head.leading + head.length("margin-bottom")
    scale = 1.0
    while (lines := _laid_out(words, letters, scale, english=english))[1] > box.length("max-height") - top:
        scale *= SHRINK
    y = HEIGHT - box.length("top") - top
    middle = box.length("left") + box.length("width") / 2
    for kind, text, down in lines[0]:
        size = kind.size * scale
        indent = kind.length("text-indent", size)
        letters.set_line(stamp, text, kind, middle - (letters.measure(kind, size)(text) - indent) / 2, y - down, size)


def _laid_out(words: Words, letters: Letters, scale: float, *, english: bool) -> tuple[list[tuple[Style, str, float]], float]:
    """Every line with its baseline below the first line's top, and the height of all."""
    room, down, before = _room("words").length("width"), 0.0, 0.0
    lines: list[tuple[Style, str, float]] = []
    for name, text in words.rows:
        kind = style(name, english=english)
        size = kind.size * scale
        down += max(before, kind.length("margin-top") * scale)  # the margins of neighbours are one
        for line in break_lines(text, room, letters.measure(kind, size)):
            lines.append((kind, line, down + letters.baseline(kind, size)))
            down += kind.length("line-height", size, size)
        before = kind.length("margin-bottom") * scale
    return lines, down
