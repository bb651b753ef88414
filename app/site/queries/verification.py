"""What a stranger may learn from a verification code: what it stands for, and whether it holds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.documents.models import VerificationCode

_CODE = re.compile(r"[0-9A-Z]{6,20}")


@dataclass(frozen=True)
class Verified:
    """The facts that were bound to the code when it was given out."""

    code: str
    kind: str
    facts: dict[str, Any]
    digest: str
    issued_at: datetime
    revoked_at: datetime | None

    @property
    def is_valid(self) -> bool:
        return self.revoked_at is None


def typed_code(text: str) -> str:
    """The code as stored: people type spaces, hyphens and small letters."""
    return re.sub(r"[\s\-–—.]+", "", text).upper()[:40]


def verified(session: Session, code: str) -> Verified | None:
    """The code's facts, or None when there is no such code."""
    if not _CODE.fullmatch(code):
        return None
    row = session.scalar(select(VerificationCode).where(VerificationCode.code == code))
    if row is None:
        return None
    return Verified(row.code, row.kind, dict(row.facts or {}), row.digest, row.issued_at, row.revoked_at)
