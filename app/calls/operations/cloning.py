"""Next year's edition from this year's: everything but the entries, all dates moved together."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.operations import record
from app.calls.events import EditionCreated
from app.calls.models import Call, Edition, EntryGroup, Region, Stage, Track
from app.calls.rules import CallRules
from app.core.authz import Actor
from app.core.clock import from_local, local, local_date
from app.dynforms.models import FormVersion
from app.dynforms.schema import FormSchema

from .editions import check_code_free
from .forms import add_published_form
from .matrix import AXES, Axis, calls_of, lines_of

T = TypeVar("T")
_DAY = re.compile(r'"(\d{4})-(\d{2}-\d{2})"')


class Shift:
    """Moves dates by the distance between the old and the new opening; years in rules by the difference of years.

    The hour typed for the opening is the opening's alone: what closes at 17:00 goes on closing at 17:00. Only when something else
    happens on the day of the opening does everything move by the exact distance, so that nothing comes before it.
    """

    def __init__(self, old: datetime, new: datetime, zone: str, others: Iterable[datetime] = ()) -> None:
        self.zone, self.old, self.new = zone, old, new
        self.years = local_date(new, zone).year - local_date(old, zone).year
        first = local_date(old, zone)
        if any(value != old and local_date(value, zone) == first for value in others):
            self.distance = local(new, zone).replace(tzinfo=None) - local(old, zone).replace(tzinfo=None)
        else:
            self.distance = local_date(new, zone) - first

    def moment(self, value: datetime) -> datetime:
        if value == self.old:
            return self.new
        return from_local(local(value, self.zone).replace(tzinfo=None) + self.distance, self.zone)

    def rules(self, rules: T, kind: type[T]) -> T:
        """Dates written in rules (such as a registration date) keep their day and change their year."""

        def later(match: re.Match[str]) -> str:
            year, rest = int(match[1]) + self.years, match[2]
            is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
            return f'"{year}-{"02-28" if rest == "02-29" and not is_leap else rest}"'

        return msgspec.json.decode(_DAY.sub(later, msgspec.json.encode(rules).decode()), type=kind)


def clone_edition(session: Session, *, source: Edition, title: str, code: str, opens_at: datetime, actor: Actor, now: datetime,
                  title_en: str = "") -> Edition:  # fmt: skip
    """A new edition of the same series in preparation. Refuses a code already in use. Records EditionCreated."""
    check_code_free(session, code)
    calls = calls_of(session, source)
    first = min((call.opens_at for call in calls), default=source.created_at)
    stages = list(session.scalars(select(Stage).where(Stage.edition_id == source.id).order_by(Stage.position)))
    windows = [(call.opens_at, call.closes_at) for call in calls] + [(stage.opens_at, stage.closes_at) for stage in stages]
    shift = Shift(first, opens_at, source.zone, (moment for window in windows for moment in window))
    edition = Edition(
        series_id=source.series_id, kind=source.kind, code=code, title=title, title_en=title_en, summary=source.summary,
        summary_en=source.summary_en, body=source.body, body_en=source.body_en, host_id=source.host_id, organizer_id=source.organizer_id,
        zone=source.zone, preset=source.preset, rules=source.rules, contacts=source.contacts, faq=source.faq, cloned_from_id=source.id,
        created_at=now, created_by_id=actor.user_id,
    )  # fmt: skip
    session.add(edition)
    session.flush()  # everything below points at it
    forms = _copy_forms(session, edition, calls, shift, actor, now)
    _copy_calls(session, edition, calls, _copy_axes(session, source, edition), forms, shift)
    _copy_stages(session, stages, edition, shift)
    record(session, EditionCreated(edition.id, edition.id, edition.preset, source.id), actor=actor, now=now)
    return edition


def _copy_axes(session: Session, source: Edition, edition: Edition) -> dict[Axis, dict[int, int]]:
    """Old id → new id for each axis."""
    made: dict[Axis, dict[int, int]] = {}
    for model in AXES.values():
        made[model] = {}
        for row in lines_of(session, source, model):
            copy = model(
                edition_id=edition.id, code=row.code, name=row.name, name_en=row.name_en, description=row.description, position=row.position
            )
            if isinstance(copy, Track) and isinstance(row, Track):
                copy.sponsor = row.sponsor
            session.add(copy)
            session.flush()  # the calls need its id
            made[model][row.id] = copy.id
    return made


def _copy_forms(session: Session, edition: Edition, calls: list[Call], shift: Shift, actor: Actor, now: datetime) -> dict[int, int]:
    """Forms belong to their edition: each that is used is copied, with its dates moved."""
    made: dict[int, int] = {}
    for form_id in dict.fromkeys(call.form_version_id for call in calls if call.form_version_id is not None):
        version = session.get_one(FormVersion, form_id)
        fields = [
            msgspec.structs.replace(
                field,
                required_after=shift.moment(field.required_after) if field.required_after else None,
                frozen_after=shift.moment(field.frozen_after) if field.frozen_after else None,
            )
            for field in version.schema.fields
        ]
        schema = FormSchema(version.schema.title, version.schema.sections, fields)
        copy = add_published_form(session, edition=edition, name=version.definition.name, schema=schema, actor=actor, now=now)
        made[form_id] = copy.id
    return made


def _copy_calls(
    session: Session, edition: Edition, calls: list[Call], axes: dict[Axis, dict[int, int]], forms: dict[int, int], shift: Shift
) -> None:
    for call in calls:
        session.add(
            Call(
                edition_id=edition.id, kind=call.kind, code=call.code, name=call.name, name_en=call.name_en,
                track_id=axes[Track].get(call.track_id or 0), group_id=axes[EntryGroup].get(call.group_id or 0),
                region_id=axes[Region].get(call.region_id or 0),
                opens_at=shift.moment(call.opens_at), closes_at=shift.moment(call.closes_at),
                quota=call.quota, form_version_id=forms.get(call.form_version_id or 0), rules=shift.rules(call.rules, CallRules),
                position=call.position,
            )
        )  # fmt: skip
    session.flush()  # what follows reads it


def _copy_stages(session: Session, stages: list[Stage], edition: Edition, shift: Shift) -> None:
    for stage in stages:
        session.add(
            Stage(
                edition_id=edition.id, position=stage.position, kind=stage.kind, name=stage.name, name_en=stage.name_en,
                opens_at=shift.moment(stage.opens_at), closes_at=shift.moment(stage.closes_at), rules=stage.rules,
            )
        )  # fmt: skip
    session.flush()  # what follows reads it
