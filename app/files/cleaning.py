"""Copies without a trace of their maker: document properties, XMP, EXIF, comments' authors, attachments, scripts left out."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from app.core.later import later

from .kinds import KINDS
from .names import extension_of

if TYPE_CHECKING:
    import pypdf
    from PIL import Image, ImageOps
else:
    pypdf = later("pypdf")
    Image = later("PIL.Image")
    ImageOps = later("PIL.ImageOps")

_ANNOTATION_WORDS = ("/T", "/TU", "/Contents", "/RC", "/NM", "/M", "/Subj", "/AA", "/A", "/FS", "/Popup", "/IRT")
_HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_OFFICE = b"http://schemas.openxmlformats.org/officeDocument/2006/"
_PACKAGE = b"http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
_PROPERTIES = _HEAD + b'<Properties xmlns="' + _OFFICE + b'extended-properties"/>'
_CORE = _HEAD + b'<cp:coreProperties xmlns:cp="' + _PACKAGE + b'"/>'
_CUSTOM = _HEAD + b'<Properties xmlns="' + _OFFICE + b'custom-properties"/>'
_PARTS = {"docProps/core.xml": _CORE, "docProps/app.xml": _PROPERTIES, "docProps/custom.xml": _CUSTOM}
_AUTHORS = re.compile(rb'((?:\w+:)?(?:author|initials|userId|userName|lastModifiedBy|displayName|providerId)=)("[^"]*"|\'[^\']*\')')
_NAMES = re.compile(rb"(<(?:\w+:)?(?:author|lastModifiedBy|creator|manager|company)(?:\s[^>]*)?>)[^<]*(</)", re.IGNORECASE)
_COMMENTS = re.compile(r"(^|/)(comments|commentAuthors|people|persons|threadedComments|authors)", re.IGNORECASE)
_TEXT = re.compile(rb"(<(?:\w+:)?(?:t|text)(?:\s[^>]*)?>)[^<]*(</)")
#: What a tracked change has taken out is still in the file.
_DELETED = re.compile(rb"(<w:delText(?:\s[^>]*)?>)[^<]*(</)")
JPEG_QUALITY = 92


def clean_copy(path: Path, name: str) -> bytes | None:
    """The file without what tells of its maker, or None for types in which that cannot be promised."""
    kind = KINDS.get(extension_of(name))
    clean = _CLEANERS.get(kind.family) if kind else None
    return clean(path) if clean else None


def page_texts(source: Path | BytesIO) -> Iterator[tuple[int, str | None]]:
    """The words of a PDF's pages and of its filled-in fields, numbered from one; None for a page that could not be read."""
    try:
        pages = pypdf.PdfReader(source).pages
        for number in range(len(pages)):
            yield number + 1, _words_of(pages[number])
    except Exception:  # noqa: BLE001 -- whatever a broken file raises: it cannot be read
        yield 1, None


def _words_of(page: pypdf.PageObject) -> str | None:
    try:
        fields = [str(note.get_object().get("/V", "")) for note in page.get("/Annots") or ()]
        return "\n".join([page.extract_text() or "", *fields])
    except Exception:  # noqa: BLE001 -- one odd page does not hide the others
        return None


def _pdf(path: Path) -> bytes:
    stripped = _pages_of(path)
    for page in stripped.pages:
        _strip_page(page)
    for thing in stripped._objects:
        if isinstance(thing, pypdf.generic.DictionaryObject):
            for key in ("/Metadata", "/PieceInfo", "/LastModified"):
                thing.pop(pypdf.generic.NameObject(key), None)
    # What was cut off is still among the objects; a second copy takes over only what a page still reaches.
    return _written(_pages_of(BytesIO(_written(stripped))))


def _pages_of(source: Path | BytesIO) -> pypdf.PdfWriter:
    writer = pypdf.PdfWriter()
    for page in pypdf.PdfReader(source).pages:
        writer.add_page(page)
    writer.metadata = None
    return writer


def _written(writer: pypdf.PdfWriter) -> bytes:
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _strip_page(page: pypdf.PageObject) -> None:
    """Filled-in form fields stay visible; comments, attachments and what reacts to the reader go."""
    page.pop(pypdf.generic.NameObject("/AA"), None)
    kept = []
    for reference in page.get("/Annots") or ():
        annotation = reference.get_object()
        if isinstance(annotation, pypdf.generic.DictionaryObject) and annotation.get("/Subtype") == "/Widget":
            for word in _ANNOTATION_WORDS:
                annotation.pop(pypdf.generic.NameObject(word), None)
            kept.append(reference)
    page.pop(pypdf.generic.NameObject("/Annots"), None)
    if kept:
        page[pypdf.generic.NameObject("/Annots")] = pypdf.generic.ArrayObject(kept)


def _image(path: Path) -> bytes:
    with Image.open(path, formats=("JPEG", "PNG")) as picture:
        return _redrawn(picture)


def _redrawn(picture: Image.Image) -> bytes:
    """The same pixels, turned the right way, in a new file."""
    form = picture.format or "PNG"
    turned = ImageOps.exif_transpose(picture) or picture
    bare = Image.new(turned.mode, turned.size)
    bare.paste(turned)
    if turned.mode == "P" and turned.getpalette():
        bare.putpalette(turned.getpalette())  # type: ignore[arg-type]
    out = BytesIO()
    bare.save(out, form, **({"quality": JPEG_QUALITY} if form == "JPEG" else {}))
    return out.getvalue()


def _office(path: Path) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for info in source.infolist():
            if not info.is_dir():
                target.writestr(zipfile.ZipInfo(info.filename), _part(info.filename, source.read(info)), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _part(name: str, content: bytes) -> bytes:
    if name in _PARTS:
        return _PARTS[name]
    if name.startswith("docProps/"):
        return b""
    if name.lower().endswith((".jpg", ".jpeg", ".png")):
        return _picture_part(content)
    if name.lower().endswith((".xml", ".rels")):
        content = _DELETED.sub(rb"\1\2", _NAMES.sub(rb"\1\2", _AUTHORS.sub(rb'\1""', content)))
        if _COMMENTS.search(name):
            content = _TEXT.sub(rb"\1\2", content)
    return content


def _picture_part(content: bytes) -> bytes:
    try:
        with Image.open(BytesIO(content), formats=("JPEG", "PNG")) as picture:
            return _redrawn(picture)
    except Exception:  # noqa: BLE001 -- a picture that cannot be opened shows nothing, but might tell something
        return b""


_CLEANERS: dict[str, Callable[[Path], bytes]] = {"pdf": _pdf, "image": _image, "office": _office}
