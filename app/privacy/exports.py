"""A person's own data as a ZIP: one JSON file and the files they uploaded."""

from __future__ import annotations

import hashlib
import tempfile
import zipfile
from collections.abc import Iterable
from typing import IO, Any

import msgspec

from app.files.errors import FileMissing
from app.files.models import Blob
from app.files.names import clean_name
from app.files.serving import read_blob

#: Up to here in memory, beyond it in an unnamed file that the system removes by itself.
ROOM = 8 * 1024 * 1024
NAME = "data.json"


def pack(data: dict[str, Any], files: Iterable[Blob]) -> tuple[IO[bytes], str]:
    """The archive, rewound, and the SHA-256 of its data file. A file that the store has lost is named in the data."""
    spool = tempfile.SpooledTemporaryFile(max_size=ROOM)  # noqa: SIM115 -- the answer closes it
    listed: list[dict[str, Any]] = []
    with zipfile.ZipFile(spool, "w", zipfile.ZIP_DEFLATED) as archive:
        for blob in files:
            name = f"files/{blob.id}_{clean_name(blob.name)}"
            try:
                archive.writestr(name, read_blob(blob))
            except FileMissing:
                name = ""
            listed.append({"name": blob.name, "in_archive": name, "sha256": blob.sha256, "size": blob.size})
        text = msgspec.json.format(msgspec.json.encode({**data, "files": listed}), indent=2)
        archive.writestr(NAME, text)
    spool.seek(0)
    return spool, hashlib.sha256(text).hexdigest()
