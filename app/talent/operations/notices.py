"""The public notice of a proposed selection: one list for several records of a programme."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Organization
from app.audit.operations import record as note
from app.core.authz import Actor
from app.core.uow import lock
from app.notices.enums import NoticeKind
from app.notices.models import Notice
from app.notices.operations import draft_notice, drop_notice, publish_notice
from app.notices.rules import Column
from app.results.models import Award
from app.talent.enums import RecordAction, RecordState
from app.talent.errors import AlreadyListed, NotChecked, OneProgrammeOnly
from app.talent.events import RecordPutOnNotice
from app.talent.models import Program, SelectionRecord, Tier
from app.talent.states import RECORD

from .checks import edition_of


def draft_selection_notice(
    session: Session, *, program: Program, records: Sequence[SelectionRecord], title: str, starts_on: date, actor: Actor, now: datetime,
    **texts: Any,
) -> Notice:  # fmt: skip
    """A draft that lists checked records: name, unit, tier, basis; nothing else of the person. Raises NotChecked, AlreadyListed."""
    tiers = {tier.id: tier for tier in session.scalars(select(Tier).where(Tier.program_id == program.id))}
    for record in sorted(records, key=lambda r: r.id):
        lock(session, record)
        if record.tier_id not in tiers:
            raise OneProgrammeOnly
        if record.state != RecordState.CHECKED:
            raise NotChecked
        if record.notice_id is not None:
            raise AlreadyListed
    rows = [_row(session, record, tiers[record.tier_id]) for record in sorted(records, key=lambda r: r.number)]
    notice = draft_notice(
        session, kind=NoticeKind.SELECTION, organization=session.get_one(Organization, program.organization_id), title=title,
        columns=columns(), rows=rows, starts_on=starts_on, working_days=program.notice_days, subject_id=program.id, actor=actor,
        now=now, **texts,
    )  # fmt: skip
    for record in records:
        record.notice_id = notice.id
    session.flush()  # publishing asks by notice
    return notice


def publish_selection_notice(session: Session, *, notice: Notice, actor: Actor, now: datetime) -> Notice:
    """Publish the list; every record on it is now in notice. Records RecordPutOnNotice for each. Raises NotChecked."""
    records = list(
        session.scalars(
            select(SelectionRecord).where(SelectionRecord.notice_id == notice.id).order_by(SelectionRecord.id).with_for_update()
        )
    )
    if len(records) != len(notice.rows) or any(record.state != RecordState.CHECKED for record in records):
        raise NotChecked
    publish_notice(session, notice=notice, actor=actor, now=now)
    for record in records:
        record.state = RECORD.target(record.state, RecordAction.PUT_ON_NOTICE)
        note(session, RecordPutOnNotice(record.id, edition_of(session, record), notice.id), actor=actor, now=now)
    session.flush()  # constraints speak before the answer
    return notice


def drop_selection_notice(session: Session, *, notice: Notice, actor: Actor, now: datetime) -> None:
    """Throw a draft away; its records may go on another notice."""
    for record in session.scalars(select(SelectionRecord).where(SelectionRecord.notice_id == notice.id).with_for_update()):
        record.notice_id = None
    session.flush()  # no record may point at a notice that is gone
    drop_notice(session, notice=notice, actor=actor, now=now)


def columns() -> list[Column]:
    """What is published of a person, titled in both languages."""
    keys = ("number", "name", "unit", "tier", "basis")
    return [Column(key, titles("zh_CN")[key], titles("en")[key], "name" if key == "name" else "text") for key in keys]


def titles(locale: str) -> dict[str, str]:
    with force_locale(locale):
        return {"number": _("Number"), "name": _("Name"), "unit": _("Unit"), "tier": _("Tier"), "basis": _("Basis")}


def _row(session: Session, record: SelectionRecord, tier: Tier) -> dict[str, str]:
    award = session.get(Award, record.award_id) if record.award_id else None
    return {
        "number": record.number, "name": record.person_name, "unit": record.unit, "tier": tier.name,
        "basis": award.level_name if award else "",
    }  # fmt: skip
