"""Everything on a contest's public page, in a fixed number of statements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.calls.enums import EditionPhase
from app.calls.models import Announcement, Call, Edition, EditionFile, RuleDossier, Stage
from app.calls.phases import Facts, phase_of
from app.calls.queries import calls_in, latest_dossier, phase_facts, stages_in
from app.files.models import Blob
from app.notices.enums import NoticeState
from app.notices.models import Notice


@dataclass(frozen=True)
class ContestPage:
    """One published edition with its parts."""

    edition: Edition
    phase: EditionPhase
    facts: Facts
    calls: list[Call]
    stages: list[Stage]
    dossier: RuleDossier | None
    announcements: list[Announcement]
    files: list[tuple[EditionFile, Blob]]
    notices: list[Notice]

    @property
    def open_calls(self) -> int:
        return sum(1 for call in self.calls if self.facts.next_close is not None and call.closes_at >= self.facts.next_close)

    def version(self) -> tuple[object, ...]:
        """Changes whenever something on the page does."""
        edition = self.edition
        return (
            edition.id, edition.version, edition.title, edition.summary, edition.body, repr(edition.faq), repr(edition.contacts),
            self.phase, self.facts,
            tuple((c.id, c.name, c.opens_at, c.closes_at, c.quota, c.rules) for c in self.calls),
            tuple((s.id, s.state, s.opens_at, s.closes_at, s.rule_version_id, s.rules) for s in self.stages),
            self.dossier.digest if self.dossier else "", tuple((a.id, a.title, a.body) for a in self.announcements),
            tuple((f.id, b.sha256) for f, b in self.files), tuple((n.id, n.title, n.ends_on) for n in self.notices),
        )  # fmt: skip


def contest_page(session: Session, edition: Edition, now: datetime, today: date) -> ContestPage:
    """Seven statements after the edition's own."""
    facts = phase_facts(session, edition, now, today)
    return ContestPage(
        edition, phase_of(facts, now, today), facts, calls_in(session, edition), stages_in(session, edition),
        latest_dossier(session, edition), announcements(session, edition), offered_files(session, edition), _notices(session, edition),
    )  # fmt: skip


def announcements(session: Session, edition: Edition) -> list[Announcement]:
    published = select(Announcement).where(Announcement.edition_id == edition.id, Announcement.published_at.is_not(None))
    return list(session.scalars(published.order_by(Announcement.published_at.desc(), Announcement.id.desc())))


def offered_files(session: Session, edition: Edition) -> list[tuple[EditionFile, Blob]]:
    rows = select(EditionFile, Blob).join(Blob, Blob.id == EditionFile.blob_id).where(EditionFile.edition_id == edition.id)
    return [(file, blob) for file, blob in session.execute(rows.order_by(EditionFile.position, EditionFile.id))]


def _notices(session: Session, edition: Edition) -> list[Notice]:
    shown = select(Notice).where(Notice.edition_id == edition.id, Notice.state == NoticeState.PUBLISHED)
    return list(session.scalars(shown.order_by(Notice.starts_on.desc(), Notice.id.desc())))
