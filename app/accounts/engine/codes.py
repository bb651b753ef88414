"""The arithmetic of authenticator apps and recovery codes."""

from __future__ import annotations

import base64
import secrets
from datetime import datetime
from typing import TYPE_CHECKING

from app.core.codes import code, token_hash
from app.core.crypto import Undecryptable, keys
from app.core.later import later

if TYPE_CHECKING:
    import pyotp
else:
    pyotp = later("pyotp")

STEP_SECONDS = 30
RECOVERY_CODES = 10


def proposed_secret(sealed: str, user_id: int) -> tuple[str, str]:
    """The secret of an app that is being set up, and its seal for this person's browser: nothing is stored before the first code.

    ``sealed`` is what the browser brought back; without it, or when it is not this person's, the secret is a new one.
    """
    purpose = f"proposed-totp:{user_id}"
    try:
        return keys.cipher.decrypt(base64.urlsafe_b64decode(sealed), purpose), sealed
    except (Undecryptable, ValueError):
        secret = pyotp.random_base32()
        return secret, base64.urlsafe_b64encode(keys.cipher.encrypt(secret, purpose)).decode()


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
