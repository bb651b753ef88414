"""Saving a score sheet: one transaction, one appended row, one receipt; nothing is ever overwritten silently."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.audit.operations import record
from app.calls.enums import SETTLED, StageState
from app.calls.operations.freezing import check_not_frozen
from app.core.authz import Actor
from app.core.errors import NotFound
from app.entries.enums import EntryState
from app.judging.engine import sheet_total
from app.judging.enums import AssignmentState, SeatState, SheetState
from app.judging.events import SheetSaved
from app.judging.models import Assignment, Reopening, ScoreSheet, SheetSave
from app.judging.queries.work import Work, content_of, work_of
from app.judging.rules import Item, check_mark, items_of

from .refusals import (
    AlreadySigned,
    BadMarks,
    NotAssigned,
    StageClosed,
    StageNotOpen,
    StageSealed,
    StaleSheet,
    UnknownItem,
)


def save_sheet(
    session: Session, *, assignment: Assignment, marks: Mapping[str, Decimal | None], comment: str, private_note: str, key: str,
    revision: int, actor: Actor, now: datetime, remarks: Mapping[str, str] | None = None,
) -> SheetSave:  # fmt: skip
    """Lock the assignment and store the draft; see ``write_sheet``."""
    work = work_of(session, assignment.id, key)
    if work is None:
        raise NotFound
    return write_sheet(
        session, work=work, marks=marks, remarks=remarks or {}, comment=comment, private_note=private_note, key=key,
        revision=revision, actor=actor, now=now,
    )  # fmt: skip


def write_sheet(
    session: Session, *, work: Work, marks: Mapping[str, Decimal | None], remarks: Mapping[str, str], comment: str,
    private_note: str, key: str, revision: int, actor: Actor, now: datetime,
) -> SheetSave:  # fmt: skip
    """Store a draft that was read under the lock; the returned save is the receipt.

    The same ``key`` with the same content is the same save. ``revision`` is the one the judge saw: an older one raises
    StaleSheet with what is stored. Refused when the stage or its time is closed, the sheet signed, a mark out of range or step.
    Records SheetSaved.
    """
    check_scoring(session, work, now)
    content = _content(items_of(work.rubric), marks, remarks, comment, private_note)
    if work.same is not None and work.same.content == content:
        return work.same
    if work.last is not None and work.last.content == content:
        return work.last
    current = work.sheet.revision if work.sheet is not None else 0
    if revision != current or work.same is not None:
        raise StaleSheet(current, content_of(work))
    return _store(session, work, content, key, actor, now)


def check_scoring(session: Session, work: Work, now: datetime) -> None:
    """Whether marks may change now: still assigned, stage open, its time running (or the sheet opened again), not signed."""
    check_not_frozen(work.edition)
    if work.assignment.state != AssignmentState.ACTIVE or work.seat.state != SeatState.ACCEPTED or work.entry_state != EntryState.ACCEPTED:
        raise NotAssigned
    if work.stage.state in SETTLED:
        raise StageSealed
    if work.stage.state != StageState.OPEN or now < work.stage.opens_at or work.rules is None:
        raise StageNotOpen
    if work.sheet is not None and work.sheet.state == SheetState.SIGNED:
        raise AlreadySigned
    if now >= work.stage.closes_at and not _opened_again(session, work.sheet):
        raise StageClosed


def _opened_again(session: Session, sheet: ScoreSheet | None) -> bool:
    if sheet is None:
        return False
    agreed = select(Reopening.id).where(Reopening.sheet_id == sheet.id, Reopening.agreed.is_(True))
    return bool(session.scalar(select(exists(agreed))))


def _content(
    items: tuple[Item, ...], marks: Mapping[str, Decimal | None], remarks: Mapping[str, str], comment: str, private_note: str
) -> dict[str, Any]:
    known = {item.key: item for item in items}
    if (marks.keys() | remarks.keys()) - known.keys():
        raise UnknownItem
    faults = {k: fault for k, v in marks.items() if v is not None and (fault := check_mark(known[k], v))}
    if faults:
        raise BadMarks(faults)
    return {
        "marks": {k: _written(v) for k, v in marks.items() if v is not None},
        "remarks": {k: text for k, text in remarks.items() if text},
        "comment": comment, "private_note": private_note,
    }  # fmt: skip


def _written(value: Decimal) -> str:
    """With no needless decimals, so that equal marks are equal texts."""
    return f"{value.normalize():f}"


def _store(session: Session, work: Work, content: dict[str, Any], key: str, actor: Actor, now: datetime) -> SheetSave:
    sheet = work.sheet or _new_sheet(session, work)
    sheet.revision += 1
    sheet.total = sheet_total(work.rubric, {k: Decimal(v) for k, v in content["marks"].items()})
    sheet.comment, sheet.private_note, sheet.saved_at = content["comment"], content["private_note"], now
    save = SheetSave(
        sheet_id=sheet.id, revision=sheet.revision, key=key, content=content, saved_at=now, saved_by_id=actor.user_id,
        digest=digest_of({"sheet": sheet.id, "revision": sheet.revision, "nonce": key, "content": content, "saved_at": now.isoformat()}),
    )  # fmt: skip
    session.add(save)
    record(session, SheetSaved(sheet.id, work.edition.id, work.assignment.id, save.revision, save.digest), actor=actor, now=now)
    return save


def _new_sheet(session: Session, work: Work) -> ScoreSheet:
    sheet = ScoreSheet(
        assignment_id=work.assignment.id, stage_id=work.stage.id, rule_version_id=work.stage.rule_version_id,
        state=SheetState.DRAFT, revision=0,
    )  # fmt: skip
    session.add(sheet)
    session.flush()  # the save and the event need its id
    return sheet


def digest_of(value: Any) -> str:
    """SHA-256 of the value as canonical JSON."""
    return hashlib.sha256(msgspec.json.encode(value, order="sorted")).hexdigest()
