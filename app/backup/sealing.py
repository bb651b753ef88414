"""The sealed file: a stream cut into chunks of one mebibyte, each encrypted and authenticated (AES-256-GCM).

::

    head  = "jiebang backup 1\\n" ‖ salt (32 bytes) ‖ mark of the key (16 bytes)
    key   = HKDF-SHA256(BACKUP_KEY, salt, "jiebang/backup/v1/key"), another one for every file
    chunk = AES-256-GCM(key, nonce = number (11 bytes, big endian) ‖ 1 for the last one, else 0; head as associated data)

The number in the nonce shows chunks that are swapped or missing, the last byte shows a file that was cut or continued. Nothing is
ever read into memory but one chunk and the one after it.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"jiebang backup 1\n"
CHUNK = 1024 * 1024
TAG = 16
SALT = 32
MARK = 16


class NotSealed(Exception):
    """The file is no backup, was made with another key, or was altered; the message says which."""


def _derive(key: str, salt: bytes, label: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, b"jiebang/backup/v1/" + label).derive(key.encode())


def _nonce(number: int, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


class Sealer:
    """What is written into it goes to ``target`` in sealed chunks; without ``finish`` the file is refused as cut off."""

    def __init__(self, target: BinaryIO, key: str) -> None:
        salt = os.urandom(SALT)
        self._head = MAGIC + salt + _derive(key, salt, b"mark", MARK)
        self._aead = AESGCM(_derive(key, salt, b"key", 32))
        self._target, self._waiting, self._number = target, bytearray(), 0
        target.write(self._head)

    def write(self, data: bytes) -> int:
        self._waiting += data
        while len(self._waiting) > CHUNK:  # one chunk always waits: it may be the last
            self._seal(bytes(self._waiting[:CHUNK]), is_last=False)
            del self._waiting[:CHUNK]
        return len(data)

    def finish(self) -> None:
        """Seal what is left as the last chunk."""
        self._seal(bytes(self._waiting), is_last=True)
        self._waiting.clear()

    def _seal(self, chunk: bytes, *, is_last: bool) -> None:
        self._target.write(self._aead.encrypt(_nonce(self._number, is_last), chunk, self._head))
        self._number += 1


class Unsealer:
    """Reads a sealed file from its beginning; raises NotSealed at the first byte that is not what was sealed."""

    def __init__(self, source: BinaryIO, key: str) -> None:
        head = source.read(len(MAGIC) + SALT + MARK)
        salt, mark = head[len(MAGIC) : -MARK], head[-MARK:]
        if not head.startswith(MAGIC) or len(salt) != SALT:
            raise NotSealed("this file is not a backup of this system")
        if not hmac.compare_digest(mark, _derive(key, salt, b"mark", MARK)):
            raise NotSealed("this backup was made with another BACKUP_KEY, or its first bytes were altered")
        self._chunks = _opened(source, AESGCM(_derive(key, salt, b"key", 32)), head)
        self._waiting = b""

    def read(self, size: int) -> bytes:
        """At most ``size`` bytes, fewer only at the end."""
        parts, wanted = [], size
        while wanted > 0:
            if not self._waiting:
                self._waiting = next(self._chunks, b"")
                if not self._waiting:
                    break
            parts.append(self._waiting[:wanted])
            self._waiting = self._waiting[wanted:]
            wanted -= len(parts[-1])
        return b"".join(parts)

    def drain(self) -> None:
        """Read to the end, so that nothing of the file is left unlooked at."""
        while self.read(CHUNK):
            pass


def _opened(source: BinaryIO, aead: AESGCM, head: bytes) -> Iterator[bytes]:
    number, block = 0, source.read(CHUNK + TAG)
    while True:
        following = source.read(CHUNK + TAG)
        try:
            chunk = aead.decrypt(_nonce(number, not following), block, head)
        except (InvalidTag, ValueError) as error:
            raise NotSealed(f"this backup was altered, or cut off: its chunk {number + 1} is not as it was sealed") from error
        yield chunk
        if not following:
            return
        number, block = number + 1, following
