"""From prizes to the talent programme: tiers, fast tracks, checks, a notice that is over, one that runs, one that waits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import select

from app.calls.models import Edition
from app.core import clock
from app.settings.calendar import working_days_from
from app.talent.enums import CheckResult, Skip
from app.talent.models import Program, SelectionCheck, SelectionRecord
from app.talent.operations.checks import decide_check, finish_checks, run_checks
from app.talent.operations.notices import draft_selection_notice, publish_selection_notice
from app.talent.operations.programs import create_program, save_fast_track, save_tier
from app.talent.operations.records import confirm_record, propose_records

from .telling import HOUR, Teller

DAY = timedelta(days=1)
#: Code, names and support in 万元 of the tiers, and the award that leads there.
TIERS = (
    ("A", "领军", "Leading", "300", "first"),
    ("B", "先锋", "Vanguard", "150", "second"),
    ("C", "菁英", "Elite", "80", "third"),
)


def prepare(teller: Teller, edition: Edition, *, at: datetime) -> Program:
    """The programme and the rule which award leads to which tier; made before the results are known."""
    officer = teller.by("talent")
    program = create_program(
        teller.session,
        organization=teller.world.offices["talent"],
        code="YC", name="澄湖英才计划（演示）", name_en="Chenghu Talent Programme",
        basis="澄湖新区人才工作要点（演示文件）", actor=officer, now=at,
    )  # fmt: skip
    for code, name, name_en, support, award in TIERS:
        tier = save_tier(
            teller.session, program=program, code=code, name=name, name_en=name_en, support_wan=Decimal(support), actor=officer, now=at
        )  # fmt: skip
        save_fast_track(
            teller.session, edition=edition, award_key=award, tier=tier, skips=[Skip.FIRST_REVIEW, Skip.DEFENCE], valid_months=24,
            landing_months=12, actor=officer, now=at,
        )  # fmt: skip
    return program


def tell(teller: Teller, *, now: datetime) -> None:
    """Six weeks ago the first records were checked and put on notice; since then two are confirmed, one waits in notice."""
    edition = teller.session.scalars(select(Edition).where(Edition.code == "chenghu-5")).one()
    program = teller.session.scalars(select(Program)).one()
    began = now - 40 * DAY
    propose_records(teller.session, edition_id=edition.id, actor=teller.by("talent"), now=began)
    records = list(teller.session.scalars(select(SelectionRecord).order_by(SelectionRecord.id)))
    ready = [record for record in records if _check(teller, record, began + DAY)]
    first, second = ready[:3], ready[3:5]
    _put_on_notice(teller, program, first, began + 2 * DAY)
    for record in first[:2]:
        confirm_record(teller.session, record=record, actor=teller.by("talent2"), now=began + 14 * DAY)
    if second:
        _put_on_notice(teller, program, second, now - 2 * HOUR)


def _check(teller: Teller, record: SelectionRecord, at: datetime) -> bool:
    """The officer's findings; the last records keep an open point, so that there is work on the desk."""
    run_checks(teller.session, record=record, now=at)
    if record.id % 7 == 0:
        return False
    pending = select(SelectionCheck).where(SelectionCheck.record_id == record.id, SelectionCheck.result == CheckResult.PENDING)
    for check in teller.session.scalars(pending).all():
        reason = "已核对原件，符合要求"
        decide_check(teller.session, check=check, result=CheckResult.PASS, reason=reason, actor=teller.by("talent"), now=at)
    results = set(teller.session.scalars(select(SelectionCheck.result).where(SelectionCheck.record_id == record.id)))
    if not results <= {CheckResult.PASS, CheckResult.WAIVED}:
        return False
    finish_checks(teller.session, record=record, actor=teller.by("talent"), now=at + HOUR)
    return True


def _put_on_notice(teller: Teller, program: Program, records: Sequence[SelectionRecord], at: datetime) -> None:
    starts_on = working_days_from(teller.session, clock.local_date(at), 1)
    notice = draft_selection_notice(
        teller.session, program=program, records=records, title=f"关于{program.name}拟入选人选的公示", starts_on=starts_on,
        actor=teller.by("talent"), now=at, contact="演示办公室 0000-0000000", discipline_contact="演示纪检 0000-0000001",
        address="澄湖新区演示路1号",
    )  # fmt: skip
    publish_selection_notice(teller.session, notice=notice, actor=teller.by("talent2"), now=at)
