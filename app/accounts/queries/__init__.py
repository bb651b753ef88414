"""Reading people and organizations."""

from .people import (
    actor_of_session,
    grants_of,
    holders_of_platform_role,
    live_grant,
    open_session,
    open_sessions,
    organizations_of,
    recovery_codes_left,
    standing_of,
    user_by_email,
)

__all__ = [
    "actor_of_session",
    "grants_of",
    "holders_of_platform_role",
    "live_grant",
    "open_session",
    "open_sessions",
    "organizations_of",
    "recovery_codes_left",
    "standing_of",
    "user_by_email",
]
