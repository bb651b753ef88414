"""What lies in a sealed file: a tar of a manifest, the database, the list of stored files, the files, and what was missing.

The order lets one pass check everything with little memory: the manifest tells size and digest of the database and of the list, the list
tells them of every file, in the order in which they follow.
"""

from __future__ import annotations

import hashlib
import tarfile
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, cast

import msgspec

from .sealing import CHUNK, NotSealed, Sealer, Unsealer

FORMAT = 1
MANIFEST, DATABASE, LISTING, FILES, END = "manifest.json", "database", "files.jsonl", "files/", "end.json"
#: More than any manifest or end has; what claims to be larger is not read into memory.
SMALL = 64 * 1024 * 1024


class Part(msgspec.Struct, frozen=True):
    """One part as it must come out again."""

    size: int
    sha256: str


class Head(msgspec.Struct, frozen=True):
    """Where a chain of the journal ended."""

    seq: int
    hash: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What the backup is, and what must be found in it.

    ``rows``: how many each table has; ``configuration``: a digest of the settings that are no secrets; ``field_key`` and ``signing_key``:
    marks by which the two keys that are *not* in here are known again.
    """

    format: int
    taken_at: datetime
    engine: str
    revision: str
    origin: str
    database: Part
    listing: Part
    files: int
    bytes: int
    rows: dict[str, int]
    heads: dict[str, Head]
    configuration: str
    field_key: str
    signing_key: str


class Listed(msgspec.Struct, frozen=True, array_like=True):
    """A stored file, one line of the list."""

    key: str
    sha256: str
    size: int


class End(msgspec.Struct, frozen=True):
    """What could not be put in: files that the store lacked or held altered, and files that were removed while the backup was made."""

    missing: list[str]
    removed: list[str]


class Digesting:
    """Reads through to another file and knows size and digest of what was read."""

    def __init__(self, source: BinaryIO) -> None:
        self._source, self._seen, self.size = source, hashlib.sha256(), 0

    def read(self, size: int = -1) -> bytes:
        data = self._source.read(size)
        self._seen.update(data)
        self.size += len(data)
        return data

    @property
    def part(self) -> Part:
        return Part(self.size, self._seen.hexdigest())


class ArchiveWriter:
    """Puts parts into a sealed file, one after the other."""

    def __init__(self, target: BinaryIO, key: str) -> None:
        self._sealer = Sealer(target, key)
        self._tar = tarfile.open(fileobj=self._sealer, mode="w|", bufsize=CHUNK)  # type: ignore[call-overload]  # noqa: SIM115

    def add(self, name: str, path: Path) -> Part:
        """Put the file at ``path`` in; returns what went in."""
        with path.open("rb") as handle:
            source = Digesting(handle)
            self._add(name, path.stat().st_size, source)
        return source.part

    def add_struct(self, name: str, value: msgspec.Struct) -> None:
        content = msgspec.json.format(msgspec.json.encode(value), indent=1)
        self._add(name, len(content), Digesting(BytesIO(content)))

    def _add(self, name: str, size: int, source: Digesting) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mode = size, 0o600
        self._tar.addfile(member, cast(BinaryIO, source))
        self._tar.members.clear()  # it would remember every file

    def finish(self) -> None:
        self._tar.close()
        self._sealer.finish()


class ArchiveReader:
    """Gives back the parts of a sealed file in their order; each must be read before the next one is asked for."""

    def __init__(self, source: BinaryIO, key: str) -> None:
        self._unsealer = Unsealer(source, key)
        self._tar = tarfile.open(fileobj=self._unsealer, mode="r|", bufsize=CHUNK)  # type: ignore[call-overload]  # noqa: SIM115

    def parts(self) -> Iterator[tuple[str, Digesting]]:
        """Name and content."""
        while (member := self._tar.next()) is not None:
            self._tar.members.clear()
            content = self._tar.extractfile(member)
            if content is None:
                raise NotSealed(f"the part {member.name} is no file")
            yield member.name, Digesting(cast(BinaryIO, content))
        self._unsealer.drain()


def part_of(path: Path) -> Part:
    """Size and digest of a file."""
    with path.open("rb") as handle:
        return Part(path.stat().st_size, hashlib.file_digest(handle, "sha256").hexdigest())
