"""Checking a backup from its first to its last byte, in one pass and with little memory; nothing is restored."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO, TypeVar

import msgspec

from app.backup.archive import DATABASE, END, FILES, FORMAT, LISTING, MANIFEST, SMALL, ArchiveReader, Digesting, End, Listed, Manifest, Part
from app.backup.sealing import CHUNK, NotSealed

#: ``take(name, content)`` must read the whole part.
Taker = Callable[[str, Digesting], None]

Found = tuple[str, Digesting]
S = TypeVar("S", bound=msgspec.Struct)


@dataclass(frozen=True)
class Checked:
    """A backup in which everything is as the manifest says."""

    manifest: Manifest
    end: End
    files: int
    bytes: int


def read_through(_name: str, content: Digesting) -> None:
    while content.read(CHUNK):
        pass


def check_backup(path: Path, key: str, *, take: Taker = read_through, begin: Callable[[Manifest], None] | None = None) -> Checked:
    """Hand every part to ``take`` and compare it with the manifest; raises NotSealed at the first thing that does not fit."""
    with path.open("rb") as source, TemporaryFile() as lines:
        parts = ArchiveReader(source, key).parts()
        manifest = _struct(_next(parts, MANIFEST), Manifest)
        if manifest.format != FORMAT:
            raise NotSealed(f"this backup has format {manifest.format}; this version reads format {FORMAT}")
        if begin is not None:
            begin(manifest)
        _take(_next(parts, DATABASE), DATABASE, manifest.database, take)
        _take(_next(parts, LISTING), LISTING, manifest.listing, lambda _name, content: _keep(content, lines))
        lines.seek(0)
        return _check_files(parts, manifest, lines, take)


def _check_files(parts: Iterator[Found], manifest: Manifest, lines: BinaryIO, take: Taker) -> Checked:
    """The files follow in the order of the list; what the list names and does not follow must be named at the end."""
    absent: list[str] = []
    files = size = 0
    for name, content in parts:
        if name == END:
            end = _struct((name, content), End)
            absent += [_listed(line).key for line in lines]
            if sorted(absent) != sorted([*end.missing, *end.removed]) or files + len(absent) != manifest.files:
                raise NotSealed("this backup lacks files that it lists")
            if next(parts, None) is not None:  # also reads the sealed stream to its end
                raise NotSealed("this backup goes on after its end")
            return Checked(manifest, end, files, size)
        listed = _next_listed(lines, name, absent)
        _take((name, content), name, Part(listed.size, listed.sha256), take)
        files, size = files + 1, size + content.size
    raise NotSealed("this backup has no end")


def _next(parts: Iterator[Found], name: str) -> Found:
    found = next(parts, None)
    if found is None or found[0] != name:
        raise NotSealed(f"this backup has no {name} where it must be")
    return found


def _take(found: Found, name: str, part: Part, take: Taker) -> None:
    take(name, found[1])
    if found[1].part != part:
        raise NotSealed(f"{name} is not what the manifest says")


def _struct(found: Found, kind: type[S]) -> S:
    content = found[1].read(SMALL)
    try:
        return msgspec.json.decode(content, type=kind)
    except msgspec.MsgspecError as error:
        raise NotSealed(f"{found[0]} cannot be read: {error}") from error


def _keep(content: Digesting, target: BinaryIO) -> None:
    while data := content.read(CHUNK):
        target.write(data)


def _listed(line: bytes) -> Listed:
    return msgspec.json.decode(line, type=Listed)


def _next_listed(lines: BinaryIO, name: str, absent: list[str]) -> Listed:
    """The line of the file that follows; the lines before it are of files that were not there."""
    for line in lines:
        listed = _listed(line)
        if FILES + listed.key == name:
            return listed
        absent.append(listed.key)
    raise NotSealed(f"{name} is not on the list")
