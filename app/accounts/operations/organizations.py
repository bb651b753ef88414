"""Organizations in their tree, and who belongs to them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.enums import MembershipState, OrganizationKind
from app.accounts.events import MemberAdded, MemberRemoved, OrganizationAdded, OrganizationChanged
from app.accounts.models import Membership, Organization, RoleGrant, User
from app.accounts.rules.identifiers import CreditCode, credit_code, tidy_number
from app.accounts.rules.names import sort_key
from app.audit.operations import record
from app.core.authz import Actor
from app.core.errors import CONSTRAINT_SENTENCES, DomainError
from app.core.uow import lock

from .grants import end_role

MAX_DEPTH = 12
_TAKEN = _l("There is already an organization of this name at this place of the tree.")
_CODE_TAKEN = _l("There is already an organization with this credit code.")
CONSTRAINT_SENTENCES |= {
    "uq_organizations_parent_id_name": _TAKEN,
    "organizations.parent_id, organizations.name": _TAKEN,
    "uq_organizations_uscc": _CODE_TAKEN,
    "organizations.uscc": _CODE_TAKEN,
}


class NameTaken(DomainError):
    message = _TAKEN


class CodeTaken(DomainError):
    message = _CODE_TAKEN


class CodeMalformed(DomainError):
    message = _l("A unified social credit code has 18 digits and capital letters (without I, O, S, V, Z).")


class CodeNeedsNote(DomainError):
    message = _l("The check digit does not fit. Some early codes are like this: compare with the licence and say below where you saw it.")


class NotInTree(DomainError):
    message = _l("An organization cannot be placed below itself, nor deeper than twelve levels.")


def add_organization(session: Session, *, name: str, kind: OrganizationKind, parent: Organization | None = None, uscc: str | None = None,
                     uscc_note: str | None = None, name_en: str = "", area_code: str | None = None,
                     actor: Actor, now: datetime) -> Organization:  # fmt: skip
    """A new organization below its parent. Records OrganizationAdded."""
    made = Organization(created_at=now, path="/new/")
    _describe(session, made, name=name, kind=kind, parent=parent, uscc=uscc, uscc_note=uscc_note, name_en=name_en, area_code=area_code)
    session.add(made)
    session.flush()  # the path contains the organization's own id
    made.path = f"{parent.path if parent else '/'}{made.id}/"
    record(session, OrganizationAdded(made.id, parent.id if parent else None), actor=actor, now=now)
    return made


def change_organization(session: Session, *, organization: Organization, parent: Organization | None, actor: Actor, now: datetime,
                        **fields: Any) -> Organization:  # fmt: skip
    """Describe the organization anew, or move it with everything below. Records OrganizationChanged."""
    lock(session, organization)
    old_path = organization.path
    if parent is not None and (parent.path.startswith(old_path) or parent.path.count("/") > MAX_DEPTH):
        raise NotInTree(field="parent_id")
    before = {key: getattr(organization, key) for key in ("parent_id", *fields)}
    _describe(session, organization, parent=parent, **fields)
    new_path = f"{parent.path if parent else '/'}{organization.id}/"
    if new_path != old_path:
        for below in session.scalars(select(Organization).where(Organization.path.startswith(old_path))):
            below.path = new_path + below.path[len(old_path) :]
    changed = sorted(key for key, value in before.items() if getattr(organization, key) != value)
    if changed:
        record(session, OrganizationChanged(organization.id, ", ".join(changed)), actor=actor, now=now)
    return organization


def add_member(session: Session, *, organization: Organization, user: User, position: str = "", actor: Actor, now: datetime) -> Membership:
    """Make the person a member. Records MemberAdded."""
    lock(session, organization)
    row = session.scalar(select(Membership).where(Membership.user_id == user.id, Membership.organization_id == organization.id))
    if row is not None and row.state == MembershipState.ACTIVE:
        row.position = position or row.position
        return row
    if row is None:
        row = Membership(user_id=user.id, organization_id=organization.id)
        session.add(row)
    row.state, row.since, row.position = MembershipState.ACTIVE, now, position
    record(session, MemberAdded(organization.id, user.id), actor=actor, now=now)
    return row


def remove_member(session: Session, *, membership: Membership, reason: str, actor: Actor, now: datetime) -> None:
    """End the membership together with the roles held in this organization. Records MemberRemoved and RoleEnded."""
    lock(session, membership)
    if membership.state == MembershipState.ENDED:
        return
    held = select(RoleGrant).where(
        RoleGrant.user_id == membership.user_id, RoleGrant.organization_id == membership.organization_id, RoleGrant.ended_at.is_(None)
    )
    for grant in session.scalars(held).all():
        end_role(session, grant=grant, reason=reason, actor=actor, now=now)
    membership.state = MembershipState.ENDED
    record(session, MemberRemoved(membership.organization_id, membership.user_id), actor=actor, now=now)


def _describe(session: Session, organization: Organization, *, name: str, kind: OrganizationKind, parent: Organization | None,
              uscc: str | None, uscc_note: str | None, name_en: str, area_code: str | None) -> None:  # fmt: skip
    parent_id = parent.id if parent else None
    if parent is not None and parent.path.count("/") > MAX_DEPTH:
        raise NotInTree(field="parent_id")
    twin = select(Organization.id).where(
        Organization.name == name,
        Organization.parent_id.is_(None) if parent_id is None else Organization.parent_id == parent_id,
        Organization.id != (organization.id or 0),
    )
    with session.no_autoflush:
        if session.scalar(twin) is not None:
            raise NameTaken(field="name")
        code = _checked_code(session, organization, uscc, uscc_note)
    organization.name, organization.name_en, organization.kind = name, name_en, kind
    organization.sort_key, organization.area_code = sort_key(name, 400), area_code or None
    organization.parent_id, organization.uscc, organization.uscc_note = parent_id, code, (uscc_note or None) if code else None


def _checked_code(session: Session, organization: Organization, uscc: str | None, note: str | None) -> str | None:
    """The code in its stored form: wrongly written ones are refused, an odd check digit needs a note."""
    if not uscc or not uscc.strip():
        return None
    code = tidy_number(uscc)
    verdict = credit_code(code)
    if verdict == CreditCode.MALFORMED:
        raise CodeMalformed(field="uscc")
    if verdict == CreditCode.ODD_CHECK and not (note or "").strip():
        raise CodeNeedsNote(field="uscc_note")
    if session.scalar(select(Organization.id).where(Organization.uscc == code, Organization.id != (organization.id or 0))) is not None:
        raise CodeTaken(field="uscc")
    return code
