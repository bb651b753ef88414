"""A sealed stage with signed sheets, made directly as rows: the starting point of everything that follows judging."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from itertools import count

from sqlalchemy.orm import Session

from app.accounts.enums import OrganizationKind, Role
from app.accounts.models import Organization, User
from app.calls.enums import EditionState, StageKind, StageState
from app.calls.models import Call, Edition, Series, Stage, StageRuleVersion
from app.calls.rules import Advancement, AwardLevel, Criterion, Disclosure, EditionRules, Rubric, StageRules, TieStep
from app.dynforms.models import FormDefinition, FormVersion
from app.dynforms.schema import FormSchema, Text
from app.entries.enums import EntryState, MemberRole, MemberState
from app.entries.models import Entry, EntryMember, EntryVersion, StageEntry
from app.judging.enums import SeatState, SheetState
from app.judging.models import Assignment, Mark, Panel, PanelCall, ScoreSheet, Seat
from tests.conftest import NOW
from tests.factories.accounts import grant, make_organization, make_user

_numbers = count(1)

RUBRIC = Rubric(
    mode="points",
    full="100",
    step="0.1",
    criteria=[
        Criterion("tech", Text("技术和产品", "Technology and product"), full="60"),
        Criterion("market", Text("市场", "Market"), full="40"),
    ],
)
RULES = StageRules(
    rubrics={"*": RUBRIC},
    ties=[TieStep("untrimmed_mean"), TieStep("criterion"), TieStep("share")],
    advancement=Advancement(method="none"),
    awards=[
        AwardLevel("first", Text("一等奖", "First prize"), 1, prize_wan="10"),
        AwardLevel("second", Text("二等奖", "Second prize"), 2, prize_wan="5"),
    ],
    disclosure=Disclosure(public_scores=True),
)


@dataclass
class World:
    """One edition with one call, one sealed stage and everybody around it."""

    edition: Edition
    call: Call
    stage: Stage
    host: User
    organizer: User
    supervisor: User
    entries: list[Entry] = field(default_factory=list)
    seats: list[Seat] = field(default_factory=list)
    sheets: dict[tuple[int, int], ScoreSheet] = field(default_factory=dict)


def make_stage(session: Session, edition: Edition, position: int, rules: StageRules, *, kind: StageKind = StageKind.ROADSHOW,
               state: StageState = StageState.PREPARING) -> Stage:  # fmt: skip
    stage = Stage(
        edition_id=edition.id, position=position, kind=kind, name=f"第{position}轮", name_en=f"Round {position}",
        opens_at=NOW - timedelta(days=20 - position), closes_at=NOW - timedelta(days=10 - position), rules=rules,
    )  # fmt: skip
    session.add(stage)
    session.flush()
    version = StageRuleVersion(stage_id=stage.id, number=1, rules=rules, digest=f"{stage.id:064d}", frozen_at=NOW)
    session.add(version)
    session.flush()
    stage.rule_version_id, stage.state = version.id, state
    session.flush()
    return stage


def make_edition(session: Session, organization: Organization | None = None, **values: object) -> Edition:
    number = next(_numbers)
    office = organization or make_organization(session, f"人才办{number}")
    series = Series(organization_id=office.id, name=f"创新创业大赛{number}", created_at=NOW)
    session.add(series)
    session.flush()
    rules = EditionRules(objection_contact="赛事办公室 0512-00000000", discipline_contact="纪检组 0512-00000001", address="示例路 1 号")
    given = {"rules": rules, "state": EditionState.PUBLISHED, "title": f"第{number}届创新创业大赛",
             "title_en": f"Contest {number}", "code": f"contest-{number}"} | values  # fmt: skip
    edition = Edition(series_id=series.id, host_id=office.id, organizer_id=office.id, created_at=NOW, published_at=NOW, **given)
    session.add(edition)
    session.flush()
    return edition


def make_call(session: Session, edition: Edition, **values: object) -> Call:
    number = next(_numbers)
    given = {"code": f"call-{number}", "name": "初创组", "name_en": "Start-ups", **values}
    call = Call(edition_id=edition.id, opens_at=NOW - timedelta(days=60), closes_at=NOW - timedelta(days=30), **given)
    session.add(call)
    session.flush()
    return call


def make_entry(session: Session, call: Call, *, leader: User | None = None, **values: object) -> Entry:
    number = next(_numbers)
    leader = leader or make_user(session, f"队长{number}")
    form = FormDefinition(edition_id=call.edition_id, name=f"form {number}", created_at=NOW)
    session.add(form)
    session.flush()
    version = FormVersion(definition_id=form.id, number=1, schema=FormSchema(), changed_at=NOW)
    session.add(version)
    session.flush()
    given = {"state": EntryState.ACCEPTED, "public_code": f"P{number:05d}", "title": f"项目{number}", "unit_name": f"单位{number}",
             "submitted_at": NOW - timedelta(days=31)} | values  # fmt: skip
    entry = Entry(
        call_id=call.id, edition_id=call.edition_id, code=f"E{number:06d}", leader_id=leader.id, form_version_id=version.id,
        created_at=NOW, changed_at=NOW, **given,
    )  # fmt: skip
    session.add(entry)
    session.flush()
    member = EntryMember(
        entry_id=entry.id, user_id=leader.id, name=leader.name, email=leader.email, role=MemberRole.LEADER,
        state=MemberState.CONFIRMED, invited_at=NOW,
    )  # fmt: skip
    session.add(member)
    handed_in = EntryVersion(
        entry_id=entry.id, number=1, form_version_id=version.id, content={"title": entry.title, "answers": {}, "files": []},
        digest="0" * 64,
        received_at=NOW - timedelta(days=31), submitted_by_id=leader.id, receipt_code=f"V{number:09d}", receipt={}, signature="",
        key_id="k",
    )  # fmt: skip
    session.add(handed_in)
    session.flush()
    entry.current_version_id = handed_in.id
    session.flush()
    return entry


def make_world(session: Session, totals: Sequence[Sequence[str | None]], *, rules: StageRules = RULES,
               state: StageState = StageState.SEALED, later: Sequence[StageRules] = ()) -> World:  # fmt: skip
    """One entry for each row of ``totals``, one judge for each column; None is a judge who gave no sheet."""
    edition = make_edition(session)
    call = make_call(session, edition)
    stage = make_stage(session, edition, 1, rules, state=state)
    for number, more in enumerate(later, start=2):
        make_stage(session, edition, number, more)
    people = {name: make_user(session, name) for name in ("主办", "承办", "监督")}
    for user, role in zip(people.values(), (Role.HOST, Role.ORGANIZER, Role.SUPERVISOR), strict=True):
        grant(session, user, role, edition=edition)
    world = World(edition, call, stage, *people.values())
    add_panel(session, world, len(totals[0]) if totals else 0)
    for row in totals:
        add_entry(session, world, row)
    return world


def add_panel(session: Session, world: World, judges: int) -> Panel:
    panel = Panel(stage_id=world.stage.id, name=f"评审{next(_numbers)}组", created_at=NOW)
    session.add(panel)
    session.flush()
    session.add(PanelCall(panel_id=panel.id, call_id=world.call.id))
    for number in range(judges):
        user = make_user(session, f"评委{number + 1}")
        seat = Seat(panel_id=panel.id, user_id=user.id, name=user.name, email=user.email, is_chair=number == 0,
                    state=SeatState.ACCEPTED, statement_at=NOW)  # fmt: skip
        session.add(seat)
        session.flush()
        world.seats.append(seat)
    return panel


def add_entry(session: Session, world: World, totals: Sequence[str | None], **values: object) -> Entry:
    entry = make_entry(session, world.call, **values)
    session.add(StageEntry(stage_id=world.stage.id, entry_id=entry.id, joined_at=NOW))
    world.entries.append(entry)
    for seat, total in zip(world.seats, totals, strict=True):
        assignment = Assignment(panel_id=seat.panel_id, seat_id=seat.id, entry_id=entry.id, stage_id=world.stage.id,
                                judge_id=seat.user_id, assigned_at=NOW)  # fmt: skip
        session.add(assignment)
        session.flush()
        if total is not None:
            sign(session, world, assignment, split(total))
    return entry


def split(total: str) -> dict[str, Decimal]:
    """A total as marks on the two criteria of ``RUBRIC``: as much as fits on the first, within a tenth."""
    whole = Decimal(total)
    tech = min(Decimal(60), (whole * 6 / 10).quantize(Decimal("0.1")))
    return {"tech": tech, "market": whole - tech}


def sign(session: Session, world: World, assignment: Assignment, marks: Mapping[str, Decimal], comment: str = "") -> ScoreSheet:
    number = next(_numbers)
    sheet = ScoreSheet(
        assignment_id=assignment.id, stage_id=world.stage.id, rule_version_id=world.stage.rule_version_id, state=SheetState.SIGNED,
        revision=1, total=sum(marks.values(), Decimal(0)), signed_at=NOW, digest=f"{number:064x}", receipt_code=f"R{number}",
        receipt={}, signature="", comment=comment,
    )  # fmt: skip
    session.add(sheet)
    session.flush()
    session.add_all(Mark(sheet_id=sheet.id, criterion=key, value=value) for key, value in marks.items())
    session.flush()
    world.sheets[assignment.entry_id, assignment.seat_id] = sheet
    return sheet


def office(session: Session, name: str = "人才工作办公室") -> Organization:
    return make_organization(session, name, kind=OrganizationKind.OFFICE)
