"""The formal check: pass, return for correction, reject; and what may follow later: disqualify, reinstate."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.operations import record
from app.calls.enums import SETTLED, StageKind
from app.calls.models import Stage
from app.core.authz import Actor
from app.core.codes import code
from app.entries.enums import CheckDecision, EntryAction
from app.entries.errors import ChecklistOpen, DueInPast, JudgingHasBegun, NothingOpened, StageClosed
from app.entries.events import EntryAccepted, EntryDisqualified, EntryReinstated, EntryRejected, EntryReturned
from app.entries.models import Entry, FormalCheck, StageEntry
from app.entries.operations.blinding import make_blind_copy
from app.entries.operations.handing_in import leave_stages
from app.entries.operations.holding import hold
from app.entries.operations.moving import move, need_reason

CODE_LENGTH = 6


def accept_entry(session: Session, *, entry: Entry, actor: Actor, now: datetime, checklist: Sequence[dict[str, Any]] = (),
                 reason: str = "") -> Entry:  # fmt: skip
    """Pass the formal check: a random public code, the judges' blind copy, a place in the first judged stage.

    ``checklist`` holds ``{"text", "ok"}`` for each point; an open point refuses. Records EntryAccepted.
    """
    hold(session, entry)
    if any(not point.get("ok") for point in checklist):
        raise ChecklistOpen
    entry.public_code = entry.public_code or draw_public_code(session, entry.edition_id)
    move(session, entry, EntryAction.ACCEPT, actor=actor, now=now, reason=reason)
    _note(session, entry, CheckDecision.PASS, actor, now, checklist=list(checklist), reason=reason)
    make_blind_copy(session, entry=entry, actor=actor, now=now)
    stage = first_judged_stage(session, entry.edition_id)
    if stage is not None:
        _join(session, stage, entry, now)
    assert entry.current_version_id is not None
    event = EntryAccepted(entry.id, entry.edition_id, entry.current_version_id, stage.id if stage else None)
    record(session, event, actor=actor, now=now)
    return entry


def return_entry(session: Session, *, entry: Entry, reason: str, open_fields: Sequence[str], due_at: datetime, actor: Actor, now: datetime,
                 checklist: Sequence[dict[str, Any]] = ()) -> Entry:  # fmt: skip
    """Send back for correction: only the named fields open, until ``due_at``. Records EntryReturned."""
    hold(session, entry)
    reason = need_reason(reason)
    known = {field.key for field in entry.form_version.schema.fields} | {"basics", "team"}
    opened = [key for key in open_fields if key in known]
    if not opened:
        raise NothingOpened(field="open_fields")
    if due_at <= now:
        raise DueInPast(field="due_at")
    stage = first_judged_stage(session, entry.edition_id)
    if stage is not None and stage.state in SETTLED:
        raise JudgingHasBegun
    move(session, entry, EntryAction.RETURN, actor=actor, now=now, reason=reason)
    entry.open_fields, entry.due_at = opened, due_at
    _note(session, entry, CheckDecision.RETURN, actor, now, checklist=list(checklist), reason=reason, open_fields=opened, due_at=due_at)
    record(session, EntryReturned(entry.id, entry.edition_id, reason, opened, due_at.isoformat()), actor=actor, now=now)
    return entry


def reject_entry(session: Session, *, entry: Entry, reason: str, actor: Actor, now: datetime,
                 checklist: Sequence[dict[str, Any]] = ()) -> Entry:  # fmt: skip
    """Refuse the entry with a reason that the team reads. Records EntryRejected."""
    hold(session, entry)
    reason = need_reason(reason)
    move(session, entry, EntryAction.REJECT, actor=actor, now=now, reason=reason)
    _note(session, entry, CheckDecision.REJECT, actor, now, checklist=list(checklist), reason=reason)
    record(session, EntryRejected(entry.id, entry.edition_id, reason), actor=actor, now=now)
    return entry


def disqualify_entry(session: Session, *, entry: Entry, reason: str, actor: Actor, now: datetime) -> Entry:
    """Take an accepted entry out for a breach of the rules; sheets stay, standings become stale. Records EntryDisqualified."""
    hold(session, entry)
    reason = need_reason(reason)
    move(session, entry, EntryAction.DISQUALIFY, actor=actor, now=now, reason=reason)
    leave_stages(session, entry, reason, now)
    record(session, EntryDisqualified(entry.id, entry.edition_id, reason), actor=actor, now=now)
    return entry


def reinstate_entry(session: Session, *, entry: Entry, reason: str, actor: Actor, now: datetime) -> Entry:
    """Undo a rejection or disqualification, after an upheld objection. Records EntryReinstated."""
    hold(session, entry)
    reason = need_reason(reason)
    was_out = entry.public_code is not None
    move(session, entry, EntryAction.REINSTATE, actor=actor, now=now, reason=reason)
    if was_out:
        for row in session.scalars(select(StageEntry).where(StageEntry.entry_id == entry.id, StageEntry.left_at.is_not(None))):
            row.left_at, row.left_reason = None, ""
    record(session, EntryReinstated(entry.id, entry.edition_id, reason), actor=actor, now=now)
    return entry


def first_judged_stage(session: Session, edition_id: int) -> Stage | None:
    """The first stage in which judges score."""
    stages = select(Stage).where(Stage.edition_id == edition_id, Stage.kind != StageKind.FORMAL_CHECK)
    return session.scalar(stages.order_by(Stage.position).limit(1))


def _join(session: Session, stage: Stage, entry: Entry, now: datetime) -> None:
    if stage.state in SETTLED:
        raise StageClosed
    if session.scalar(select(StageEntry.id).where(StageEntry.stage_id == stage.id, StageEntry.entry_id == entry.id)) is None:
        session.add(StageEntry(stage_id=stage.id, entry_id=entry.id, joined_at=now))
        session.flush()  # the next stage query sees it


def draw_public_code(session: Session, edition_id: int) -> str:
    """A random code that says nothing of order; drawn again when the edition has it already."""
    while True:
        drawn = code(CODE_LENGTH)
        if session.scalar(select(Entry.id).where(Entry.edition_id == edition_id, Entry.public_code == drawn)) is None:
            return drawn


def _note(session: Session, entry: Entry, decision: CheckDecision, actor: Actor, now: datetime, **values: Any) -> None:
    assert entry.current_version_id is not None
    session.add(
        FormalCheck(
            entry_id=entry.id, version_id=entry.current_version_id, decision=decision, officer_id=actor.user_id, decided_at=now, **values,
        )
    )  # fmt: skip
