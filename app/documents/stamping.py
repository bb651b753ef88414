"""Many pages of one design: WeasyPrint lays the plate out once, the varying words are stamped on it.

Laying a page out takes WeasyPrint about 20 ms, stamping one about 3 ms, and each file carries only the letters it shows.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from app.core.later import later

from .letters import Face, Glyph, alphabet, faces_of, letters_of, resources_of, shown
from .pdf import pages_to_pdf
from .styles import Style

if TYPE_CHECKING:
    import pypdf
    import segno
    from pypdf import generic
else:
    pypdf = later("pypdf")
    generic = later("pypdf.generic")
    segno = later("segno")

Codes = dict[str, set[int]]


@dataclass
class Stamp:
    """What one page adds to its plate: drawing operators and the glyphs that they use."""

    plate: int
    title: str
    content: list[bytes] = field(default_factory=list)
    used: Codes = field(default_factory=dict)

    def code(self, text: str, x: float, y: float, size: float) -> None:
        """A QR code whose lower left corner is (x, y); lengths in points. Its mask is fixed: choosing one takes longer than all else."""
        rows = list(segno.make(text, error="m", micro=False, boost_error=False, mask=0).matrix)
        module = size / len(rows)
        self.content.append(b"0.067 g")
        for number, row in enumerate(rows):
            for start, length in _runs(row):
                place = (x + start * module, y + size - (number + 1) * module, length * module, module)
                self.content.append(b"%.3f %.3f %.3f %.3f re" % place)
        self.content.append(b"f")


def _runs(row: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Start and length of each dark run."""
    start = None
    for place, dark in enumerate([*row, 0]):
        if dark and start is None:
            start = place
        elif not dark and start is not None:
            yield start, place - start
            start = None


class Letters:
    """The letters of one language, light and bold, with which texts are measured and set."""

    def __init__(self, light: Mapping[str, Glyph], bold: Mapping[str, Glyph], faces: Mapping[str, Face]) -> None:
        self._tables, self._faces = (light, bold), faces

    def knows(self, text: str, style: Style) -> bool:
        return all(character in self._tables[style.is_bold] for character in text)

    def measure(self, style: Style, size: float | None = None) -> Callable[[str], float]:
        """How wide a text would be, in points, with the space after its last letter."""
        table, size = self._tables[style.is_bold], size or style.size
        spacing = style.length("letter-spacing", size)
        return lambda text: sum([table[c].width for c in text]) * size / 1000 + spacing * len(text)

    def baseline(self, style: Style, size: float) -> float:
        """From the top of a line down to its baseline."""
        face = self._faces[next(iter(self._tables[style.is_bold].values())).font]
        return (style.length("line-height", size, size) + (face.up - face.down) * size / 1000) / 2

    def set_line(self, stamp: Stamp, text: str, style: Style, x: float, y: float, size: float | None = None) -> None:
        """Write the line from (x, y), the left end of its baseline."""
        size = size or style.size
        stamp.content.append(
            b"%.3f %.3f %.3f rg BT %.3f Tc 1 0 0 1 %.3f %.3f Tm" % (*style.colour, style.length("letter-spacing", size), x, y)
        )
        run: list[Glyph] = []
        for character in text:
            glyph = self._tables[style.is_bold][character]
            if run and run[-1].font != glyph.font:
                self._show(stamp, run, size)
                run = []
            run.append(glyph)
        self._show(stamp, run, size)
        stamp.content.append(b"ET")

    def _show(self, stamp: Stamp, run: list[Glyph], size: float) -> None:
        if run:
            stamp.used.setdefault(run[0].font, set()).update(glyph.code for glyph in run)
            codes = b"".join(b"%04x" % glyph.code for glyph in run)
            stamp.content.append(b"%s %.3f Tf <%s> Tj" % (run[0].font.encode(), size, codes))


class Press:
    """Plates and letters of a batch, laid out together in one document."""

    def __init__(self, plates: Sequence[str], languages: Mapping[str, tuple[set[str], set[str]]], wrap: str, style: str) -> None:
        """``languages``: by language the characters that are set light and bold. Raises GlyphsMissing, PdfUnavailable."""
        sheets = [
            alphabet(chars | {" "}, lang, bold=bold)
            for lang, sets in languages.items()
            for bold, chars in zip((False, True), sets, strict=True)
        ]
        pages = pypdf.PdfReader(io.BytesIO(pages_to_pdf([*plates, *sheets], wrap, style))).pages
        self._faces: dict[str, Face] = {}
        for page in pages:
            self._faces.update({name: face for name, face in faces_of(page).items() if name not in self._faces})
        self._plates = [_Plate(page) for page in pages[: len(plates)]]
        self.height = float(pages[0].mediabox.height)
        tables = [letters_of(page, self._faces) for page in pages[len(plates) :]]
        self.letters = {lang: Letters(tables[2 * n], tables[2 * n + 1], self._faces) for n, lang in enumerate(languages)}

    def file(self, stamp: Stamp) -> bytes:
        """One page as a file of its own."""
        return self._written([stamp])

    def booklet(self, stamps: Sequence[Stamp]) -> bytes:
        """All pages in one file; its fonts stand in it once."""
        return self._written(stamps)

    def _written(self, stamps: Sequence[Stamp]) -> bytes:
        writer, used = pypdf.PdfWriter(), self._used(stamps)
        fonts = writer._add_object(_objects({name: self._font(writer, name, codes) for name, codes in used.items()}))
        for stamp in stamps:
            self._plates[stamp.plate].put(writer, stamp, fonts)
        writer.metadata = {"/Title": stamps[0].title, "/Producer": "WeasyPrint, Jiebang"}
        out = io.BytesIO()
        writer.write(out)
        return out.getvalue()

    def _used(self, stamps: Sequence[Stamp]) -> Codes:
        used: Codes = {}
        for part in [*(stamp.used for stamp in stamps), *(self._plates[n].used for n in {stamp.plate for stamp in stamps})]:
            for font, codes in part.items():
                used.setdefault(font, set()).update(codes)
        return used

    def _font(self, writer: pypdf.PdfWriter, name: str, codes: set[int]) -> Any:
        """The font with these glyphs, as an object of the file."""
        face, ordered = self._faces[name], sorted(codes)
        descriptor = generic.DictionaryObject(
            {k: v for k, v in face.descriptor.items() if not k.startswith("/FontFile") and k != "/CIDSet"}
        )
        program = _stream(face.cut_down(codes))
        if face.is_compact:
            program[generic.NameObject("/Subtype")] = generic.NameObject("/CIDFontType0C")
        descriptor[generic.NameObject("/FontFile3" if face.is_compact else "/FontFile2")] = writer._add_object(program)
        widths = generic.ArrayObject(
            part
            for code in ordered
            for part in (generic.NumberObject(code), generic.ArrayObject([generic.FloatObject(face.widths.get(code, 0))]))
        )
        system = {
            "/Registry": generic.ByteStringObject(b"Adobe"),
            "/Ordering": generic.ByteStringObject(b"Identity"),
            "/Supplement": generic.NumberObject(0),
        }
        child = _named({"/Type": "/Font", "/Subtype": "/CIDFontType0" if face.is_compact else "/CIDFontType2", "/BaseFont": face.name})
        child |= _objects({"/CIDSystemInfo": _objects(system), "/W": widths, "/FontDescriptor": writer._add_object(descriptor)})
        if not face.is_compact:
            child[generic.NameObject("/CIDToGIDMap")] = generic.NameObject("/Identity")
        font = _named({"/Type": "/Font", "/Subtype": "/Type0", "/BaseFont": face.name, "/Encoding": "/Identity-H"})
        mapped = _stream(_to_unicode({code: face.words[code] for code in ordered if code in face.words}))
        font |= _objects({"/DescendantFonts": generic.ArrayObject([writer._add_object(child)]), "/ToUnicode": writer._add_object(mapped)})
        return writer._add_object(font)


class _Plate:
    """A page as WeasyPrint laid it out, without its words that vary."""

    def __init__(self, page: pypdf.PageObject) -> None:
        self.page = page
        contents = page.get_contents()
        self.content = contents.get_data() if contents is not None else b""
        self.used: Codes = {}
        for font, code in shown(page):
            self.used.setdefault(font, set()).add(code)
        resources = resources_of(page)
        self.kept: dict[str, Any] = {key: value for key, value in resources.items() if key not in {"/Font", "/XObject"}}
        named: Any = resources.get("/XObject", {})
        pictures = {key: value for key, value in named.items() if key.encode() + b" Do" in self.content}
        if any(value.get_object().get("/Subtype") == "/Form" for value in pictures.values()):
            raise ValueError("a plate with opacity would carry all fonts of the batch into each file")
        self.kept["/XObject"] = _objects(pictures)

    def put(self, writer: pypdf.PdfWriter, stamp: Stamp, fonts: Any) -> None:
        page = writer.add_blank_page(float(self.page.mediabox.width), float(self.page.mediabox.height))
        resources = generic.DictionaryObject({generic.NameObject(key): value.clone(writer) for key, value in self.kept.items()})
        resources[generic.NameObject("/Font")] = fonts
        page[generic.NameObject("/Resources")] = resources
        content = b"q\n" + self.content + b"\nQ\n" + b"\n".join(stamp.content)
        page[generic.NameObject("/Contents")] = writer._add_object(_stream(content))


def _stream(data: bytes) -> generic.StreamObject:
    stream = generic.StreamObject()
    stream.set_data(zlib.compress(data, 6))
    stream[generic.NameObject("/Filter")] = generic.NameObject("/FlateDecode")
    return stream


def _named(values: Mapping[str, str]) -> generic.DictionaryObject:
    return generic.DictionaryObject({generic.NameObject(key): generic.NameObject(value) for key, value in values.items()})


def _objects(values: Mapping[str, Any]) -> generic.DictionaryObject:
    return generic.DictionaryObject({generic.NameObject(key): value for key, value in values.items()})


def _to_unicode(words: Mapping[int, str]) -> bytes:
    """The map by which a reader copies and searches the text (PDF 32000-1, 9.10.3); at most 100 pairs a block."""
    rows = [b"<%04x> <%s>" % (code, word.encode("utf-16-be").hex().encode()) for code, word in words.items()]
    blocks = [rows[start : start + 100] for start in range(0, len(rows), 100)]
    body = b"\n".join(b"%d beginbfchar\n%s\nendbfchar" % (len(block), b"\n".join(block)) for block in blocks)
    head = b"/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
    return head + b"1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n" + body + b"\nendcmap\nend\nend"
