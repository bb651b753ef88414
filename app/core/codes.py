"""Random codes for people to read: no sequence to guess, no letters that look alike."""

from __future__ import annotations

import hashlib
import hmac
import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def code(length: int = 8) -> str:
    """A random code of ``length`` characters (about five bits each)."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def token() -> str:
    """A URL-safe secret of 256 bits."""
    return secrets.token_urlsafe(32)


def token_hash(value: str) -> str:
    """What is stored instead of a secret."""
    return hashlib.sha256(value.encode()).hexdigest()


def same(left: str, right: str) -> bool:
    return hmac.compare_digest(left.encode(), right.encode())


def grouped(digest: str, groups: int = 8) -> str:
    """A digest's first characters in groups of four, for reading aloud."""
    return " ".join(digest[i * 4 : i * 4 + 4] for i in range(groups))
