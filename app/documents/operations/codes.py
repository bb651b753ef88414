"""Verification codes: random, one for each thing, revocable, never used twice."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import codes
from app.core.errors import CONSTRAINT_SENTENCES, DomainError
from app.documents.models import VerificationCode

LENGTH = 12
CONSTRAINT_SENTENCES["uq_verification_codes_kind_subject_id"] = _l("This document already has a verification code.")


class CodeNotFound(DomainError):
    message = _l("There is no verification code for this document.")


def issue_code(session: Session, *, kind: str, subject_id: int, facts: dict[str, Any], now: datetime, digest: str = "") -> VerificationCode:
    """A code under which anybody may check ``facts`` (plain texts that may be public). Recorded by the caller's event."""
    row = VerificationCode(code=codes.code(LENGTH), kind=kind, subject_id=subject_id, facts=facts, digest=digest, issued_at=now)
    session.add(row)
    session.flush()  # the thing points at its code
    return row


def revoke_code(session: Session, *, kind: str, subject_id: int, reason: str, now: datetime) -> VerificationCode:
    """From now on the code answers "revoked". Doing it twice changes nothing."""
    row = session.scalar(
        select(VerificationCode).where(VerificationCode.kind == kind, VerificationCode.subject_id == subject_id).with_for_update()
    )
    if row is None:
        raise CodeNotFound
    if row.revoked_at is None:
        row.revoked_at, row.revoked_reason = now, reason[:400]
    return row
