"""A division: its conditions, form, quota and window while the edition is in preparation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.operations import record
from app.calls.errors import RulesFaulty, UnknownThing, WindowDisordered
from app.calls.events import CallEdited, WindowsMoved
from app.calls.models import Call, Edition
from app.calls.rules import CallRules
from app.calls.rules.eligibility import eligibility_faults
from app.core.authz import Actor
from app.core.uow import lock
from app.dynforms.models import FormVersion

from .editing import lock_draft


def edit_call(
    session: Session, *, call: Call, rules: CallRules, quota: int | None, form_version_id: int | None, actor: Actor, now: datetime
) -> Call:
    """Conditions, quota and form. Refuses conditions that mean nothing and a form of another organization. Records CallEdited."""
    edition = lock_draft(session, session.get_one(Edition, call.edition_id))
    lock(session, call)
    check_call(session, edition, rules, form_version_id)
    call.rules, call.quota, call.form_version_id = rules, quota, form_version_id
    record(session, CallEdited(call.id, edition.id, ["rules", "quota", "form_version_id"]), actor=actor, now=now)
    return call


def check_call(session: Session, edition: Edition, rules: CallRules, form_version_id: int | None) -> None:
    faults = eligibility_faults(rules.eligibility)
    if faults:
        raise RulesFaulty(faults)
    if form_version_id is None:
        return
    form = session.get(FormVersion, form_version_id)
    if form is None or (form.definition.edition_id != edition.id and form.definition.organization_id != edition.organizer_id):
        raise UnknownThing(field="form_version_id")


def move_windows(
    session: Session, *, edition: Edition, windows: Mapping[int, tuple[datetime, datetime]], actor: Actor, now: datetime
) -> Edition:
    """New windows for several divisions at once. Records WindowsMoved."""
    lock_draft(session, edition)
    for call_id, (opens_at, closes_at) in windows.items():
        call = session.get(Call, call_id, populate_existing=True)
        if call is None or call.edition_id != edition.id:
            raise UnknownThing
        if closes_at <= opens_at:
            raise WindowDisordered(field="closes_at")
        call.opens_at, call.closes_at = opens_at, closes_at
    moved = {str(key): [opens.isoformat(), closes.isoformat()] for key, (opens, closes) in windows.items()}
    record(session, WindowsMoved(edition.id, edition.id, moved, None), actor=actor, now=now)
    return edition


def edit_group_calls(
    session: Session, *, call: Call, rules: CallRules, quota: int | None, form_version_id: int | None, actor: Actor, now: datetime
) -> None:
    """The same for every division of the call's group (of the edition, when there are no groups)."""
    same = select(Call).where(Call.edition_id == call.edition_id, Call.group_id.is_not_distinct_from(call.group_id))
    for each in session.scalars(same.order_by(Call.position)):
        edit_call(session, call=each, rules=rules, quota=quota, form_version_id=form_version_id, actor=actor, now=now)
