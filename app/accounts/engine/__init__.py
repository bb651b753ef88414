"""The bridge to what proves a person: password hashes, codes, security keys."""

from __future__ import annotations

from .codes import STEP_SECONDS, new_recovery_codes, proposed_secret, recovery_hash, totp_address, totp_step
from .keys import NewKey, creation_options, credential_id_of, new_key, request_options, signed_count
from .passwords import HASHER, fits, hash_password, is_outdated

__all__ = [
    "HASHER", "STEP_SECONDS", "NewKey", "creation_options", "credential_id_of", "fits", "hash_password", "is_outdated", "new_key",
    "new_recovery_codes", "proposed_secret", "recovery_hash", "request_options", "signed_count", "totp_address", "totp_step",
]  # fmt: skip
