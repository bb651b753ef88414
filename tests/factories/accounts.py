"""People and organizations."""

from __future__ import annotations

from itertools import count

from sqlalchemy.orm import Session

from app.accounts.enums import OrganizationKind, Role
from app.accounts.models import Organization, RoleGrant, User
from app.accounts.queries import grants_of, organizations_of
from app.core.authz import Actor
from tests.conftest import NOW

_numbers = count(1)


def make_user(session: Session, name: str = "", *, email: str = "", **values: object) -> User:
    number = next(_numbers)
    user = User(
        email=email or f"user{number}@example.org",
        name=name or f"User {number}",
        created_at=NOW,
        email_confirmed_at=NOW,
        **values,
    )
    session.add(user)
    session.flush()
    return user


def make_organization(session: Session, name: str = "", *, kind: OrganizationKind = OrganizationKind.OFFICE,
                      parent: Organization | None = None, **values: object) -> Organization:  # fmt: skip
    organization = Organization(
        name=name or f"Office {next(_numbers)}",
        kind=kind,
        parent_id=parent.id if parent else None,
        created_at=NOW,
        **values,
    )
    session.add(organization)
    session.flush()
    organization.path = f"{parent.path if parent else '/'}{organization.id}/"
    session.flush()
    return organization


def grant(
    session: Session,
    user: User,
    role: Role,
    *,
    organization: Organization | None = None,
    edition: object = None,
) -> RoleGrant:
    row = RoleGrant(
        user_id=user.id, role=role, granted_at=NOW,
        organization_id=organization.id if organization else None, edition_id=getattr(edition, "id", None),
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def acting(session: Session, user: User, role: Role | None = None) -> Actor:
    """The user as an actor, with everything they hold."""
    return Actor(
        user_id=user.id, name=user.name, email=user.email, grants=grants_of(session, user.id),
        organization_ids=organizations_of(session, user.id), current_role=role, reauthenticated_at=NOW,
    )  # fmt: skip
