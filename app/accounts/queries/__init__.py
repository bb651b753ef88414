"""Reading people and organizations."""

from .people import (
    actor_of,
    actor_of_session,
    counted_with_session,
    grants_of,
    holders_of_platform_role,
    live_grant,
    open_session,
    open_sessions,
    organizations_of,
    standing_of,
    user_by_email,
)
from .proofs import key_of_credential, recovery_codes_left, security_key, security_keys

__all__ = [
    "actor_of",
    "actor_of_session",
    "counted_with_session",
    "grants_of",
    "holders_of_platform_role",
    "key_of_credential",
    "live_grant",
    "open_session",
    "open_sessions",
    "organizations_of",
    "recovery_codes_left",
    "security_key",
    "security_keys",
    "standing_of",
    "user_by_email",
]
