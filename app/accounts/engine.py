"""The bridge to the password hash and the second factor's arithmetic."""

from __future__ import annotations

import secrets
from datetime import datetime
from functools import cache

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.core.codes import code, token_hash

#: Argon2id with 19 MiB, two passes, one lane: about 25 ms and little memory a check (OWASP's second recommendation).
HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
STEP_SECONDS = 30
RECOVERY_CODES = 10


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


def new_totp_secret() -> str:
    return pyotp.random_base32()


def totp_address(secret: str, *, account: str, issuer: str) -> str:
    """What an authenticator app reads from the QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=issuer)


def totp_step(secret: str, typed: str, now: datetime) -> int | None:
    """The time step that the typed code belongs to (one step of tolerance to each side), or None."""
    digits = typed.replace(" ", "")
    if len(digits) != 6 or not digits.isdecimal():
        return None
    present = int(now.timestamp()) // STEP_SECONDS
    totp = pyotp.TOTP(secret)
    for step in (present, present - 1, present + 1):
        if secrets.compare_digest(totp.at(step * STEP_SECONDS), digits):
            return step
    return None


def new_recovery_codes() -> list[str]:
    """Ten codes of 50 bits, in two groups."""
    return [f"{code(5)}-{code(5)}" for _ in range(RECOVERY_CODES)]


def recovery_hash(user_id: int, typed: str) -> str:
    """How a recovery code is stored: bound to its owner."""
    return token_hash(f"{user_id}:{typed.strip().upper().replace('-', '').replace(' ', '')}")
