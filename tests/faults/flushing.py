"""`python -m tests.faults.flushing`: strace a web process while a judge saves; the database is synced before the answer's first byte.

For each of a hundred saves it looks at the system calls between the reading of the request and the answer: an fdatasync or fsync of
the database or its log must end before the first bytes of `HTTP/1.1 2xx` or `303` go out. SABOTAGE=1 runs the build that answers before
it commits, which must fail. Without strace it says so and tries nothing.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from tests.load.scenes import Judging
from tests.servers import Installation

SAVES = 100
SYNCED = re.compile(r"^(\d+) .*?(?:fdatasync|fsync)\(\d+<[^>]*jiebang\.db(?:-wal)?>\)\s+= 0")
STARTED = re.compile(r"^(\d+) .*?(?:fdatasync|fsync)\(\d+<[^>]*jiebang\.db(?:-wal)?> <unfinished")
RESUMED = re.compile(r"^(\d+) .*?<\.\.\. (?:fdatasync|fsync) resumed>\)\s+= 0")
ASKED = re.compile(r'^(\d+) .*?"POST /desk/assignments/')
ANSWERED = re.compile(r'^(\d+) .*?"HTTP/1\.1 (?:2\d\d|303) ')


def in_order(lines: list[str]) -> tuple[int, int]:
    """How many saves were answered, and how many of them after a sync of the database since they were asked for."""
    waiting = synced = False
    unfinished: set[str] = set()
    answered = kept = 0
    for line in lines:
        if ASKED.match(line):
            waiting, synced = True, False
        elif found := STARTED.match(line):
            unfinished.add(found[1])
        elif SYNCED.match(line):
            synced = True
        elif (found := RESUMED.match(line)) and found[1] in unfinished:
            unfinished.discard(found[1])
            synced = True
        elif waiting and ANSWERED.match(line):
            answered, kept, waiting = answered + 1, kept + synced, False
    return answered, kept


def run(folder: Path, build: str) -> int:
    """One judge, one save at a time, so that every sync belongs to the save that waits; 0 when all were synced first."""
    installation = Installation(folder)
    installation.flask("db", "upgrade")
    installation.run("python", "-m", "tests.load.edition", "40", "8")
    web = installation.web(build)
    web.start()
    trace = folder / "trace"
    try:
        installation.wait()
        judge = Judging(installation.port)
        (worker,) = web.children()
        calls = "trace=fsync,fdatasync,recvfrom,sendto,sendmsg,write"
        tracer = subprocess.Popen(
            ["strace", "-f", "-y", "-s", "64", "-e", calls, "-p", str(worker), "-o", str(trace)], stderr=subprocess.PIPE, text=True
        )
        attached = threading.Event()
        threading.Thread(target=lambda: [attached.set() for _line in tracer.stderr or ()], daemon=True).start()
        if not attached.wait(20) or tracer.poll() is not None:
            print("strace may not attach to a process here: not tried")
            return 0
        statuses = [judge.save(number)().status for number in range(SAVES)]
        tracer.terminate()
        tracer.wait(30)
    finally:
        web.stop()
    answered, kept = in_order(trace.read_text(encoding="utf-8", errors="replace").splitlines())
    print(f"{SAVES} saves, statuses {sorted(set(statuses))}; {answered} answers seen, {kept} after a sync of the database")
    clean = answered == kept == SAVES and set(statuses) <= {200, 303}
    print("clean" if clean else "NOT CLEAN")
    return 0 if clean else 1


def main() -> int:
    if not shutil.which("strace"):
        print("order of sync and answer: not tried, because there is no strace")
        return 0
    build = "tests.faults.sabotage:early" if os.environ.get("SABOTAGE") else "wsgi:app"
    with tempfile.TemporaryDirectory(prefix="jiebang-flushing-") as folder:
        return run(Path(folder), build)


if __name__ == "__main__":
    sys.exit(main())
