"""`python -m tests.faults.services`: cut database, Redis and object store one after the other while judges save and a team uploads.

DUR-06: a lost database and a lost store are told as 503 in words, nothing is stored by half, a lost queue or counter of rates stops
nobody, and everything goes on by itself when the wire is mended, without a restart. CUT=6 says how long each wire stays cut.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import Request as Asked
from urllib.request import urlopen

import psycopg
from sqlalchemy import make_url

from tests.load.browser import Reply
from tests.load.scenes import Entering
from tests.servers import Installation
from tests.support.wire import Wire
from tools.test_services import ServiceUnavailableError, object_store, postgresql, redis_database

from .acks import tally
from .checking import Finding, chain_breaks
from .clients import Judge, Work

JUDGES, ENTRIES = 8, 40
BUCKET = "jiebang-faults"
RECOVERY_SECONDS = 30
#: An answer that takes longer than this holds a person up; reading from a deaf service is given up after five seconds.
LONGEST = 25.0


@dataclass
class Trial:
    """The running product, the judges at work, and what the team's uploads came to."""

    installation: Installation
    database: str
    judges: list[Judge]
    team: Entering
    uploads: Counter[str] = field(default_factory=Counter)
    number: int = 0
    slowest: float = 0.0

    def saved(self) -> int:
        return sum(len(judge.log.acked) for judge in self.judges)

    def refused(self) -> Counter[int]:
        return Counter({code: sum(judge.answers.get(code, 0) for judge in self.judges) for code in (500, 502, 503)})

    def upload(self) -> Reply | None:
        """One file; None when the connection broke."""
        self.number = (self.number + 1) % 50
        begun = time.monotonic()
        with contextlib.suppress(OSError, http.client.HTTPException):
            reply = self.team.upload(self.number)()
            self.slowest = max(self.slowest, time.monotonic() - begun)
            self.uploads[str(reply.status)] += 1
            return reply
        return None

    def until(self, done: Callable[[], bool]) -> float:
        """Seconds until it is so; infinite when it does not become so."""
        begun = time.monotonic()
        while not done():
            if time.monotonic() - begun > RECOVERY_SECONDS:
                return float("inf")
            time.sleep(0.05)
        return time.monotonic() - begun

    def more(self, wanted: int) -> float:
        """Seconds until so many more saves are acknowledged."""
        target = self.saved() + wanted
        return self.until(lambda: self.saved() >= target)


def with_the_wire(trial: Trial, name: str, wire: Wire, how: str, seconds: float) -> list[Finding]:
    """Calm, trouble, calm again."""
    found = [Finding(f"{name}: no saves before the trouble", trial.more(5) == float("inf"))]
    before, told = trial.saved(), trial.refused()
    getattr(wire, how)()
    ends, answers = time.monotonic() + seconds, Counter[str]()
    while time.monotonic() < ends:
        reply = trial.upload()
        answers[str(reply.status) if reply else "broken off"] += 1
        if reply is not None and reply.status == 503:
            answers["503 without words"] += "请稍后再试" not in reply.text and "try again" not in reply.text
        time.sleep(0.2)
    during, now = trial.saved() - before, trial.refused()
    wire.mend()
    back, again = trial.more(20), trial.until(lambda: (reply := trial.upload()) is not None and reply.status == 303)
    refused = {code: now[code] - told[code] for code in now if now[code] != told[code]}
    print(f"{name} {how}: {during} saves acknowledged and {refused or 'none'} refused in {seconds:.0f} s; uploads {dict(answers)}; "
          f"20 saves {back:.1f} s and an upload {again:.1f} s after the mending")  # fmt: skip
    return [
        *found, Finding(f"{name} {how}: server errors", refused.get(500, 0) + answers["500"]),
        Finding(f"{name} {how}: refusals without words", answers["503 without words"]),
        Finding(f"{name} {how}: did not come back by itself", (back == float("inf")) + (again == float("inf"))),
        Finding(f"{name} {how}: saves stopped although they do not need it", not during and not name.startswith("database")),
    ]  # fmt: skip


def stored(database: str, statement: str) -> list[str]:
    with psycopg.connect(database) as connection:
        return [str(row[0]) for row in connection.execute(statement.encode())]


def halves(trial: Trial) -> list[Finding]:
    """What is in the database although nobody was told so is no fault; what somebody was told and is not there is one."""
    comments = stored(trial.database, "SELECT content::json->>'comment' FROM sheet_saves WHERE key NOT LIKE 'load-%'")
    sent = {key for judge in trial.judges for key in judge.log.sent}
    acked = {key for judge in trial.judges for key in judge.log.acked}
    counted = tally("score sheets", sent, acked, [comment.rpartition(" ")[2] for comment in comments])
    print(counted.row())
    (left, _swept) = json.loads(trial.installation.run("python", "-m", "tests.faults.uploads", "recover"))
    gaps = """SELECT count(*) FROM (SELECT sheet_id FROM sheet_saves GROUP BY sheet_id
              HAVING max(revision) <> count(*)) AS holes"""
    return [
        Finding("saves lost, twice or from nowhere", counted.lost + counted.duplicated + counted.phantom),
        Finding("files without their bytes", left["rows without their bytes"]),
        Finding("sheets whose revisions have gaps", int(stored(trial.database, gaps)[0])),
        Finding("chain breaks", chain_breaks(trial.installation)),
        Finding(f"seconds over {LONGEST:.0f} that an upload took", max(0, round(trial.slowest - LONGEST))),
        Finding("people who gave up", sum(bool(judge.problem) for judge in trial.judges)),
    ]


def judges_of(installation: Installation, folder: Path, stopping: threading.Event) -> list[Judge]:
    works = {seat: [Work(f"/desk/assignments/{n}", "1") for n in range(1, ENTRIES * 5 + 1) if 1 + (n - 1) % JUDGES == seat]
             for seat in range(1, JUDGES + 1)}  # fmt: skip
    return [Judge(installation.port, f"judge{seat}@load.example", works[seat], folder, seat, stopping) for seat in works]


def run(folder: Path, seconds: float, database: str, cache: str, store: str) -> int:
    """One whole run; 0 when every count that must be zero is zero."""
    own, redis, bucket = make_url(database), urlsplit(cache), urlsplit(store)
    urlopen(Asked(f"{store}/{BUCKET}", method="PUT")).close()
    s3 = {"STORAGE_URL": f"s3://{BUCKET}", "S3_REGION": "us-east-1", "S3_KEY": "test", "S3_SECRET": "test-secret"}
    installation = Installation(folder, {"DATABASE_URL": database, "REDIS_URL": cache, "S3_ENDPOINT": store, **s3})
    installation.flask("db", "upgrade")
    installation.run("python", "-m", "tests.load.edition", str(ENTRIES), str(JUDGES))
    with (
        Wire(("127.0.0.1", own.port or 5432)) as to_database, Wire(("127.0.0.1", redis.port or 6379)) as to_redis,
        Wire(("127.0.0.1", bucket.port or 80)) as to_store,
    ):  # fmt: skip
        direct = dict(installation.settings)
        installation.settings |= {
            "DATABASE_URL": own.set(port=to_database.port).render_as_string(hide_password=False),
            "REDIS_URL": f"redis://127.0.0.1:{to_redis.port}{redis.path}", "S3_ENDPOINT": f"http://127.0.0.1:{to_store.port}",
        }  # fmt: skip
        web, jobs, stopping = installation.web(workers=2, threads=8), installation.jobs(), threading.Event()
        try:
            web.start()
            jobs.start()
            installation.wait()
            judges = judges_of(installation, folder, stopping)
            trial = Trial(installation, own.set(drivername="postgresql").render_as_string(hide_password=False), judges,
                          Entering(installation.port))  # fmt: skip
            for judge in judges:
                judge.start()
            found: list[Finding] = []
            for name, wire in (("object store", to_store), ("Redis", to_redis), ("database", to_database)):
                found += with_the_wire(trial, name, wire, "cut", seconds)
            found += with_the_wire(trial, "Redis", to_redis, "deafen", seconds)
        finally:
            stopping.set()
            for judge in judges:
                judge.join(timeout=60)
            web.stop()
            jobs.stop()
        installation.settings = direct
        found += halves(trial)
    for finding in found:
        print(finding.row())
    clean = not any(finding.count for finding in found)
    print("clean" if clean else "NOT CLEAN; the last lines of the web server's log:\n" + tail(folder / "web.log"))
    return 0 if clean else 1


def tail(log: Path) -> str:
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-30:])


def main() -> int:
    seconds = float(os.environ.get("CUT", "6"))
    try:
        with postgresql() as database, redis_database() as cache, object_store() as store, tempfile.TemporaryDirectory() as folder:
            return run(Path(folder), seconds, database, cache, store)
    except ServiceUnavailableError as error:
        print(f"lost services: not tried, because {error}")
        return 0


if __name__ == "__main__":
    sys.exit(main())
