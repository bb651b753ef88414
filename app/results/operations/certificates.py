"""Issuing and revoking certificates. A certificate never changes: a correction revokes it and issues another number."""

from __future__ import annotations

import hashlib
from datetime import datetime

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.operations import record
from app.calls.models import Call, Edition
from app.calls.operations.freezing import hold_edition
from app.core import clock
from app.core.authz import Actor
from app.core.uow import lock
from app.documents.operations import issue_code, numbered, revoke_code
from app.entries.enums import MemberState
from app.entries.models import Entry, EntryMember
from app.results.enums import AwardState, CertificateState
from app.results.errors import AwardNotGranted, CertificateAlreadyRevoked, CertificateExists
from app.results.events import CertificateIssued, CertificateRevoked
from app.results.models import Award, Certificate

KIND = "certificate"
LOCALES = ("zh_CN", "en")


def issue_certificate(session: Session, *, award: Award, locale: str, actor: Actor, now: datetime) -> Certificate:
    """A numbered certificate with a verification code, all its texts from the award and its entry. Records CertificateIssued."""
    edition = hold_edition(session, award.edition_id)
    lock(session, award)
    if award.state != AwardState.GRANTED:
        raise AwardNotGranted
    if _valid(session, award, locale) is not None:
        raise CertificateExists
    entry = session.get_one(Entry, award.entry_id)
    year = clock.local_date(now, edition.zone).year
    row = Certificate(
        award_id=award.id, number=numbered(session, prefix="ZS", year=year, width=6), locale=locale,
        holder=holder_of(session, entry, locale), title=_title(award, edition, locale), state=CertificateState.ISSUED,
        issued_at=now, issued_by_id=actor.user_id, replaces_id=_last_revoked(session, award, locale),
    )  # fmt: skip
    session.add(row)
    session.flush()  # the code names the certificate
    facts = _facts(row, award, edition, entry, session.get_one(Call, entry.call_id))
    digest = hashlib.sha256(msgspec.json.encode(facts, order="sorted")).hexdigest()
    row.code_id = issue_code(session, kind=KIND, subject_id=row.id, facts=facts, digest=digest, now=now).id
    session.flush()  # the fact follows the complete row
    record(session, CertificateIssued(row.id, edition.id, award.id, row.number), actor=actor, now=now)
    return row


def issue_missing(session: Session, *, awards: list[Award], locale: str, actor: Actor, now: datetime) -> list[Certificate]:
    """One certificate for every granted award that has none in this language; doing it twice issues nothing new."""
    return [
        issue_certificate(session, award=award, locale=locale, actor=actor, now=now)
        for award in sorted(awards, key=lambda a: a.id)
        if award.state == AwardState.GRANTED and _valid(session, award, locale) is None
    ]


def revoke_certificate(session: Session, *, certificate: Certificate, reason: str, actor: Actor, now: datetime) -> Certificate:
    """The number and its code answer "revoked" from now on. Records CertificateRevoked."""
    award = session.get_one(Award, certificate.award_id)
    hold_edition(session, award.edition_id)
    lock(session, certificate)
    if certificate.state == CertificateState.REVOKED:
        raise CertificateAlreadyRevoked
    return _revoke(session, certificate, award, reason, actor, now)


def reissue_certificate(session: Session, *, certificate: Certificate, reason: str, actor: Actor, now: datetime) -> Certificate:
    """Revoke and issue again from the rows as they are now, under a new number; the new one names the old one."""
    revoke_certificate(session, certificate=certificate, reason=reason, actor=actor, now=now)
    award = session.get_one(Award, certificate.award_id)
    return issue_certificate(session, award=award, locale=certificate.locale, actor=actor, now=now)


def revoke_all_of(session: Session, *, award: Award, reason: str, actor: Actor, now: datetime) -> None:
    """All valid certificates of an award that has been revoked."""
    wanted = select(Certificate).where(Certificate.award_id == award.id, Certificate.state == CertificateState.ISSUED)
    for certificate in session.scalars(wanted.with_for_update()).all():
        _revoke(session, certificate, award, reason, actor, now)


def holder_of(session: Session, entry: Entry, locale: str) -> str:
    """Who is named: the team's confirmed members in their order, leader first."""
    names = session.scalars(
        select(EntryMember.name)
        .where(EntryMember.entry_id == entry.id, EntryMember.state == MemberState.CONFIRMED)
        .order_by(EntryMember.role != "leader", EntryMember.rank, EntryMember.id)
    ).all()
    return (", " if locale.startswith("en") else "、").join(names)[:400] or entry.unit_name


def _revoke(session: Session, certificate: Certificate, award: Award, reason: str, actor: Actor, now: datetime) -> Certificate:  # fmt: skip
    certificate.state, certificate.revoked_at, certificate.revoked_reason = CertificateState.REVOKED, now, reason
    revoke_code(session, kind=KIND, subject_id=certificate.id, reason=reason, now=now)
    fact = CertificateRevoked(certificate.id, award.edition_id, award.id, certificate.number, reason)
    record(session, fact, actor=actor, now=now)
    return certificate


def _valid(session: Session, award: Award, locale: str) -> Certificate | None:
    return session.scalar(
        select(Certificate).where(
            Certificate.award_id == award.id, Certificate.locale == locale, Certificate.state == CertificateState.ISSUED
        )
    )


def _last_revoked(session: Session, award: Award, locale: str) -> int | None:
    return session.scalar(
        select(Certificate.id)
        .where(Certificate.award_id == award.id, Certificate.locale == locale)
        .order_by(Certificate.id.desc())
        .limit(1)
    )


def _title(award: Award, edition: Edition, locale: str) -> str:
    if locale.startswith("en"):
        return f"{edition.title_en or edition.title} · {award.level_name_en or award.level_name}"[:200]
    return f"{edition.title} {award.level_name}"[:200]


def _facts(certificate: Certificate, award: Award, edition: Edition, entry: Entry, call: Call) -> dict[str, str]:
    """What the verification page tells: what is printed on the sheet, and nothing that is not."""
    return {
        "number": certificate.number,
        "holder": certificate.holder,
        "entry": entry.title,
        "unit": entry.unit_name,
        "edition": edition.title,
        "edition_en": edition.title_en,
        "call": call.name,
        "call_en": call.name_en,
        "level": award.level_name,
        "level_en": award.level_name_en,
        "issued_on": clock.local_date(certificate.issued_at, edition.zone).isoformat(),
    }
