"""Verifying chains: numbers without gaps, links, commitments, and the head."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit import chain
from app.audit.models import JournalEvent, JournalHead

from .journal import link_of


@dataclass(frozen=True)
class ChainReport:
    """The state of one chain; ``broken_at`` is the first number that does not fit, with the reason."""

    chain: str
    length: int
    head: str
    broken_at: int | None = None
    reason: str = ""

    @property
    def is_whole(self) -> bool:
        return self.broken_at is None


def verify_chain(session: Session, name: str) -> ChainReport:
    """Walk the chain from its first row."""
    head = session.get(JournalHead, name)
    seq, prev = 0, ""
    rows = select(JournalEvent).where(JournalEvent.chain == name).order_by(JournalEvent.seq).execution_options(yield_per=1000)
    for row in session.scalars(rows):
        seq += 1
        fault = _fault(row, seq, prev)
        if fault:
            return ChainReport(name, seq, prev, broken_at=seq, reason=fault)
        prev = row.hash
    if head is not None and (head.seq, head.hash) != (seq, prev):
        return ChainReport(
            name,
            seq,
            prev,
            broken_at=seq + 1,
            reason="the head does not match the last row",
        )
    return ChainReport(name, seq, prev)


def verify_all(session: Session) -> list[ChainReport]:
    return [verify_chain(session, name) for name in session.scalars(select(JournalHead.chain).order_by(JournalHead.chain))]


def _fault(row: JournalEvent, seq: int, prev: str) -> str:
    if row.seq != seq:
        return f"number {seq} is missing"
    if row.prev != prev:
        return "the row does not link to the one before it"
    if row.hash != link_of(row):
        return "the row was altered"
    if row.payload is not None and (row.salt is None or row.commit != chain.commitment(row.salt, row.payload)):
        return "the payload does not match its commitment"
    return ""
