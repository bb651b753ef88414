"""An edition in judging: a stage with frozen rules, a panel with accepted judges, accepted entries with blind copies."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import msgspec
from sqlalchemy.orm import Session

from app.accounts.enums import Role
from app.accounts.models import Organization, User
from app.calls.enums import EditionState, StageKind, StageState
from app.calls.models import Call, Edition, Series, Stage, StageRuleVersion
from app.calls.rules import Aggregation, Band, Criterion, Deduction, Disclosure, Gate, Rubric, StageRules
from app.core.authz import Actor
from app.dynforms.models import FormDefinition, FormVersion
from app.dynforms.schema import Field, FieldKind, FormSchema, Section, Text, Visibility
from app.entries.enums import EntryState, MemberRight, MemberRole, MemberState
from app.entries.models import BlindCopy, Entry, EntryMember, EntryVersion, StageEntry
from app.judging.enums import SeatCategory, SeatState
from app.judging.models import Assignment, Panel, PanelCall, Seat
from tests.conftest import NOW
from tests.factories.accounts import acting, grant, make_organization, make_user

_numbers = count(1)

BANDS = [Band("24", "30", Text("优秀", "Excellent")), Band("0", "23.9", Text("一般", "Fair"))]
RUBRIC = Rubric(
    full="100", step="0.1",
    criteria=[
        Criterion("novelty", Text("创新性", "Novelty"), full="30", bands=BANDS, comment_below="6", comment_above="28"),
        Criterion("market", Text("市场", "Market"), children=[
            Criterion("size", Text("规模", "Size"), full="20"), Criterion("plan", Text("方案", "Plan"), full="20"),
        ]),
        Criterion("team", Text("团队", "Team"), full="30"),
    ],
)  # fmt: skip
WEIGHTED = Rubric(
    mode="weights", full="100", step="1",
    criteria=[
        Criterion("topic", Text("选题"), weight="20"), Criterion("basis", Text("基础"), weight="15"),
        Criterion("content", Text("内容"), weight="65"),
    ],
    deductions=[Deduction("late", Text("超时", "Overtime"), most="3")], gates=[Gate("real", Text("真实", "Genuine"), blocks=True)],
)  # fmt: skip
GOOD = {"novelty": Decimal("25.5"), "size": Decimal("18"), "plan": Decimal("17.5"), "team": Decimal("24")}
SCHEMA = FormSchema(
    sections=[Section("main", Text("项目", "Project"))],
    fields=[
        Field("title", FieldKind.TEXT, Text("名称", "Title"), section="main", visibility=Visibility.BLIND_SAFE),
        Field("summary", FieldKind.LONG_TEXT, Text("简介", "Summary"), section="main", visibility=Visibility.BLIND_SAFE),
        Field("unit", FieldKind.TEXT, Text("单位", "Unit"), section="main", visibility=Visibility.JUDGES),
        Field("phone", FieldKind.TEXT, Text("电话", "Phone"), section="main", visibility=Visibility.SENSITIVE),
    ],
)  # fmt: skip


@dataclass
class Scene:
    """Everything a judging test needs, with its actors."""

    edition: Edition
    stage: Stage
    call: Call
    panel: Panel
    organizer: User
    host: User
    supervisor: User
    seats: list[Seat]
    judges: list[User]
    entries: list[Entry] = field(default_factory=list)
    assignments: dict[tuple[int, int], Assignment] = field(default_factory=dict)

    def assignment(self, entry: int = 0, judge: int = 0) -> Assignment:
        return self.assignments[self.entries[entry].id, self.seats[judge].id]

    def judge(self, session: Session, number: int = 0) -> Actor:
        return acting(session, self.judges[number], Role.JUDGE)


def make_scene(
    session: Session, *, entries: int = 2, judges: int = 2, rubric: Rubric = RUBRIC, disclosure: Disclosure | None = None,
    state: StageState = StageState.OPEN, assign: bool = True,
) -> Scene:  # fmt: skip
    """A contest whose online review is open, all judges accepted, everything assigned."""
    number = next(_numbers)
    host, office = make_organization(session), make_organization(session)
    edition = _edition(session, number, host, office)
    stage = _stage(session, edition, rubric, disclosure or Disclosure(blind=True), state)
    call = Call(edition_id=edition.id, code="T1", name="先进制造", opens_at=NOW - timedelta(30), closes_at=NOW - timedelta(10))
    session.add(call)
    session.flush()
    panel = Panel(stage_id=stage.id, name="专家组", created_at=NOW)
    session.add(panel)
    session.flush()
    session.add(PanelCall(panel_id=panel.id, call_id=call.id))
    people = [make_user(session, f"judge {n} of {number}") for n in range(judges)]
    seats = [make_seat(session, panel, user, edition=edition) for user in people]
    organizer, boss, watcher = (make_user(session) for _ in range(3))
    grant(session, organizer, Role.ORGANIZER, organization=office)
    grant(session, boss, Role.HOST, organization=host)
    grant(session, watcher, Role.SUPERVISOR, edition=edition)
    scene = Scene(edition, stage, call, panel, organizer, boss, watcher, seats, people)
    scene.entries = [make_entry(session, call, stage) for _ in range(entries)]
    if assign:
        assign_all(session, scene)
    return scene


def _edition(session: Session, number: int, host: Organization, office: Organization) -> Edition:
    series = Series(organization_id=host.id, name=f"Series {number}", created_at=NOW)
    session.add(series)
    session.flush()
    edition = Edition(
        series_id=series.id, code=f"judged-{number}", title="创新创业大赛", host_id=host.id, organizer_id=office.id,
        state=EditionState.PUBLISHED, created_at=NOW, published_at=NOW,
    )  # fmt: skip
    session.add(edition)
    session.flush()
    return edition


def _stage(session: Session, edition: Edition, rubric: Rubric, disclosure: Disclosure, state: StageState) -> Stage:
    rules = StageRules(rubrics={"*": rubric}, disclosure=disclosure, aggregation=Aggregation(min_judges=1))
    stage = Stage(
        edition_id=edition.id, position=2, kind=StageKind.ONLINE_REVIEW, name="网络评审", name_en="Online review",
        opens_at=NOW - timedelta(5), closes_at=NOW + timedelta(5), rules=rules,
    )  # fmt: skip
    session.add(stage)
    session.flush()
    digest = hashlib.sha256(msgspec.json.encode(rules)).hexdigest()
    version = StageRuleVersion(stage_id=stage.id, number=1, rules=rules, digest=digest, frozen_at=NOW)
    session.add(version)
    session.flush()
    stage.rule_version_id = version.id
    session.flush()
    stage.state = state
    session.flush()
    return stage


def make_seat(session: Session, panel: Panel, user: User | None = None, *, edition: Edition | None = None, **values: Any) -> Seat:
    """An accepted seat for the user; a planned one without a user."""
    number = next(_numbers)
    common: dict[str, Any] = {"name": f"Judge {number}", "email": f"judge{number}@example.org", "category": SeatCategory.TECHNICAL}
    if user is not None:
        common |= {
            "user_id": user.id, "email": user.email, "name": user.name, "state": SeatState.ACCEPTED, "invited_at": NOW,
            "answered_at": NOW, "statement_at": NOW, "statement_digest": "0" * 64,
        }  # fmt: skip
        grant(session, user, Role.JUDGE, edition=edition)
    seat = Seat(panel_id=panel.id, **(common | values))
    session.add(seat)
    session.flush()
    return seat


def make_form_version(session: Session) -> FormVersion:
    definition = FormDefinition(name="form", created_at=NOW)
    session.add(definition)
    session.flush()
    version = FormVersion(definition_id=definition.id, number=1, schema=SCHEMA, changed_at=NOW)
    session.add(version)
    session.flush()
    return version


def make_entry(session: Session, call: Call, stage: Stage, *, title: str = "", unit: str = "", leader: User | None = None) -> Entry:
    """An accepted entry with version and blind copy, taking part in the stage."""
    number = next(_numbers)
    leader = leader or make_user(session)
    form = make_form_version(session)
    answers = {"title": title or f"Secret title {number}", "summary": f"Summary {number}", "unit": unit or f"Hidden unit {number}",
               "phone": f"phone-{number}-canary"}  # fmt: skip
    entry = Entry(
        call_id=call.id, edition_id=call.edition_id, code=f"C{number:07d}", public_code=f"P{number:07d}", title=answers["title"],
        state=EntryState.ACCEPTED, leader_id=leader.id, unit_name=answers["unit"], form_version_id=form.id, answers=answers,
        submitted_at=NOW, created_at=NOW, changed_at=NOW,
    )  # fmt: skip
    session.add(entry)
    session.flush()
    content = {"title": answers["title"], "unit": {"name": answers["unit"], "uscc": "", "area": ""}, "partners": [], "answers": answers,
               "files": [], "members": []}  # fmt: skip
    version = EntryVersion(
        entry_id=entry.id, number=1, form_version_id=form.id, content=content, digest="0" * 64,
        received_at=NOW, submitted_by_id=leader.id, receipt_code=f"R{number:09d}", receipt={}, signature="", key_id="k",
    )  # fmt: skip
    session.add(version)
    session.flush()
    entry.current_version_id = version.id
    blind = {"title": f"Blind title {number}", "summary": answers["summary"]}
    session.add(
        BlindCopy(entry_id=entry.id, version_id=version.id, title=blind["title"], content={"answers": blind, "files": []}, made_at=NOW)
    )
    session.add(StageEntry(stage_id=stage.id, entry_id=entry.id, joined_at=NOW))
    session.add(EntryMember(
        entry_id=entry.id, user_id=leader.id, name=leader.name, email=leader.email, role=MemberRole.LEADER, right=MemberRight.SUBMIT,
        state=MemberState.CONFIRMED, invited_at=NOW,
    ))  # fmt: skip
    session.flush()
    return entry


def assign_all(session: Session, scene: Scene) -> None:
    """Every judge of the scene scores every entry."""
    for seat in scene.seats:
        for place, entry in enumerate(scene.entries):
            made = Assignment(
                panel_id=scene.panel.id,
                seat_id=seat.id,
                entry_id=entry.id,
                stage_id=scene.stage.id,
                judge_id=seat.user_id,
                position=place,
                assigned_at=NOW,
            )
            session.add(made)
            scene.assignments[entry.id, seat.id] = made
    session.flush()
