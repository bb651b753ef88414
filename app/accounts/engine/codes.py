"""The arithmetic of authenticator apps and recovery codes."""

from __future__ import annotations

import secrets
from datetime import datetime

import pyotp

from app.core.codes import code, token_hash

STEP_SECONDS = 30
RECOVERY_CODES = 10


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
