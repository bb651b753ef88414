"""A form published with its edition, so that calls can take entries at once."""

from __future__ import annotations

import hashlib
from datetime import datetime

import msgspec
from sqlalchemy.orm import Session

from app.calls.models import Edition
from app.core.authz import Actor
from app.dynforms.models import FormDefinition, FormVersion
from app.dynforms.schema import FormSchema


def add_published_form(session: Session, *, edition: Edition, name: str, schema: FormSchema, actor: Actor, now: datetime) -> FormVersion:
    """A form of the edition with its first version, already published."""
    definition = FormDefinition(organization_id=edition.organizer_id, edition_id=edition.id, name=name, created_at=now)
    version = FormVersion(
        definition=definition, number=1, schema=schema, digest=hashlib.sha256(msgspec.json.encode(schema)).hexdigest(),
        changed_at=now, published_at=now, published_by_id=actor.user_id,
    )  # fmt: skip
    session.add_all([definition, version])
    session.flush()  # calls point at the version
    return version
