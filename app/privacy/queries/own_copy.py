"""A person's own data as plain values, without anybody else's: others' names are taken out of what was written together."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from app.accounts.models import Membership, Profile, RoleGrant, User, UserSession
from app.accounts.operations.profiles import Sensitive
from app.audit.models import JournalEvent, Reading
from app.calls.models import Edition
from app.core.crypto import keys
from app.core.db import Base
from app.dynforms.schema import FieldKind
from app.entries.models import Entry, EntryFile, EntryMember, EntryVersion
from app.files.models import Blob
from app.judging.models import Panel, Seat
from app.notify.models import Message
from app.privacy.models import ErasureRequest
from app.privacy.rules import redact, words_of
from app.results.models import Award, Certificate
from app.talent.models import SelectionRecord

from .footprint import Footprint, footprint_of


def own_copy(session: Session, user: User) -> dict[str, Any]:
    """Everything that is the person's own, by heading; moments are ISO 8601 in UTC."""
    found = footprint_of(session, user, traces=False)
    return {
        "account": _row(user, "id email name locale created_at email_confirmed_at password_changed_at totp_enabled_at notice_version "
                              "notice_accepted_at"),
        "profile": _profile(session, user),
        "memberships": [{"organization": row.organization.name, **_row(row, "position state since")}
                        for row in _of(session, Membership, user)],
        "roles": [_row(row, "role granted_at ended_at") for row in _of(session, RoleGrant, user)],
        "sessions": [_row(row, "created_at last_seen_at ended_at network agent") for row in _of(session, UserSession, user)],
        "entries": [_entry(session, entry, user, found) for entry in _by_id(session, Entry, found.entries)],
        "seats": [_seat(session, seat) for seat in _by_id(session, Seat, found.seats)],
        "certificates": _certificates(session, found),
        "selection_records": [_row(row, "number state person_name unit valid_until land_until proposed_at confirmed_at")
                              for row in _by_id(session, SelectionRecord, found.records)],
        "messages": [_row(row, "created_at sent_at subject body_text") for row in _by_id(session, Message, found.mails)
                     if row.user_id == user.id],
        "what_you_did": [_row(row, "at name") for row in session.scalars(_acts(user))],
        "who_looked": [{**_row(row, "at"), "field": row.detail.get("field", "")} for row in session.scalars(_looks(user))],
        "erasure_requests": [_row(row, "state reason asked_at decided_at remark") for row in _of(session, ErasureRequest, user)],
    }  # fmt: skip


def own_files(session: Session, user: User) -> list[Blob]:
    """Files that the person uploaded to entries."""
    mine = select(Blob).join(EntryFile, EntryFile.blob_id == Blob.id).where(EntryFile.added_by_id == user.id)
    return list(session.scalars(mine.order_by(Blob.id)).unique())


def _acts(user: User) -> Any:
    return select(JournalEvent).where(JournalEvent.actor_id == user.id).order_by(JournalEvent.id)


def _looks(user: User) -> Any:
    """Looks at the sensitive fields of this person, without the names of the officials."""
    return select(Reading).where(Reading.subject == "profile", Reading.subject_id == user.id).order_by(Reading.id)


def _profile(session: Session, user: User) -> dict[str, Any]:
    profile = session.get(Profile, user.id)
    if profile is None:
        return {}
    stored = {kind.value: getattr(profile, kind.value) for kind in Sensitive}
    clear = {key: keys.cipher.decrypt(blob, key) for key, blob in stored.items() if blob}
    return _row(profile, "id_kind born_on degree title unit fields") | clear


def _entry(session: Session, entry: Entry, user: User, found: Footprint) -> dict[str, Any]:
    """A team's entry without its other members; answers only where the person leads."""
    team = list(session.scalars(select(EntryMember).where(EntryMember.entry_id == entry.id)))
    mine = [row for row in team if row.user_id == user.id or row.email == user.email]
    others = words_of(*(text for row in team if row not in mine for text in (row.name, row.email)))
    told = _row(entry, "code public_code title state created_at submitted_at") | {
        "edition": session.get_one(Edition, entry.edition_id).title,
        "your_place": [_row(row, "name email unit position role right state") for row in mine],
    }
    if entry.leader_id == user.id:
        persons = {f.key for f in entry.form_version.schema.fields if f.kind in {FieldKind.PERSON, FieldKind.TABLE}} if others else set()
        told["answers"] = {key: value for key, value in entry.answers.items() if key not in persons}
        versions = session.scalars(select(EntryVersion).where(EntryVersion.entry_id == entry.id).order_by(EntryVersion.number))
        told["versions"] = [_row(row, "number received_at digest receipt_code") for row in versions]
    return redact(told, others)


def _seat(session: Session, seat: Seat) -> dict[str, Any]:
    panel = session.get_one(Panel, seat.panel_id)
    edition = session.get_one(Edition, panel.stage.edition_id)
    return _row(seat, "name email unit category state invited_at answered_at statement_at") | {
        "edition": edition.title, "stage": panel.stage.name, "panel": panel.name,
    }  # fmt: skip


def _certificates(session: Session, found: Footprint) -> list[dict[str, Any]]:
    rows = session.execute(
        select(Certificate, Award).join(Award, Award.id == Certificate.award_id).where(Certificate.id.in_(found.certificates))
    )
    return [_row(certificate, "number title state issued_at") | _row(award, "level_name rank") for certificate, award in rows]


def _of(session: Session, model: Any, user: User) -> list[Any]:
    return list(session.scalars(select(model).where(model.user_id == user.id).order_by(model.id)))


def _by_id(session: Session, model: Any, ids: Iterable[int]) -> list[Any]:
    return list(session.scalars(select(model).where(model.id.in_(tuple(ids))).order_by(model.id)))


def _row(row: Base, names: str) -> dict[str, Any]:
    known = {column.key for column in inspect(row).mapper.column_attrs}
    return {name: _plain(getattr(row, name)) for name in names.split() if name in known}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value
