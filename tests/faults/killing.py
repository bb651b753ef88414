"""The processes under test and the hand that kills them, at moments drawn from a seed."""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.servers import Installation, Process

WEB_WORKERS = 3
MILLISECONDS = (20, 250)
SERVING_AFTER = 2.0
WRITES_BETWEEN = 20
STANDSTILL_SECONDS = 180


@dataclass
class Ground:
    """A web server with several worker processes and a job consumer, which can be killed and come back."""

    installation: Installation
    web: Process
    jobs: Process

    @classmethod
    def start(cls, installation: Installation, application: str) -> Ground:
        """Start both and wait for the web server."""
        ground = cls(installation, installation.web(application, workers=WEB_WORKERS, threads=8), installation.jobs())
        ground.web.start()
        ground.jobs.start()
        installation.wait()
        return ground

    def kill_web_worker(self, source: random.Random) -> bool:
        """kill -9 one web worker that has had time to serve; gunicorn starts another. False while there is none."""
        serving = [pid for pid in self.web.children() if age(pid) > SERVING_AFTER]
        if not serving:
            return False
        with suppress(ProcessLookupError):
            os.kill(source.choice(sorted(serving)), signal.SIGKILL)
        return True

    def kill_all_web(self) -> None:
        """kill -9 the whole web server, then start it as a supervisor would."""
        self.web.kill()
        self.web.start()
        self.installation.wait()

    def kill_jobs(self) -> None:
        """kill -9 the consumer with its workers, then start it again."""
        self.jobs.kill()
        self.jobs.start()

    def stop(self) -> None:
        """End both in the friendly way."""
        self.web.stop()
        self.jobs.stop()


def age(pid: int) -> float:
    """Seconds since the process began (Linux); 0 when it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        uptime = float(Path("/proc/uptime").read_text(encoding="ascii").split()[0])
    except OSError:
        return 0.0
    return uptime - int(fields[19]) / os.sysconf("SC_CLK_TCK")


class StandstillError(Exception):
    """Nothing was acknowledged for a long time after a kill: the service did not come back."""


@dataclass
class Killer:
    """Kills until the number is reached: mostly web workers, often the consumer, sometimes the whole web server.

    `progress` counts acknowledged writes; a kill comes only when some were acknowledged since the one before it.
    """

    ground: Ground
    kills: int
    seed: int
    progress: Callable[[], int]
    done: Counter[str] = field(default_factory=Counter)

    def run(self) -> None:
        """Kill at random moments while people save."""
        source = random.Random(self.seed)
        while sum(self.done.values()) < self.kills:
            self.wait_for_progress()
            time.sleep(source.uniform(*MILLISECONDS) / 1000)
            drawn = source.random()
            if drawn < 0.05:
                self.ground.kill_all_web()
                self.done["web server"] += 1
            elif drawn < 0.25:
                self.ground.kill_jobs()
                self.done["job consumer"] += 1
            elif self.ground.kill_web_worker(source):
                self.done["web worker"] += 1

    def wait_for_progress(self) -> None:
        """Return when some more writes were acknowledged."""
        seen, deadline = self.progress(), time.monotonic() + STANDSTILL_SECONDS
        while self.progress() < seen + WRITES_BETWEEN:
            if time.monotonic() > deadline:
                raise StandstillError(f"no progress for {STANDSTILL_SECONDS} seconds after {self.summary()}")
            time.sleep(0.01)

    def summary(self) -> str:
        """How many of each kind."""
        return ", ".join(f"{count} × {what}" for what, count in sorted(self.done.items())) or "no kill"
