"""The people of the long stories."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.accounts.enums import OrganizationKind, Role
from app.accounts.models import Organization, User
from app.accounts.operations.users import create_user
from app.admin.invariants import broken_invariants
from app.core.authz import SYSTEM
from tests.conftest import NOW
from tests.factories.accounts import grant, make_organization, make_user
from tests.support.visitor import Journey

PASSWORD = "a long enough phrase 77"


@dataclass
class Cast:
    """An office with its people, judges and teams."""

    office: Organization
    people: dict[str, User] = field(default_factory=dict)
    judges: list[User] = field(default_factory=list)
    teams: list[User] = field(default_factory=list)


@pytest.fixture
def journey(app: Flask, session: Session) -> Iterator[Journey]:
    """The story's clock; when it is told, every invariant must hold."""
    story = Journey(app, NOW)
    yield story
    story.end()
    session.rollback()
    assert [f"{each.invariant.name}: {each.said}" for each in broken_invariants(session)] == []


@pytest.fixture
def start() -> datetime:
    return NOW


@pytest.fixture
def cast(session: Session) -> Cast:
    office = make_organization(session, "澄湖新区人才办", kind=OrganizationKind.OFFICE)
    cast = Cast(office)
    for name, role in (
        ("organizer", Role.ORGANIZER), ("host", Role.HOST), ("supervisor", Role.SUPERVISOR),
        ("officer", Role.TALENT_OFFICER), ("second officer", Role.TALENT_OFFICER),
    ):  # fmt: skip
        cast.people[name] = make_user(session, name, email=f"{name.replace(' ', '-')}@office.example")
        grant(session, cast.people[name], role, organization=office)
    for number in range(1, 6):
        email = f"judge{number}@judges.example"
        cast.judges.append(
            create_user(session, email=email, name=f"Judge {number}", password=PASSWORD, confirmed=True, actor=SYSTEM, now=NOW)
        )
    cast.teams = [make_user(session, f"Leader {n}", email=f"leader{n}@teams.example") for n in range(1, 8)]
    session.commit()
    return cast
