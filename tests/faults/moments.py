"""`make test-moments`: many requests at one moment, at the deadline, and while the clock is set, through real HTTP; prints the figures.

SPREAD=1000 saves lie two seconds around the deadline; ROUNDS=20 rounds of equal and of different saves. DATABASE_URL=postgresql://…
runs on that server, in a database of its own that is dropped afterwards. SABOTAGE=twice, late or believing (1 means all of them) runs a
broken build, which must fail.
"""

from __future__ import annotations

import os
import random
import secrets
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Select, func, select, update

from app.audit.models import Alarm
from app.calls.models import Stage
from app.core.db import make_engine
from app.judging.models import Assignment, ScoreSheet, SheetSave
from tests.load.bench import database
from tests.load.browser import Browser, Fields, Reply
from tests.load.edition import CRITERIA
from tests.servers import Installation, Process

from .checking import Finding, chain_breaks
from .clients import Judge

JUDGES, ENTRIES, HANDS = 8, 40, 20
BROKEN = ("twice", "late", "believing")


@dataclass
class Ground:
    """The running server and one judge who is signed in."""

    installation: Installation
    web: Process
    judge: Judge
    engine: Engine

    def ask(self, wanted: Select[Any]) -> Any:
        """The first value of a select, read beside the running processes."""
        with self.engine.connect() as connection:
            return connection.scalar(wanted)

    def save(self, assignment: int, version: str, key: str, comment: str, browser: Browser) -> Reply:
        """One save as the page's script sends it; equal keys send equal marks."""
        source = random.Random(key)
        marks: Fields = {f"mark-{name}": f"{source.randrange(0, 2 * full + 1) / 2:.1f}" for name, _zh, full in CRITERIA}
        fields: Fields = {"csrf_token": self.judge.token, "version": version, **marks, "comment": comment, "private_note": ""}
        headers = {"X-CSRFToken": self.judge.token, "Idempotency-Key": key, "Accept": "application/json"}
        return browser.post(f"/desk/assignments/{assignment}", fields, headers)

    def hand(self) -> Browser:
        """One more connection of the same person."""
        return Browser(self.installation.port, cookies=dict(self.judge.browser.cookies))

    def revision(self, assignment: int) -> int:
        wanted = select(func.coalesce(func.max(ScoreSheet.revision), 0)).where(ScoreSheet.assignment_id == assignment)
        return int(self.ask(wanted))


def together(jobs: Sequence[Callable[[], Reply]]) -> list[Reply]:
    """Every job in a thread of its own, all let go at one moment."""
    answers: list[Reply | None] = [None] * len(jobs)
    start = threading.Barrier(len(jobs))

    def run(place: int) -> None:
        start.wait(timeout=60)
        answers[place] = jobs[place]()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return [answer for answer in answers if answer is not None]


def equal_saves(ground: Ground, rounds: int) -> list[Finding]:
    """CONC-02: the same request twenty times at once is one save, and everybody hears of the same one."""
    several = different = 0
    hands = [ground.hand() for _ in range(HANDS)]
    for _ in range(rounds):
        before, key = ground.revision(1), secrets.token_hex(16)
        jobs = [lambda hand=hand: ground.save(1, str(before), key, f"equal {key}", hand) for hand in hands]  # noqa: B023 -- used at once
        answers = together(jobs)
        several += ground.revision(1) - before - 1
        told = {(answer.status, answer.body) for answer in answers}
        different += len(told) - 1 + (len(answers) != HANDS)
        if len(told) > 1:
            print(sorted(told)[:2])
    return [Finding(f"{rounds} × {HANDS} equal requests: saves beyond the one", several), Finding("… answers that differ", different)]


def different_saves(ground: Ground, rounds: int) -> list[Finding]:
    """CONC-01: of fifty different values on one version one wins; each of the others is told both values."""
    winners = silent = 0
    hands = [ground.hand() for _ in range(50)]
    for number in range(rounds):
        version = str(ground.revision(1))
        jobs = [lambda hand=hand, place=place: ground.save(1, version, secrets.token_hex(16), f"value {number}-{place}-", hand)  # noqa: B023
                for place, hand in enumerate(hands)]  # fmt: skip
        answers = together(jobs)
        winners += abs(sum(answer.status == 200 for answer in answers) - 1)
        stored = str(ground.ask(select(ScoreSheet.comment).where(ScoreSheet.assignment_id == 1)))
        lost = [answer for answer in answers if answer.status != 200]
        silent += sum(answer.status != 409 or stored not in answer.text for answer in lost) + (len(lost) != 49)
    return [Finding(f"{rounds} × 50 different saves: rounds with another number of winners than one", winners),
            Finding("… refused without the stored value beside one's own", silent)]  # fmt: skip


def around_the_deadline(ground: Ground, spread: int, seed: int) -> list[Finding]:
    """TIME-02: what was received before the deadline is there, nothing else is."""
    ends = datetime.now(UTC) + timedelta(seconds=6)
    stage = select(Assignment.stage_id).where(Assignment.id == 1).scalar_subquery()
    with ground.engine.connect().execution_options(write=True) as connection, connection.begin():
        connection.execute(update(Stage).where(Stage.id == stage).values(closes_at=ends))
    source, results, lock = random.Random(seed), [], threading.Lock()
    moments = sorted(ends + timedelta(seconds=source.uniform(-2, 2)) for _ in range(spread))
    mine = [n for n in range(1, ENTRIES * 5 + 1) if n % JUDGES == 1]

    def hand(part: list[datetime], assignment: int) -> None:
        browser, version = ground.hand(), ground.revision(assignment)
        for moment in part:
            time.sleep(max(0.0, (moment - datetime.now(UTC)).total_seconds()))
            key, sent = secrets.token_hex(16), datetime.now(UTC)
            answer = ground.save(assignment, str(version), key, f"deadline {key}", browser)
            version += answer.status == 200
            with lock:
                results.append((key, answer.status, sent, datetime.now(UTC)))

    parts = [threading.Thread(target=hand, args=(moments[place::HANDS], mine[place % len(mine)])) for place in range(HANDS)]
    for part in parts:
        part.start()
    for part in parts:
        part.join(timeout=240)
    with ground.engine.connect() as connection:
        stored = {row.key: row.saved_at for row in connection.execute(select(SheetSave.key, SheetSave.saved_at))}
    accepted = [result for result in results if result[1] == 200]
    print(f"{len(results)} saves around the deadline: {len(accepted)} accepted, {dict(Counter(result[1] for result in results))}")
    return [
        Finding("accepted though received at or after the deadline", sum(stored.get(key, ends) >= ends for key, *_ in accepted)),
        Finding("accepted though sent at or after the deadline", sum(sent >= ends for _key, _status, sent, _back in accepted)),
        Finding("refused though answered before the deadline", sum(r[1] != 200 and r[3] < ends for r in results)),
        Finding("accepted and not stored", sum(key not in stored for key, *_ in accepted)),
        Finding("refused and stored", sum(r[1] != 200 and r[0] in stored for r in results)),
    ]


def clock_set(ground: Ground, file: Path) -> list[Finding]:
    """TIME-06: the real processes with a clock that is set back and ahead by twenty minutes, and back by three seconds.

    A day would end the session first.
    """
    accepted = unsaid = lost = 0
    hand = ground.hand()
    for step in ("-1200", "1200", "-3"):
        version = str(ground.revision(1))
        file.write_text(step, encoding="ascii")
        time.sleep(0.2)
        wrong = ground.save(1, version, secrets.token_hex(16), "wrong clock", hand)
        accepted += wrong.status == 200 or ground.revision(1) != int(version)
        unsaid += "服务器时钟异常" not in wrong.text and "clock is not right" not in wrong.text and "\\u670d" not in wrong.text
        file.write_text("0", encoding="ascii")
        time.sleep(0.2)
        lost += ground.save(1, version, secrets.token_hex(16), "right clock", hand).status != 200
    alarms = int(ground.ask(select(func.count()).where(Alarm.kind == "clock", Alarm.closed_at.is_(None))))
    return [Finding("saves accepted while the clock was wrong", accepted), Finding("refusals that do not tell why", unsaid),
            Finding("saves refused once the clock was right again", lost), Finding("clock alarms missing", 1 - alarms)]  # fmt: skip


def broken_rules(installation: Installation) -> int:
    """What the operator's own command finds; that the filled edition has marks on drafts is known."""
    try:
        installation.flask("check-invariants")
    except RuntimeError as error:
        lines = [line for line in str(error).splitlines() if line.startswith("broken") and "marks_belong_to_signed" not in line]
        return len(lines)
    return 0


def run(folder: Path, url: str, seed: int, sabotage: str) -> int:
    """One whole run; 0 when every count that must be zero is zero."""
    file = folder / "clock"
    file.write_text("0", encoding="ascii")
    installation = Installation(folder, {"DATABASE_URL": url, "SABOTAGE": sabotage})
    installation.flask("db", "upgrade")
    installation.run("python", "-m", "tests.load.edition", str(ENTRIES), str(JUDGES))
    installation.settings["SET_CLOCK"] = str(file)
    web = installation.web("tests.faults.setclock:app", workers=3, threads=8)
    web.start()
    try:
        installation.wait()
        judge = Judge(installation.port, "judge1@load.example", [], folder, seed, threading.Event())
        judge.sign_in()
        ground, rounds = Ground(installation, web, judge, make_engine(url)), int(os.environ.get("ROUNDS", "20"))
        found = [*equal_saves(ground, rounds), *different_saves(ground, rounds), *clock_set(ground, file)]
        found += around_the_deadline(ground, int(os.environ.get("SPREAD", "1000")), seed)
    finally:
        web.stop()
    found += [Finding("rules over the data broken", broken_rules(installation)), Finding("chain breaks", chain_breaks(installation))]
    for finding in found:
        print(finding.row())
    clean = not any(finding.count for finding in found)
    print("one effect, one winner, nothing late, nothing early, no wrong clock believed" if clean else f"NOT CLEAN; seed {seed}")
    return 0 if clean else 1


def main() -> int:
    """In a folder and a database that are removed afterwards."""
    sabotage = os.environ.get("SABOTAGE", "")
    if sabotage not in ("", "1", *BROKEN):
        sys.exit(f"SABOTAGE is 1, {', '.join(BROKEN)}")
    broken = " ".join(BROKEN) if sabotage == "1" else sabotage
    if broken:
        print(f"Running a build that was broken on purpose ({broken}); this run must fail.")
    with tempfile.TemporaryDirectory(prefix="jiebang-moments-") as folder, database("moments", Path(folder)) as url:
        return run(Path(folder), url, int(os.environ.get("SEED") or secrets.randbelow(10**9)), broken)


if __name__ == "__main__":
    sys.exit(main())
