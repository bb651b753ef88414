"""What waits in a running edition, for its first page: entries, stages, results, messages. Counts only, never a mark."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from app.accounts.waiting import Task
from app.admin.queries.supervise import StageProgress, stage_progress
from app.calls.enums import StageState
from app.calls.models import Call, Edition, Stage
from app.calls.stagekinds import JUDGED
from app.calls.waiting import offers_edition_tasks
from app.core.markup import pick
from app.entries.enums import EntryState
from app.entries.models import Entry
from app.judging.enums import SeatState
from app.judging.models import Panel, Seat
from app.notices.enums import NoticeState
from app.notices.models import Notice
from app.notify.enums import MessageState
from app.notify.queries import state_counts
from app.results.enums import AwardState, CertificateState, RunState
from app.results.models import Award, Certificate
from app.results.queries import runs


@offers_edition_tasks
def entries_waiting(session: Session, edition: Edition, now: datetime) -> Iterator[Task]:
    """How many entries there are while the window is open, and how many wait for the formal check."""
    rows = session.execute(select(Entry.state, func.count(Entry.id)).where(Entry.edition_id == edition.id).group_by(Entry.state))
    count: Counter[EntryState] = Counter(dict(rows.all()))
    closes_at = session.scalar(
        select(func.max(Call.closes_at)).where(Call.edition_id == edition.id, Call.opens_at <= now, Call.closes_at > now)
    )
    if closes_at is not None:
        sent = count.total() - count[EntryState.DRAFT] - count[EntryState.WITHDRAWN]
        note = ngettext("%(num)s draft is still with its team", "%(num)s drafts are still with their teams", count[EntryState.DRAFT])
        label = ngettext("%(num)s entry handed in so far", "%(num)s entries handed in so far", sent)
        yield Task(label, url_for("entries.table.index", code=edition.code), note, closes_at, "current")
    if number := count[EntryState.SUBMITTED]:
        label = ngettext("%(num)s entry waits for the formal check", "%(num)s entries wait for the formal check", number)
        yield Task(label, url_for("entries.check.index", code=edition.code), state="current")


@offers_edition_tasks
def stages_waiting(session: Session, edition: Edition, now: datetime) -> Iterator[Task]:
    """The next step of each stage that has begun, or of the first that has not."""
    seats = _seats(session, edition)
    cells = runs.overview(session, edition)
    for row in stage_progress(session, edition):
        stage = row.stage
        if stage.state == StageState.RELEASED or (stage.kind not in JUDGED and stage.state == StageState.SEALED):
            continue
        if stage.kind not in JUDGED:
            yield from _unjudged(edition, stage, now)
        elif stage.state == StageState.PREPARING:
            yield from _preparing(edition, row, seats[stage.id], now)
            return  # what lies behind it can wait
        elif stage.state == StageState.OPEN:
            yield _scoring(edition, row, now)
        else:
            yield from _deciding(edition, stage, [cell for cell in cells if cell.stage.id == stage.id])


@offers_edition_tasks
def papers_waiting(session: Session, edition: Edition, now: datetime) -> Iterator[Task]:
    """Notices that are written and not public, and awards without a certificate."""
    drafts = select(func.count(Notice.id)).where(Notice.edition_id == edition.id, Notice.state == NoticeState.DRAFT)
    if number := session.scalar(drafts) or 0:
        label = ngettext("%(num)s notice is not public yet", "%(num)s notices are not public yet", number)
        yield Task(label, url_for("results.notices.index", code=edition.code), state="current")
    has_paper = exists().where(Certificate.award_id == Award.id, Certificate.state == CertificateState.ISSUED)
    bare = select(func.count(Award.id)).where(Award.edition_id == edition.id, Award.state == AwardState.GRANTED, ~has_paper)
    if number := session.scalar(bare) or 0:
        label = ngettext("%(num)s award has no certificate yet", "%(num)s awards have no certificate yet", number)
        yield Task(label, url_for("results.certificates.index", code=edition.code))


@offers_edition_tasks
def messages_waiting(session: Session, edition: Edition, now: datetime) -> Iterator[Task]:
    """Messages that somebody has to read and let go."""
    if held := state_counts(session, edition.id).get(MessageState.HELD, 0):
        label = ngettext("%(num)s message waits to be released", "%(num)s messages wait to be released", held)
        yield Task(label, url_for("admin.edition_outbox.index", code=edition.code), state="current")


def _seats(session: Session, edition: Edition) -> defaultdict[int, Counter[SeatState]]:
    """Seats by stage and state."""
    rows = session.execute(
        select(Panel.stage_id, Seat.state, func.count(Seat.id))
        .join(Seat, Seat.panel_id == Panel.id)
        .join(Stage, Stage.id == Panel.stage_id)
        .where(Stage.edition_id == edition.id)
        .group_by(Panel.stage_id, Seat.state)
    )
    found: defaultdict[int, Counter[SeatState]] = defaultdict(Counter)
    for stage_id, state, number in rows:
        found[stage_id][state] = number
    return found


def _unjudged(edition: Edition, stage: Stage, now: datetime) -> Iterator[Task]:
    """A formal check or visit: opened in its time, sealed after it. Never opened, it asks for nothing any more once it is over."""
    where, name = url_for("calls.manage.stages", code=edition.code), pick(stage.name, stage.name_en)
    if stage.state == StageState.OPEN and now >= stage.closes_at:
        yield Task(_("Seal the stage: %(stage)s", stage=name), where, _("Its time is over."), stage.closes_at, "fault")
    elif stage.state == StageState.PREPARING and stage.opens_at <= now < stage.closes_at:
        yield Task(_("Open the stage: %(stage)s", stage=name), where, _("Its time has begun."), stage.closes_at, "current")


def _preparing(edition: Edition, row: StageProgress, seats: Counter[SeatState], now: datetime) -> Iterator[Task]:
    """Panel, judges, assignments, opening: the first that is missing."""
    stage, name = row.stage, pick(row.stage.name, row.stage.name_en)
    where = url_for("judging.progress.index", code=edition.code, stage=stage.position)
    accepted, invited = seats[SeatState.ACCEPTED], seats[SeatState.INVITED]
    state = "fault" if now >= stage.opens_at else "todo"
    if not accepted + invited:
        yield Task(_("Set up a panel: %(stage)s", stage=name), where, due=stage.opens_at, state=state)
    elif not row.assigned:
        note = ngettext("%(num)s judge has accepted", "%(num)s judges have accepted", accepted)
        waiting = ngettext("%(num)s invitation is open", "%(num)s invitations are open", invited) if invited else ""
        yield Task(
            _("Assign entries to judges: %(stage)s", stage=name), where, " · ".join(filter(None, [note, waiting])), stage.opens_at, state
        )
    elif now >= stage.opens_at:
        yield Task(_("Open the stage: %(stage)s", stage=name), where, _("Its time has begun."), stage.closes_at, "fault")


def _scoring(edition: Edition, row: StageProgress, now: datetime) -> Task:
    """While judges score: how far they are; then the seal."""
    stage, name = row.stage, pick(row.stage.name, row.stage.name_en)
    where = url_for("judging.progress.index", code=edition.code, stage=stage.position)
    note = _("%(signed)s of %(assigned)s sheets signed", signed=row.signed, assigned=row.assigned)
    if row.assigned and row.signed == row.assigned:
        return Task(_("Seal the stage: %(stage)s", stage=name), where, note, state="current")
    label = _("Judges are late: %(stage)s", stage=name) if now >= stage.closes_at else _("Judges score: %(stage)s", stage=name)
    return Task(label, where, note, stage.closes_at, "fault" if now >= stage.closes_at else "current")


def _deciding(edition: Edition, stage: Stage, cells: list[runs.Cell]) -> Iterator[Task]:
    """A sealed stage: compute, propose, release, counted over its divisions."""
    where, name = url_for("results.manage.index", code=edition.code), pick(stage.name, stage.name_en)
    states = Counter(cell.latest.state if cell.latest else None for cell in cells)
    if number := states[None]:
        yield Task(_("Compute the results: %(stage)s", stage=name), where, _divisions(number), state="current")
    if number := states[RunState.COMPUTED]:
        yield Task(_("Ask for the release of the results: %(stage)s", stage=name), where, _divisions(number), state="current")
    if number := states[RunState.PROPOSED]:
        yield Task(_("A second person releases the results: %(stage)s", stage=name), where, _divisions(number), state="current")


def _divisions(number: int) -> str:
    return ngettext("%(num)s division", "%(num)s divisions", number)
