"""Erasing what was written about a person on the way: mails and the details of facts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.audit.models import JournalEvent
from app.core.inventory import RECORD_YEARS
from app.documents.models import VerificationCode
from app.notify.models import Message, MessageEdit
from app.privacy.queries.footprint import Footprint, has_run_out
from app.privacy.rules import GONE, redact
from app.results.models import Certificate
from app.results.operations.certificates import KIND
from app.talent.models import SelectionRecord


def erase_mails(session: Session, found: Footprint) -> dict[str, int]:
    """The person's mails go, sent, held or waiting; in mails to others the person becomes nameless."""
    session.execute(delete(Message).where(Message.id.in_(found.mails)))
    mails = session.scalars(select(Message).where(Message.id.in_(found.mentions)))
    edits = session.scalars(select(MessageEdit).where(MessageEdit.message_id.in_(found.mentions)))
    for written in (*mails, *edits):
        written.subject = redact(written.subject, found.words)[:200]
        written.body_text, written.body_html = redact(written.body_text, found.words), redact(written.body_html, found.words)
    return {"messages": len(found.mails), "messages_to_others": len(found.mentions)}


def blank_facts(session: Session, found: Footprint) -> dict[str, int]:
    """Details and salt of the facts that name the person; commitment and link stay, so the chain still verifies."""
    rows = JournalEvent.id.in_(found.facts)
    session.execute(update(JournalEvent).where(rows).values(payload=None, salt=None).execution_options(synchronize_session=False))
    return {"journal_events": len(found.facts)}


def erase_old_records(session: Session, found: Footprint, now: datetime) -> dict[str, int]:
    """Official records that have been kept long enough lose the person too; younger ones stay."""
    count = 0
    for certificate in session.scalars(select(Certificate).where(Certificate.id.in_(found.certificates))):
        if has_run_out(certificate.issued_at, now, RECORD_YEARS):
            certificate.holder = redact(certificate.holder, found.words)[:400]
            code = select(VerificationCode).where(VerificationCode.kind == KIND, VerificationCode.subject_id == certificate.id)
            for row in session.scalars(code):
                row.facts = redact(row.facts, found.words)
            count += 1
    for record in session.scalars(select(SelectionRecord).where(SelectionRecord.id.in_(found.records))):
        if has_run_out(record.proposed_at, now, RECORD_YEARS):
            record.person_name, record.unit = GONE, ""
            count += 1
    return {"old_records": count}
