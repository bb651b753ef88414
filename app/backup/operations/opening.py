"""Opening a restored copy, after it was held against what others keep: checkpoints of witnesses, receipts of judges and teams."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts.models import UserSession
from app.audit.models import JournalEvent, JournalHead
from app.audit.operations import record
from app.audit.operations.checkpoints import Note, check_note, edition_of
from app.backup.events import FactsLost, RestorationOpened
from app.backup.models import Restoration
from app.core.authz import Actor
from app.core.crypto import Signer
from app.core.uow import lock
from app.entries.models import EntryVersion
from app.judging.models import ScoreSheet


class NotAReceipt(Exception):
    """The file is no receipt of this system, or was not signed with this key."""


@dataclass(frozen=True)
class Lost:
    """Facts of a chain that a note from outside speaks of and this copy lacks."""

    chain: str
    first: int
    last: int


@dataclass(frozen=True)
class Comparison:
    """What came of comparing: faults forbid opening, lost facts are to be told to those whom they concern."""

    compared: int
    faults: list[str]
    lost: list[Lost]
    unseen: list[str]


def compare(session: Session, notes: Sequence[Note], signer: Signer) -> Comparison:
    """Hold every note against its chain. ``unseen``: chains of which no note was given."""
    heads = {head.chain: head.seq for head in session.scalars(select(JournalHead).order_by(JournalHead.chain))}
    faults: list[str] = []
    newest: dict[str, int] = {}
    for note in notes:
        name, here = note.fields["chain"], heads.get(note.fields["chain"], 0)
        if note.size > here and signer.verify(note.signed, note.signature):
            newest[name] = max(note.size, newest.get(name, 0))
        elif fault := check_note(session, note, signer):
            faults.append(f"{name}: {fault}")
    lost = [Lost(chain, heads.get(chain, 0) + 1, size) for chain, size in sorted(newest.items())]
    seen = {note.fields["chain"] for note in notes}
    return Comparison(len(notes), faults, lost, [chain for chain in heads if chain not in seen])


def missing_work(session: Session, content: bytes, signer: Signer) -> str:
    """What a receipt proves and this copy lacks, in a sentence that says who must do what again; empty when it is here."""
    try:
        held = msgspec.json.decode(content)
        receipt, signature = held["receipt"], held["signature"]
        code = receipt.get("code") or receipt["receipt"]
    except (msgspec.MsgspecError, KeyError, TypeError, AttributeError) as error:
        raise NotAReceipt("this is not a receipt as it is downloaded here (.json)") from error
    if not signer.verify(msgspec.json.encode(receipt, order="sorted"), str(signature)):
        raise NotAReceipt(f"receipt {code} was not signed with this server's key, or was altered")
    return "" if _is_here(session, str(code)) else _said(receipt, str(code))


def open_restoration(session: Session, *, restoration: Restoration, found: Comparison, reason: str, actor: Actor, now: datetime) -> None:
    """Let the copy work from now on. Everybody signs in anew, because sessions that were ended since the backup stand in it as open.

    Records RestorationOpened, and on every chain that lacks facts FactsLost.
    """
    restoration = lock(session, restoration)
    restoration.opened_at = now
    session.execute(update(UserSession).where(UserSession.ended_at.is_(None)).values(ended_at=now))
    opened = RestorationOpened(restoration.id, restoration.archive, restoration.taken_at, found.compared, reason)
    record(session, opened, actor=actor, now=now)
    for lost in found.lost:
        record(session, FactsLost(restoration.id, lost.first, lost.last, edition_of(lost.chain)), actor=actor, now=now)


def _is_here(session: Session, code: str) -> bool:
    """As the receipt of a sheet or an entry; in the journal also that of a sheet which has been signed again since."""
    sheet = select(ScoreSheet.id).where(ScoreSheet.receipt_code == code)
    version = select(EntryVersion.id).where(EntryVersion.receipt_code == code)
    fact = select(JournalEvent.id).where(JournalEvent.name == "judging.sheet_signed", JournalEvent.payload.contains(code, autoescape=True))
    return any(session.scalar(wanted.limit(1)) is not None for wanted in (sheet, version, fact))


def _said(receipt: dict[str, Any], code: str) -> str:
    if receipt.get("kind") == "score-sheet":
        return (f"receipt {code}: score sheet for entry {receipt['entry']}, stage {receipt['stage']} of {receipt['edition']}, "
                f"signed {receipt['server_time']}: ask its judge to sign it again")  # fmt: skip
    return (f"receipt {code}: entry {receipt['entry']} of {receipt['edition']}, version {receipt['version']}, "
            f"handed in {receipt['received_at']}: ask its team to hand it in again")  # fmt: skip
