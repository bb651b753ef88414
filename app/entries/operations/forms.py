"""Forms of an edition: changed by its staff, published for its calls. Entries keep the version they began with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.calls.models import Call, Edition
from app.calls.operations.freezing import hold_edition
from app.core.authz import Actor
from app.core.uow import lock
from app.dynforms.models import FormDefinition, FormVersion
from app.dynforms.operations import versions
from app.dynforms.schema import FormSchema, Text
from app.entries.models import Entry


def create_edition_form(session: Session, *, edition: Edition, name: str, actor: Actor, now: datetime) -> FormVersion:
    """An empty form of the edition."""
    hold_edition(session, edition.id)
    return versions.create_form(
        session, name=name, edition_id=edition.id, organization_id=edition.organizer_id,
        schema=FormSchema(title=Text(zh=name)), actor=actor, now=now,
    )  # fmt: skip


def change_form(
    session: Session, *, edition: Edition, version: FormVersion, schema: FormSchema, actor: Actor, now: datetime
) -> FormVersion:
    """Save the draft of a form."""
    hold_edition(session, edition.id)
    return versions.save_schema(session, version=version, schema=schema, actor=actor, now=now)


def publish_form(session: Session, *, edition: Edition, version: FormVersion, calls: Sequence[Call], reason: str, actor: Actor,
                 now: datetime) -> int:  # fmt: skip
    """Publish the draft and let the calls use it from now on; returns how many entries stay on earlier versions.

    A reason is asked as soon as one of the calls has opened.
    """
    hold_edition(session, edition.id)
    opened = any(call.opens_at <= now for call in calls)
    versions.publish_version(session, version=version, reason=reason, needs_reason=opened, actor=actor, now=now)
    staying = entries_on(session, [call.id for call in calls])
    for call in calls:
        lock(session, call)
        call.form_version_id = version.id
    return staying


def entries_on(session: Session, call_ids: Sequence[int]) -> int:
    """How many entries have begun in these calls, on whatever version."""
    return session.scalar(select(func.count(Entry.id)).where(Entry.call_id.in_(call_ids))) or 0


def forms_of(session: Session, edition: Edition) -> list[FormDefinition]:
    """The edition's forms, oldest first."""
    return list(session.scalars(select(FormDefinition).where(FormDefinition.edition_id == edition.id).order_by(FormDefinition.id)))
