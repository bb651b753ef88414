"""Awards of an edition with their certificates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from app.accounts.models import Organization
from app.calls.models import Call, Edition
from app.core.markup import named
from app.documents.models import VerificationCode
from app.entries.enums import MemberState
from app.entries.models import Entry, EntryMember
from app.notices.enums import NoticeKind, NoticeState
from app.notices.models import Notice
from app.results.enums import AwardState, CertificateState
from app.results.models import Award, Certificate


@dataclass(frozen=True)
class AwardRow:
    """An award with its entry's names and all its certificates, newest first."""

    award: Award
    code: str
    title: str
    unit: str
    call: str
    certificates: tuple[Certificate, ...]

    def valid(self, locale: str) -> Certificate | None:
        return next((c for c in self.certificates if c.locale == locale and c.state == CertificateState.ISSUED), None)


@dataclass(frozen=True)
class Sheet:
    """What is printed on a certificate, and nothing else: the texts that were fixed when it was issued."""

    number: str
    locale: str
    holder: str
    entry: str
    unit: str
    edition: str
    level: str
    call: str
    host: str
    host_id: int
    code: str
    digest: str
    issued_at: datetime
    zone: str
    is_revoked: bool


def awards_of_edition(session: Session, edition: Edition) -> list[AwardRow]:
    """Two statements, whatever the number."""
    rows = session.execute(
        select(Award, Entry.public_code, Entry.title, Entry.unit_name, Call)
        .join(Entry, Entry.id == Award.entry_id)
        .join(Call, Call.id == Entry.call_id)
        .where(Award.edition_id == edition.id)
        .order_by(Call.position, Call.id, Award.state, Award.rank, Award.id)
    ).all()
    certificates: dict[int, list[Certificate]] = {}
    wanted = select(Certificate).join(Award, Award.id == Certificate.award_id).where(Award.edition_id == edition.id)
    for certificate in session.scalars(wanted.order_by(Certificate.id.desc())):
        certificates.setdefault(certificate.award_id, []).append(certificate)
    return [
        AwardRow(award, code or "", title, unit, named(call), tuple(certificates.get(award.id, ())))
        for award, code, title, unit, call in rows
    ]


def unsettled_notices(session: Session, edition: Edition, today: date) -> tuple[bool, date | None]:
    """What speaks against certificates yet: whether results with granted awards were never made public, and until when the last of their
    notices runs.
    """
    runs = set(session.scalars(select(Award.run_id).where(Award.edition_id == edition.id, Award.state == AwardState.GRANTED)))
    wanted = select(Notice.subject_id, Notice.ends_on).where(
        Notice.edition_id == edition.id,
        Notice.kind == NoticeKind.RESULT,
        Notice.state == NoticeState.PUBLISHED,
        Notice.subject_id.in_(runs),
    )
    ends: dict[int | None, date] = {row.subject_id: row.ends_on for row in session.execute(wanted.order_by(Notice.ends_on))}
    return bool(runs - set(ends)), max((end for end in ends.values() if end >= today), default=None)


def award_in(session: Session, edition: Edition, award_id: int) -> Award | None:
    return session.scalar(select(Award).where(Award.id == award_id, Award.edition_id == edition.id))


def granted_awards(session: Session, edition: Edition) -> list[Award]:
    wanted = select(Award).where(Award.edition_id == edition.id, Award.state == AwardState.GRANTED)
    return list(session.scalars(wanted.order_by(Award.id)))


def certificate_in(session: Session, edition: Edition, certificate_id: int) -> Certificate | None:
    return session.scalar(
        select(Certificate)
        .join(Certificate.award)
        .where(Certificate.id == certificate_id, Award.edition_id == edition.id)
        .options(contains_eager(Certificate.award))
    )


def own_certificate(session: Session, number: str, user_id: int | None) -> Certificate | None:
    """A valid certificate of an entry in whose team the person is confirmed."""
    return session.scalar(
        select(Certificate)
        .join(Certificate.award)
        .join(EntryMember, EntryMember.entry_id == Award.entry_id)
        .where(Certificate.number == number, Certificate.state == CertificateState.ISSUED)
        .where(EntryMember.user_id == user_id, EntryMember.state == MemberState.CONFIRMED)
        .options(contains_eager(Certificate.award))
    )


def sheets(session: Session, certificate_ids: list[int]) -> list[Sheet]:
    """Certificates ready to be printed, in the order of their numbers. One statement."""
    rows = session.execute(
        select(Certificate, Edition, Organization, VerificationCode)
        .join(Award, Award.id == Certificate.award_id)
        .join(Edition, Edition.id == Award.edition_id)
        .join(Organization, Organization.id == Edition.host_id)
        .join(VerificationCode, VerificationCode.id == Certificate.code_id)
        .where(Certificate.id.in_(certificate_ids))
        .order_by(Certificate.number)
    )
    return [_sheet(*row) for row in rows]


def _sheet(certificate: Certificate, edition: Edition, host: Organization, code: VerificationCode) -> Sheet:
    english, facts = certificate.locale.startswith("en"), code.facts

    def pick(key: str) -> str:
        return (facts.get(f"{key}_en") if english else "") or facts.get(key, "")

    return Sheet(
        number=certificate.number,
        locale=certificate.locale,
        holder=certificate.holder,
        entry=facts.get("entry", ""),
        unit=facts.get("unit", ""),
        edition=pick("edition"),
        level=pick("level"),
        call=pick("call"),
        host=(host.name_en if english else "") or host.name,
        host_id=host.id,
        code=code.code,
        digest=code.digest,
        issued_at=certificate.issued_at,
        zone=edition.zone,
        is_revoked=certificate.state == CertificateState.REVOKED,
    )
