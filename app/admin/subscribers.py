"""Alarms reach those who must look; phase changes make checkpoints, and checkpoints reach their witnesses."""

from __future__ import annotations

from datetime import datetime

from flask import current_app
from sqlalchemy.orm import Session

from app.accounts.enums import Role
from app.accounts.models import User
from app.admin.operations.witnesses import receivers_of, send_copies
from app.admin.queries import witnessing
from app.admin.queries.troubles import told
from app.audit.bus import subscribes
from app.audit.enums import AlarmKind
from app.audit.events import AlarmRaised, CheckpointMade, Event
from app.audit.models import Alarm, Checkpoint
from app.audit.operations.checkpoints import make_checkpoint
from app.calls.events import EditionArchived, EditionCancelled, EditionPublished, StageOpened, StageReleased, StageSealedOff
from app.calls.models import Edition
from app.notices.events import NoticePublished
from app.notify.addresses import absolute
from app.notify.models import Message
from app.notify.operations import queue_message
from app.notify.receivers import entitles
from app.results.events import ResultReleased


@subscribes(
    EditionPublished, StageOpened, StageSealedOff, StageReleased, ResultReleased, NoticePublished, EditionCancelled, EditionArchived
)
def mark_phase(session: Session, event: Event, now: datetime) -> None:
    """Whoever holds this checkpoint can tell later whether anything before the change of phase was touched."""
    config = current_app.extensions["jiebang"]
    signer = current_app.extensions["signer"]
    make_checkpoint(session, name=event.chain, occasion=event.name, origin=config.base_url, signer=signer, now=now)


@subscribes(CheckpointMade)
def send_checkpoint(session: Session, event: CheckpointMade, now: datetime) -> None:
    """By mail, to parties outside operations."""
    checkpoint = session.get(Checkpoint, event.checkpoint_id)
    if checkpoint is not None:
        send_copies(session, checkpoint=checkpoint, now=now)


@subscribes(AlarmRaised)
def tell_alarm(session: Session, event: AlarmRaised, now: datetime) -> None:
    """Administrators and auditors; where an edition is concerned, its supervisors too."""
    alarm = session.get(Alarm, event.alarm_id)
    if alarm is None:
        return
    for person in _watchers(session, alarm).values():
        queue_message(
            session, template="admin/alarm", to=person, locale=person.locale, now=now, dedup=f"alarm:{alarm.id}:{person.id}",
            rests_on=f"alarm:{alarm.id}",
            context={"name": person.name, "alarm": alarm, "kind": AlarmKind(alarm.kind).label, "told": told,
                     "link": absolute("admin.alarms.index")},
        )  # fmt: skip


def _watchers(session: Session, alarm: Alarm) -> dict[int, User]:
    people = witnessing.platform_watchers(session, Role.SYSTEM_ADMIN, Role.AUDITOR)
    edition = session.get(Edition, alarm.edition_id) if alarm.edition_id else None
    people += witnessing.supervisors_of(session, edition) if edition is not None else []
    return {person.id: person for person in people}


@entitles("alarm")
def watches(session: Session, message: Message, alarm_id: int, now: datetime) -> bool:
    """An alarm: to those who must look, as long as they must."""
    alarm = session.get(Alarm, alarm_id)
    return alarm is not None and message.user_id in _watchers(session, alarm)


@entitles("checkpoint")
def witnesses(session: Session, message: Message, checkpoint_id: int, now: datetime) -> bool:
    """A checkpoint: to supervisors, auditors and witnesses in office."""
    checkpoint = session.get(Checkpoint, checkpoint_id)
    if checkpoint is None:
        return False
    receivers = [to for _name, to in receivers_of(session, checkpoint)]
    return any(to.id == message.user_id if isinstance(to, User) else to == message.email for to in receivers)
