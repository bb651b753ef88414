"""Handing an entry in, with a signed receipt, and withdrawing it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from app.audit.operations import record
from app.calls.enums import SETTLED
from app.calls.models import Call, Stage
from app.core.authz import Actor
from app.core.codes import code
from app.core.crypto import Signer
from app.dynforms.checks import Fault, faults
from app.entries.enums import EntryAction, EntryState, MemberState
from app.entries.errors import NotReady, QuotaFull, ResultsAreOut
from app.entries.events import EntrySubmitted, EntryWithdrawn
from app.entries.models import Entry, EntryFile, EntryMember, EntryVersion, PartnerOrganization, StageEntry
from app.entries.operations.attaching import current_files
from app.entries.operations.content import canonical, digest_of, only_opened, receipt_for, untouched, version_content
from app.entries.operations.drafts import check_editable
from app.entries.operations.holding import hold
from app.entries.operations.moving import move, need_reason
from app.entries.operations.windows import open_keys

#: Where faults outside the form are mended.
BASICS, TEAM = "basics", "team"
_COUNTED = (EntryState.SUBMITTED, EntryState.RETURNED, EntryState.ACCEPTED)


def submit_entry(session: Session, *, entry: Entry, signer: Signer, actor: Actor, now: datetime,
                 ticket_at: datetime | None = None) -> EntryVersion:  # fmt: skip
    """Freeze what the draft holds as a new version that counts from now on, and sign a receipt for it.

    ``now`` is read at the start of the committing transaction; it is compared with the deadline here, under the lock, and
    stored as the time of receipt. Handing in the same content again gives the same
    version. Refused after the deadline, with faults (NotReady) or when the call is full. Records EntrySubmitted.
    """
    hold(session, entry)
    check_editable(entry, now, ticket_at)
    files, members = current_files(session, entry.id), members_of(session, entry.id)
    found = _faults(entry, files, members, now, "zh_CN")
    if found:
        raise NotReady(found)
    if entry.state == EntryState.DRAFT:
        _check_quota(session, entry)
    content = _content(session, entry, files, members)
    if entry.state == EntryState.SUBMITTED and entry.current_version and entry.current_version.digest == digest_of(content):
        return entry.current_version  # a double click, or nothing has changed since
    version = _freeze(session, entry, content, signer, actor, now)
    entry.submitted_at, entry.current_version_id = now, version.id
    set_committed_value(entry, "current_version", version)
    entry.open_fields, entry.due_at = [], None
    move(session, entry, EntryAction.SUBMIT, actor=actor, now=now)
    event = EntrySubmitted(entry.id, entry.edition_id, version.id, version.number, version.digest, version.receipt_code)
    record(session, event, actor=actor, now=now)
    return version


def faults_of(session: Session, entry: Entry, now: datetime, locale: str = "zh_CN") -> list[Fault]:
    """Everything that stands between the entry and handing it in: basics, form, files, team."""
    return _faults(entry, current_files(session, entry.id), members_of(session, entry.id), now, locale)


def has_unsent_changes(session: Session, entry: Entry) -> bool:
    """Whether the entry as it stands differs from the version that counts."""
    if entry.current_version_id is None:
        return False
    version = session.get_one(EntryVersion, entry.current_version_id)
    content = _content(session, entry, current_files(session, entry.id), members_of(session, entry.id))
    return digest_of(content) != version.digest


def awaiting_correction(session: Session, entry: Entry) -> set[str]:
    """The parts of a returned entry that were sent back and are still as they were; empty for every other entry."""
    opened = open_keys(entry)
    if opened is None or entry.current_version_id is None:
        return set()
    before = session.get_one(EntryVersion, entry.current_version_id).content
    return untouched(before, _content(session, entry, current_files(session, entry.id), members_of(session, entry.id)), opened)


def _faults(entry: Entry, files: list[EntryFile], members: list[EntryMember], now: datetime, locale: str) -> list[Fault]:
    counts: dict[str, int] = {}
    for file in files:
        counts[file.field_key] = counts.get(file.field_key, 0) + 1
    found = _basics(entry)
    found += faults(entry.form_version.schema, entry.answers, now=now, locale=locale, files=counts)
    found += _team(members, entry.call)
    opened = open_keys(entry)
    return found if opened is None else [fault for fault in found if _part(fault) in opened]


def _part(fault: Fault) -> str:
    """What the staff opens by one name: the basics, the team, or a field."""
    return fault.section if fault.section in (BASICS, TEAM) else fault.key


def _basics(entry: Entry) -> list[Fault]:
    found = [] if entry.title.strip() else [Fault("title", BASICS, _("Please give the entry a title."))]
    if entry.call.rules.organization_required and not entry.unit_name.strip():
        found.append(Fault("unit_name", BASICS, _("Please name the leading unit.")))
    return found


def _team(members: list[EntryMember], call: Call) -> list[Fault]:
    rules = call.rules
    confirmed = [m for m in members if m.state == MemberState.CONFIRMED]
    waiting = [m for m in members if m.state == MemberState.INVITED]
    counted = confirmed if rules.requires_member_confirmation else confirmed + waiting
    found = []
    if len(counted) < rules.team_min:
        text = _("The team needs at least %(limit)s confirmed members; it has %(count)s.", limit=rules.team_min, count=len(counted))
        found.append(Fault("members", TEAM, text))
    if len(counted) > rules.team_max:
        text = _("The team may have at most %(limit)s members; it has %(count)s.", limit=rules.team_max, count=len(counted))
        found.append(Fault("members", TEAM, text))
    if waiting and rules.requires_member_confirmation:
        names = _("; ").join(m.name or m.email for m in waiting)
        found.append(Fault("members", TEAM, _("Not confirmed yet: %(names)s. Remind them or take the invitation back.", names=names)))
    return found


def _check_quota(session: Session, entry: Entry) -> None:
    """Those who hand in to a call with a limit wait for one another; without one nobody does. Whether there is one cannot change meanwhile:
    it is set by those who hold the edition alone."""
    if entry.call.quota is None:
        return
    call = session.get_one(Call, entry.call_id, with_for_update=True)
    taken = session.scalar(select(func.count()).select_from(Entry).where(Entry.call_id == call.id, Entry.state.in_(_COUNTED)))
    if call.quota is not None and (taken or 0) >= call.quota:
        raise QuotaFull


def _content(session: Session, entry: Entry, files: list[EntryFile], members: list[EntryMember]) -> dict[str, Any]:
    confirmed = [m for m in members if m.state == MemberState.CONFIRMED]
    partners = select(PartnerOrganization).where(PartnerOrganization.entry_id == entry.id).order_by(PartnerOrganization.position)
    content = version_content(entry, entry.form_version.schema, files, confirmed, session.scalars(partners).all())
    opened = open_keys(entry)
    if opened is None or entry.current_version_id is None:
        return content
    return only_opened(session.get_one(EntryVersion, entry.current_version_id).content, content, opened)


def _freeze(session: Session, entry: Entry, content: dict[str, Any], signer: Signer, actor: Actor, now: datetime) -> EntryVersion:
    last = 0 if entry.current_version_id is None else session.get_one(EntryVersion, entry.current_version_id).number
    number, receipt_code, digest = last + 1, code(12), digest_of(content)
    receipt = receipt_for(entry, number=number, code=receipt_code, content=content, digest=digest, received_at=now, key_id=signer.key_id)
    version = EntryVersion(
        entry_id=entry.id, number=number, form_version_id=entry.form_version_id, content=content, digest=digest, received_at=now,
        submitted_by_id=actor.user_id, receipt_code=receipt_code, receipt=receipt, signature=signer.sign(canonical(receipt)),
        key_id=signer.key_id,
    )  # fmt: skip
    session.add(version)
    session.flush()  # the entry points at it
    return version


def members_of(session: Session, entry_id: int) -> list[EntryMember]:
    """The team without those who declined or were removed, in order."""
    gone = (MemberState.DECLINED, MemberState.REMOVED)
    rows = select(EntryMember).where(EntryMember.entry_id == entry_id, EntryMember.state.not_in(gone))
    return list(session.scalars(rows.order_by(EntryMember.rank, EntryMember.id)))


def withdraw_entry(session: Session, *, entry: Entry, reason: str, actor: Actor, now: datetime) -> Entry:
    """Take the entry out, with a reason; it leaves its stages. Refused once a result is out. Records EntryWithdrawn."""
    hold(session, entry)
    reason = need_reason(reason)
    if is_judged(session, entry.id):
        raise ResultsAreOut
    move(session, entry, EntryAction.WITHDRAW, actor=actor, now=now, reason=reason)
    leave_stages(session, entry, reason, now)
    record(session, EntryWithdrawn(entry.id, entry.edition_id, reason), actor=actor, now=now)
    return entry


def is_judged(session: Session, entry_id: int) -> bool:
    """Whether a stage in which the entry takes part is sealed or released: then it can no longer be withdrawn."""
    over = (
        select(StageEntry.id).join(Stage, Stage.id == StageEntry.stage_id)
        .where(StageEntry.entry_id == entry_id, StageEntry.left_at.is_(None), Stage.state.in_(SETTLED))
    )  # fmt: skip
    return session.scalar(over.limit(1)) is not None


def leave_stages(session: Session, entry: Entry, reason: str, now: datetime) -> None:
    """The entry takes part no more in stages that are not released."""
    for row in session.scalars(select(StageEntry).where(StageEntry.entry_id == entry.id, StageEntry.left_at.is_(None))):
        row.left_at, row.left_reason = now, reason[:400]
