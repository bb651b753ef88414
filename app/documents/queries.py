"""Looking up verification codes and seals."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.files.models import Blob

from .models import Seal, VerificationCode


@dataclass(frozen=True)
class Verification:
    """What a stranger learns about a code: what it stands for and whether it holds; nothing else."""

    code: str
    kind: str
    facts: dict[str, Any]
    digest: str
    issued_at: datetime
    revoked_at: datetime | None
    revoked_reason: str

    @property
    def is_valid(self) -> bool:
        return self.revoked_at is None


def tidy_code(text: str) -> str:
    """A code as people type it: letters and digits only, capitals."""
    return re.sub(r"[^0-9A-Za-z]", "", text).upper()[:20]


def verify_code(session: Session, code: str) -> Verification | None:
    """The verification of a code, None when there is no such code."""
    row = session.scalar(select(VerificationCode).where(VerificationCode.code == tidy_code(code)))
    if row is None:
        return None
    return Verification(row.code, row.kind, row.facts, row.digest, row.issued_at, row.revoked_at, row.revoked_reason)


def seal_blob(session: Session, organization_id: int) -> Blob | None:
    """The stored seal image of an organization."""
    return session.scalar(select(Blob).join(Seal, Seal.blob_id == Blob.id).where(Seal.organization_id == organization_id))
