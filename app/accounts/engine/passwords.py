"""The bridge to the password hash."""

from __future__ import annotations

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

#: Argon2id with 19 MiB, two passes, one lane: about 25 ms and little memory a check (OWASP's second recommendation).
HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


def hash_password(password: str) -> str:
    return HASHER.hash(password)


@cache
def _nobody() -> str:
    """A hash that no password fits, so that unknown accounts take as long as known ones."""
    return HASHER.hash(secrets.token_urlsafe(32))


def fits(password_hash: str | None, password: str) -> bool:
    """Whether the password belongs to the hash; the same work is done when there is none."""
    nobody = _nobody()
    try:
        return HASHER.verify(password_hash or nobody, password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(password_hash: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return HASHER.check_needs_rehash(password_hash)
