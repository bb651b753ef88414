"""Who watches an edition from outside its operations, which checkpoints there are and to whom they went."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from app.accounts.enums import Role
from app.accounts.models import Organization, RoleGrant, User
from app.admin.models import CheckpointCopy, Witness
from app.audit.models import Alarm, Checkpoint
from app.calls.models import Edition
from app.notify.models import Message

LATEST = 100


def supervisors_of(session: Session, edition: Edition) -> list[User]:
    """Whoever supervises the edition itself, or an organization that hosts or organizes it (or one above)."""
    above, below = aliased(Organization), aliased(Organization)
    over = (
        select(above.id)
        .join(below, below.path.startswith(above.path))
        .where(below.id.in_((edition.host_id, edition.organizer_id)))
    )  # fmt: skip
    holding = select(RoleGrant.user_id).where(
        RoleGrant.role == Role.SUPERVISOR, RoleGrant.ended_at.is_(None),
        (RoleGrant.edition_id == edition.id) | RoleGrant.organization_id.in_(over),
    )  # fmt: skip
    return list(session.scalars(select(User).where(User.id.in_(holding), User.disabled_at.is_(None)).order_by(User.id)))


def platform_watchers(session: Session, *roles: Role) -> list[User]:
    """The people who hold one of the platform's roles."""
    holding = select(RoleGrant.user_id).where(RoleGrant.role.in_(roles), RoleGrant.ended_at.is_(None))
    return list(session.scalars(select(User).where(User.id.in_(holding), User.disabled_at.is_(None)).order_by(User.id)))


def witnesses(session: Session, edition_id: int | None, *, with_site: bool = False) -> list[Witness]:
    """The addresses in force for the edition (None: for every chain); ``with_site`` adds those for every chain."""
    mine = Witness.edition_id.is_(None) if edition_id is None else Witness.edition_id == edition_id
    wanted = mine | Witness.edition_id.is_(None) if with_site else mine
    return list(session.scalars(select(Witness).where(wanted, Witness.removed_at.is_(None)).order_by(Witness.id)))


def checkpoints(session: Session, chain: str) -> list[tuple[Checkpoint, list[tuple[CheckpointCopy, Message | None]]]]:
    """The latest checkpoints of a chain, each with its copies and their mails. Two statements."""
    made = list(session.scalars(select(Checkpoint).where(Checkpoint.chain == chain).order_by(Checkpoint.id.desc()).limit(LATEST)))
    copies: dict[int, list[tuple[CheckpointCopy, Message | None]]] = defaultdict(list)
    wanted = select(CheckpointCopy, Message).outerjoin(Message, Message.id == CheckpointCopy.message_id)
    for copy, message in session.execute(wanted.where(CheckpointCopy.checkpoint_id.in_([m.id for m in made])).order_by(CheckpointCopy.id)):
        copies[copy.checkpoint_id].append((copy, message))
    return [(each, copies[each.id]) for each in made]


def alarms(session: Session, *, edition_id: int | None = None) -> list[Alarm]:
    """Open alarms, then the latest that were closed; of one edition, or all."""
    wanted = select(Alarm).order_by(Alarm.closed_at.is_not(None), Alarm.id.desc()).limit(LATEST)
    return list(session.scalars(wanted if edition_id is None else wanted.where(Alarm.edition_id == edition_id)))
