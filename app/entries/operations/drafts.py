"""Starting an entry and saving its answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Organization, User
from app.accounts.rules.names import sort_key
from app.audit.operations import record
from app.calls.enums import EditionState
from app.calls.models import Call
from app.calls.operations.freezing import check_not_frozen, hold_edition
from app.core.authz import Actor
from app.core.codes import code
from app.core.uow import lock
from app.dynforms.schema import FormSchema
from app.entries.enums import EntryState, MemberRight, MemberRole, MemberState
from app.entries.errors import AlreadyEntered, Closed, EditedElsewhere, FieldLocked, NotEligible, NotOffered, NotOpenYet
from app.entries.events import AnswersSaved, EntryStarted
from app.entries.models import Entry, EntryMember
from app.entries.operations.holding import hold
from app.entries.operations.windows import is_open_for, open_keys
from app.entries.rules.merging import merge, token_for

DOUBLE_CLICK = timedelta(seconds=5)
#: The key by which a form asks for the title itself; both are then one.
TITLE = "title"
#: Parts of an entry that every call asks for, besides its form.
BASICS = ("title", "unit_name", "unit_uscc", "area_code")


@dataclass(frozen=True)
class Saved:
    """What a save did: the token for the next one, and the keys that changed."""

    token: str
    changed: list[str]
    revision: int


def start_entry(session: Session, *, call: Call, actor: Actor, now: datetime, title: str = "", unit_name: str = "",
                unit_uscc: str | None = None, area_code: str | None = None, organization: Organization | None = None,
                eligibility: Mapping[str, Any] | None = None) -> Entry:  # fmt: skip
    """Begin a draft in an open call; the actor leads its team. ``eligibility`` keeps the questionnaire: answers, passed.

    Refused outside the window, on failed eligibility, and to a person who already leads an entry where one is the rule.
    Records EntryStarted.
    """
    hold_edition(session, call.edition_id)
    lock(session, call)
    again = _just_started(session, call, actor, title, now)
    if again is not None:
        return again
    _check_call(session, call, actor, now)
    if (eligibility or {}).get("passed") is False:
        raise NotEligible
    assert actor.user_id is not None
    entry = Entry(
        call_id=call.id, edition_id=call.edition_id, code=code(8), title=title[:200], state=EntryState.DRAFT, leader_id=actor.user_id,
        organization_id=organization.id if organization else None, unit_name=unit_name, unit_uscc=unit_uscc or None,
        area_code=area_code or None,
        form_version_id=call.form_version_id, answers={}, eligibility=dict(eligibility or {}), created_at=now, changed_at=now,
        is_only_one=call.edition.rules.one_entry_per_person,
    )  # fmt: skip
    entry.sort_key = sort_key(entry.title, 400)
    session.add(entry)
    session.flush()  # the leader's row needs the entry's id
    session.add(_leader(entry, actor, unit_name, now))
    record(session, EntryStarted(entry.id, call.edition_id, call.id), actor=actor, now=now)
    return entry


def _just_started(session: Session, call: Call, actor: Actor, title: str, now: datetime) -> Entry | None:
    """The same start a moment ago: a double click or a repeated request."""
    same = select(Entry).where(
        Entry.call_id == call.id, Entry.leader_id == actor.user_id, Entry.title == title[:200], Entry.state == EntryState.DRAFT,
        Entry.created_at > now - DOUBLE_CLICK, Entry.revision == 1,
    )  # fmt: skip
    return session.scalar(same.limit(1)) if title else None


def _check_call(session: Session, call: Call, actor: Actor, now: datetime) -> None:
    if call.edition.state != EditionState.PUBLISHED or call.form_version_id is None:
        raise NotOffered
    if now < call.opens_at:
        raise NotOpenYet
    if now >= call.closes_at:
        raise Closed
    if call.edition.rules.one_entry_per_person:
        session.execute(select(User.id).where(User.id == actor.user_id).with_for_update(key_share=True))  # two calls are two locks
        assert actor.user_id is not None
        if leads_one(session, call.edition_id, actor.user_id):
            raise AlreadyEntered


def leads_one(session: Session, edition_id: int, user_id: int) -> bool:
    """Whether the person leads an entry of the edition that was not withdrawn."""
    mine = select(Entry.id).where(Entry.edition_id == edition_id, Entry.leader_id == user_id, Entry.state != EntryState.WITHDRAWN)
    return session.scalar(mine.limit(1)) is not None


def _leader(entry: Entry, actor: Actor, unit: str, now: datetime) -> EntryMember:
    return EntryMember(
        entry_id=entry.id, user_id=actor.user_id, name=actor.name, email=actor.email, unit=unit, role=MemberRole.LEADER,
        right=MemberRight.SUBMIT, state=MemberState.CONFIRMED, rank=1, invited_at=now, answered_at=now,
    )  # fmt: skip


def save_answers(session: Session, *, entry: Entry, values: Mapping[str, Any], actor: Actor, now: datetime,
                 token: str | None = None, ticket_at: datetime | None = None) -> Saved:  # fmt: skip
    """Store plain answers by key in the draft. ``token`` is what the page showed: untouched fields are left as they are now.

    Refused after the deadline, for fields that a returned entry keeps closed or that are frozen, and with EditedElsewhere when
    both sides changed a field. Sending the same again changes nothing. Records AnswersSaved when something changed.
    """
    hold(session, entry)
    check_editable(entry, now, ticket_at)
    _check_keys(entry, values, now)
    outcome = merge(entry.answers, values, token)
    if outcome.theirs:
        raise EditedElsewhere(outcome.theirs, _decided_token(values, entry.answers, token, outcome.theirs))
    if outcome.changed:
        entry.answers = outcome.answers
        if TITLE in outcome.changed:
            _name(entry, str(outcome.answers.get(TITLE) or ""))
        _touch(entry, now)
        record(session, AnswersSaved(entry.id, entry.edition_id, outcome.changed, entry.revision), actor=actor, now=now)
    return Saved(token_for(values, values), outcome.changed, entry.revision)


def save_basics(session: Session, *, entry: Entry, values: Mapping[str, Any], actor: Actor, now: datetime,
                token: str | None = None) -> Saved:  # fmt: skip
    """Store title and leading unit, merged like answers. Records AnswersSaved when something changed."""
    hold(session, entry)
    check_editable(entry, now)
    opened = open_keys(entry)
    if opened is not None and "basics" not in opened:
        raise FieldLocked
    stored = {name: getattr(entry, name) for name in BASICS}
    sent = {name: values.get(name) for name in BASICS if name in values}
    outcome = merge(stored, sent, token)
    if outcome.theirs:
        raise EditedElsewhere(outcome.theirs, _decided_token(sent, stored, token, outcome.theirs))
    for name in outcome.changed:
        setattr(entry, name, sent[name] or (None if name in {"unit_uscc", "area_code"} else ""))
    if TITLE in outcome.changed:
        _name(entry, entry.title)
        if entry.form_version.schema.field(TITLE) is not None:
            entry.answers = {**entry.answers, TITLE: entry.title}
    if outcome.changed:
        _touch(entry, now)
        record(session, AnswersSaved(entry.id, entry.edition_id, outcome.changed, entry.revision), actor=actor, now=now)
    return Saved(token_for(sent, sent), outcome.changed, entry.revision)


def check_editable(entry: Entry, now: datetime, ticket_at: datetime | None = None) -> None:
    """Raise Closed or EditionIsFrozen; asked again under the lock by every operation of the team."""
    check_not_frozen(entry.call.edition)
    if not is_open_for(entry, now, ticket_at):
        raise Closed


def _check_keys(entry: Entry, values: Mapping[str, Any], now: datetime) -> None:
    schema: FormSchema = entry.form_version.schema
    opened = open_keys(entry)
    for key, value in values.items():
        field = schema.field(key)
        if field is None:
            raise FieldLocked
        frozen = field.frozen_after is not None and field.frozen_after <= now
        if (frozen or (opened is not None and key not in opened)) and value != entry.answers.get(key):
            raise FieldLocked(field=f"x_{key}")


def _decided_token(sent: Mapping[str, Any], stored: Mapping[str, Any], token: str | None, theirs: Mapping[str, Any]) -> str:
    """The token with which the person, having seen both values, may save: conflicts are rebased, the rest is as shown before."""
    old = dict(part.rpartition(":")[::2] for part in (token or "").split(".") if part)
    fresh = dict(part.rpartition(":")[::2] for part in token_for(sent, stored).split(".") if part)
    return ".".join(f"{key}:{fresh[key] if key in theirs else old.get(key, fresh[key])}" for key in sent)


def _name(entry: Entry, title: str) -> None:
    entry.title = title[:200]
    entry.sort_key = sort_key(entry.title, 400)


def _touch(entry: Entry, now: datetime) -> None:
    entry.revision += 1
    entry.changed_at = now
