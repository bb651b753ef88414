"""Real server processes of the product for measurements and fault tests, each in a folder of its own."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
START_SECONDS = 60


def free_port() -> int:
    """A TCP port of the loopback address that nobody holds."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Process:
    """One server process with its descendants; `kill` is the unfriendly end, `stop` the friendly one."""

    command: list[str]
    environment: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it in a session of its own, so that its whole group can be killed at once."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(self.command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True)

    @property
    def pid(self) -> int:
        if self.process is None:
            raise RuntimeError("not started")
        return self.process.pid

    def kill(self) -> None:
        """kill -9 of the process and all its descendants."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        if self.process is not None:
            self.process.wait()

    def stop(self, seconds: float = 40) -> None:
        """Ask it to end; kill what does not."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()

    def children(self) -> list[int]:
        """The process ids directly below it (Linux)."""
        listed = Path(f"/proc/{self.pid}/task/{self.pid}/children")
        return [int(pid) for pid in listed.read_text().split()] if listed.exists() else []


@dataclass
class Installation:
    """A database, files and secrets in a folder of their own, and the processes that work on them."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)

    @property
    def environment(self) -> dict[str, str]:
        """What the processes see: nothing of the developer's own settings."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "SSL_CERT_FILE") if name in os.environ}
        own = {
            "JIEBANG_VAR": str(self.folder),
            "JIEBANG_ENV": "development",
            "PORT": str(self.port),
            "PYTHONPATH": str(ROOT),
        }
        threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
        return {**kept, **threads, **own, **self.settings}

    def run(self, *command: str) -> str:
        """Run one program of the environment to its end and return what it printed."""
        done = subprocess.run(
            [str(BIN / command[0]), *command[1:]],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
        return done.stdout

    def flask(self, *arguments: str) -> str:
        """Run one command of the application's command line."""
        return self.run("flask", "--app", "wsgi", *arguments)

    def web(
        self, application: str = "wsgi:app", workers: int = 1, threads: int = 16, worker_class: str = "app.listening.PatientWorker"
    ) -> Process:
        """A gunicorn, not yet started."""
        command = [
            *(str(BIN / "gunicorn"), application, "--bind", f"127.0.0.1:{self.port}", "--worker-class", worker_class),
            *("--workers", str(workers), "--threads", str(threads), "--no-control-socket", "--log-level", "error"),
        ]
        return Process(command, self.environment, self.folder / "web.log")

    def jobs(self) -> Process:
        """A job consumer, not yet started."""
        command = [
            *(str(BIN / "huey_consumer"), "app.worker.huey", "--worker-type", "process", "--quiet", "--max-delay", "1"),
            *("--graceful-signal", "TERM", "--shutdown-timeout", "20", "--logfile", os.devnull),
        ]
        return Process(command, self.environment, self.folder / "jobs.log")

    def wait(self, seconds: float = START_SECONDS) -> float:
        """How long it took until the port answered."""
        started = time.monotonic()
        while time.monotonic() < started + seconds:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return time.monotonic() - started
            time.sleep(0.02)
        raise RuntimeError(f"the web server did not answer; see {self.folder / 'web.log'}")
