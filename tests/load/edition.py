"""A large edition written straight into the tables: entries, judges, five score sheets an entry, always the same.

`python -m tests.load.edition 600 60` fills the database of the environment's settings; `seal` and `release` go on from there.
Everything satisfies the database's constraints; texts have the length that people write. All accounts share PASSWORD.
"""

from __future__ import annotations

import hashlib
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from argon2 import PasswordHasher
from sqlalchemy import Connection, func, insert, select, text, update
from sqlalchemy.orm import DeclarativeBase

from app.accounts.enums import OrganizationKind, Role
from app.accounts.models import Organization, RoleGrant, User
from app.calls.enums import CallKind, EditionKind, EditionState, StageKind, StageState
from app.calls.models import Call, Edition, EntryGroup, Series, Stage, StageRuleVersion, Track
from app.calls.rules import Aggregation, CallRules, Criterion, EditionRules, Rubric, StageRules, TieStep
from app.core.authz import Actor
from app.core.db import db
from app.core.uow import atomic
from app.dynforms.models import FormDefinition, FormVersion
from app.dynforms.schema import Field, FieldKind, FormSchema, Section, Text, Visibility
from app.entries.enums import EntryState, MemberRight, MemberRole, MemberState
from app.entries.models import BlindCopy, Entry, EntryMember, EntryVersion, StageEntry
from app.judging.enums import AssignmentState, SeatCategory, SeatState, SheetState
from app.judging.models import Assignment, Mark, Panel, PanelCall, ScoreSheet, Seat, SheetSave
from app.results.models import ResultRun
from app.results.operations import propose_run, release_run
from app.results.queries.computing import proof_of

PASSWORD = "correct horse battery staple 42"
SHEETS_PER_ENTRY = 5
FIRST_DRAFT, DRAFTS = 1_000_001, 60
CRITERIA = (
    ("innovation", "创新性", 30),
    ("technology", "技术水平", 25),
    ("market", "市场前景", 20),
    ("team", "团队", 15),
    ("plan", "实施方案", 10),
)
SENTENCES = (
    "本项目面向先进制造中的实时检测需求，提出一种可在产线旁部署的方法。",
    "团队已完成样机，并在两家企业的产线上连续运行三个月以上。",
    "核心算法将误检率由百分之四降至百分之零点六，单件检测时间低于八十毫秒。",
    "项目计划在两年内完成三类产品的定型，并形成不少于五项授权专利。",
    "资金将主要用于设备购置、人员投入和第三方检测。",
)


@dataclass(frozen=True)
class Size:
    """How many entries and judges."""

    entries: int
    judges: int


def prose(source: random.Random, length: int) -> str:
    """A text of about the length, made of whole sentences."""
    words: list[str] = []
    while sum(map(len, words)) < length:
        words.append(source.choice(SENTENCES))
    return "".join(words)[:length]


def digest(*parts: object) -> str:
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()


def form_schema() -> FormSchema:
    """Five questions and one file."""
    fields = [
        Field("title", FieldKind.TEXT, Text("项目名称", "Title"), section="about", required=True, max_chars=80),
        Field("abstract", FieldKind.LONG_TEXT, Text("项目简介", "Abstract"), section="about", required=True, max_chars=3000),
        Field("market", FieldKind.LONG_TEXT, Text("市场分析", "Market"), section="about", max_chars=3000),
        Field("unit", FieldKind.TEXT, Text("单位", "Unit"), section="about", visibility=Visibility.STAFF, max_chars=120),
        Field("plan", FieldKind.FILE, Text("商业计划书", "Plan"), section="files", file_types=["pdf"], max_mb=20),
    ]
    return FormSchema(
        title=Text("申报书", "Application"),
        sections=[Section("about", Text("项目", "Project")), Section("files", Text("附件", "Files"))],
        fields=fields,
    )


def stage_rules() -> StageRules:
    """One rubric of five criteria out of 100, highest and lowest dropped from five judges on."""
    criteria = [Criterion(key, Text(name, key.title()), full=str(full)) for key, name, full in CRITERIA]
    return StageRules(
        rubrics={"*": Rubric(mode="points", full="100", step="0.5", decimals=1, criteria=criteria)},
        aggregation=Aggregation(method="trimmed", drop_high=1, drop_low=1, trim_from=5, min_judges=3),
        ties=[TieStep("untrimmed_mean"), TieStep("criterion", "innovation"), TieStep("share")],
        judges_per_entry=SHEETS_PER_ENTRY,
    )


class Filler:
    """Writes rows with chosen ids, in large statements."""

    def __init__(self, connection: Connection, size: Size, now: datetime) -> None:
        self.connection, self.size, self.now = connection, size, now
        self.source = random.Random(20260316)

    def put(self, table: type[DeclarativeBase], rows: Iterator[dict[str, Any]] | list[dict[str, Any]]) -> None:
        """Insert the rows, a few thousand at a time."""
        batch: list[dict[str, Any]] = []
        for row in rows:
            batch.append(row)
            if len(batch) == 2000:
                self.connection.execute(insert(table), batch)
                batch = []
        if batch:
            self.connection.execute(insert(table), batch)

    def users(self) -> None:
        """1 organizer, 2 supervisor's colleague as host, then judges from 1001, team leaders from 100001."""
        hashed = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1).hash(PASSWORD)
        people = [(1, "organizer", "组织者"), (2, "host", "主办方")]
        people += [(1000 + n, f"judge{n}", f"评委{n}") for n in range(1, self.size.judges + 1)]
        people += [(100_000 + n, f"team{n}", f"负责人{n}") for n in range(1, self.size.entries + 1)]
        self.put(
            User,
            (
                {
                    "id": key, "email": f"{name}@load.example", "name": shown, "sort_key": name, "password_hash": hashed,
                    "password_changed_at": self.now, "email_confirmed_at": self.now, "created_at": self.now, "version": 1,
                    "locale": "zh_CN",
                }
                for key, name, shown in people
            ),
        )  # fmt: skip

    def house(self) -> None:
        """Organizations, roles, a series and two editions: one in judging, one open for entry."""
        offices = ((1, None, "/1/", "某区人民政府"), (2, 1, "/1/2/", "某区科技局"))
        self.put(
            Organization,
            [
                {"id": key, "parent_id": parent, "kind": OrganizationKind.DISTRICT if parent is None else OrganizationKind.OFFICE,
                 "name": name, "path": path, "created_at": self.now, "version": 1}
                for key, parent, path, name in offices
            ],
        )  # fmt: skip
        self.put(Series, [{"id": 1, "organization_id": 2, "name": "性能测试系列", "created_at": self.now}])
        for key, code in ((1, "load-judging"), (2, "load-open")):
            self.put(
                Edition,
                [{
                    "id": key, "series_id": 1, "kind": EditionKind.CONTEST, "code": code, "title": f"性能测试大赛 {key}",
                    "host_id": 1, "organizer_id": 2, "state": EditionState.PUBLISHED, "rules": EditionRules(),
                    "created_at": self.now, "created_by_id": 1, "published_at": self.now - timedelta(days=60), "version": 1,
                }],
            )  # fmt: skip
        granted = {"granted_by_id": None, "granted_at": self.now}
        self.put(
            RoleGrant,
            [
                {"user_id": 1, "role": Role.ORGANIZER, "organization_id": 2, "edition_id": None, **granted},
                {"user_id": 2, "role": Role.HOST, "organization_id": 1, "edition_id": None, **granted},
            ],
        )

    def calls(self) -> None:
        """One track and group a contest; the first call is closed and judged, the second is open."""
        schema = form_schema()
        self.put(FormDefinition, [{"id": 1, "organization_id": 2, "name": "申报书", "created_at": self.now, "version": 1}])
        self.put(
            FormVersion,
            [{"id": 1, "definition_id": 1, "number": 1, "schema": schema, "digest": digest(schema), "changed_at": self.now,
              "published_at": self.now, "published_by_id": 1}],
        )  # fmt: skip
        for key in (1, 2):
            self.put(Track, [{"id": key, "edition_id": key, "code": "T1", "name": "先进制造"}])
            self.put(EntryGroup, [{"id": key, "edition_id": key, "code": "G1", "name": "初创组"}])
        windows = ((1, -50, -10), (2, -5, 30))
        self.put(
            Call,
            [
                {"id": key, "edition_id": key, "kind": CallKind.DIVISION, "code": "T1-G1", "name": "先进制造·初创组",
                 "track_id": key, "group_id": key, "opens_at": self.now + timedelta(days=first),
                 "closes_at": self.now + timedelta(days=last), "form_version_id": 1, "rules": CallRules(team_min=1, team_max=5),
                 "version": 1}
                for key, first, last in windows
            ],
        )  # fmt: skip

    def stages(self) -> None:
        """Formal check, then online review: open, with frozen rules."""
        rules = stage_rules()
        window = {"opens_at": self.now - timedelta(days=5), "closes_at": self.now + timedelta(days=20), "version": 1}
        checking = {"kind": StageKind.FORMAL_CHECK, "state": StageState.PREPARING, "name": "形式审查", "rules": StageRules()}
        review = {"kind": StageKind.ONLINE_REVIEW, "state": StageState.PREPARING, "name": "网络评审", "rules": rules}
        self.put(Stage, [{"id": 1, "edition_id": 1, "position": 1, **checking, **window}])
        self.put(Stage, [{"id": 2, "edition_id": 1, "position": 2, **review, **window}])
        self.put(
            StageRuleVersion,
            [{"id": 1, "stage_id": 2, "number": 1, "rules": rules, "digest": digest(rules), "frozen_at": self.now, "frozen_by_id": 2}],
        )
        self.connection.execute(
            text("UPDATE stages SET rule_version_id = 1, state = :state WHERE id = 2"), {"state": StageState.OPEN.value}
        )

    def entries(self) -> None:
        """Accepted entries with one handed-in version and a blind copy each."""
        numbers = range(1, self.size.entries + 1)
        answers = {n: self.answers(n) for n in numbers}
        submitted = self.now - timedelta(days=12)
        common = {"state": EntryState.ACCEPTED, "form_version_id": 1, "submitted_at": submitted, "created_at": submitted,
                  "changed_at": submitted, "eligibility": {}, "open_fields": [], "revision": 1, "area_code": "330109"}  # fmt: skip
        self.put(
            Entry,
            (
                {"id": n, "call_id": 1, "edition_id": 1, "code": f"E{n:07d}", "public_code": f"P{n:07d}", "sort_key": f"{n:07d}",
                 "title": answers[n]["title"], "leader_id": 100_000 + n, "unit_name": f"示例科技{n}", "answers": answers[n], **common}
                for n in numbers
            ),
        )  # fmt: skip
        self.put(
            EntryVersion,
            (
                {"id": n, "entry_id": n, "number": 1, "form_version_id": 1, "digest": digest("version", n), "key_id": "load",
                 "content": {"answers": answers[n], "files": [], "members": []}, "received_at": submitted, "receipt": {},
                 "submitted_by_id": 100_000 + n, "receipt_code": f"R{n:09d}", "signature": ""}
                for n in numbers
            ),
        )  # fmt: skip
        self.connection.execute(text("UPDATE entries SET current_version_id = id WHERE edition_id = 1"))
        confirmed = {"role": MemberRole.LEADER, "right": MemberRight.SUBMIT, "state": MemberState.CONFIRMED,
                     "invited_at": submitted, "answered_at": submitted}  # fmt: skip
        self.put(
            EntryMember,
            ({"entry_id": n, "user_id": 100_000 + n, "name": f"负责人{n}", "email": f"team{n}@load.example", **confirmed} for n in numbers),
        )
        self.put(
            BlindCopy,
            (
                {"entry_id": n, "version_id": n, "title": answers[n]["title"], "made_at": submitted, "findings": [],
                 "content": {"answers": answers[n], "files": []}}
                for n in numbers
            ),
        )  # fmt: skip
        self.put(StageEntry, ({"stage_id": 2, "entry_id": n, "joined_at": submitted} for n in numbers))

    def drafts(self) -> None:
        """Complete drafts in the open call, all led by the first team's leader; not yet handed in."""
        numbers = range(FIRST_DRAFT, FIRST_DRAFT + DRAFTS)
        began = self.now - timedelta(days=2)
        self.put(
            Entry,
            (
                {"id": n, "call_id": 2, "edition_id": 2, "code": f"D{n:07d}", "sort_key": f"{n:07d}", "title": f"草稿{n}",
                 "leader_id": 100_001, "unit_name": "示例科技", "answers": self.answers(n), "eligibility": {"passed": True},
                 "open_fields": [], "revision": 1, "area_code": "330109", "state": EntryState.DRAFT, "form_version_id": 1,
                 "created_at": began, "changed_at": began}
                for n in numbers
            ),
        )  # fmt: skip
        confirmed = {"role": MemberRole.LEADER, "right": MemberRight.SUBMIT, "state": MemberState.CONFIRMED, "user_id": 100_001,
                     "name": "负责人1", "email": "team1@load.example", "invited_at": began, "answered_at": began}  # fmt: skip
        self.put(EntryMember, ({"entry_id": n, **confirmed} for n in numbers))

    def answers(self, number: int) -> dict[str, Any]:
        abstract = prose(self.source, 750)
        return {"title": f"在线检测装置第{number}号", "abstract": abstract, "market": prose(self.source, 750), "unit": f"示例科技{number}"}

    def judging(self) -> None:
        """One panel; each entry goes to five judges in turn, so that loads differ by at most one."""
        self.put(
            Panel,
            [{"id": 1, "stage_id": 2, "name": "专家组", "judges_per_entry": SHEETS_PER_ENTRY, "created_at": self.now}],
        )
        self.put(PanelCall, [{"panel_id": 1, "call_id": 1}])
        accepted = {"category": SeatCategory.TECHNICAL, "state": SeatState.ACCEPTED, "is_chair": False, "invited_at": self.now,
                    "answered_at": self.now, "statement_at": self.now, "statement_digest": digest("statement")}  # fmt: skip
        self.put(
            Seat,
            (
                {"id": n, "panel_id": 1, "user_id": 1000 + n, "name": f"评委{n}", "email": f"judge{n}@load.example", **accepted}
                for n in range(1, self.size.judges + 1)
            ),
        )
        pairs = [(key, 1 + key // SHEETS_PER_ENTRY, 1 + key % self.size.judges) for key in range(self.size.entries * SHEETS_PER_ENTRY)]
        self.put(
            Assignment,
            (
                {"id": key + 1, "panel_id": 1, "seat_id": seat, "entry_id": entry, "stage_id": 2, "state": AssignmentState.ACTIVE,
                 "position": entry, "assigned_at": self.now, "opened_at": self.now}
                for key, entry, seat in pairs
            ),
        )  # fmt: skip
        self.sheets(pairs)

    def sheets(self, pairs: list[tuple[int, int, int]]) -> None:
        """A complete draft for every assignment: marks, total, a comment of 600 characters, one save."""
        marks = {key + 1: self.marks(entry) for key, entry, _seat in pairs}
        comments = [prose(self.source, 600) for _ in range(97)]
        self.put(
            ScoreSheet,
            (
                {"id": key, "assignment_id": key, "stage_id": 2, "rule_version_id": 1, "state": SheetState.DRAFT, "revision": 1,
                 "total": sum(given.values()), "comment": comments[key % 97], "private_note": "", "saved_at": self.now}
                for key, given in marks.items()
            ),
        )  # fmt: skip
        self.put(
            Mark,
            (
                {"sheet_id": key, "criterion": criterion, "value": value, "comment": ""}
                for key, given in marks.items()
                for criterion, value in given.items()
            ),
        )
        self.put(
            SheetSave,
            (
                {"sheet_id": key, "revision": 1, "key": f"load-{key}", "digest": digest(key), "saved_at": self.now,
                 "saved_by_id": 1000 + seat, "content": {"marks": {name: str(value) for name, value in marks[key].items()}}}
                for key, seat in ((number + 1, seat) for number, _entry, seat in pairs)
            ),
        )  # fmt: skip

    def marks(self, entry: int) -> dict[str, Decimal]:
        """Half-point marks around the entry's own quality."""
        quality = 0.55 + 0.4 * ((entry * 37) % 101) / 101
        given = {}
        for key, _name, full in CRITERIA:
            halves = round(2 * full * min(1.0, max(0.2, quality + self.source.uniform(-0.12, 0.12))))
            given[key] = Decimal(halves) / 2
        return given


def fill(size: Size, now: datetime) -> None:
    """Write the whole edition in one transaction."""
    if db.engine is None:
        raise RuntimeError("the database is not open")
    with db.engine.connect().execution_options(write=True) as connection, connection.begin():
        filler = Filler(connection, size, now)
        for part in (filler.users, filler.house, filler.calls, filler.stages, filler.entries, filler.drafts, filler.judging):
            part()
        if connection.dialect.name == "postgresql":
            advance_sequences(connection)
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


def seal(now: datetime) -> None:
    """Sign every sheet and seal the stage, so that a result can be computed."""
    if db.engine is None:
        raise RuntimeError("the database is not open")
    with db.engine.connect().execution_options(write=True) as connection, connection.begin():
        signed = {"state": SheetState.SIGNED, "signed_at": now, "digest": digest("signed")}
        connection.execute(update(ScoreSheet).values(**signed))
        connection.execute(update(Stage).where(Stage.id == 2).values(state=StageState.SEALED, sealed_at=now))


def release() -> None:
    """The newest result goes out: proposed by the organizer, released by the host."""
    run = db.session.scalars(select(ResultRun).order_by(ResultRun.id.desc()).limit(1)).one()
    proof, now = proof_of(db.session, run), datetime.now(UTC)
    with atomic() as session:
        propose_run(session, run=run, actor=Actor(user_id=1), now=now, proof=proof)
        release_run(session, run=run, actor=Actor(user_id=2), now=now, proof=proof)


def advance_sequences(connection: Connection) -> None:
    """PostgreSQL numbers on from where the chosen ids end."""
    for model in (User, Organization, Series, Edition, FormDefinition, FormVersion, Track, EntryGroup, Call, Stage, StageRuleVersion,
                  Entry, EntryVersion, Panel, Seat, Assignment, ScoreSheet):  # fmt: skip
        highest = connection.scalar(select(func.max(model.id)))
        connection.execute(text("SELECT setval(pg_get_serial_sequence(:table, 'id'), :highest)"), {
            "table": model.__tablename__, "highest": highest,
        })  # fmt: skip


if __name__ == "__main__":
    import wsgi  # opens the database of the settings

    with wsgi.app.app_context():
        if sys.argv[1] == "seal":
            seal(datetime.now(UTC))
        elif sys.argv[1] == "release":
            release()
        else:
            fill(Size(int(sys.argv[1]), int(sys.argv[2])), datetime.now(UTC))
