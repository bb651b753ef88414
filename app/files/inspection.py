"""Does the content agree with the name and the declared type, and is it within the limits?"""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from app.core.later import later

from .archives import check_archive
from .errors import ContentDiffers, Damaged, EmptyFile, FileRefused, Locked, TooLarge, TooManyPages, TooManyPixels, TypeNotAllowed
from .kinds import KINDS, FileKind
from .limits import MEGABYTE, Limits
from .names import extension_of

if TYPE_CHECKING:
    import puremagic
    import pypdf
    from PIL import Image
else:
    puremagic = later("puremagic")
    pypdf = later("pypdf")
    Image = later("PIL.Image")

_HEAD = 4096
#: A text file that begins like this is something else.
_NOT_TEXT = (b"<!doctype", b"<html", b"<script", b"<?xml", b"<svg", b"<?php", b"%pdf", b"{\\rtf", b"#!/")


@dataclass(frozen=True)
class Inspection:
    """What the content turned out to be."""

    kind: FileKind
    pages: int | None = None


def inspect(path: Path, name: str, declared: str, limits: Limits) -> Inspection:
    """Check the file at ``path``; raise a FileRefused. Extension, declared type and content must agree."""
    extension = extension_of(name)
    kind = KINDS.get(extension)
    if kind is None or extension not in limits.types:
        raise TypeNotAllowed(_("Only these types are accepted here: %(types)s.", types=", ".join(limits.types)))
    size = path.stat().st_size
    if size == 0:
        raise EmptyFile
    if size > limits.max_bytes:
        raise TooLarge(_("This file is larger than %(limit)s MB.", limit=limits.max_bytes // MEGABYTE))
    if not kind.fits_declared(declared.split(";")[0].strip().lower()):
        raise ContentDiffers
    _check_first_bytes(path, kind)
    return _LOOKS[kind.family](path, kind, limits)


def _check_first_bytes(path: Path, kind: FileKind) -> None:
    with path.open("rb") as handle:
        head = handle.read(_HEAD)
    if kind.starts and not any(head[kind.offset :].startswith(start) for start in kind.starts):
        raise ContentDiffers
    if kind.family in {"pdf", "image"}:
        _check_sniffed(head, kind)
        if zipfile.is_zipfile(path):  # a second format hidden behind the first
            raise ContentDiffers


def _check_sniffed(head: bytes, kind: FileKind) -> None:
    """What a second opinion, by content alone, makes of the first bytes."""
    try:
        guesses = {match.mime_type for match in puremagic.magic_string(head)}
    except (puremagic.PureError, ValueError):
        return
    if guesses and kind.content_type not in guesses:
        raise ContentDiffers


def _pdf(path: Path, kind: FileKind, limits: Limits) -> Inspection:
    try:
        reader = pypdf.PdfReader(path)
        if reader.is_encrypted:
            raise Locked
        pages = len(reader.pages)
    except FileRefused:
        raise
    except Exception as error:
        raise Damaged from error
    if pages == 0:
        raise Damaged
    if limits.max_pages and pages > limits.max_pages:
        raise TooManyPages(_("At most %(limit)s pages; this has %(count)s.", limit=limits.max_pages, count=pages))
    return Inspection(kind, pages)


def _image(path: Path, kind: FileKind, limits: Limits) -> Inspection:
    try:
        with Image.open(path, formats=("JPEG", "PNG")) as picture:
            width, height = picture.size
            if width * height > limits.max_pixels:
                raise TooManyPixels
            if picture.get_format_mimetype() != kind.content_type:
                raise ContentDiffers
            picture.verify()
    except FileRefused:
        raise
    except Image.DecompressionBombError as error:
        raise TooManyPixels from error
    except Exception as error:
        raise Damaged from error
    return Inspection(kind)


def _zipped(path: Path, kind: FileKind, limits: Limits) -> Inspection:
    with path.open("rb") as handle:
        check_archive(handle, path.stat().st_size, folder=kind.folder)
    return Inspection(kind)


def _text(path: Path, kind: FileKind, limits: Limits) -> Inspection:
    content = path.read_bytes()
    if b"\0" in content or content[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_NOT_TEXT):
        raise ContentDiffers
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return Inspection(kind)
    raise ContentDiffers


def _opaque(path: Path, kind: FileKind, limits: Limits) -> Inspection:
    return Inspection(kind)


_LOOKS: dict[str, Callable[[Path, FileKind, Limits], Inspection]] = {
    "pdf": _pdf, "image": _image, "office": _zipped, "archive": _zipped, "text": _text, "ole": _opaque, "video": _opaque,
}  # fmt: skip
