"""The dates of an edition in order, each with what should be thought over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.calls.enums import SETTLED
from app.calls.models import Call, Edition, Stage
from app.calls.stagekinds import JUDGED
from app.core.clock import local_date
from app.core.markup import pick
from app.settings.calendar import HOLIDAY, WorkCalendar, load_calendar

from .editions import calls_in, stages_in


@dataclass(frozen=True)
class Item:
    """A stretch of time. ``state`` is done, current or todo."""

    title: str
    start: datetime
    end: datetime
    state: str
    warnings: list[str] = field(default_factory=list)
    stage_id: int | None = None


def edition_timeline(session: Session, edition: Edition, now: datetime) -> list[Item]:
    """Entry windows (equal ones together) and stages."""
    calls, stages = calls_in(session, edition), stages_in(session, edition)
    moments = [m for c in calls for m in (c.opens_at, c.closes_at)] + [m for s in stages for m in (s.opens_at, s.closes_at)]
    if not moments:
        return []
    years = range(local_date(min(moments), edition.zone).year, local_date(max(moments), edition.zone).year + 1)
    days = load_calendar(session, years)
    items = [*_windows(edition, calls, days, now), *_stage_items(edition, calls, stages, days, now)]
    return sorted(items, key=lambda item: (item.start, item.end))


def _windows(edition: Edition, calls: Sequence[Call], days: WorkCalendar, now: datetime) -> Iterator[Item]:
    windows: dict[tuple[datetime, datetime], list[Call]] = {}
    for call in calls:
        windows.setdefault((call.opens_at, call.closes_at), []).append(call)
    for (start, end), same in windows.items():
        names = _(", ").join(pick(call.name, call.name_en) for call in same[:3])
        title = _("Entries: %(names)s", names=names) if len(windows) > 1 else _("Entries")
        title += _(" and %(number)s more", number=len(same) - 3) if len(windows) > 1 and len(same) > 3 else ""
        yield Item(
            title, start, end, _state(start, end, now), list(_day_warnings(_("The closing day"), local_date(end, edition.zone), days))
        )


def _stage_items(edition: Edition, calls: Sequence[Call], stages: Sequence[Stage], days: WorkCalendar, now: datetime) -> Iterator[Item]:
    last_close = max((call.closes_at for call in calls), default=None)
    before: Stage | None = None
    for stage in stages:
        warnings = []
        if before is None and last_close is not None and stage.opens_at < last_close:
            warnings.append(_("Begins before the last division closes."))
        if before is not None and stage.opens_at < before.closes_at:
            warnings.append(_("Begins before “%(before)s” ends.", before=pick(before.name, before.name_en)))
        if stage.kind in JUDGED:
            first, last = local_date(stage.opens_at, edition.zone), local_date(stage.closes_at, edition.zone)
            warnings += _day_warnings(_("The first day"), first, days)
            warnings += _day_warnings(_("The last day"), last, days) if last != first else []
        is_over = stage.state in SETTLED
        state = "done" if is_over else _state(stage.opens_at, stage.closes_at, now)
        yield Item(pick(stage.name, stage.name_en), stage.opens_at, stage.closes_at, state, warnings, stage.id)
        before = stage


def _state(start: datetime, end: datetime, now: datetime) -> str:
    return "done" if now >= end else "current" if now >= start else "todo"


def _day_warnings(what: str, day: date, days: WorkCalendar) -> Iterator[str]:
    if days.is_working(day):
        return
    if days.days.get(day) == HOLIDAY:
        yield _("%(what)s, %(day)s, is a public holiday.", what=what, day=day.isoformat())
    else:
        yield _("%(what)s, %(day)s, falls on a weekend.", what=what, day=day.isoformat())
