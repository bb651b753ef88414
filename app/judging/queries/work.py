"""Everything that a save, a signature or the form of one sheet rests on, in one statement."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, bindparam, select
from sqlalchemy.orm import Session, aliased

from app.calls.models import Call, Edition, EntryGroup, Stage, StageRuleVersion
from app.calls.rules import Rubric, StageRules
from app.entries.enums import EntryState
from app.entries.models import Entry
from app.judging.models import Assignment, ScoreSheet, Seat, SheetSave


class Work(NamedTuple):
    """What was read. ``last`` is the save that the sheet stands at, ``same`` an earlier save with the same key."""

    assignment: Assignment
    seat: Seat
    stage: Stage
    edition: Edition
    group: str | None
    public_code: str
    entry_state: EntryState
    sheet: ScoreSheet | None
    rules: StageRules | None
    rules_digest: str | None
    last: SheetSave | None
    same: SheetSave | None

    @property
    def rubric(self) -> Rubric:
        return (self.rules or self.stage.rules).rubric_for(self.group)


def work_of(session: Session, assignment_id: int, key: str = "", *, locking: bool = True) -> Work | None:
    """What one sheet rests on; ``locking`` holds it for the transaction and reads it as it is after the wait."""
    if locking:
        _hold(session, assignment_id)
    options = {"populate_existing": True} if locking else {}
    row = session.execute(_query(), {"assignment_id": assignment_id, "key": key}, execution_options=options).first()
    return None if row is None else Work(*row)


@cache
def _query() -> Select[*tuple[Any, ...]]:
    """Built once: putting it together costs more than running it."""
    last, same = aliased(SheetSave), aliased(SheetSave)
    return (
        select(Assignment, Seat, Stage, Edition, EntryGroup.code, Entry.public_code, Entry.state, ScoreSheet,
               StageRuleVersion.rules, StageRuleVersion.digest, last, same)
        .join(Seat, Seat.id == Assignment.seat_id)
        .join(Stage, Stage.id == Assignment.stage_id)
        .join(Edition, Edition.id == Stage.edition_id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .join(Call, Call.id == Entry.call_id)
        .outerjoin(EntryGroup, EntryGroup.id == Call.group_id)
        .outerjoin(ScoreSheet, ScoreSheet.assignment_id == Assignment.id)
        .outerjoin(StageRuleVersion, StageRuleVersion.id == Stage.rule_version_id)
        .outerjoin(last, and_(last.sheet_id == ScoreSheet.id, last.revision == ScoreSheet.revision))
        .outerjoin(same, and_(same.sheet_id == ScoreSheet.id, same.key == bindparam("key")))
        .where(Assignment.id == bindparam("assignment_id"))
    )  # fmt: skip


def _hold(session: Session, assignment_id: int) -> None:
    """Lock the assignment; edition and stage (in the order of sealing) are held shared, so that sealing or freezing waits its turn.

    A statement of its own: one that waited would answer from before the wait. SQLite's transaction is alone anyway.
    """
    if session.get_bind().dialect.name == "sqlite":
        return
    session.execute(_holding(), {"assignment_id": assignment_id})


@cache
def _holding() -> Select[*tuple[Any, ...]]:
    return (
        select(Assignment.id)
        .join(Stage, Stage.id == Assignment.stage_id)
        .join(Edition, Edition.id == Stage.edition_id)
        .where(Assignment.id == bindparam("assignment_id"))
        .with_for_update(of=Assignment)
        .suffix_with("FOR SHARE OF editions, stages", dialect="postgresql")
    )


def content_of(work: Work) -> dict[str, Any]:
    """The sheet as it stands: marks, remarks, comment and note; empty before the first save."""
    content = work.last.content if work.last is not None else {}
    sheet = work.sheet
    return {
        "marks": content.get("marks", {}), "remarks": content.get("remarks", {}),
        "comment": content.get("comment", sheet.comment if sheet else ""),
        "private_note": content.get("private_note", sheet.private_note if sheet else ""),
    }  # fmt: skip
