"""The public list: published editions with their phase, in two statements however many there are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Subquery, and_, case, func, or_, select
from sqlalchemy.orm import Session

from app.accounts.models import Organization
from app.calls.enums import EditionKind, EditionPhase, EditionState, StageState
from app.calls.models import Call, Edition, Stage
from app.calls.phases import Facts, phase_of
from app.calls.policies import VISIBLE
from app.calls.stagekinds import JUDGED
from app.notices.enums import NoticeState
from app.notices.models import Notice

PER_PAGE = 50
#: What can still be entered comes first.
ORDER = (EditionPhase.OPEN, EditionPhase.UPCOMING, EditionPhase.IN_NOTICE, EditionPhase.IN_REVIEW, EditionPhase.FINISHED)


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
    found = _matching(now, today, kind=kind, area=area, text=text).subquery()
    grouped = session.execute(select(found.c.phase, func.count()).group_by(found.c.phase))
    counts = {EditionPhase(value): count for value, count in grouped}
    total = counts.get(phase, 0) if phase else sum(counts.values())
    rows = select(found).order_by(*_order(found)).limit(PER_PAGE).offset((max(1, number) - 1) * PER_PAGE)
    if phase:
        rows = rows.where(found.c.phase == phase.value)
    return Page([_listed(row) for row in session.execute(rows)], number, total, counts)


def _listed(row: Any) -> Listed:
    return Listed(
        row.code, row.kind, row.state, row.title, row.title_en, row.summary, row.summary_en, row.organizer, row.organizer_en,
        row.opens_at, row.due, row.divisions, EditionPhase(row.phase),
    )  # fmt: skip


def phase_facts(session: Session, edition: Edition, now: datetime, today: date) -> Facts:
    """What decides the phase of one edition, in one statement."""
    facts = _facts(now, today)
    row = session.execute(select(facts).where(facts.c.id == edition.id)).one()
    return Facts(edition.state, row.opens_at, row.due, row.closes_at, row.unreleased or 0, row.notice_until)


def phase(session: Session, edition: Edition, now: datetime, today: date) -> EditionPhase:
    return phase_of(phase_facts(session, edition, now, today), now, today)


def areas(session: Session) -> list[tuple[str, str]]:
    """Area codes and names of the organizers that have something published."""
    of = select(Organization.area_code, Organization.name).join(Edition, Edition.organizer_id == Organization.id)
    rows = session.execute(
        of.where(Edition.state.in_(VISIBLE), Organization.area_code.is_not(None)).distinct().order_by(Organization.area_code)
    )
    return [(code, name) for code, name in rows if code]


def _facts(now: datetime, today: date) -> Subquery:
    """A row an edition: windows, judged stages without results, end of the last notice."""
    windows = (
        select(
            Call.edition_id, func.min(Call.opens_at).label("opens_at"), func.max(Call.closes_at).label("closes_at"),
            func.min(case((and_(Call.opens_at <= now, Call.closes_at > now), Call.closes_at))).label("due"),
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
        .where(Notice.state == NoticeState.PUBLISHED, Notice.starts_on <= today)
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


def _phase_column(facts: Subquery, now: datetime, today: date) -> Any:
    """``phases.phase_of`` in SQL."""
    c = facts.c
    return case(
        (Edition.state.in_((EditionState.CANCELLED, EditionState.ARCHIVED)), EditionPhase.FINISHED.value),
        (or_(c.opens_at.is_(None), c.opens_at > now), EditionPhase.UPCOMING.value),
        (c.due.is_not(None), EditionPhase.OPEN.value),
        (c.notice_until >= today, EditionPhase.IN_NOTICE.value),
        (c.unreleased > 0, EditionPhase.IN_REVIEW.value),
        else_=EditionPhase.FINISHED.value,
    ).label("phase")


def _matching(now: datetime, today: date, *, kind: EditionKind | None, area: str, text: str) -> Any:
    facts = _facts(now, today)
    rows: Any = (
        select(
            Edition.id, Edition.code, Edition.kind, Edition.state, Edition.title, Edition.title_en, Edition.summary, Edition.summary_en,
            Organization.name.label("organizer"), Organization.name_en.label("organizer_en"),
            facts.c.opens_at, facts.c.due, facts.c.divisions, _phase_column(facts, now, today),
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
