"""The messages that follow a release. They carry no score and no rank: these are behind the sign-in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.audit.operations import record
from app.calls.models import Edition
from app.calls.operations.freezing import hold_edition
from app.core.authz import Actor
from app.core.errors import DomainError
from app.core.uow import lock
from app.entries.enums import MemberState
from app.entries.models import Entry, EntryMember
from app.notify.models import Message
from app.notify.operations import drop_message, queue_message, release_batch
from app.results.events import MessagesReleased
from app.results.models import ResultRun, Standing

TEMPLATE = "results/emails/result_out"
BATCH = "result:"


class NotOfThisResult(DomainError):
    message = _l("This message does not belong to this result.")


def batch_of(run_id: int) -> str:
    """The outbox batch of a run's messages."""
    return f"{BATCH}{run_id}"


def run_of(batch: str) -> int:
    """The run behind such a batch."""
    return int(batch.removeprefix(BATCH))


def queue_team_messages(session: Session, *, run_id: int, address: Callable[[str], str], now: datetime) -> int:
    """One held message to every confirmed member of every entry in the run; those that exist are left alone.

    ``address`` gives the page of an entry's result by the entry's code.
    """
    run = session.get_one(ResultRun, run_id)
    edition = session.get_one(Edition, run.edition_id)
    rows = session.execute(
        select(Entry, EntryMember, User)
        .join(Standing, Standing.entry_id == Entry.id)
        .join(EntryMember, EntryMember.entry_id == Entry.id)
        .join(User, User.id == EntryMember.user_id)
        .where(Standing.run_id == run_id, EntryMember.state == MemberState.CONFIRMED, User.disabled_at.is_(None))
        .order_by(Standing.position, EntryMember.rank, EntryMember.id)
    ).all()
    for entry, member, user in rows:
        link = address(entry.code)
        context = {
            "name": user.name, "edition": edition, "entry": entry.title,
            "is_correction": run.supersedes_id is not None, "link": link,
        }  # fmt: skip
        queue_message(
            session, template=TEMPLATE, to=user, locale=user.locale, context=context, dedup=f"result:{run_id}:{entry.id}:{member.id}",
            rests_on=f"told_member:{member.id}", now=now, edition_id=edition.id, batch=batch_of(run_id), hold=True, link=link,
        )  # fmt: skip
    return len(rows)


def send_team_messages(session: Session, *, run: ResultRun, actor: Actor, now: datetime) -> int:
    """Let all messages of the run go that are still held. Records MessagesReleased."""
    hold_edition(session, run.edition_id)
    lock(session, run)
    sent = release_batch(session, batch=batch_of(run.id), actor=actor, now=now)
    if sent:
        record(session, MessagesReleased(run.id, run.edition_id, sent), actor=actor, now=now)
    return sent


def drop_team_message(session: Session, *, run: ResultRun, message: Message, reason: str, actor: Actor, now: datetime) -> None:
    """Keep one message of the run from being sent. Raises NotOfThisResult."""
    hold_edition(session, run.edition_id)
    if message.batch != batch_of(run.id):
        raise NotOfThisResult
    drop_message(session, message=message, reason=reason, actor=actor, now=now)
