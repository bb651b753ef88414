"""Signing: the sheet is complete, locked, digested and receipted with the server's signature."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec
from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.audit.operations import record
from app.core.authz import Actor
from app.core.codes import code
from app.core.crypto import Signer
from app.core.errors import NotFound
from app.judging.engine import sheet_total
from app.judging.enums import SheetAction
from app.judging.events import SheetSigned
from app.judging.models import Assignment, Mark, ScoreSheet
from app.judging.queries.work import Work, content_of, work_of
from app.judging.rules import check_complete, items_of
from app.judging.states import SHEETS

from .refusals import NotReady, StaleSheet
from .sheets import check_scoring, digest_of


def sign_sheet(
    session: Session, *, assignment: Assignment, signer: Signer, actor: Actor, now: datetime, revision: int | None = None
) -> ScoreSheet:
    """Lock one sheet for good. ``revision`` is the one the judge read: a newer one raises StaleSheet.

    Refused (NotReady) while a mark or a required comment is missing. Writes the marks, makes digest, receipt and signature.
    Records SheetSigned.
    """
    work = work_of(session, assignment.id)
    if work is None:
        raise NotFound
    return _sign(session, work, signer, actor, now, revision)


def sign_sheets(
    session: Session, *, assignments: Sequence[tuple[int, int]], signer: Signer, actor: Actor, now: datetime
) -> list[ScoreSheet]:
    """Sign several at once, all or none; pairs of assignment id and the revision that was read, locked in a fixed order."""
    wanted = dict(sorted(assignments))
    works = [work_of(session, assignment_id) for assignment_id in wanted]  # all locks before the first fact is recorded
    found = [work for work in works if work is not None]
    if len(found) != len(works):
        raise NotFound
    return [_sign(session, work, signer, actor, now, wanted[work.assignment.id]) for work in found]


def _sign(session: Session, work: Work, signer: Signer, actor: Actor, now: datetime, revision: int | None) -> ScoreSheet:
    check_scoring(session, work, now)
    sheet, content = work.sheet, content_of(work)
    if sheet is None:
        raise NotReady
    if revision is not None and revision != sheet.revision:
        raise StaleSheet(sheet.revision, content)
    marks = {key: Decimal(value) for key, value in content["marks"].items()}
    if check_complete(items_of(work.rubric), marks, content["remarks"]):
        raise NotReady
    sheet.total = sheet_total(work.rubric, marks)
    nothing = {item.key: Decimal(0) for item in items_of(work.rubric) if item.kind == "deduction"}
    _write_marks(session, sheet, nothing | marks, content["remarks"])
    sheet.state = SHEETS.target(sheet.state, SheetAction.SIGN)
    sheet.signed_at = now
    sheet.digest = digest_of(signed_content(work, content, sheet.total))
    sheet.receipt_code = code(12)
    sheet.receipt = _receipt(work, sheet, signer, now)
    sheet.signature = signer.sign(receipt_bytes(sheet.receipt))
    record(session, SheetSigned(sheet.id, work.edition.id, work.assignment.id, sheet.revision, sheet.digest, sheet.receipt_code),
           actor=actor, now=now)  # fmt: skip
    return sheet


def signed_content(work: Work, content: dict[str, Any], total: Decimal | None) -> dict[str, Any]:
    """What the digest of a signed sheet covers. The nonce keeps marks from being guessed out of a digest in the journal;
    the private note is left out, it is nobody else's business."""
    return {
        "edition": work.edition.code, "stage": work.stage.position, "entry": work.public_code, "seat": work.seat.id,
        "rules": work.rules_digest, "marks": content["marks"], "remarks": content["remarks"], "comment": content["comment"],
        "total": f"{total:f}" if total is not None else None, "nonce": work.last.key if work.last is not None else "",
    }  # fmt: skip


def receipt_bytes(receipt: Any) -> bytes:
    """The exact bytes that the server signs."""
    return msgspec.json.encode(receipt, order="sorted")


def _receipt(work: Work, sheet: ScoreSheet, signer: Signer, now: datetime) -> dict[str, Any]:
    return {
        "kind": "score-sheet", "edition": work.edition.code, "stage": work.stage.position, "entry": work.public_code,
        "code": sheet.receipt_code, "sheet_digest": sheet.digest, "revision": sheet.revision, "server_time": now.isoformat(),
        "key_id": signer.key_id, "alg": "Ed25519",
    }  # fmt: skip


def _write_marks(session: Session, sheet: ScoreSheet, marks: dict[str, Decimal], remarks: dict[str, str]) -> None:
    session.execute(delete(Mark).where(Mark.sheet_id == sheet.id))
    session.add_all(Mark(sheet_id=sheet.id, criterion=key, value=value, comment=remarks.get(key, "")) for key, value in marks.items())
