"""Profiles: what a person tells of themselves, sensitive fields encrypted, each look at them with a reason."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from app.accounts.events import ProfileChanged, SensitiveFieldRevealed
from app.accounts.models import Profile, User
from app.accounts.rules.identifiers import IdKind, bank_fault, born_on, id_fault, phone_fault, tidy_number
from app.accounts.rules.masking import mask_bank, mask_id, mask_phone
from app.audit.operations import note_reading, record
from app.core import clock
from app.core.authz import Actor
from app.core.crypto import FieldCipher
from app.core.errors import DomainError


class Sensitive(StrEnum):
    """The fields that are never shown whole without a reason."""

    ID_NUMBER = "id_number"
    PHONE = "phone"
    BANK_ACCOUNT = "bank_account"


MASKS = {Sensitive.ID_NUMBER: mask_id, Sensitive.PHONE: mask_phone, Sensitive.BANK_ACCOUNT: mask_bank}
MIN_REASON = 4


class FieldRefused(DomainError):
    """A number that cannot be right; the message says why."""


class ReasonMissing(DomainError):
    message = _l("Please give a reason of at least four characters.")


class NothingThere(DomainError):
    message = _l("Nothing is stored in this field.")


def profile_of(session: Session, user: User) -> Profile:
    """The person's profile, made when it is first needed."""
    profile = session.get(Profile, user.id)
    if profile is None:
        profile = Profile(user_id=user.id)
        session.add(profile)
    return profile


def change_profile(session: Session, *, user: User, plain: dict[str, Any], actor: Actor, now: datetime) -> Profile:
    """Put the fields that are not sensitive. Records ProfileChanged with the names of those that changed."""
    profile = profile_of(session, user)
    changed = sorted(key for key, value in plain.items() if getattr(profile, key) != value)
    for key in changed:
        setattr(profile, key, plain[key])
    if changed:
        record(session, ProfileChanged(user.id, ", ".join(changed)), actor=actor, now=now)
    return profile


def put_sensitive(session: Session, *, user: User, field: Sensitive, value: str, id_kind: IdKind | None = None, cipher: FieldCipher,
                  actor: Actor, now: datetime) -> Profile:  # fmt: skip
    """Check and encrypt one field; an empty value erases it. Records ProfileChanged, never the value."""
    profile = profile_of(session, user)
    number = tidy_number(value)
    if number:
        fault = _fault(field, number, id_kind, now)
        if fault is not None:
            raise FieldRefused(fault, field="value")
    setattr(profile, field.value, cipher.encrypt(number, field.value) if number else None)
    fingerprint = cipher.fingerprint(number, field.value) if number else None
    if field == Sensitive.ID_NUMBER:
        profile.id_fingerprint, profile.id_kind = fingerprint, id_kind.value if id_kind and number else None
        if number and id_kind in {IdKind.RESIDENT, IdKind.RESIDENCE_PERMIT}:
            profile.born_on = born_on(number)
    elif field == Sensitive.PHONE:
        profile.phone_fingerprint = fingerprint
    record(session, ProfileChanged(user.id, field.value), actor=actor, now=now)
    return profile


def masked(profile: Profile | None, field: Sensitive, cipher: FieldCipher) -> str:
    """The value as it may be shown without a reason; empty when there is none."""
    stored = getattr(profile, field.value) if profile else None
    return MASKS[field](cipher.decrypt(stored, field.value)) if stored else ""


def reveal_field(session: Session, *, user: User, field: Sensitive, reason: str, cipher: FieldCipher, actor: Actor, now: datetime) -> str:
    """One field in clear, once, with a reason. Records SensitiveFieldRevealed and notes the reading."""
    if len(reason.strip()) < MIN_REASON:
        raise ReasonMissing(field="reason")
    profile = session.get(Profile, user.id)
    stored = getattr(profile, field.value) if profile else None
    if stored is None:
        raise NothingThere
    note_reading(session, subject="profile", subject_id=user.id, actor=actor, now=now, field=field.value)
    record(session, SensitiveFieldRevealed(user.id, field.value, reason.strip()[:500]), actor=actor, now=now)
    return cipher.decrypt(stored, field.value)


def _fault(field: Sensitive, number: str, id_kind: IdKind | None, now: datetime) -> object | None:
    if field == Sensitive.ID_NUMBER:
        return id_fault(id_kind or IdKind.RESIDENT, number, today=clock.local_date(now))
    return phone_fault(number) if field == Sensitive.PHONE else bank_fault(number)
