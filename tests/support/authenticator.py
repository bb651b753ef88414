"""A security key in software: it answers what pages ask as a browser with a real key would, and can be made to cheat."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

USER_PRESENT, NEW_CREDENTIAL = 0x01, 0x40


def coded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass
class SoftKey:
    """One key pair. ``origin`` is what the browser would say; ``count`` is the counter of signatures."""

    origin: str = "http://localhost"
    count: int = 0
    id: bytes = field(default_factory=lambda: os.urandom(32))
    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def register(self, options: dict[str, Any], **told: Any) -> str:
        """The answer to ``navigator.credentials.create``."""
        client = self._client("webauthn.create", options["challenge"], told)
        public = self.private.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: public.x.to_bytes(32, "big"), -3: public.y.to_bytes(32, "big")}
        credential = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor2.dumps(cose)
        data = self._data(options["rp"]["id"], USER_PRESENT | NEW_CREDENTIAL) + credential
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer({"clientDataJSON": coded(client), "attestationObject": coded(attestation), "transports": ["usb", "odd"]})

    def sign(self, options: dict[str, Any], *, present: bool = True, **told: Any) -> str:
        """The answer to ``navigator.credentials.get``."""
        self.count += 1
        client = self._client("webauthn.get", options["challenge"], told)
        data = self._data(options["rpId"], USER_PRESENT if present else 0)
        signature = self.private.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer({"clientDataJSON": coded(client), "authenticatorData": coded(data), "signature": coded(signature)})

    def _client(self, kind: str, challenge: str, told: dict[str, Any]) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False, **told}).encode()

    def _data(self, host: str, flags: int) -> bytes:
        return hashlib.sha256(host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _answer(self, response: dict[str, Any]) -> str:
        return json.dumps({"id": coded(self.id), "rawId": coded(self.id), "type": "public-key", "response": response})
