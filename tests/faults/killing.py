"""The processes under test and the hand that kills them, at moments drawn from a seed."""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field

from tests.servers import Installation, Process

WEB_WORKERS = 3
MILLISECONDS = (20, 250)


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
        """kill -9 one web worker; gunicorn starts another. False when too few are left, so that saves go on."""
        workers = self.web.children()
        if len(workers) < WEB_WORKERS - 1:
            return False
        with suppress(ProcessLookupError):
            os.kill(source.choice(workers), signal.SIGKILL)
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


@dataclass
class Killer:
    """Kills until the number is reached: mostly web workers, often the consumer, sometimes the whole web server."""

    ground: Ground
    kills: int
    seed: int
    done: Counter[str] = field(default_factory=Counter)

    def run(self) -> None:
        """Kill at random moments; each kill waits until its victim's kind is up again."""
        source = random.Random(self.seed)
        while sum(self.done.values()) < self.kills:
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
            else:
                time.sleep(0.2)

    def summary(self) -> str:
        """How many of each kind."""
        return ", ".join(f"{count} × {what}" for what, count in sorted(self.done.items()))
