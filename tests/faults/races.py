"""`make test-races`: twenty client processes want the same thing at one moment, of the served product; prints what each got.

One sheet of a judge for an entry, one hand-over by a leader, the last place of a call, one entry a person, the last place of a team, one
chair and one seat an address, one answer to a judge's invitation. ROUNDS=25 rounds of each; DATABASE_URL=postgresql://… runs on that
server, in a database of its own. SABOTAGE=1 counts no places and lifts the database's own rules, so that the run must fail.
"""

from __future__ import annotations

import json
import os
import secrets
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from app.core.db import make_engine
from tests.load.bench import database
from tests.load.edition import CRITERIA, FIRST_DRAFT
from tests.servers import Installation
from tests.support.racers import Echo, Racers, Shot

from .checking import chain_breaks
from .clients import Judge

HANDS, JUDGES, ENTRIES = 20, 8, 40
INVITE = """
import sys, wsgi
from datetime import UTC, datetime
from app.accounts.operations.tokens import secret_of
from app.core.authz import Actor
from app.core.uow import atomic
from app.judging.models import Seat
from app.judging.operations.invitations import invite_judge
with wsgi.app.app_context():
    for number in sys.argv[1:]:
        with atomic() as session:
            print(secret_of(invite_judge(session, seat=session.get_one(Seat, int(number)), actor=Actor(user_id=1), now=datetime.now(UTC))))
"""


@dataclass
class Count:
    """What the processes got in all rounds of one scene, and what the database holds that it must not."""

    scene: str
    accepted: int = 0
    refused: int = 0
    failed: int = 0
    violations: int = 0
    rounds: int = 0
    wanted: int = 1
    samples: list[str] = field(default_factory=list)

    def add(self, echoes: Sequence[Echo], accepted: int, violated: bool) -> None:
        self.rounds += 1
        failed = [echo for echo in echoes if echo.status == 0 or echo.status >= 500]
        self.accepted += accepted
        self.failed += len(failed)
        self.refused += len(echoes) - len(failed) - accepted
        self.violations += violated
        self.samples += [f"{echo.status}: {echo.body[:300]}" for echo in failed[:1]]

    @property
    def is_clean(self) -> bool:
        return self.accepted == self.rounds * self.wanted and self.failed == self.violations == 0

    def row(self) -> str:
        figures = f"{self.accepted:6} {self.refused:8} {self.failed:5} {self.violations:11}"
        return f"{self.scene:52} {self.rounds:6} {figures}{'' if self.is_clean else '   <- NOT CLEAN'}"


@dataclass
class Ground:
    """The served product, its racing clients, and its database."""

    installation: Installation
    engine: Engine
    racers: Racers
    people: dict[str, Judge] = field(default_factory=dict)

    def person(self, name: str) -> Judge:
        """Somebody who is signed in."""
        if name not in self.people:
            made = Judge(self.installation.port, f"{name}@load.example", [], self.installation.folder, 1, threading.Event())
            made.sign_in()
            self.people[name] = made
        return self.people[name]

    def shot(self, who: str, path: str, /, **fields: str) -> Shot:
        person = self.person(who)
        base = f"http://127.0.0.1:{self.installation.port}"
        headers = {"X-CSRFToken": person.token, "Referer": base + path, "Accept": "application/json"}
        return Shot(path, {"csrf_token": person.token, **fields}, dict(person.browser.cookies), headers)

    def ask(self, sql: str, **values: Any) -> int:
        with self.engine.connect() as connection:
            return int(connection.execute(text(sql), values).scalar() or 0)

    def write(self, *statements: str, **values: Any) -> None:
        with self.engine.connect().execution_options(write=True) as connection, connection.begin():
            for statement in statements:
                connection.execute(text(statement), values)


def one_sheet(ground: Ground, number: int, count: Count) -> None:
    """Twenty first saves of one judge for one entry."""
    seat = 1 + number % JUDGES
    free = "SELECT min(id) FROM entries WHERE call_id = 1 AND id NOT IN (SELECT entry_id FROM assignments WHERE seat_id = :n)"
    entry = ground.ask(free, n=seat)
    ground.write(
        f"""INSERT INTO assignments (panel_id, seat_id, entry_id, stage_id, state, position, assigned_at, opened_at, recuse_reason)
            VALUES (1, {seat}, {entry}, 2, 'active', 0, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP, '')"""
    )
    assignment = ground.ask("SELECT max(id) FROM assignments")
    shots = []
    for hand in range(HANDS):
        marks = {f"mark-{name}": str(hand % full) for name, _zh, full in CRITERIA}
        key = secrets.token_hex(16)
        plain = ground.shot(f"judge{seat}", f"/desk/assignments/{assignment}", version="0", comment=f"{hand}", private_note="", **marks)
        shots.append(Shot(plain.path, plain.fields, plain.cookies, {**plain.headers, "Idempotency-Key": key}))
    echoes = ground.racers.fire(shots)
    sheets = ground.ask("SELECT count(*) FROM score_sheets WHERE assignment_id = :n", n=assignment)
    saves = ground.ask(
        "SELECT count(*) FROM sheet_saves v JOIN score_sheets s ON s.id = v.sheet_id WHERE s.assignment_id = :n", n=assignment
    )
    count.add(echoes, sum(echo.status == 200 for echo in echoes), (sheets, saves) != (1, 1))


def one_hand_over(ground: Ground, number: int, count: Count) -> None:
    """The leader hands over to twenty members at once: who has handed over leads no more."""
    entry = FIRST_DRAFT + number
    ground.write(
        *(f"""INSERT INTO entry_members (entry_id, user_id, name, email, unit, position, role, "right", state, rank, invited_at)
              VALUES (:entry, {100_002 + hand}, '成员', 'm{hand}@load.example', '', '', 'member', 'edit', 'confirmed', 2,
                      CURRENT_TIMESTAMP)"""
          for hand in range(HANDS)),
        entry=entry,
    )  # fmt: skip
    with ground.engine.connect() as connection:
        wanted = text("SELECT id FROM entry_members WHERE entry_id = :n AND role = 'member' ORDER BY id")
        members = [row[0] for row in connection.execute(wanted, {"n": entry})]
    echoes = ground.racers.fire([ground.shot("team1", f"/my/entries/D{entry:07d}/team/{member}/lead") for member in members])
    done = "SELECT count(*) FROM journal_events WHERE name = 'entries.leadership_handed_over' AND subject_id = :n"
    leaders = ground.ask("SELECT count(*) FROM entry_members WHERE entry_id = :n AND role = 'leader'", n=entry)
    count.add(echoes, ground.ask(done, n=entry), leaders != 1)


def last_place(ground: Ground, number: int, count: Count) -> None:
    """Twenty complete drafts, one place left."""
    first = FIRST_DRAFT + 30
    ground.write(
        "UPDATE entries SET state = 'draft', submitted_at = NULL, current_version_id = NULL WHERE call_id = 2 AND state <> 'withdrawn'",
        "UPDATE calls SET quota = 1 WHERE id = 2",
    )
    echoes = ground.racers.fire(
        [ground.shot("team1", f"/my/entries/D{first + hand:07d}/submit", confirmed="yes", version="1") for hand in range(HANDS)]
    )
    taken = ground.ask("SELECT count(*) FROM entries WHERE call_id = 2 AND state = 'submitted'")
    count.add(echoes, sum(echo.status == 303 for echo in echoes), taken > 1)
    ground.write("UPDATE calls SET quota = NULL WHERE id = 2")


def one_entry(ground: Ground, number: int, count: Count) -> None:
    """One person begins twenty entries in two calls of an edition where a person leads one."""
    name = f"team{2 + number % (ENTRIES - 2)}"
    leader = 100_000 + int(name[4:])
    ground.write("UPDATE entries SET state = 'withdrawn' WHERE edition_id = 2 AND leader_id = :n", n=leader)
    echoes = ground.racers.fire(
        [ground.shot(name, f"/contests/load-open/{('T1-G1', 'T1-G2')[hand % 2]}/start", title=f"题目 {number} {hand}", unit_name="示例科技")
         for hand in range(HANDS)]
    )  # fmt: skip
    led = ground.ask("SELECT count(*) FROM entries WHERE edition_id = 2 AND leader_id = :n AND state <> 'withdrawn'", n=leader)
    count.add(echoes, sum(echo.status == 303 for echo in echoes), led != 1)


def last_place_of_a_team(ground: Ground, number: int, count: Count) -> None:
    """Twenty invitations into a team of one that may have two."""
    entry = FIRST_DRAFT + 59 - number % 9
    ground.write("DELETE FROM entry_members WHERE entry_id = :n AND role <> 'leader'", n=entry)
    echoes = ground.racers.fire(
        [ground.shot("team1", f"/my/entries/D{entry:07d}/team/invite", name="甲", email=f"i{number}-{hand}@load.example",
                     role="member", right="view") for hand in range(HANDS)]
    )  # fmt: skip
    members = ground.ask("SELECT count(*) FROM entry_members WHERE entry_id = :n AND state NOT IN ('declined', 'removed')", n=entry)
    count.add(echoes, sum(echo.status == 303 for echo in echoes), members != 2)


def one_chair(ground: Ground, number: int, count: Count) -> None:
    """Twenty different judges are all made the chair of one panel."""
    return _seats(ground, count, [(f"c{number}-{hand}@load.example", "y") for hand in range(HANDS)])


def one_seat(ground: Ground, number: int, count: Count) -> None:
    """One judge is given a seat twenty times."""
    return _seats(ground, count, [(f"s{number}@load.example", "")] * HANDS)


def _seats(ground: Ground, count: Count, wanted: list[tuple[str, str]]) -> None:
    ground.write("DELETE FROM seat_tracks", "DELETE FROM seats WHERE id > :n", n=JUDGES)
    path = "/manage/load-judging/stages/2/panels/1/seats"
    shots = []
    for place, (email, chair) in enumerate(wanted):
        fields = {"name": f"评委{place}", "email": email, "unit": "", "category": "technical", **({"is_chair": chair} if chair else {})}
        shots.append(ground.shot("organizer", path, **fields))
    echoes = ground.racers.fire(shots)
    count.add(echoes, sum(echo.status == 303 for echo in echoes), ground.ask("SELECT count(*) FROM seats WHERE id > :n", n=JUDGES) != 1)


def one_answer(ground: Ground, number: int, count: Count) -> None:
    """A judge's invitation is accepted twenty times."""
    email = f"team{ENTRIES - number}@load.example"
    ground.write(
        """INSERT INTO seats (panel_id, name, email, unit, category, is_chair, state, decline_reason)
           VALUES (1, '新评委', :email, '', 'technical', false, 'planned', '')""", email=email,
    )  # fmt: skip
    seat = ground.ask("SELECT max(id) FROM seats")
    secret = ground.installation.run("python", "-c", INVITE, str(seat)).split()[-1]
    shots = [
        ground.shot(
            email.partition("@")[0], f"/invitations/judge/{secret}/acceptance", statement="y", has_conflict="no", conflict_reason=""
        )
        for _ in range(HANDS)
    ]
    echoes = ground.racers.fire(shots)
    done = ground.ask("SELECT count(*) FROM journal_events WHERE name = 'judging.seat_accepted' AND subject_id = :n", n=seat)
    taken = ground.ask("SELECT count(*) FROM seats WHERE id = :n AND state = 'accepted'", n=seat)
    count.add(echoes, done, taken != 1)


SCENES: dict[str, Callable[[Ground, int, Count], None]] = {
    "one sheet of a judge for an entry": one_sheet,
    "one hand-over by a leader": one_hand_over,
    "the last place of a call": last_place,
    "one entry a person, in two calls": one_entry,
    "the last place of a team": last_place_of_a_team,
    "one chair of a panel": one_chair,
    "one seat an address": one_seat,
    "one answer to a judge's invitation": one_answer,
}


def prepare(installation: Installation) -> None:
    """A migrated database with a filled edition, and a second call beside the open one."""
    installation.flask("db", "upgrade")
    installation.run("python", "-m", "tests.load.edition", str(ENTRIES), str(JUDGES))
    engine = make_engine(installation.environment["DATABASE_URL"])
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        rules = json.loads(connection.execute(text("SELECT rules FROM calls WHERE id = 2")).scalar() or "{}")
        connection.execute(text("UPDATE calls SET rules = :rules WHERE id = 2"), {"rules": json.dumps({**rules, "team_max": 2})})
        columns = "edition_id, kind, name, name_en, track_id, opens_at, closes_at, form_version_id, rules, position, version"
        group = (
            "INSERT INTO entry_groups (id, edition_id, code, name, name_en, description, position) VALUES (9, 2, 'G2', '成长组', '', '', 2)"
        )
        connection.execute(text(group))
        connection.execute(
            text(f"INSERT INTO calls (id, code, group_id, {columns}) SELECT 9, 'T1-G2', 9, {columns} FROM calls WHERE id = 2")
        )
    engine.dispose()


def play(folder: Path, url: str, rounds: int, *, workers: int, application: str = "wsgi:app") -> list[Count]:
    """Every scene so many times on a freshly served product; the chains and the house's rules are looked at afterwards."""
    installation = Installation(folder, {"DATABASE_URL": url})
    prepare(installation)
    web = installation.web(application, workers=workers, threads=16 if workers == 1 else 8)
    web.start()
    counts = [Count(scene) for scene in SCENES]
    try:
        installation.wait()
        with Racers(installation.port, HANDS) as racers:
            ground = Ground(installation, make_engine(url), racers)
            for count in counts:
                for number in range(rounds):
                    SCENES[count.scene](ground, number, count)
            for person in ground.people.values():
                person.browser.close()
            ground.engine.dispose()
    finally:
        web.stop()
    broken = Count("chains broken", wanted=0)
    broken.violations = chain_breaks(installation)
    return [*counts, broken]


def main() -> int:
    """In a folder and a database that are removed afterwards."""
    rounds = int(os.environ.get("ROUNDS", "25"))
    application = "tests.faults.sabotage:crowded" if os.environ.get("SABOTAGE") else "wsgi:app"
    with tempfile.TemporaryDirectory(prefix="jiebang-races-") as folder, database("races", Path(folder)) as url:
        workers = 1 if url.startswith("sqlite") else 3
        print(f"{HANDS} client processes at one moment, {rounds} rounds of each on {url.partition(':')[0]}, {workers} web processes")
        counts = play(Path(folder), url, rounds, workers=workers, application=application)
    print(f"{'':52} {'rounds':>6} {'got it':>6} {'refused':>8} {'5xx':>5} {'violations':>11}")
    for count in counts:
        print(count.row())
        print("".join(f"    {sample}\n" for sample in count.samples[:2]), end="")
    clean = all(count.is_clean for count in counts)
    print("one got it each time, everybody else was told" if clean else "NOT CLEAN")
    return 0 if clean else 1


if __name__ == "__main__":
    sys.exit(main())
