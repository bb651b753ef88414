"""The steps that every story shares: making an edition, entering, checking, judging, releasing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.enums import Role
from app.accounts.models import User
from app.accounts.operations.grants import grant_role
from app.calls.models import Call, Edition, Stage
from app.calls.operations.editions import create_edition
from app.calls.operations.publishing import publish_edition, request_publication
from app.calls.operations.stages import open_stage, seal_stage
from app.core.authz import SYSTEM, Actor
from app.core.crypto import Signer
from app.demo import names
from app.demo.answers import Applicant, fill
from app.demo.printing import Papers
from app.demo.projects import Project
from app.demo.world import DOMAIN, World, add_person
from app.dynforms.schema import FieldKind
from app.entries.enums import MemberRight, MemberRole, MemberState
from app.entries.models import Entry, EntryMember, StageEntry
from app.entries.operations.attaching import attach_file
from app.entries.operations.checking import accept_entry
from app.entries.operations.drafts import save_answers, save_basics, start_entry
from app.entries.operations.handing_in import submit_entry
from app.judging.enums import AssignmentState, SeatCategory, SeatState
from app.judging.models import Assignment, Panel, Seat
from app.judging.operations.assigning import apply_plan
from app.judging.operations.panels import add_panel
from app.judging.operations.proposing import propose_plan
from app.judging.operations.seats import add_seat
from app.judging.operations.sheets import save_sheet
from app.judging.operations.signing import sign_sheets
from app.judging.rules.marks import items_of
from app.results.models import ResultRun
from app.results.operations.runs import compute_run, propose_run, release_run

from .marking import Marks, comment_for

HOUR = timedelta(hours=1)
CATEGORIES = (
    SeatCategory.TECHNICAL, SeatCategory.TECHNICAL, SeatCategory.INVESTOR, SeatCategory.ENTREPRENEUR, SeatCategory.TECHNICAL,
    SeatCategory.INVESTOR, SeatCategory.ENTREPRENEUR,
)  # fmt: skip


@dataclass
class Teller:
    """Tells one story: the session, the world, the papers to attach and whose hand acts."""

    session: Session
    world: World
    papers: Papers

    @property
    def signer(self) -> Signer:
        return current_app.extensions["signer"]

    def by(self, account: str) -> Actor:
        return self.world.actor(self.session, self.world.people[account])

    def as_user(self, user: User) -> Actor:
        return self.world.actor(self.session, user)

    def edition(
        self, preset: str, title: str, code: str, *, opens_at: datetime, title_en: str = "", lead: timedelta = timedelta(days=21)
    ) -> Edition:
        """An edition of the science office, hosted by the talent office, still in preparation; begun ``lead`` before it opens."""
        offices = self.world.offices
        edition = create_edition(
            self.session, preset=preset, title=title, title_en=title_en, code=code, host=offices["talent"], organizer=offices["science"],
            opens_at=opens_at, actor=self.by("organizer"), now=opens_at - lead,
        )  # fmt: skip
        edition.contacts = [
            {"name": "澄湖新区科技创新局（演示）", "phone": "0000-0000000", "email": f"office@{DOMAIN}", "note": "报名咨询"}
        ]
        edition.rules = msgspec.structs.replace(edition.rules, **CONTACTS)
        return edition

    def publish(self, edition: Edition, *, at: datetime) -> None:
        request_publication(self.session, edition=edition, actor=self.by("organizer"), now=at)
        publish_edition(self.session, edition=edition, actor=self.by("host"), now=at + 3 * HOUR)

    def calls(self, edition: Edition) -> list[Call]:
        return list(self.session.scalars(select(Call).where(Call.edition_id == edition.id).order_by(Call.position, Call.id)))

    def stages(self, edition: Edition) -> list[Stage]:
        return list(self.session.scalars(select(Stage).where(Stage.edition_id == edition.id).order_by(Stage.position)))

    def team(self, account: str) -> User:
        known = self.world.people.get(account)
        return known or add_person(self.session, self.world, account, names.person(self.world.random, self.world.used), now=EPOCH)

    def draft(self, call: Call, project: Project, leader: User, unit: str, *, at: datetime, blind: bool = False) -> Entry:
        """An entry with answers, team and files, not handed in."""
        actor, random = self.as_user(leader), self.world.random
        entry = start_entry(self.session, call=call, actor=actor, now=at, title=project.title, unit_name=unit)
        people = [leader.name, *(names.person(random, self.world.used) for _ in range(3))]
        for rank, name in enumerate(people[1:], 2):
            self.session.add(_member(entry, name, unit, rank, at))
        self.session.flush()  # handing in counts the members
        applicant = Applicant(project, unit, people, leader.email, at.year)
        if call.form_version is None:
            raise LookupError(call.name)
        schema = call.form_version.schema
        answers = fill(schema, applicant, random)
        save_basics(self.session, entry=entry, values={"title": project.title, "unit_name": unit}, actor=actor, now=at + HOUR)
        save_answers(self.session, entry=entry, values=answers, actor=actor, now=at + 2 * HOUR)
        for field in schema.fields:
            if field.kind == FieldKind.FILE and field.required:
                upload = self.papers.upload(project, field.key, field.label.zh, applicant, blind=blind)
                attach_file(self.session, entry=entry, key=field.key, upload=upload, actor=actor, now=at + 3 * HOUR)
        return entry

    def hand_in(self, entry: Entry, *, at: datetime) -> None:
        submit_entry(self.session, entry=entry, signer=self.signer, actor=self.as_user(entry.leader), now=at)

    def accept(self, entries: Sequence[Entry]) -> None:
        """The formal check from its opening to its seal, one entry every twelve minutes."""
        stage, organizer = self.stages(entries[0].call.edition)[0], self.by("organizer")
        open_stage(self.session, stage=stage, actor=organizer, now=stage.opens_at)
        checklist = [{"text": text.zh, "ok": True} for text in stage.rules.checklist]
        for number, entry in enumerate(entries):
            accept_entry(
                self.session, entry=entry, checklist=checklist, actor=organizer, now=stage.opens_at + HOUR + timedelta(minutes=12 * number)
            )
        seal_stage(self.session, stage=stage, actor=organizer, now=stage.closes_at)

    def panel(
        self, stage: Stage, name: str, name_en: str, calls: Sequence[Call], judges: Sequence[User], *, at: datetime, per_entry: int = 0
    ) -> Panel:  # fmt: skip
        """A panel whose judges have accepted, with every entry assigned."""
        actor = self.by("organizer")
        panel = add_panel(
            self.session, stage=stage, name=name, name_en=name_en, call_ids=[c.id for c in calls], judges_per_entry=per_entry, actor=actor,
            now=at,
        )  # fmt: skip
        for number, judge in enumerate(judges):
            seat = add_seat(
                self.session, panel=panel, name=judge.name, email=judge.email, unit="", category=CATEGORIES[number % len(CATEGORIES)],
                is_chair=number == 0, actor=actor, now=at,
            )  # fmt: skip
            self._seated(seat, judge, at + HOUR)
        self.session.flush()  # the plan reads the seats
        plan = propose_plan(self.session, panel=panel, seed=f"{stage.edition.code}-{panel.name}", everyone=not per_entry,
                            per_entry=per_entry or None, actor=actor, now=at + 2 * HOUR)  # fmt: skip
        apply_plan(self.session, plan=plan, actor=actor, now=at + 2 * HOUR)
        return panel

    def _seated(self, seat: Seat, judge: User, at: datetime) -> None:
        """The judge has opened the link, signed the statement and taken the seat."""
        seat.user_id, seat.state = judge.id, SeatState.ACCEPTED
        seat.invited_at, seat.answered_at, seat.statement_at = at, at + HOUR, at + HOUR
        self.session.flush()  # the role is granted to a seated judge
        edition = seat.panel.stage.edition
        grant_role(self.session, user=judge, role=Role.JUDGE, edition=edition, actor=SYSTEM, now=at)

    def assignments(self, panel: Panel) -> list[Assignment]:
        wanted = select(Assignment).where(Assignment.panel_id == panel.id, Assignment.state == AssignmentState.ACTIVE)
        return list(self.session.scalars(wanted.order_by(Assignment.entry_id, Assignment.seat_id)))

    def score(self, assignment: Assignment, marks: Marks, comment: str, *, at: datetime) -> int:
        """One judge's sheet, saved; the revision that may be signed."""
        actor = self.as_user(assignment.seat.user or self.world.judges[0])
        rubric = assignment.panel.stage.rules.rubric_for(assignment.entry.call.group.code if assignment.entry.call.group else None)
        remarks = {item.key: comment for item in items_of(rubric) if item.key in marks and item.needs_comment(marks[item.key])}
        saved = save_sheet(
            self.session, assignment=assignment, marks=marks, comment=comment, private_note="", key=f"demo-{assignment.id}", revision=0,
            remarks=remarks, actor=actor, now=at,
        )  # fmt: skip
        return saved.revision

    def score_all(
        self, panel: Panel, marks: Callable[[int, Assignment], Marks | None], *, at: Callable[[int], datetime]
    ) -> dict[int, list[tuple[int, int]]]:
        """A saved sheet for every assignment that ``marks`` has marks for; by seat, what may be signed."""
        signing: dict[int, list[tuple[int, int]]] = {}
        for number, assignment in enumerate(self.assignments(panel)):
            given = marks(number, assignment)
            if given is not None:
                revision = self.score(assignment, given, comment_for(self.world.random), at=at(number))
                signing.setdefault(assignment.seat_id, []).append((assignment.id, revision))
        return signing

    def sign(self, seat: Seat, pairs: Sequence[tuple[int, int]], *, at: datetime) -> None:
        if seat.user is not None and seat.state == SeatState.ACCEPTED and pairs:
            sign_sheets(self.session, assignments=pairs, signer=self.signer, actor=self.as_user(seat.user), now=at)

    def release(self, stage: Stage, call: Call, *, computed_at: datetime, proposed_at: datetime, released_at: datetime) -> ResultRun:
        """Computed and proposed by the organizer, released by the host."""
        run = compute_run(self.session, stage=stage, call=call, actor=self.by("organizer"), now=computed_at)
        propose_run(self.session, run=run, actor=self.by("organizer"), now=proposed_at)
        return release_run(self.session, run=run, actor=self.by("host"), now=released_at)

    def standing_entries(self, stage: Stage, call: Call | None = None) -> list[Entry]:
        wanted = select(Entry).join(StageEntry, StageEntry.entry_id == Entry.id).where(StageEntry.stage_id == stage.id)
        if call is not None:
            wanted = wanted.where(Entry.call_id == call.id)
        return list(self.session.scalars(wanted.order_by(Entry.id)))


CONTACTS = {
    "objection_contact": "澄湖新区科技创新局（演示） 0000-0000000",
    "discipline_contact": "澄湖新区纪检监察组（演示） 0000-0000001",
    "address": "澄湖新区演示路1号",
}
EPOCH = datetime.fromisoformat("2025-01-06T01:00:00+00:00")


def _member(entry: Entry, name: str, unit: str, rank: int, at: datetime) -> EntryMember:
    return EntryMember(
        entry_id=entry.id, name=name, email=f"member{entry.id}-{rank}@demo.example", unit=unit, role=MemberRole.MEMBER,
        right=MemberRight.VIEW, state=MemberState.CONFIRMED, rank=rank, invited_at=at, answered_at=at + HOUR,
    )  # fmt: skip
