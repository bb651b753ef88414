"""`python -m tests.faults.uploads`: kill -9 the web process at twenty points of an upload, sweep as every night, count what dangles.

The points divide the time that an undisturbed upload takes. After the sweep there must be no row without its bytes, no object
without a row, no spooled half and no acknowledged file that is gone; before it, something must have been left behind, or no kill
hit an upload and the run proves nothing. The sweep runs a day later by its own clock. SABOTAGE=1 leaves the sweep out: that run must fail.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

from sqlalchemy import select

import app.tables  # noqa: F401 -- the sweep asks every table
from app.core import clock
from app.core.db import db
from app.core.uow import atomic
from app.files.models import Blob
from app.files.operations.sweeping import PATIENCE, dangling, forget_unused, sweep_objects
from app.files.storage import make_storage
from config import load_config
from tests.load.scenes import Entering, Request, pdf
from tests.servers import Installation, Process

from .checking import rows

POINTS = 20
PATIENCE_SECONDS = 60


@dataclass
class Tries:
    """What was sent, and the digests of what the server said it has."""

    cut: int = 0
    acked: list[str] = field(default_factory=list)

    def send(self, request: Request, digest: str) -> None:
        """Send one upload; a cut connection says nothing about what happened."""
        try:
            reply = request()
        except (OSError, http.client.HTTPException):
            self.cut += 1
            return
        if reply.status == 303:
            self.acked.append(digest)


def prepared(team: Entering, number: int) -> Request:
    """The next upload, as soon as the web process that was started again serves its page."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError, http.client.HTTPException):
            return team.upload(number)
        time.sleep(0.1)
    raise RuntimeError("the web process did not come back")


def interrupted(web: Process, team: Entering, seconds: float) -> Tries:
    """One upload for every point of the time that a whole one takes; the process is killed there."""
    tries = Tries()
    for number in range(POINTS):
        request = prepared(team, number)
        (worker,) = web.children()
        sender = threading.Thread(target=tries.send, args=(request, sha256(pdf(number)).hexdigest()))
        sender.start()
        time.sleep(seconds * (number + 0.5) / POINTS)
        os.kill(worker, signal.SIGKILL)
        sender.join(PATIENCE_SECONDS)
    return tries


def left_behind() -> dict[str, int]:
    """Everything that dangles, in the installation of this process's settings."""
    store = make_storage(load_config())
    known = set(db.session.scalars(select(Blob.key)))
    objects = {key for key, _stored in store.objects()}
    return {
        "rows without their bytes": len(dangling(db.session, store=store)),
        "objects without a row": len(objects - known),
        "spooled halves": sum(path.is_file() for path in store.spool.glob("*")),
    }


def recover() -> None:
    """In a process of its own: what dangles, before and after the nightly sweep of the day after tomorrow, as JSON."""
    db.open(load_config().database_url)
    found = [left_behind()]
    moment = clock.now() + PATIENCE + timedelta(hours=1)
    if not os.environ.get("SABOTAGE"):
        with atomic() as session:
            forget_unused(session, now=moment)
        sweep_objects(db.session, store=make_storage(load_config()), now=moment)
    db.release()
    print(json.dumps([*found, left_behind()]))


def run(folder: Path) -> int:
    """The whole run; 0 when nothing dangles and nothing acknowledged is gone."""
    installation = Installation(folder, {name: os.environ[name] for name in ("SABOTAGE",) if name in os.environ})
    installation.flask("db", "upgrade")
    installation.run("python", "-m", "tests.load.edition", "40", "8")
    web = installation.web()
    web.start()
    try:
        installation.wait()
        team = Entering(installation.port)
        whole = prepared(team, POINTS)()
        tries = interrupted(web, team, whole.seconds * 1.2)
    finally:
        web.kill()
    before, after = json.loads(installation.run("python", "-m", "tests.faults.uploads", "recover"))
    stored = {str(digest) for (digest,) in rows(folder / "jiebang.db", "SELECT sha256 FROM blobs")}
    gone = len(set(tries.acked) - stored)
    print(f"{POINTS} kills within {whole.seconds * 1200:.0f} ms; {len(tries.acked)} uploads acknowledged, {tries.cut} cut off")
    for what, count in before.items():
        print(f"{what:<28} {count:4d} after the kills {after[what]:4d} after the sweep")
    print(f"{'acknowledged files gone':<28} {gone:4d}")
    clean = whole.status == 303 and not gone and not any(after.values()) and tries.cut > 0 and any(before.values())
    print("clean" if clean else "NOT CLEAN")
    return 0 if clean else 1


def main() -> int:
    if sys.argv[1:] == ["recover"]:
        recover()
        return 0
    with tempfile.TemporaryDirectory(prefix="jiebang-uploads-") as folder:
        return run(Path(folder))


if __name__ == "__main__":
    sys.exit(main())
