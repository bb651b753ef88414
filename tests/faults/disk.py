"""`python -m tests.faults.disk [full|eio]`: the disk fills up, or its syncs fail, while judges save; what was acknowledged is counted.

SABOTAGE=early runs the build that answers before it commits, which must fail. The full disk is a tmpfs of its own and needs root.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.servers import Installation, Process

from .acks import Tally
from .checking import chain_breaks, rows, sheet_tally
from .clients import Judge, Work

JUDGES, ENTRIES = 8, 40
DISK = "96m"
CALM, TROUBLE = 5.0, 12.0
RECOVERY_SECONDS = 60
SHIM = Path(__file__).with_name("eio.c")


@dataclass
class Trial:
    """One installation with judges at work, before, during and after the trouble."""

    name: str
    installation: Installation
    notes: Path
    build: str
    environment: dict[str, str] = field(default_factory=dict)
    stopping: threading.Event = field(default_factory=threading.Event)

    def prepare(self) -> None:
        """Schema, an edition in judging, a web server, signed-in judges."""
        self.installation.flask("db", "upgrade")
        self.installation.run("python", "-m", "tests.load.edition", str(ENTRIES), str(JUDGES))
        self.installation.settings |= self.environment
        self.web: Process = self.installation.web(self.build, workers=1, threads=8)
        self.web.log = self.notes / "web.log"
        self.web.start()
        self.installation.wait()
        works = {seat: [Work(f"/desk/assignments/{n}", "1") for n in range(1, ENTRIES * 5 + 1) if 1 + (n - 1) % JUDGES == seat]
                 for seat in range(1, JUDGES + 1)}  # fmt: skip
        self.judges = [
            Judge(self.installation.port, f"judge{seat}@load.example", works[seat], self.notes, seat, self.stopping) for seat in works
        ]
        for judge in self.judges:
            judge.start()

    @property
    def acked(self) -> int:
        return sum(len(judge.log.acked) for judge in self.judges)

    def ready(self) -> int:
        """What /readyz answers; 0 when nothing answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.installation.port, timeout=10)
        with contextlib.suppress(OSError, http.client.HTTPException), contextlib.closing(connection):
            connection.request("GET", "/readyz")
            return connection.getresponse().status
        return 0

    def run(self, trouble: contextlib.AbstractContextManager[object]) -> bool:
        """Calm, trouble, calm again; whether every figure is what it must be."""
        self.prepare()
        self.wait_for(self.acked + 50, 60)
        time.sleep(CALM)
        with trouble:
            before = self.acked
            time.sleep(TROUBLE)
            during, readiness = self.acked - before, self.ready()
        recovered = self.wait_for(self.acked + 50, RECOVERY_SECONDS)
        self.stopping.set()
        for judge in self.judges:
            judge.join(timeout=60)
        self.web.stop()
        return self.report(during, readiness, recovered)

    def wait_for(self, wanted: int, seconds: float) -> float:
        """Seconds until that many saves were acknowledged; infinite when they never were."""
        started = time.monotonic()
        while self.acked < wanted:
            if time.monotonic() - started > seconds:
                return float("inf")
            time.sleep(0.05)
        return time.monotonic() - started

    def report(self, during: int, readiness: int, recovered: float) -> bool:
        """Print the figures."""
        database = self.installation.folder / "jiebang.db"
        tally: Tally = sheet_tally(database, list(self.judges))
        refused: dict[int, int] = {}
        for judge in self.judges:
            for status, times in judge.answers.items():
                refused[status] = refused.get(status, 0) + times
        whole = [str(row[0]) for row in rows(database, "PRAGMA integrity_check")] == ["ok"]
        breaks = chain_breaks(self.installation)
        first = f"{self.name}: {during} saves acknowledged in {TROUBLE:.0f} s of trouble, /readyz {readiness}"
        print(f"{first}, 50 more {recovered:.1f} s after")
        print(f"answers by status: {dict(sorted(refused.items()))}; integrity {'ok' if whole else 'BROKEN'}; chain breaks {breaks}")
        print(tally.row())
        problems = [judge.problem for judge in self.judges if judge.problem]
        for problem in problems:
            print(problem)
        clean = tally.is_clean and whole and not breaks and not problems and recovered < RECOVERY_SECONDS
        told = refused.get(503, 0) > 0 and set(refused) <= {200, 303, 503} and readiness == 503
        print("clean" if clean and told else "NOT CLEAN")
        return clean and told


@contextlib.contextmanager
def filled(folder: Path) -> Iterator[None]:
    """The file system of the folder without a free byte."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        for size in (1 << 20, 1 << 12, 1):
            with contextlib.suppress(OSError):
                while True:
                    file.write(b"\0" * size)
    try:
        yield
    finally:
        ballast.unlink()


@contextlib.contextmanager
def switched(path: Path) -> Iterator[None]:
    """The file by which the shim knows that syncs fail."""
    path.touch()
    try:
        yield
    finally:
        path.unlink()


def full_disk(notes: Path, build: str) -> bool:
    """A tmpfs that fills up."""
    disk = notes / "disk"
    disk.mkdir()
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK}", "none", str(disk)], check=False).returncode:
        print("full disk: not tried, because a tmpfs can be mounted by root only")
        return True
    try:
        return Trial("full disk", Installation(disk), notes, build).run(filled(disk))
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=False)


def failing_syncs(notes: Path, build: str) -> bool:
    """Syncs that answer EIO, by a shim before the C library."""
    shim, switch = notes / "eio.so", notes / "eio"
    if subprocess.run(["cc", "-shared", "-fPIC", "-o", str(shim), str(SHIM), "-ldl"], check=False).returncode:
        print("failing syncs: not tried, because there is no C compiler")
        return True
    folder = notes / "var"
    folder.mkdir()
    trial = Trial("failing syncs", Installation(folder), notes, build, {"LD_PRELOAD": str(shim), "EIO_SWITCH": str(switch)})
    return trial.run(switched(switch))


TRIALS = {"full": full_disk, "eio": failing_syncs}


def main() -> int:
    build = "tests.faults.sabotage:early" if os.environ.get("SABOTAGE") else "wsgi:app"
    clean = True
    for name in sys.argv[1:] or TRIALS:
        with tempfile.TemporaryDirectory(prefix="jiebang-disk-") as folder:
            clean = TRIALS[name](Path(folder), build) and clean
    return 0 if clean else 1


if __name__ == "__main__":
    sys.exit(main())
