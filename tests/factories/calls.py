"""Editions, published where wanted."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count

from sqlalchemy.orm import Session

from app.accounts.enums import Role
from app.accounts.models import Organization
from app.calls.models import Edition
from app.calls.operations.editions import create_edition
from app.calls.operations.publishing import publish_edition, request_publication
from app.core.authz import Actor
from tests.conftest import NOW
from tests.factories.accounts import acting, grant, make_organization, make_user

_numbers = count(1)


def make_edition(session: Session, preset: str = "leg", *, opens_at: datetime = NOW + timedelta(days=1), host: Organization | None = None,
                 actor: Actor | None = None, title: str = "", code: str = "") -> Edition:  # fmt: skip
    """An edition in preparation, of a new host unless one is given; two persons hold its roles."""
    number = next(_numbers)
    host = host or make_organization(session)
    actor = actor or make_staff(session, host, Role.ORGANIZER)
    return create_edition(
        session, preset=preset, title=title or f"Contest {number}", code=code or f"contest-{number}", host=host, organizer=host,
        opens_at=opens_at, actor=actor, now=NOW,
    )  # fmt: skip


def make_published(session: Session, preset: str = "leg", **values: object) -> Edition:
    """An edition that one person asked for and another published."""
    edition = make_edition(session, preset, **values)  # type: ignore[arg-type]
    request_publication(session, edition=edition, actor=make_staff(session, edition.host, Role.ORGANIZER), now=NOW)
    return publish_edition(session, edition=edition, actor=make_staff(session, edition.host, Role.HOST), now=NOW)


def make_staff(session: Session, organization: Organization, role: Role) -> Actor:
    """A new person with the role in the organization, as an actor."""
    user = make_user(session)
    grant(session, user, role, organization=organization)
    return acting(session, user, role)
