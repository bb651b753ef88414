"""Two real job consumers, each with its own timetable; the one at work is killed in the middle. Prints who did what.

``python -m tests.faults.timetable``; TIMES=1. DATABASE_URL=postgresql://… runs on that server, in a database of its own. Clean is: never
two at once, nothing done twice, what was killed done by another worker. The job is due every four minutes, so that nothing newer
replaces it meanwhile.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

from tests.load.bench import database
from tests.servers import Installation, Process

SECONDS = 12.0


def consumer(installation: Installation, name: str) -> Process:
    """The product's consumer with one more periodic job."""
    made = installation.jobs()
    command = [word.replace("app.worker.huey", "tests.faults.ticking.huey") for word in made.command]
    return replace(made, command=command, environment={**made.environment, "TICKS": str(installation.folder / "ticks"), "WHO": name})


def lines(folder: Path) -> list[list[str]]:
    """``time what pid minute`` of every begin and end so far."""
    log = folder / "ticks"
    return sorted((line.split() for line in log.read_text().splitlines()), key=lambda line: int(line[0])) if log.exists() else []


def wait_for(folder: Path, what: str, more_than: int, seconds: float) -> list[str]:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        found = [line for line in lines(folder) if line[1] == what]
        if len(found) > more_than:
            return found[-1]
        time.sleep(0.1)
    raise TimeoutError(f"no more than {more_than} × {what}: {lines(folder)}")


def run(folder: Path, url: str, times: int) -> int:
    """One whole run; 0 when it was clean."""
    installation = Installation(folder, {"DATABASE_URL": url, "TICK_SECONDS": str(SECONDS)})
    installation.flask("db", "upgrade")
    workers = [consumer(installation, name) for name in ("one", "two")]
    for worker in workers:
        worker.start()
    try:
        begun = wait_for(folder, "begins", 0, 320)
        killed, minute = int(begun[2]), begun[3]
        time.sleep(1)
        os.kill(killed, signal.SIGKILL)
        holder = next(worker for worker in workers if killed in worker.children() or killed == worker.pid or _below(killed, worker))
        holder.kill()
        print(f"killed {killed} at work on {minute}")
        wait_for(folder, "ends", times - 1, 300.0 * times)
    finally:
        for worker in workers:
            worker.kill()
    return judge(lines(folder), killed, minute)


def _below(pid: int, worker: Process) -> bool:
    """The killed process is gone from /proc, so its group tells whose it was."""
    try:
        return os.getpgid(pid) == os.getpgid(worker.pid)
    except ProcessLookupError:
        return False


def judge(told: list[list[str]], killed: int, minute: str) -> int:
    """The figures."""
    running, overlaps = "", 0
    for _at, what, pid, _minute in told:
        overlaps += what == "begins" and running not in ("", pid, str(killed))
        running = pid if what == "begins" else ""
    done = Counter(line[3] for line in told if line[1] == "ends")
    twice = sum(count > 1 for count in done.values())
    print("\n".join(" ".join(line[1:]) for line in told))
    print(f"{len(done)} times done; two at once {overlaps}; done twice {twice}; what was killed, {minute}, done by another: {done[minute]}")
    clean = (overlaps, twice, done[minute]) == (0, 0, 1)
    print("one worker at a time, each time once, what died was taken over" if clean else "NOT CLEAN")
    return 0 if clean else 1


def main() -> int:
    """In a folder and a database that are removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="jiebang-timetable-") as folder, database("timetable", Path(folder)) as url:
        return run(Path(folder), url, int(os.environ.get("TIMES", "1")))


if __name__ == "__main__":
    sys.exit(main())
