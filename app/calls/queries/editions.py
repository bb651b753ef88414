"""One edition with its parts."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload

from app.accounts.enums import Role
from app.accounts.models import Organization, RoleGrant
from app.calls.enums import EditionState
from app.calls.models import Approval, Call, Edition, EntryGroup, Region, RuleDossier, Stage, Track
from app.core.authz import Actor
from app.dynforms.models import FormDefinition, FormVersion

_WITH = (joinedload(Edition.host), joinedload(Edition.organizer), joinedload(Edition.series))
STAFF = (Role.HOST, Role.ORGANIZER, Role.SUPERVISOR)


def held_by(actor: Actor, *roles: Role) -> ColumnElement[bool]:
    """The condition on ``Edition`` for what ``policies.holds_in`` says of any of the roles."""
    hosts: set[int] = set()
    organizers: set[int] = set()
    editions: set[int] = set()
    for role in roles:
        of_organizations, of_editions = actor.scope_ids(role)
        hosts |= of_organizations
        organizers |= of_organizations if role != Role.HOST else set()
        editions |= of_editions
    return or_(Edition.id.in_(editions), Edition.host_id.in_(hosts), Edition.organizer_id.in_(organizers))


def edition_by_code(session: Session, code: str) -> Edition | None:
    """The edition with its organizations."""
    return session.scalars(select(Edition).options(*_WITH).where(Edition.code == code)).first()


def managed_editions(session: Session, actor: Actor) -> list[Edition]:
    """The editions of which the actor is staff or supervisor, latest first; discarded ones are put away."""
    mine = select(Edition).options(*_WITH).where(held_by(actor, *STAFF), Edition.state != EditionState.DISCARDED)
    return list(session.scalars(mine.order_by(Edition.created_at.desc(), Edition.id.desc())))


def calls_in(session: Session, edition: Edition) -> list[Call]:
    """The edition's calls with their axes and form, in order."""
    loads = (joinedload(Call.track), joinedload(Call.group), joinedload(Call.region), joinedload(Call.form_version))
    return list(session.scalars(select(Call).options(*loads).where(Call.edition_id == edition.id).order_by(Call.position, Call.id)))


def call_in(session: Session, edition: Edition, code: str) -> Call | None:
    return session.scalar(select(Call).where(Call.edition_id == edition.id, Call.code == code))


def stages_in(session: Session, edition: Edition) -> list[Stage]:
    """The edition's stages in order, with the rules in force."""
    of = select(Stage).options(joinedload(Stage.rule_version)).where(Stage.edition_id == edition.id)
    return list(session.scalars(of.order_by(Stage.position)))


def stage_in(session: Session, edition: Edition, stage_id: int) -> Stage | None:
    return session.scalar(select(Stage).where(Stage.edition_id == edition.id, Stage.id == stage_id))


def axes_of(session: Session, edition: Edition) -> dict[str, list[Any]]:
    """Tracks, groups and regions in order."""
    return {
        name: list(session.scalars(select(model).where(model.edition_id == edition.id).order_by(model.position, model.id)))
        for name, model in (("tracks", Track), ("groups", EntryGroup), ("regions", Region))
    }


def latest_dossier(session: Session, edition: Edition) -> RuleDossier | None:
    newest = select(RuleDossier).where(RuleDossier.edition_id == edition.id).order_by(RuleDossier.number.desc())
    return session.scalars(newest.limit(1)).first()


def dossiers_of(session: Session, edition: Edition) -> list[RuleDossier]:
    return list(session.scalars(select(RuleDossier).where(RuleDossier.edition_id == edition.id).order_by(RuleDossier.number.desc())))


def pending_approvals(session: Session, edition: Edition) -> list[Approval]:
    """Questions that wait for the host, oldest first."""
    waiting = select(Approval).where(Approval.edition_id == edition.id, Approval.decided_at.is_(None))
    return list(session.scalars(waiting.order_by(Approval.id)))


def approvals_of(session: Session, edition: Edition) -> list[Approval]:
    return list(session.scalars(select(Approval).where(Approval.edition_id == edition.id).order_by(Approval.id.desc())))


def deciding_editions(session: Session, edition_ids: list[int]) -> dict[int, int]:
    """How many questions wait in each edition."""
    waiting = select(Approval.edition_id, func.count()).where(Approval.edition_id.in_(edition_ids), Approval.decided_at.is_(None))
    rows = session.execute(waiting.group_by(Approval.edition_id))
    return {row[0]: row[1] for row in rows}


def organizations_for(session: Session, actor: Actor) -> list[Organization]:
    """Organizations for which the actor may create editions, by name."""
    ids = actor.scope_ids(Role.HOST)[0] | actor.scope_ids(Role.ORGANIZER)[0]
    return list(session.scalars(select(Organization).where(Organization.id.in_(ids)).order_by(Organization.sort_key, Organization.name)))


def hosts_for(session: Session, actor: Actor) -> list[Organization]:
    """Organizations that may host what the actor organizes: those for which they create, and those above that have somebody who decides.

    The nearest one with such a person comes first, so that what is made can also be published.
    """
    own = organizations_for(session, actor)
    near = [int(part) for organization in own for part in reversed(organization.path.split("/")) if part]
    decides = exists().where(RoleGrant.organization_id == Organization.id, RoleGrant.role == Role.HOST, RoleGrant.ended_at.is_(None))
    wanted = select(Organization, decides).where(Organization.id.in_(near))
    found = [(o, can_decide) for o, can_decide in session.execute(wanted) if can_decide or o in own]
    return [o for o, can_decide in sorted(found, key=lambda row: (not row[1], near.index(row[0].id)))]


def forms_for(session: Session, edition: Edition) -> list[tuple[int, str]]:
    """Published form versions that a call of the edition may use: its own and those of its organizer."""
    rows = (
        select(FormVersion.id, FormDefinition.name, FormVersion.number)
        .join(FormDefinition, FormDefinition.id == FormVersion.definition_id)
        .where(FormVersion.published_at.is_not(None))
        .where(
            or_(
                FormDefinition.edition_id == edition.id,
                and_(FormDefinition.edition_id.is_(None), FormDefinition.organization_id == edition.organizer_id),
            )
        )
        .order_by(FormDefinition.name, FormVersion.number.desc())
    )
    return [(version_id, f"{name} · v{number}") for version_id, name, number in session.execute(rows)]
