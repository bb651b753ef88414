"""Versions of a form: a draft that may change, then published and never changed again."""

from __future__ import annotations

import hashlib
from datetime import datetime

import msgspec
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.operations import record
from app.core.authz import Actor
from app.core.errors import DomainError
from app.core.uow import lock
from app.dynforms.events import FormChanged, FormCreated, FormPublished
from app.dynforms.faults import SchemaFault, schema_faults
from app.dynforms.models import FormDefinition, FormVersion
from app.dynforms.schema import FormSchema
from app.files.kinds import KINDS


class FormFaulty(DomainError):
    """The form cannot be published; ``faults`` say why."""

    message = _l("The form cannot be published yet. Please mend what is listed below.")

    def __init__(self, faults: list[SchemaFault]) -> None:
        super().__init__()
        self.faults = faults


class Published(DomainError):
    message = _l("This version is published and never changes. Begin a new version to change the form.")


class ReasonMissing(DomainError):
    message = _l("Entries are being taken on this form: please give the reason for the change, in at least four characters.")


def faults_of(schema: FormSchema) -> list[SchemaFault]:
    """What keeps the form from being published."""
    return schema_faults(schema, frozenset(KINDS))


def create_form(session: Session, *, name: str, edition_id: int | None, organization_id: int | None, schema: FormSchema, actor: Actor,
                now: datetime) -> FormVersion:  # fmt: skip
    """A new form with its first draft. Records FormCreated."""
    definition = FormDefinition(name=name, edition_id=edition_id, organization_id=organization_id, created_at=now)
    session.add(definition)
    session.flush()  # the version points at it
    version = FormVersion(definition_id=definition.id, number=1, schema=schema, changed_at=now)
    session.add(version)
    session.flush()  # the page that follows names it
    record(session, FormCreated(definition.id, edition_id), actor=actor, now=now)
    return version


def begin_draft(session: Session, *, definition: FormDefinition, actor: Actor, now: datetime) -> FormVersion:
    """The draft of the next version, made from the latest one; the present draft if there is one. Records FormChanged."""
    lock(session, definition)
    latest = session.scalars(
        select(FormVersion).where(FormVersion.definition_id == definition.id).order_by(FormVersion.number.desc()).limit(1)
    ).one()
    if latest.published_at is None:
        return latest
    draft = FormVersion(definition_id=definition.id, number=latest.number + 1, schema=latest.schema, changed_at=now)
    session.add(draft)
    session.flush()  # the page that follows names it
    record(session, FormChanged(definition.id, definition.edition_id, draft.number), actor=actor, now=now)
    return draft


def save_schema(session: Session, *, version: FormVersion, schema: FormSchema, actor: Actor, now: datetime) -> FormVersion:
    """Replace the draft's definition. Refused once published. Records FormChanged."""
    lock(session, version)
    if version.published_at is not None:
        raise Published
    version.schema, version.changed_at = schema, now
    definition = session.get_one(FormDefinition, version.definition_id)
    record(session, FormChanged(definition.id, definition.edition_id, version.number), actor=actor, now=now)
    return version


def publish_version(session: Session, *, version: FormVersion, reason: str, needs_reason: bool, actor: Actor, now: datetime) -> FormVersion:
    """Fix the draft for good, with its digest. Refused with faults, or without a needed reason. Records FormPublished."""
    lock(session, version)
    if version.published_at is not None:
        raise Published
    if needs_reason and len(reason.strip()) < 4:
        raise ReasonMissing(field="reason")
    found = faults_of(version.schema)
    if found:
        raise FormFaulty(found)
    digest = hashlib.sha256(msgspec.json.encode(version.schema)).hexdigest()
    version.digest, version.published_at, version.published_by_id, version.reason = digest, now, actor.user_id, reason.strip()
    definition = session.get_one(FormDefinition, version.definition_id)
    event = FormPublished(definition.id, definition.edition_id, version.number, digest, version.reason)
    record(session, event, actor=actor, now=now)
    return version
