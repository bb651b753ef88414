"""What a stranger may learn from a code: what it stands for, and whether it holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.calls.models import Edition
from app.core.crypto import Signer
from app.documents.queries import tidy_code, verify_code
from app.entries.models import Entry, EntryVersion
from app.entries.operations.content import canonical

RECEIPT = "receipt"


@dataclass(frozen=True)
class Verified:
    """The facts that were bound to the code when it was given out."""

    code: str
    kind: str
    facts: dict[str, Any]
    digest: str
    issued_at: datetime
    is_valid: bool
    revoked_at: datetime | None = None


def verified(session: Session, code: str, signer: Signer) -> Verified | None:
    """A document's code, else a receipt's; None when there is no such code."""
    document = verify_code(session, code)
    if document is not None:
        facts = {key: value for key, value in document.facts.items() if value}
        return Verified(document.code, document.kind, facts, document.digest, document.issued_at, document.is_valid, document.revoked_at)
    return _receipt(session, code, signer)


def _receipt(session: Session, code: str, signer: Signer) -> Verified | None:
    """A receipt tells contest, version, time and digest; never the project or its people."""
    wanted = (
        select(EntryVersion, Edition)
        .join(Entry, Entry.id == EntryVersion.entry_id)
        .join(Edition, Edition.id == Entry.edition_id)
        .where(EntryVersion.receipt_code == tidy_code(code))
    )
    row = session.execute(wanted).first()
    if row is None:
        return None
    version, edition = row
    facts = {"edition": edition.title, "edition_en": edition.title_en, "version": version.number}
    is_valid = signer.verify(canonical(version.receipt), version.signature)
    return Verified(version.receipt_code, RECEIPT, facts, version.digest, version.received_at, is_valid)
