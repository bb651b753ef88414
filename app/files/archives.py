"""Looking into ZIP files and office documents by streaming, trusting no header."""

from __future__ import annotations

import stat
import zipfile
import zlib
from io import BytesIO
from itertools import pairwise
from typing import IO

from .errors import ContentDiffers, Damaged, HasMacros, Locked, SuspiciousArchive
from .limits import MAX_MEMBERS, MAX_RATIO, MAX_UNPACKED, RATIO_FLOOR

CHUNK = 64 * 1024
_NESTED = (".zip", ".docx", ".xlsx", ".pptx", ".jar", ".7z", ".rar", ".gz")
_XML = (".xml", ".rels", ".svg", ".vml")


def check_archive(handle: IO[bytes], size: int, *, folder: str = "", depth: int = 0) -> None:
    """Refuse bombs, traversal, links, overlaps, nesting beyond one; for office documents also macros and entities."""
    try:
        with zipfile.ZipFile(handle) as archive:
            members = archive.infolist()
            _check_members(members)
            if folder:
                _check_office({info.filename for info in members}, folder)
            _check_sizes(archive, members, size, office=bool(folder), depth=depth)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, KeyError) as error:
        raise Damaged from error
    except RuntimeError as error:
        raise Locked from error


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    names = [info.filename for info in members]
    if len(members) > MAX_MEMBERS or len(set(names)) != len(names):
        raise SuspiciousArchive
    for info in members:
        parts = info.filename.replace("\\", "/").split("/")
        if info.filename.startswith(("/", "\\")) or ".." in parts or ":" in parts[0] or "\0" in info.filename:
            raise SuspiciousArchive
        if stat.S_ISLNK(info.external_attr >> 16):
            raise SuspiciousArchive
        if info.flag_bits & 0x1:
            raise Locked
    spans = sorted((info.header_offset, info.header_offset + info.compress_size) for info in members)
    if any(end > following[0] for (_start, end), following in pairwise(spans)):
        raise SuspiciousArchive


def _check_office(names: set[str], folder: str) -> None:
    if "[Content_Types].xml" not in names or not any(name.startswith(folder) for name in names):
        raise ContentDiffers
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise HasMacros


def _check_sizes(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], size: int, *, office: bool, depth: int) -> None:
    total = 0
    for info in members:
        if info.is_dir():
            continue
        with archive.open(info) as member:
            total = _drain(member, info, total, size, office=office)
        if info.filename.lower().endswith(_NESTED):
            if depth:
                raise SuspiciousArchive
            with archive.open(info) as member:
                check_nested(member, info)


def _drain(member: IO[bytes], info: zipfile.ZipInfo, total: int, size: int, *, office: bool) -> int:
    watched, tail = office and info.filename.lower().endswith(_XML), b""
    while chunk := member.read(CHUNK):
        total += len(chunk)
        if total > MAX_UNPACKED or (total > RATIO_FLOOR and total > size * MAX_RATIO):
            raise SuspiciousArchive
        if watched and _declares(tail + chunk):
            raise SuspiciousArchive
        tail = chunk[-16:]
    return total


def _declares(data: bytes) -> bool:
    """Document types and entities have no business in an office document (in UTF-8 and, with NULs dropped, UTF-16)."""
    plain = data.replace(b"\0", b"").upper()
    return b"<!DOCTYPE" in plain or b"<!ENTITY" in plain


def check_nested(member: IO[bytes], info: zipfile.ZipInfo) -> None:
    """An archive inside may hold plain files only. It was measured by ``_drain`` already, so it fits in memory."""
    content = member.read(MAX_UNPACKED)
    if content.startswith(b"PK"):
        check_archive(BytesIO(content), len(content), depth=1)
    elif not info.filename.lower().endswith(".svg"):
        raise SuspiciousArchive
