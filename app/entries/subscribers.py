"""What follows from facts about entries: mails to the team."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.enums import TokenPurpose
from app.accounts.models import Token, User
from app.accounts.operations.tokens import LinkInvalid, secret_of
from app.audit.bus import subscribes
from app.calls.enums import ApprovalSubject
from app.calls.events import ChangeDecided
from app.calls.models import Approval, Edition
from app.calls.operations.changes import calls_touched
from app.core.clock import local
from app.entries.enums import BlindChoice, EntryState, MemberState
from app.entries.events import (
    BlindFileDecided,
    EntryAccepted,
    EntryDisqualified,
    EntryRejected,
    EntryReturned,
    EntrySubmitted,
    EntryWithdrawn,
    MemberInvited,
)
from app.entries.models import BlindCopy, Entry, EntryMember, EntryVersion
from app.entries.queries.affected import LIVE
from app.files.models import Blob
from app.notify.models import Message
from app.notify.operations import queue_message
from app.notify.receivers import entitles


@subscribes(EntrySubmitted)
def send_receipt(session: Session, event: EntrySubmitted, now: datetime) -> None:
    """Everybody in the team gets the receipt by mail."""
    version = session.get_one(EntryVersion, event.version_id)
    extra = {"version": version, "files": version.content["files"], "path": f"{_path(session, event.entry_id)}/receipts/{version.number}"}
    _tell_team(session, event.entry_id, "entries/receipt", f"receipt:{version.id}", now, extra)


@subscribes(EntryReturned)
def tell_returned(session: Session, event: EntryReturned, now: datetime) -> None:
    """What to correct, and until when."""
    entry = session.get_one(Entry, event.entry_id)
    due = datetime.fromisoformat(event.due_at)
    fields = [entry.form_version.schema.field(key) for key in event.open_fields]
    extra = {"reason": event.reason, "due": local(due, entry.call.edition.zone), "fields": [f for f in fields if f]}
    _tell_team(session, entry.id, "entries/returned", f"returned:{entry.id}:{event.due_at}", now, extra)


@subscribes(BlindFileDecided)
def tell_about_judges_file(session: Session, event: BlindFileDecided, now: datetime) -> None:
    """The team hears what is asked of it, and what judges will not see; a release needs nobody."""
    if event.decision == BlindChoice.RELEASE:
        return
    copy = session.scalars(select(BlindCopy).where(BlindCopy.entry_id == event.entry_id)).one()
    source = session.get_one(Blob, copy.content["files"][event.number]["source_blob_id"])
    extra = {"reason": event.reason, "file": source.name, "asked": event.decision == BlindChoice.ASK, "number": event.number}
    _tell_team(session, event.entry_id, "entries/judges_file", f"judges-file:{event.entry_id}:{event.number}:{now.isoformat()}", now, extra)


@subscribes(EntryAccepted)
def tell_accepted(session: Session, event: EntryAccepted, now: datetime) -> None:
    _tell_team(session, event.entry_id, "entries/accepted", f"accepted:{event.entry_id}:{event.version_id}", now, {})


@subscribes(EntryRejected, EntryDisqualified)
def tell_refused(session: Session, event: EntryRejected | EntryDisqualified, now: datetime) -> None:
    _tell_team(session, event.entry_id, "entries/refused", f"{event.name}:{event.entry_id}:{now.date()}", now, {"reason": event.reason})


@subscribes(EntryWithdrawn)
def tell_withdrawn(session: Session, event: EntryWithdrawn, now: datetime) -> None:
    _tell_team(session, event.entry_id, "entries/withdrawn", f"withdrawn:{event.entry_id}", now, {"reason": event.reason})


@subscribes(ChangeDecided)
def tell_rules_changed(session: Session, event: ChangeDecided, now: datetime) -> None:
    """Published rules or dates have changed: everybody with a live entry that it concerns hears of it."""
    if not event.approved:
        return
    approval = session.get_one(Approval, event.id)
    edition = session.get_one(Edition, event.edition_id)
    calls = calls_touched(session, edition, approval)
    live = select(Entry.id).where(Entry.call_id.in_(calls), Entry.state.in_((EntryState.DRAFT, *LIVE))).order_by(Entry.id)
    extra = {"what": ApprovalSubject(event.kind), "reason": approval.reason}
    for entry_id in session.scalars(live).all():
        _tell_team(session, entry_id, "entries/rules_changed", f"change:{event.id}:{entry_id}", now, extra)


@subscribes(MemberInvited)
def send_invitation(session: Session, event: MemberInvited, now: datetime) -> None:
    """The link to confirm, to the invited address."""
    member = session.get(EntryMember, event.member_id)
    if member is None or member.state != MemberState.INVITED:
        return
    live = select(Token).where(Token.email == member.email, Token.purpose == TokenPurpose.INVITE_MEMBER, Token.used_at.is_(None))
    token = next((t for t in session.scalars(live.order_by(Token.id.desc())) if t.payload.get("member_id") == member.id), None)
    if token is None:
        return
    try:
        secret = secret_of(token)
    except LinkInvalid:
        return
    known = session.scalar(select(User).where(User.email == member.email))
    context = {**_context(session, member.entry_id), "member": member, "path": f"/join/{secret}", "expires": token.expires_at}
    queue_message(
        session, template="entries/invitation", to=known or member.email, locale=known.locale if known else "zh_CN", context=context,
        dedup=f"member:{member.id}:{token.id}", rests_on=f"invited:{member.id}", now=now, edition_id=event.edition_id,
    )  # fmt: skip


@entitles("member")
def is_member(session: Session, message: Message, member_id: int, now: datetime) -> bool:
    """Mails to the team: the receiver still belongs to it."""
    member = session.get(EntryMember, member_id, populate_existing=True)
    return member is not None and member.state == MemberState.CONFIRMED and member.user_id == message.user_id


@entitles("invited")
def is_invited(session: Session, message: Message, member_id: int, now: datetime) -> bool:
    """The invitation has been neither answered nor taken back."""
    member = session.get(EntryMember, member_id, populate_existing=True)
    return member is not None and member.state == MemberState.INVITED and member.email == message.email


def _tell_team(session: Session, entry_id: int, template: str, key: str, now: datetime, extra: dict[str, Any]) -> None:
    """One mail to each confirmed member, in their language."""
    context = {**_context(session, entry_id), **extra}
    people = (
        select(User, EntryMember.id).join(EntryMember, EntryMember.user_id == User.id)
        .where(EntryMember.entry_id == entry_id, EntryMember.state == MemberState.CONFIRMED).order_by(User.id)
    )  # fmt: skip
    for user, member_id in session.execute(people):
        queue_message(
            session, template=template, to=user, locale=user.locale, context=context, dedup=f"{key}:{user.id}", now=now,
            rests_on=f"member:{member_id}", edition_id=context["edition"].id, link=context["path"],
        )  # fmt: skip


def _context(session: Session, entry_id: int) -> dict[str, Any]:
    entry = session.get_one(Entry, entry_id)
    edition = entry.call.edition
    return {
        "entry": entry, "call": entry.call, "edition": edition, "zone": edition.zone, "path": f"/my/entries/{entry.code}",
        "base": current_app.extensions["jiebang"].base_url,
    }  # fmt: skip


def _path(session: Session, entry_id: int) -> str:
    return f"/my/entries/{session.get_one(Entry, entry_id).code}"
