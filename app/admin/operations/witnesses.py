"""Naming witnesses, and sending them the checkpoints."""

from __future__ import annotations

import re
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.enums import Role
from app.accounts.models import User
from app.admin.events import WitnessAdded, WitnessRemoved
from app.admin.models import CheckpointCopy, Witness
from app.admin.queries import witnessing
from app.audit.models import Checkpoint
from app.audit.operations import record
from app.audit.operations.checkpoints import edition_of
from app.calls.models import Edition
from app.core.authz import Actor
from app.core.errors import DomainError
from app.core.uow import lock
from app.notify.operations import queue_message

ADDRESS = re.compile(r"[^\s@<>,;:\"]+@[^\s@<>,;:\"]+\.[^\s@<>,;:\"]+")
SOMETHING_LEAST = 4


class NotAWitness(DomainError):
    message = _l("Please enter one e-mail address.")


class WitnessKnown(DomainError):
    message = _l("This address gets the checkpoints already.")


class WitnessGone(DomainError):
    message = _l("This address has been removed already.")


class RemovalReason(DomainError):
    message = _l("Please say in a few words why.")


def add_witness(session: Session, *, edition_id: int | None, name: str, email: str, actor: Actor, now: datetime) -> Witness:
    """Have an address get the checkpoints. Records WitnessAdded."""
    address = email.strip().casefold()
    if not ADDRESS.fullmatch(address):
        raise NotAWitness(field="email")
    if any(witness.email == address for witness in witnessing.witnesses(session, edition_id)):
        raise WitnessKnown(field="email")
    made = Witness(edition_id=edition_id, name=name.strip(), email=address, added_at=now, added_by_id=actor.user_id)
    session.add(made)
    session.flush()  # the fact names the witness
    record(session, WitnessAdded(made.id, edition_id), actor=actor, now=now)
    return made


def remove_witness(session: Session, *, witness: Witness, reason: str, actor: Actor, now: datetime) -> None:
    """Send no more checkpoints there; what was sent stays on record. Records WitnessRemoved."""
    lock(session, witness)
    if witness.removed_at is not None:
        raise WitnessGone
    if len(reason.strip()) < SOMETHING_LEAST:
        raise RemovalReason(field="reason")
    witness.removed_at = now
    record(session, WitnessRemoved(witness.id, witness.edition_id, reason.strip()), actor=actor, now=now)


def send_copies(session: Session, *, checkpoint: Checkpoint, now: datetime) -> list[CheckpointCopy]:
    """One mail to each supervisor, auditor and witness; whoever has got this checkpoint gets it once.

    The mails belong to no edition: its organizer may read and drop what waits in the edition's outbox.
    """
    known = set(session.scalars(select(CheckpointCopy.email).where(CheckpointCopy.checkpoint_id == checkpoint.id)))
    sent = []
    for name, to in receivers_of(session, checkpoint):
        email = to.email if isinstance(to, User) else to
        if email in known:
            continue
        known.add(email)
        message = queue_message(
            session, template="admin/checkpoint", to=to, locale=to.locale if isinstance(to, User) else "zh_CN",
            context={"name": name, "checkpoint": checkpoint}, dedup=f"checkpoint:{checkpoint.id}:{email}", now=now,
            rests_on=f"checkpoint:{checkpoint.id}",
        )  # fmt: skip
        copy = CheckpointCopy(checkpoint_id=checkpoint.id, name=name, email=email, message_id=message.id)
        session.add(copy)
        sent.append(copy)
    return sent


def receivers_of(session: Session, checkpoint: Checkpoint) -> list[tuple[str, User | str]]:
    """The edition's supervisors, or for the platform's chain the auditors; and the witnesses."""
    number = edition_of(checkpoint.chain)
    edition = session.get(Edition, number) if number is not None else None
    people = witnessing.supervisors_of(session, edition) if edition is not None else witnessing.platform_watchers(session, Role.AUDITOR)
    outside: list[tuple[str, User | str]] = [(each.name, each.email) for each in witnessing.witnesses(session, number, with_site=True)]
    return [*((person.name, person) for person in people), *outside]
