"""Encryption of sensitive fields (AES-GCM), blind look-up (HMAC) and signatures of receipts (Ed25519).

Keys stay outside the database: the field key in the configuration, the signing key in ``var/secrets/signing.pem``.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from collections.abc import Sequence
from pathlib import Path

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION = b"\x01"


class Undecryptable(Exception):
    """The stored value was not made with this key, or was altered."""


class FieldCipher:
    """Encrypts one text at a time; ``purpose`` is bound in, so a phone cannot be pasted over an ID number."""

    def __init__(self, secret: str) -> None:
        self._aead = AESGCM(_derive(secret, b"field"))
        self._index = _derive(secret, b"index")

    def encrypt(self, text: str, purpose: str) -> bytes:
        nonce = os.urandom(12)
        return VERSION + nonce + self._aead.encrypt(nonce, text.encode(), purpose.encode())

    def decrypt(self, blob: bytes, purpose: str) -> str:
        try:
            return self._aead.decrypt(blob[1:13], blob[13:], purpose.encode()).decode()
        except (InvalidTag, ValueError) as error:
            raise Undecryptable(purpose) from error

    def fingerprint(self, text: str, purpose: str) -> str:
        """Equal texts give equal fingerprints; nothing else can be learned without the key."""
        return hmac.new(self._index, purpose.encode() + b"\x00" + text.encode(), hashlib.sha256).hexdigest()


class Signer:
    """The server's signing key; receipts carry ``key_id`` so that old keys stay checkable."""

    def __init__(self, path: Path) -> None:
        self._key = _load_or_make(path)
        raw = self._key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        self.public_key = base64.b64encode(raw).decode()
        self.key_id = hashlib.sha256(raw).hexdigest()[:16]

    def sign(self, message: bytes) -> str:
        return base64.b64encode(self._key.sign(message)).decode()

    def verify(self, message: bytes, signature: str) -> bool:
        try:
            self._key.public_key().verify(base64.b64decode(signature, validate=True), message)
        except (InvalidSignature, ValueError):
            return False
        return True


class Keyring:
    """This process's keys, opened once by the application's factory like the database."""

    def __init__(self) -> None:
        self._cipher: FieldCipher | None = None
        self._links: list[bytes] = []

    def open(self, *, secret_key: str, fallbacks: Sequence[str] = (), field_key: str) -> None:
        self._cipher = FieldCipher(field_key)
        self._links = [_derive(secret, b"link") for secret in (secret_key, *fallbacks)]

    @property
    def cipher(self) -> FieldCipher:
        if self._cipher is None:
            raise RuntimeError("the keyring is not open")
        return self._cipher

    def link_secrets(self, nonce: bytes) -> list[str]:
        """The secret of a mailed link, under the present key and the ones before it. The database holds only the nonce and a hash."""
        made = (hmac.new(key, nonce, hashlib.sha256).digest() for key in self._links)
        return [base64.urlsafe_b64encode(raw).decode().rstrip("=") for raw in made]


keys = Keyring()


def _derive(secret: str, label: bytes) -> bytes:
    return hmac.new(secret.encode(), b"jiebang/v1/" + label, hashlib.sha256).digest()


def _load_or_make(path: Path) -> Ed25519PrivateKey:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        pem = Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as handle:
                handle.write(pem)
        except FileExistsError:
            pass
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError("the signing key is not an Ed25519 key")
    return key
