"""Selection records of the actor's offices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Row, Select, func, or_, select
from sqlalchemy.orm import Session, contains_eager

from app.calls.models import Edition
from app.core.authz import Actor
from app.core.markup import pick
from app.entries.models import Entry
from app.results.models import Award
from app.talent.enums import CheckResult, RecordState
from app.talent.models import Program, SelectionCheck, SelectionRecord, Tier

from .programs import in_office

PAGE = 50
Rows = Select[SelectionRecord, Tier, Program, str, str, str, str, str]


@dataclass(frozen=True)
class RecordRow:
    """A record with the names around it."""

    record: SelectionRecord
    tier: Tier
    program: Program
    award: str
    edition: str
    entry: str


def record_rows(
    session: Session, actor: Actor, *, state: RecordState | None = None, program_id: int | None = None, text: str = "",
    number: int | None = 1,
) -> list[RecordRow]:  # fmt: skip
    """One page (all with ``number`` None), newest first. One statement."""
    wanted = _matching(_rows(actor), state, program_id, text).order_by(SelectionRecord.id.desc())
    if number is not None:
        wanted = wanted.limit(PAGE).offset((number - 1) * PAGE)
    return [_row(row) for row in session.execute(wanted)]


def record_counts(session: Session, actor: Actor) -> dict[str, int]:
    """Records by state."""
    wanted = (
        select(SelectionRecord.state, func.count())
        .join(Tier, Tier.id == SelectionRecord.tier_id)
        .join(Program, Program.id == Tier.program_id)
        .where(in_office(actor))
        .group_by(SelectionRecord.state)
    )
    return {str(row[0]): int(row[1]) for row in session.execute(wanted)}


def record_in_office(session: Session, actor: Actor, number: str) -> RecordRow | None:
    """A record by its number; those of other offices do not exist."""
    row = session.execute(_rows(actor).where(SelectionRecord.number == number)).first()
    return _row(row) if row else None


def records_by_ids(session: Session, actor: Actor, ids: Sequence[int]) -> list[RecordRow]:
    """The chosen records as far as they belong to the actor's offices."""
    return [_row(row) for row in session.execute(_rows(actor).where(SelectionRecord.id.in_(ids)).order_by(SelectionRecord.number))]


def records_of_notice(session: Session, notice_id: int) -> list[SelectionRecord]:
    return list(session.scalars(select(SelectionRecord).where(SelectionRecord.notice_id == notice_id).order_by(SelectionRecord.number)))


def checks_of_record(session: Session, record_id: int) -> list[SelectionCheck]:
    return list(session.scalars(select(SelectionCheck).where(SelectionCheck.record_id == record_id).order_by(SelectionCheck.position)))


def open_checks(session: Session, ids: Sequence[int]) -> dict[int, int]:
    """How many checks of each record are neither met nor waived."""
    waiting = SelectionCheck.result.not_in([CheckResult.PASS.value, CheckResult.WAIVED.value])
    rows = (
        select(SelectionCheck.record_id, func.count()).where(SelectionCheck.record_id.in_(ids), waiting).group_by(SelectionCheck.record_id)
    )
    return {row[0]: int(row[1]) for row in session.execute(rows)}


def _rows(actor: Actor) -> Rows:
    return (
        select(SelectionRecord, Tier, Program, Award.level_name, Award.level_name_en, Edition.title, Edition.title_en, Entry.title)
        .join(SelectionRecord.tier)
        .join(Tier.program)
        .outerjoin(Award, Award.id == SelectionRecord.award_id)
        .outerjoin(Entry, Entry.id == SelectionRecord.entry_id)
        .outerjoin(Edition, Edition.id == Entry.edition_id)
        .where(in_office(actor))
        .options(contains_eager(SelectionRecord.tier).contains_eager(Tier.program))
    )


def _matching(wanted: Rows, state: RecordState | None, program_id: int | None, text: str) -> Rows:
    if state is not None:
        wanted = wanted.where(SelectionRecord.state == state)
    if program_id is not None:
        wanted = wanted.where(Program.id == program_id)
    if text:
        named = (SelectionRecord.person_name, SelectionRecord.unit, SelectionRecord.number)
        wanted = wanted.where(or_(*(column.icontains(text, autoescape=True) for column in named)))
    return wanted


def _row(row: Row[SelectionRecord, Tier, Program, str, str, str, str, str]) -> RecordRow:
    record, tier, program, award, award_en, edition, edition_en, entry = row
    return RecordRow(record, tier, program, pick(award, award_en), pick(edition, edition_en), entry or "")
