"""Making an edition: from a preset, and editing its general facts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Organization
from app.audit.operations import record
from app.calls.enums import EditionState
from app.calls.errors import CodeTaken, NeedsApproval
from app.calls.events import EditionCreated, EditionEdited
from app.calls.models import Edition, EntryGroup, Region, Series, Stage, Track
from app.calls.presets import Preset, preset_named
from app.calls.presets.dating import dated, moment_after
from app.calls.rules import CallRules
from app.core.authz import Actor
from app.core.clock import DEFAULT_ZONE

from .dossier import publish_dossier
from .editing import lock_editable
from .forms import add_published_form
from .matrix import make_calls

#: What may be edited at any time before the end: texts, never rules or dates.
TEXTS = ("title", "title_en", "summary", "summary_en", "body", "body_en", "contacts", "faq")
#: Rules of the edition that people rely on once it is published.
BINDING = ("one_entry_per_person", "notice_days", "scores_published")


def create_edition(session: Session, *, preset: str, title: str, code: str, host: Organization, organizer: Organization,
                   opens_at: datetime, actor: Actor, now: datetime, title_en: str = "",
                   series: Series | None = None) -> Edition:  # fmt: skip
    """A whole edition in preparation: tracks, groups, calls, stages, form and rules of the preset. Records EditionCreated.

    Refuses an unknown preset and a code already in use. ``preset`` is a key of ``app.calls.presets.PRESETS``.
    """
    plan = preset_named(preset)
    check_code_free(session, code)
    edition = Edition(
        series=series or series_named(session, organizer=organizer, title=title, now=now), kind=plan.kind, code=code, title=title,
        title_en=title_en, summary=plan.summary.zh, summary_en=plan.summary.en, body=plan.body.zh, body_en=plan.body.en,
        host=host, organizer=organizer, zone=DEFAULT_ZONE, preset=plan.key, rules=plan.edition_rules,
        faq=[{"q": q.zh, "a": a.zh, "q_en": q.en, "a_en": a.en} for q, a in plan.faq],
        created_at=now, created_by_id=actor.user_id,
    )  # fmt: skip
    session.add(edition)
    session.flush()  # everything below points at it
    _add_axes(session, edition, plan)
    _add_stages(session, edition, plan, opens_at)
    form = add_published_form(session, edition=edition, name=plan.form.title.zh, schema=plan.form, actor=actor, now=now)
    closes_at = moment_after(opens_at, plan.window_days, plan.closing_hour, edition.zone)
    calls = make_calls(session, edition=edition, opens_at=opens_at, closes_at=closes_at, form_version_id=form.id)
    for call in calls:
        call.rules = dated(plan.rules_for(call.group.code if call.group else None), CallRules, opens_at, edition.zone)
    record(session, EditionCreated(edition.id, edition.id, plan.key, None), actor=actor, now=now)
    return edition


def edit_edition(session: Session, *, edition: Edition, values: dict[str, Any], actor: Actor, now: datetime) -> Edition:
    """Change texts (``TEXTS``) and ``rules`` of an edition. Records EditionEdited with the fields' names.

    Once published, the rules that bind (``BINDING``) need a decision of the host; contacts may change and make a new dossier.
    """
    lock_editable(session, edition)
    changed = [name for name in (*TEXTS, "rules") if name in values and values[name] != getattr(edition, name)]
    is_published = edition.state == EditionState.PUBLISHED
    if is_published and "rules" in changed and any(getattr(values["rules"], n) != getattr(edition.rules, n) for n in BINDING):
        raise NeedsApproval
    for name in changed:
        setattr(edition, name, values[name])
    if changed:
        record(session, EditionEdited(edition.id, edition.id, changed), actor=actor, now=now)
    if is_published and "rules" in changed:
        publish_dossier(session, edition=edition, reason=gettext("Contacts or basis changed"), actor=actor, now=now)
    return edition


def check_code_free(session: Session, code: str) -> None:
    if session.scalar(select(Edition.id).where(Edition.code == code)) is not None:
        raise CodeTaken(field="code")


def series_named(session: Session, *, organizer: Organization, title: str, now: datetime) -> Series:
    """The organizer's series of this name, begun if it is new."""
    known = session.scalar(select(Series).where(Series.organization_id == organizer.id, Series.name == title))
    if known is not None:
        return known
    series = Series(organization_id=organizer.id, name=title, created_at=now)
    session.add(series)
    session.flush()  # the edition points at it
    return series


def _add_axes(session: Session, edition: Edition, plan: Preset) -> None:
    for model, axes in ((Track, plan.tracks), (EntryGroup, plan.groups), (Region, plan.regions)):
        for position, axis in enumerate(axes):
            row = model(
                edition_id=edition.id, code=axis.code, name=axis.name.zh, name_en=axis.name.en, description=axis.description,
                position=position,
            )  # fmt: skip
            if isinstance(row, Track):
                row.sponsor = axis.sponsor
            session.add(row)
    session.flush()  # the calls need the axes' ids


def _add_stages(session: Session, edition: Edition, plan: Preset, opens_at: datetime) -> None:
    for position, stage in enumerate(plan.stages):
        session.add(
            Stage(
                edition=edition, position=position, kind=stage.kind, name=stage.name.zh, name_en=stage.name.en,
                opens_at=moment_after(opens_at, stage.first_day, stage.from_hour, edition.zone),
                closes_at=moment_after(opens_at, stage.last_day, stage.to_hour, edition.zone), rules=stage.rules,
            )
        )  # fmt: skip
    session.flush()  # rules and calls point at the stages
