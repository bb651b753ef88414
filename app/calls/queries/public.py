"""The public list: published editions with their phase, in two statements however many there are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Date, Select, Subquery, and_, bindparam, case, func, or_, select
from sqlalchemy.orm import Session

from app.accounts.models import Organization
from app.calls.enums import EditionKind, EditionPhase, EditionState, StageState
from app.calls.models import Call, Edition, Stage
from app.calls.phases import Facts, phase_of
from app.calls.policies import VISIBLE
from app.calls.stagekinds import JUDGED
from app.core.types import UTCDateTime
from app.notices.enums import NoticeState
from app.notices.models import Notice

PER_PAGE = 50
#: What can still be entered comes first.
ORDER = (EditionPhase.OPEN, EditionPhase.UPCOMING, EditionPhase.IN_NOTICE, EditionPhase.IN_REVIEW, EditionPhase.FINISHED)
NOW, TODAY = bindparam("now", type_=UTCDateTime()), bindparam("today", type_=Date())


@dataclass(frozen=True)
class Listed:
    """One card of the list. ``due`` is the next closing of an open edition."""

    code: str
    kind: EditionKind
    state: EditionState
    title: str
    title_en: str
    summary: str
    summary_en: str
    organizer: str
    organizer_en: str
    opens_at: datetime | None
    due: datetime | None
    divisions: int
    phase: EditionPhase


@dataclass(frozen=True)
class Page:
    """The cards of one page, the number of all, and how many there are in each phase."""

    items: list[Listed]
    number: int
    total: int
    counts: dict[EditionPhase, int]

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PER_PAGE))


def listed_editions(session: Session, *, now: datetime, today: date, number: int = 1, phase: EditionPhase | None = None,
                    kind: EditionKind | None = None, area: str = "", text: str = "") -> Page:  # fmt: skip
    """Published editions that match, those that can be entered first, then by date."""
    counting, listing = _statements(_matching(kind, area, text)) if kind or area or text else _unfiltered()
    if phase:
        listing = listing.where(listing.selected_columns.phase == phase.value)
    asked = {"now": now, "today": today, "skipped": (max(1, number) - 1) * PER_PAGE}
    counts = {EditionPhase(value): count for value, count in session.execute(counting, asked)}
    total = counts.get(phase, 0) if phase else sum(counts.values())
    return Page([_listed(row) for row in session.execute(listing, asked)], number, total, counts)


def _statements(matching: Select[Any]) -> tuple[Select[Any], Select[Any]]:
    """How many there are in each phase, and one page of them."""
    found = matching.subquery()
    counting = select(found.c.phase, func.count()).group_by(found.c.phase)
    return counting, select(found).order_by(*_order(found)).limit(PER_PAGE).offset(bindparam("skipped"))


@cache
def _unfiltered() -> tuple[Select[Any], Select[Any]]:
    """Built once: this is the page that everybody opens, and putting the statements together costs more than running them."""
    return _statements(_matching())


def _listed(row: Any) -> Listed:
    return Listed(
        row.code, row.kind, row.state, row.title, row.title_en, row.summary, row.summary_en, row.organizer, row.organizer_en,
        row.opens_at, row.due, row.divisions, EditionPhase(row.phase),
    )  # fmt: skip


def phase_facts(session: Session, edition: Edition, now: datetime, today: date) -> Facts:
    """What decides the phase of one edition, in one statement."""
    row = session.execute(_facts_of_one(), {"now": now, "today": today, "edition_id": edition.id}).one()
    return Facts(edition.state, row.opens_at, row.due, row.closes_at, row.unreleased or 0, row.notice_until)


def facts_of(session: Session, editions: Iterable[Edition], now: datetime, today: date) -> dict[int, Facts]:
    """What decides the phases of several editions, in one statement."""
    states = {edition.id: edition.state for edition in editions}
    facts = _facts()
    rows = session.execute(select(facts).where(facts.c.id.in_(states)), {"now": now, "today": today})
    return {row.id: Facts(states[row.id], row.opens_at, row.due, row.closes_at, row.unreleased or 0, row.notice_until) for row in rows}


def phase(session: Session, edition: Edition, now: datetime, today: date) -> EditionPhase:
    return phase_of(phase_facts(session, edition, now, today), now, today)


def long_over(session: Session, now: datetime, today: date) -> list[int]:
    """Editions that are finished, or were when last looked at, and whose people still have access."""
    facts = _facts()
    over = select(Edition.id).join(facts, facts.c.id == Edition.id).where(Edition.state.in_(VISIBLE), Edition.access_ended_at.is_(None))
    over = over.where(or_(Edition.finished_at.is_not(None), _phase_column(facts) == EditionPhase.FINISHED.value))
    return list(session.scalars(over.order_by(Edition.id), {"now": now, "today": today}))


def areas(session: Session) -> list[tuple[str, str]]:
    """Area codes and names of the organizers that have something published."""
    return [(code, name) for code, name in session.execute(_areas()) if code]


@cache
def _areas() -> Select[*tuple[Any, ...]]:
    of = select(Organization.area_code, Organization.name).join(Edition, Edition.organizer_id == Organization.id)
    published = of.where(Edition.state.in_(VISIBLE), Organization.area_code.is_not(None))
    return published.distinct().order_by(Organization.area_code)


@cache
def _facts_of_one() -> Select[Any]:
    facts = _facts()
    return select(facts).where(facts.c.id == bindparam("edition_id"))


def _facts() -> Subquery:
    """A row an edition: windows, judged stages without results, end of the last notice; at the moment ``now``, the day ``today``."""
    windows = (
        select(
            Call.edition_id, func.min(Call.opens_at).label("opens_at"), func.max(Call.closes_at).label("closes_at"),
            func.min(case((and_(Call.opens_at <= NOW, Call.closes_at > NOW), Call.closes_at))).label("due"),
            func.count().label("divisions"),
        ).group_by(Call.edition_id).subquery()
    )  # fmt: skip
    stages = (
        select(Stage.edition_id, func.count().label("unreleased"))
        .where(Stage.state != StageState.RELEASED, Stage.kind.in_(JUDGED))
        .group_by(Stage.edition_id)
        .subquery()
    )
    notices = (
        select(Notice.edition_id, func.max(Notice.ends_on).label("notice_until"))
        .where(Notice.state == NoticeState.PUBLISHED, Notice.starts_on <= TODAY)
        .group_by(Notice.edition_id)
        .subquery()
    )
    return (
        select(
            Edition.id, windows.c.opens_at, windows.c.closes_at, windows.c.due, func.coalesce(windows.c.divisions, 0).label("divisions"),
            stages.c.unreleased, notices.c.notice_until,
        )
        .outerjoin(windows, windows.c.edition_id == Edition.id)
        .outerjoin(stages, stages.c.edition_id == Edition.id)
        .outerjoin(notices, notices.c.edition_id == Edition.id)
        .subquery()
    )  # fmt: skip


def _phase_column(facts: Subquery) -> Any:
    """``phases.phase_of`` in SQL."""
    c = facts.c
    return case(
        (Edition.state.in_((EditionState.CANCELLED, EditionState.ARCHIVED)), EditionPhase.FINISHED.value),
        (or_(c.opens_at.is_(None), c.opens_at > NOW), EditionPhase.UPCOMING.value),
        (c.due.is_not(None), EditionPhase.OPEN.value),
        (c.notice_until >= TODAY, EditionPhase.IN_NOTICE.value),
        (c.unreleased > 0, EditionPhase.IN_REVIEW.value),
        else_=EditionPhase.FINISHED.value,
    ).label("phase")


def _matching(kind: EditionKind | None = None, area: str = "", text: str = "") -> Select[Any]:
    facts = _facts()
    rows: Any = (
        select(
            Edition.id, Edition.code, Edition.kind, Edition.state, Edition.title, Edition.title_en, Edition.summary, Edition.summary_en,
            Organization.name.label("organizer"), Organization.name_en.label("organizer_en"),
            facts.c.opens_at, facts.c.due, facts.c.divisions, _phase_column(facts),
        )
        .join(facts, facts.c.id == Edition.id)
        .join(Organization, Organization.id == Edition.organizer_id)
        .where(Edition.state.in_(VISIBLE))
    )  # fmt: skip
    if kind:
        rows = rows.where(Edition.kind == kind)
    if area:
        rows = rows.where(Organization.area_code.startswith(area.rstrip("0") or area, autoescape=True))
    if text:
        like = (Edition.title, Edition.title_en, Edition.summary, Organization.name)
        rows = rows.where(or_(*(column.icontains(text, autoescape=True) for column in like)))
    return rows


def _order(found: Subquery) -> tuple[Any, ...]:
    rank = case({phase.value: n for n, phase in enumerate(ORDER)}, value=found.c.phase)
    return rank, case((found.c.due.is_(None), 1), else_=0), found.c.due, found.c.opens_at.desc(), found.c.id.desc()
