"""What waits for a person, gathered from every feature for the first page after signing in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from flask import current_app, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, contains_eager

from app.accounts.enums import Role
from app.accounts.waiting import Task, offers_tasks
from app.calls.enums import EditionState, StageState
from app.calls.models import Approval, Call, Edition, Stage
from app.calls.queries.editions import held_by
from app.core.authz import Actor
from app.core.clock import local_date
from app.core.markup import named, pick
from app.entries.enums import EntryState, MemberState
from app.entries.models import Entry, EntryMember
from app.judging.enums import AssignmentState, SeatState, SheetState
from app.judging.models import Assignment, Panel, Reopening, ScoreSheet, Seat
from app.notices.enums import NoticeState
from app.notices.models import Notice
from app.notify.queries import unread_count
from app.talent.enums import RecordState
from app.talent.models import Program, SelectionRecord, Tier
from app.talent.policies import OFFICE
from app.talent.queries.programs import in_office


def page(endpoint: str, fallback: str = "accounts.my.index", **values: object) -> str:
    """The address of a page, or of the workplace when this installation does not have it."""
    known = endpoint in current_app.view_functions
    return url_for(endpoint, **values) if known else url_for(fallback)  # type: ignore[arg-type]


@offers_tasks
def sheets_to_score(session: Session, actor: Actor, now: datetime) -> Iterator[Task]:
    """One task for each stage in which the judge has unsigned sheets."""
    if not actor.holds_anywhere(Role.JUDGE):
        return
    rows = session.execute(
        select(Stage, Edition.title, Edition.title_en, func.count(Assignment.id))
        .join(Assignment, Assignment.stage_id == Stage.id)
        .join(Seat, Seat.id == Assignment.seat_id)
        .join(Edition, Edition.id == Stage.edition_id)
        .outerjoin(ScoreSheet, and_(ScoreSheet.assignment_id == Assignment.id, ScoreSheet.state == SheetState.SIGNED))
        .where(Seat.user_id == actor.user_id, Seat.state == SeatState.ACCEPTED, Assignment.state == AssignmentState.ACTIVE)
        .where(Stage.state == StageState.OPEN, ScoreSheet.id.is_(None))
        .group_by(Stage.id, Edition.title, Edition.title_en)
    )
    for stage, title, title_en, count in rows:
        label = ngettext("%(num)s sheet to score: %(stage)s", "%(num)s sheets to score: %(stage)s", count, stage=named(stage))
        late = stage.closes_at < now
        yield Task(label, page("judging.desk.index"), pick(title, title_en), stage.closes_at, "fault" if late else "current")


@offers_tasks
def seats_to_answer(session: Session, actor: Actor, now: datetime) -> Iterator[Task]:
    """Invitations to judge that are open. The way to the answer is the link in the mail."""
    rows = session.execute(
        select(Edition, Panel)
        .select_from(Seat)
        .join(Panel, Panel.id == Seat.panel_id)
        .join(Stage, Stage.id == Panel.stage_id)
        .join(Edition, Edition.id == Stage.edition_id)
        .where(Seat.state == SeatState.INVITED, or_(Seat.user_id == actor.user_id, Seat.email == actor.email))
    )
    for edition, panel in rows:
        note = _("Open the link in the mail to accept or decline.")
        yield Task(_("Invitation to judge: %(panel)s", panel=named(panel)), page("notify.my.index"), f"{named(edition)} · {note}")


@offers_tasks
def entries_to_finish(session: Session, actor: Actor, now: datetime) -> Iterator[Task]:
    """Drafts, and entries that came back for correction."""
    mine = select(EntryMember.entry_id).where(EntryMember.user_id == actor.user_id, EntryMember.state == MemberState.CONFIRMED)
    rows = session.scalars(
        select(Entry).join(Entry.call).join(Call.edition).options(contains_eager(Entry.call).contains_eager(Call.edition))
        .where(Entry.id.in_(mine), Entry.state.in_([EntryState.DRAFT, EntryState.RETURNED]), Edition.state == EditionState.PUBLISHED)
        .order_by(Entry.id)
    )  # fmt: skip
    for entry in rows:
        came_back = entry.state == EntryState.RETURNED
        due = entry.due_at if came_back else entry.call.closes_at
        if not came_back and entry.call.closes_at <= now:
            continue
        name = entry.title or entry.code
        label = _("Correct and hand in again: %(entry)s", entry=name) if came_back else _("Finish and hand in: %(entry)s", entry=name)
        yield Task(
            label, page("entries.team.overview", code=entry.code), named(entry.call.edition), due, "fault" if came_back else "current"
        )


@offers_tasks
def teams_to_join(session: Session, actor: Actor, now: datetime) -> Iterator[Task]:
    """Places in teams that were offered and not answered."""
    rows = session.execute(
        select(Entry.code, Entry.title, Edition.title, Edition.title_en)
        .join(EntryMember, EntryMember.entry_id == Entry.id)
        .join(Edition, Edition.id == Entry.edition_id)
        .where(EntryMember.state == MemberState.INVITED, or_(EntryMember.user_id == actor.user_id, EntryMember.email == actor.email))
    )
    for code, title, *edition in rows:
        yield Task(_("Invitation to join a team: %(entry)s", entry=title or code), page("notify.my.index"), pick(*edition))


@offers_tasks
def approvals_to_give(session: Session, actor: Actor, now: datetime) -> Iterator[Task]:
    """What the host has to decide, asked by somebody else."""
    if not actor.holds_anywhere(Role.HOST):
        return
    rows = session.execute(
        select(Edition, func.count(Approval.id))
        .join(Approval, Approval.edition_id == Edition.id)
        .where(held_by(actor, Role.HOST))
        .where(Approval.decided_at.is_(None), Approval.asked_by_id != actor.user_id)
        .group_by(Edition.id)
    )
    for edition, count in rows:
        label = ngettext("%(num)s step waits for your decision", "%(num)s steps wait for your decision", count)
        yield Task(label, page("calls.manage.approvals", code=edition.code), named(edition), state="current")


@offers_tasks
def reopenings_to_decide(session: Session, actor: Actor, now: datetime) -> Iterator[Task]:
    """Signed sheets that the host is asked to open again or to strike, by somebody else, and not the host's own sheets."""
    if not actor.holds_anywhere(Role.HOST):
        return
    rows = session.execute(
        select(Stage, Edition, func.count(Reopening.id))
        .join(ScoreSheet, ScoreSheet.stage_id == Stage.id)
        .join(Reopening, Reopening.sheet_id == ScoreSheet.id)
        .join(Assignment, Assignment.id == ScoreSheet.assignment_id)
        .join(Seat, Seat.id == Assignment.seat_id)
        .join(Edition, Edition.id == Stage.edition_id)
        .where(held_by(actor, Role.HOST))
        .where(Reopening.decided_at.is_(None), Reopening.asked_by_id != actor.user_id, Seat.user_id != actor.user_id)
        .group_by(Stage.id, Edition.id)
    )
    for stage, edition, count in rows:
        text = ngettext("%(num)s request to reopen a signed sheet: %(stage)s", "%(num)s requests to reopen signed sheets: %(stage)s",
                        count, stage=named(stage))  # fmt: skip
        yield Task(text, page("judging.progress.index", code=edition.code, stage=stage.position), named(edition), state="current")


@offers_tasks
def entries_to_check(session: Session, actor: Actor, now: datetime) -> Iterator[Task]:
    """Entries that wait for the formal check in the editions that the person runs."""
    if not actor.holds_anywhere(Role.HOST, Role.ORGANIZER):
        return
    rows = session.execute(
        select(Edition, func.count(Entry.id))
        .join(Entry, Entry.edition_id == Edition.id)
        .where(held_by(actor, Role.HOST, Role.ORGANIZER))
        .where(Entry.state == EntryState.SUBMITTED)
        .group_by(Edition.id)
    )
    for edition, count in rows:
        label = ngettext("%(num)s entry waits for the formal check", "%(num)s entries wait for the formal check", count)
        yield Task(label, page("entries.check.index", code=edition.code), named(edition))


@offers_tasks
def records_to_move(session: Session, actor: Actor, now: datetime) -> Iterator[Task]:
    """A talent officer's selection records: to be checked, to be put on notice, and those that wait for a second person."""
    if not actor.holds_anywhere(*OFFICE):
        return
    over = and_(SelectionRecord.state == RecordState.IN_NOTICE, Notice.state == NoticeState.PUBLISHED, Notice.ends_on < local_date(now))
    rows = session.execute(
        select(SelectionRecord.state, Program, func.count(SelectionRecord.id))
        .join(Tier, Tier.id == SelectionRecord.tier_id)
        .join(Program, Program.id == Tier.program_id)
        .outerjoin(Notice, Notice.id == SelectionRecord.notice_id)
        .where(in_office(actor))
        .where(or_(
            SelectionRecord.state.in_([RecordState.PROPOSED, RecordState.CHECKED]),
            and_(over, SelectionRecord.proposed_by_id.is_distinct_from(actor.user_id)),
        ))
        .group_by(SelectionRecord.state, Program.id)
    )  # fmt: skip
    for state, program, count in rows:
        where = page("talent.office.records", state=state.value, program=program.id)
        yield Task(_record_task(state, count), where, named(program), state="current" if state == RecordState.IN_NOTICE else "todo")


def _record_task(state: RecordState, count: int) -> str:
    if state == RecordState.PROPOSED:
        return ngettext("%(num)s selection record to check", "%(num)s selection records to check", count)
    if state == RecordState.CHECKED:
        return ngettext("%(num)s checked person to put on public notice", "%(num)s checked persons to put on public notice", count)
    return ngettext("%(num)s selection to confirm after its notice", "%(num)s selections to confirm after their notice", count)


@offers_tasks
def messages_to_read(session: Session, actor: Actor, now: datetime) -> Iterator[Task]:
    """New messages, last in the list."""
    count = unread_count(session, actor.user_id or 0)
    if count:
        yield Task(ngettext("%(num)s new message", "%(num)s new messages", count), page("notify.my.index"))
