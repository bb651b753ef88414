"""Upload tickets: a signed note that a page of an entry was opened at an instant, for calls that grant a grace."""

from __future__ import annotations

from datetime import UTC, datetime

from itsdangerous import BadSignature, URLSafeSerializer

SALT = "entry-ticket"


def issue_ticket(secret: str, entry_id: int, now: datetime) -> str:
    """A ticket for this entry and instant."""
    return str(URLSafeSerializer(secret, salt=SALT).dumps([entry_id, int(now.timestamp() * 1_000_000)]))


def ticket_time(secret: str, ticket: str, entry_id: int) -> datetime | None:
    """When the ticket was issued; None for a foreign, altered or absent one."""
    try:
        subject, micros = URLSafeSerializer(secret, salt=SALT).loads(ticket or "")
    except (BadSignature, ValueError, TypeError):
        return None
    if subject != entry_id or not isinstance(micros, int):
        return None
    return datetime.fromtimestamp(micros // 1_000_000, UTC).replace(microsecond=micros % 1_000_000)
