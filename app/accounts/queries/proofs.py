"""What a person can prove themselves with besides the password."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import RecoveryCode, SecurityKey


def recovery_codes_left(session: Session, user_id: int) -> int:
    unused = select(func.count(RecoveryCode.id)).where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
    return session.scalar(unused) or 0


def security_keys(session: Session, user_id: int | None) -> list[SecurityKey]:
    """The person's security keys, the oldest first."""
    return list(session.scalars(select(SecurityKey).where(SecurityKey.user_id == user_id).order_by(SecurityKey.id)))


def security_key(session: Session, user_id: int | None, key_id: int) -> SecurityKey | None:
    """One of the person's own keys."""
    return session.scalar(select(SecurityKey).where(SecurityKey.id == key_id, SecurityKey.user_id == user_id))


def key_of_credential(session: Session, credential_id: bytes) -> SecurityKey | None:
    """Whoever's key this is."""
    return session.scalar(select(SecurityKey).where(SecurityKey.credential_id == credential_id))
