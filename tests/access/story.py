"""One contest from draft to archive, told by the real operations: the ground on which access is asked about.

Every text of a tenant carries its ``mark``; whatever tells judges who somebody is carries ``hidden`` besides. Two tenants with
different marks are twins in everything else, so a foreign mark anywhere is a leak and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec
from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.enums import Role
from app.accounts.models import Organization, User
from app.accounts.operations.invitations import invite_staff
from app.accounts.operations.organizations import add_member
from app.admin.operations.witnesses import add_witness
from app.audit.enums import AlarmKind
from app.audit.events import PLATFORM
from app.audit.jobs import deliver_one
from app.audit.operations.alarms import raise_alarm
from app.audit.operations.checkpoints import make_checkpoint
from app.audit.operations.delivery import due_deliveries
from app.calls.models import Call, Edition, Stage
from app.calls.operations.editions import create_edition
from app.calls.operations.publishing import archive_edition, publish_edition, request_publication
from app.calls.operations.stages import open_stage
from app.calls.operations.telling import offer_file, publish_announcement
from app.calls.rules import Aggregation, AwardLevel, CallRules, Criterion, Disclosure, EditionRules, Rubric
from app.core import clock
from app.core.authz import SYSTEM, Actor
from app.core.db import db
from app.dynforms.models import FormDefinition
from app.dynforms.schema import Field, FieldKind, FormSchema, Section, Text, Visibility
from app.entries.enums import EntryAction, MemberRight
from app.entries.models import Entry, EntryMember
from app.entries.operations.attaching import attach_file
from app.entries.operations.checking import accept_entry, return_entry
from app.entries.operations.drafts import save_answers, start_entry
from app.entries.operations.excluding import ask_exclusion, decide_exclusion, pending_exclusion
from app.entries.operations.handing_in import submit_entry
from app.entries.operations.tabling import save_view
from app.entries.operations.teams import answer_invitation, invite_member, set_partner
from app.judging.enums import RecusalReason, SeatState
from app.judging.models import Assignment, Panel, Reopening, ScoreSheet, Seat
from app.judging.operations.assigning import set_assignments
from app.judging.operations.panels import add_panel
from app.judging.operations.recusing import recuse
from app.judging.operations.reopening import ask as ask_reopening
from app.judging.operations.reopening import decide as decide_reopening
from app.judging.operations.sealing import seal_judging
from app.judging.operations.seats import add_seat
from app.judging.operations.sheets import save_sheet
from app.judging.operations.signing import sign_sheet
from app.notices.models import Notice
from app.notices.operations import publish_notice
from app.notify.jobs import send_one
from app.notify.operations.sending import due_messages
from app.results.models import Award, Certificate, ResultRun
from app.results.operations.certificates import issue_certificate
from app.results.operations.notices import draft_result_notice
from app.results.operations.orders import order_result
from app.results.operations.runs import compute_run, propose_run, release_run
from app.talent.enums import CheckKind
from app.talent.models import Program
from app.talent.operations import create_program, save_fast_track, save_tier
from app.talent.rules import ProgramCheck
from tests.conftest import NOW
from tests.factories.accounts import acting, grant, make_organization, make_user
from tests.factories.entries import make_form
from tests.factories.files import docx, make_blob, pdf, picture, upload

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
OPENS = NOW + 3 * DAY
PHASES = ("draft", "upcoming", "open", "checking", "judging", "sealed", "released", "finished")
#: What one judge gives: nobody else may meet these digits before the rules say so.
MARKS = {"tech": Decimal("43.07"), "market": Decimal("30.02")}
TOTAL = "73.09"
RUBRIC = Rubric(full="100", step="0.01", criteria=[
    Criterion("tech", Text("技术", "Technology"), full="60"), Criterion("market", Text("市场", "Market"), full="40"),
])  # fmt: skip


def words(text: str) -> Text:
    return Text(text, text)


SCHEMA = FormSchema(
    title=words("Entry form"),
    sections=[Section("about", words("About"))],
    fields=[
        Field("summary", FieldKind.LONG_TEXT, words("Summary"), section="about", required=True),
        Field("plan", FieldKind.FILE, words("Plan"), section="about", file_types=["pdf", "docx", "jpg"], max_files=3),
        Field("contact", FieldKind.PERSON, words("Contact"), section="about"),
        Field("company", FieldKind.TEXT, words("Company"), section="about", visibility=Visibility.JUDGES),
        Field("remark", FieldKind.TEXT, words("Remark"), section="about", visibility=Visibility.STAFF),
        Field("card", FieldKind.TEXT, words("Card"), section="about", visibility=Visibility.SENSITIVE),
    ],
)  # fmt: skip


@dataclass
class Contest:
    """A tenant's office, people and contest. ``tell`` brings it into a phase; phases follow each other in the order of ``PHASES``."""

    session: Session
    name: str
    people: dict[str, User] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    panels: list[Panel] = field(default_factory=list)
    seats: dict[str, Seat] = field(default_factory=dict)
    office: Organization = field(init=False)
    edition: Edition = field(init=False)
    call: Call = field(init=False)
    program: Program = field(init=False)
    check: Stage = field(init=False)
    stage: Stage = field(init=False)
    run: ResultRun | None = None
    notice: Notice | None = None
    certificate: Certificate | None = None

    @property
    def mark(self) -> str:
        return f"zq{self.name}"

    @property
    def hidden(self) -> str:
        return f"hid{self.name}"

    def by(self, person: str) -> Actor:
        return acting(self.session, self.people[person])

    def tell(self, phase: str, now: datetime) -> None:
        getattr(self, f"_{phase}")(now)
        self.commit()
        deliver_everything()
        self.session.expire_all()

    def commit(self) -> None:
        """Both sessions stand on one connection: what views have read through theirs is given up before this one's savepoint goes."""
        db.release()
        self.session.commit()

    def add_person(self, key: str, role: Role | None = None) -> User:
        secret = key in {"leader", "viewer", "other leader"}
        name = f"{self.mark} {self.hidden} {key}" if secret else f"{self.mark} {key}"
        address = f"{key.replace(' ', '-')}@{self.hidden if secret else self.mark}.{self.mark}.example"
        user = self.people[key] = make_user(self.session, name, email=address)
        if role is not None:
            grant(self.session, user, role, organization=self.office)
        return user

    # --- the phases ---------------------------------------------------------------------------------------------------

    def _draft(self, now: datetime) -> None:
        self.office = make_organization(self.session, f"{self.mark} office")
        for key, role in (("organizer", Role.ORGANIZER), ("host", Role.HOST), ("second host", Role.HOST), ("supervisor", Role.SUPERVISOR),
                          ("officer", Role.TALENT_OFFICER)):  # fmt: skip
            self.add_person(key, role)
        for key in ("leader", "viewer", "other leader", "judge", "other judge", "recused", "third judge", "fourth judge"):
            self.add_person(key)
        self.edition = create_edition(
            self.session, preset="leg", title=f"{self.mark} contest", code=f"{self.mark}-contest", host=self.office, organizer=self.office,
            opens_at=OPENS, actor=self.by("organizer"), now=now,
        )  # fmt: skip
        texts = {"objection_contact": f"{self.mark} phone", "discipline_contact": f"{self.mark} desk", "address": f"{self.mark} street"}
        self.edition.rules = msgspec.structs.replace(self.edition.rules, **texts, one_entry_per_person=False)
        assert isinstance(self.edition.rules, EditionRules)
        form = make_form(self.session, SCHEMA)
        self.call = self.session.scalars(select(Call).where(Call.edition_id == self.edition.id)).one()
        self.call.form_version_id, self.call.rules = form.id, CallRules()
        definition = self.session.get_one(FormDefinition, form.definition_id)
        self._programme(now)
        definition.edition_id, definition.name = self.edition.id, f"{self.mark} form"
        self.check, self.stage = self.session.scalars(
            select(Stage).where(Stage.edition_id == self.edition.id).order_by(Stage.position)
        ).all()  # fmt: skip
        self.stage.rules = msgspec.structs.replace(
            self.stage.rules, rubrics={"*": RUBRIC}, aggregation=Aggregation(min_judges=1), judges_per_entry=0,
            disclosure=Disclosure(blind=True, public_scores=True),
            awards=[AwardLevel("first", Text("一等奖", f"{self.mark} prize"), 1)],
        )  # fmt: skip
        self._witnesses(now)

    def _witnesses(self, now: datetime) -> None:
        """Somebody outside watches, both chains have a checkpoint, and there is something to look at."""
        watcher, session = self.by("supervisor"), self.session
        add_witness(session, edition_id=self.edition.id, name="Outside", email=f"{self.name}@outside.example", actor=watcher, now=now)
        add_witness(session, edition_id=None, name="Archive", email=f"{self.name}@archive.example", actor=watcher, now=now)
        for chain in (PLATFORM, f"edition:{self.edition.id}"):
            signer = current_app.extensions["signer"]
            make_checkpoint(session, name=chain, occasion="daily", origin="http://localhost", signer=signer, now=now)
        raise_alarm(session, kind=AlarmKind.INVARIANT, key=f"{self.name}.rule", detail="1", actor=SYSTEM, now=now)

    def _programme(self, now: datetime) -> None:
        """The office's talent programme, to which the first prize leads."""
        self.program = create_program(self.session, organization=self.office, code=self.name, name=f"{self.mark} programme",
                                      checks=(ProgramCheck(CheckKind.IDENTITY),), actor=SYSTEM, now=now)  # fmt: skip
        tier = save_tier(self.session, program=self.program, code="A", name=f"{self.mark} tier", support_wan=Decimal(100), actor=SYSTEM,
                         now=now)  # fmt: skip
        save_fast_track(self.session, edition=self.edition, award_key="first", tier=tier, skips=[], valid_months=24, landing_months=12,
                        actor=SYSTEM, now=now)  # fmt: skip

    def _upcoming(self, now: datetime) -> None:
        request_publication(self.session, edition=self.edition, actor=self.by("organizer"), now=now)
        publish_edition(self.session, edition=self.edition, actor=self.by("host"), now=now + HOUR)
        texts = {"title": f"{self.mark} news", "body": f"{self.mark} news body", "title_en": "", "body_en": ""}
        publish_announcement(self.session, edition=self.edition, actor=self.by("organizer"), now=now + HOUR, **texts)
        blob = make_blob(self.session, name=f"{self.mark} template.pdf")
        offer_file(self.session, edition=self.edition, blob=blob, title=f"{self.mark} template", actor=self.by("organizer"), now=now + HOUR)
        member = add_member(self.session, organization=self.office, user=self.people["organizer"], actor=SYSTEM, now=now)
        invite_staff(self.session, organization=self.office, role=Role.ORGANIZER, email=f"new@{self.mark}.example", actor=self.by("host"),
                     now=now)  # fmt: skip
        assert member.organization_id == self.office.id

    def _open(self, now: datetime) -> None:
        self.entries = [self._entry(leader, number, now) for number, leader in enumerate(("leader", "other leader", "leader"))]
        viewer = self.people["viewer"]
        member, _secret = invite_member(self.session, entry=self.entries[0], name=viewer.name, email=viewer.email,
                                        right=MemberRight.VIEW, actor=self.by("leader"), now=now)  # fmt: skip
        answer_invitation(self.session, member=member, confirm=True, actor=self.by("viewer"), now=now)
        for entry, leader in zip(self.entries[:2], ("leader", "other leader"), strict=False):
            submit_entry(self.session, entry=entry, signer=current_app.extensions["signer"], actor=self.by(leader), now=now + 2 * HOUR)

        save_view(self.session, edition=self.edition, name=f"{self.mark} view", parameters={}, actor=self.by("organizer"), now=now)

    def _entry(self, leader: str, number: int, now: datetime) -> Entry:
        actor, unit = self.by(leader), f"{self.mark} {self.hidden} works"
        entry = start_entry(self.session, call=self.call, title=f"{self.mark} pump {number} of {unit}", unit_name=unit,
                            actor=actor, now=now)  # fmt: skip
        person = {"name": f"{self.hidden} contact", "unit": unit, "phone": "13800001234", "email": f"contact@{self.hidden}.example"}
        answers = {"summary": f"{self.mark} summary by {self.people[leader].name}", "contact": person, "company": f"{self.hidden} company",
                   "remark": f"{self.hidden} remark", "card": f"{self.hidden} card"}  # fmt: skip
        save_answers(self.session, entry=entry, values=answers, actor=actor, now=now)
        set_partner(self.session, entry=entry, name=f"{self.hidden} partner", actor=actor, now=now)
        papers = {"pdf": pdf(1, Author=f"{self.hidden} author", Title=unit), "docx": docx(docProps__core=self.hidden.encode()),
                  "jpg": picture("JPEG", exif=_exif(self.hidden))}  # fmt: skip
        for kind, content in papers.items():
            paper = upload(content, f"{self.mark} {self.hidden} paper.{kind}")
            attach_file(self.session, entry=entry, key="plan", upload=paper, actor=actor, now=now)
        self.session.flush()
        return entry

    def _checking(self, now: datetime) -> None:
        """The first entry has passed, the second was sent back once and handed in again; the draft stayed one."""
        accept_entry(self.session, entry=self.entries[0], actor=self.by("organizer"), now=now)
        return_entry(self.session, entry=self.entries[1], reason=f"{self.mark} please correct", open_fields=["summary"],
                     due_at=now + DAY, actor=self.by("organizer"), now=now)  # fmt: skip

    def _judging(self, now: datetime) -> None:
        """Two panels; ``judge`` signs both entries, ``recused`` steps aside from the first, another panel has its own judges."""
        signer = current_app.extensions["signer"]
        submit_entry(self.session, entry=self.entries[1], signer=signer, actor=self.by("other leader"), now=self.check.opens_at + 2 * HOUR)
        accept_entry(self.session, entry=self.entries[1], actor=self.by("organizer"), now=self.check.opens_at + 3 * HOUR)
        first, second = self.entries[:2]
        self.add_panel("first panel", {"judge": [first, second], "recused": [first, second], "third judge": [first, second],
                                    "fourth judge": [first, second]}, now)  # fmt: skip
        self.add_panel("second panel", {"other judge": [second]}, now)
        open_stage(self.session, stage=self.stage, actor=self.by("organizer"), now=now)
        recuse(self.session, assignment=self.assignment("recused", first), reason=RecusalReason.INTEREST, words=f"{self.mark} cousin",
               actor=self.by("recused"), now=now)  # fmt: skip
        self.score("judge", first, now + HOUR, MARKS)
        self.sign("judge", first, now + 2 * HOUR)
        ask_reopening(self.session, sheet=self.sheet("judge", first), reason=f"{self.mark} slip of the pen", actor=self.by("judge"),
                      now=now + 2 * HOUR)  # fmt: skip
        ask_exclusion(self.session, entry=second, action=EntryAction.DISQUALIFY, reason=f"{self.mark} copied from elsewhere",
                      actor=self.by("organizer"), now=now + 2 * HOUR)  # fmt: skip
        self.score("third judge", second, now + HOUR, {"tech": Decimal("44.44"), "market": Decimal("33.33")})

    def add_panel(self, name: str, load: dict[str, list[Entry]], now: datetime) -> None:
        organizer = self.by("organizer")
        panel = add_panel(self.session, stage=self.stage, name=f"{self.mark} {name}", call_ids=[self.call.id], actor=organizer, now=now)
        self.panels.append(panel)
        for key in load:
            user = self.people[key]
            seat = add_seat(self.session, panel=panel, name=user.name, email=user.email, actor=organizer, now=now)
            seat.user_id, seat.state, seat.invited_at, seat.answered_at, seat.statement_at = user.id, SeatState.ACCEPTED, now, now, now
            grant(self.session, user, Role.JUDGE, edition=self.edition)
            self.seats[key] = seat
        self.session.flush()
        wanted = [(entry.id, self.seats[key].id) for key, entries in load.items() for entry in entries]
        set_assignments(self.session, panel=panel, wanted=wanted, actor=organizer, now=now)

    def assignment(self, judge: str, entry: Entry) -> Assignment:
        wanted = select(Assignment).where(Assignment.seat_id == self.seats[judge].id, Assignment.entry_id == entry.id)
        return self.session.scalars(wanted).one()

    def sheet(self, judge: str, entry: Entry) -> ScoreSheet:
        return self.session.scalars(select(ScoreSheet).where(ScoreSheet.assignment_id == self.assignment(judge, entry).id)).one()

    def score(self, judge: str, entry: Entry, now: datetime, marks: dict[str, Decimal]) -> None:
        words = f"{self.mark} opinion of {judge}"
        save_sheet(self.session, assignment=self.assignment(judge, entry), marks=marks, comment=words, private_note=f"private {words}",
                   key=f"{self.mark}-{judge}-{entry.id}", revision=0, actor=self.by(judge), now=now)  # fmt: skip

    def sign(self, judge: str, entry: Entry, now: datetime) -> None:
        signer = current_app.extensions["signer"]
        sign_sheet(self.session, assignment=self.assignment(judge, entry), signer=signer, actor=self.by(judge), now=now)

    def _sealed(self, now: datetime) -> None:
        """Everybody has signed; the result is computed and proposed, and nobody outside knows."""
        early = self.stage.opens_at + HOUR * 15 / 4
        reopening = self.session.scalars(select(Reopening).where(Reopening.sheet_id == self.sheet("judge", self.entries[0]).id)).one()
        decide_reopening(self.session, reopening=reopening, agreed=False, remark="", actor=self.by("host"), now=early)
        waiting = pending_exclusion(self.session, self.entries[1].id)
        assert waiting is not None
        decide_exclusion(self.session, exclusion=waiting, agreed=False, actor=self.by("host"), now=early)
        self.sign("third judge", self.entries[1], early)
        given = {("judge", 1): "41.11", ("recused", 1): "42.22", ("third judge", 0): "45.55", ("fourth judge", 0): "46.66",
                 ("fourth judge", 1): "47.77", ("other judge", 1): "48.88"}  # fmt: skip
        for (judge, number), mark in given.items():
            self.score(judge, self.entries[number], early, {"tech": Decimal(mark), "market": Decimal("25.25")})
            self.sign(judge, self.entries[number], early + HOUR)
        seal_judging(self.session, stage=self.stage, reason="", actor=self.by("organizer"), now=now)
        self.run = compute_run(self.session, stage=self.stage, call=self.call, actor=self.by("organizer"), now=now)
        propose_run(self.session, run=self.run, actor=self.by("organizer"), now=now)
        order_result(self.session, stage=self.stage, call=self.call, actor=self.by("organizer"), now=now)

    def _released(self, now: datetime) -> None:
        assert self.run is not None
        release_run(self.session, run=self.run, actor=self.by("host"), now=now)
        self.notice = draft_result_notice(self.session, run=self.run, title=f"{self.mark} notice", starts_on=clock.local_date(now),
                                          working_days=5, contact=f"{self.mark} phone", discipline_contact=f"{self.mark} desk",
                                          actor=self.by("organizer"), now=now)  # fmt: skip
        publish_notice(self.session, notice=self.notice, actor=self.by("host"), now=now)
        award = self.session.scalars(select(Award).where(Award.edition_id == self.edition.id)).one()
        self.certificate = issue_certificate(self.session, award=award, locale="zh_CN", actor=self.by("organizer"), now=now)

    def _finished(self, now: datetime) -> None:
        archive_edition(self.session, edition=self.edition, actor=self.by("host"), now=now)

    def moment(self, phase: str) -> datetime:
        """When the phase is looked at: well inside it."""
        fixed = {"draft": NOW, "upcoming": NOW + DAY, "open": OPENS + DAY}
        later: dict[str, Any] = {
            "checking": lambda: self.check.opens_at + HOUR, "judging": lambda: self.stage.opens_at + HOUR,
            "sealed": lambda: self.stage.closes_at + HOUR, "released": lambda: self.stage.closes_at + DAY,
            "finished": lambda: self.stage.closes_at + 20 * DAY,
        }  # fmt: skip
        return fixed[phase] if phase in fixed else later[phase]()

    def member(self, person: str) -> EntryMember:
        mine = select(EntryMember).where(EntryMember.user_id == self.people[person].id, EntryMember.entry_id == self.entries[0].id)
        return self.session.scalars(mine).one()


def deliver_everything() -> None:
    """What the worker would do now: subscribers, judges' copies, mails."""
    for due, deliver in ((due_deliveries, deliver_one), (due_messages, send_one)):
        while ids := list(due(db.session, now=clock.now())):
            for number in ids:
                deliver.call_local(number)
    db.release()


def _exif(text: str) -> bytes:
    from PIL import Image

    data = Image.Exif()
    data[0x013B] = text  # the artist
    return data.tobytes()


def telling(*contests: Contest, until: str = "finished") -> Iterator[str]:
    """Bring all contests from phase to phase; when a phase is given out, and after the last, the clock stands well inside it."""
    for phase in PHASES[: PHASES.index(until) + 1]:
        for contest in contests:
            now = contest.moment(phase)
            clock.read_from(lambda now=now: now)  # type: ignore[misc]
            contest.tell(phase, now)
        clock.read_from(lambda now=now: now + HOUR * 5 / 2)  # type: ignore[misc]
        yield phase


__all__ = ["DAY", "HOUR", "MARKS", "PHASES", "SYSTEM", "TOTAL", "Contest", "telling"]
