"""The supervisor behind `make run`: migrate, load the demo once, then web server and job consumer until told to stop.

It imports nothing of the application but its settings, so that it stays small and can tell what went wrong when the application cannot
start. Under systemd or containers run the two processes directly (docs/OPERATIONS.md).
"""

import contextlib
import ctypes
import ipaddress
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from types import FrameType

from config import ConfigError, load_config

BIN = os.path.dirname(sys.executable)
START_SECONDS = 60
STOP_SECONDS = 35
#: One heap for every few threads instead of one each: sixteen threads otherwise keep a third more memory than they use. And large pieces,
#: such as the 19 MiB of every password that is checked, go back to the system instead of staying in a heap (glibc).
ENVIRONMENT = {"MALLOC_ARENA_MAX": "2", "MALLOC_MMAP_THRESHOLD_": str(4 * 1024 * 1024)}


class CannotServeError(Exception):
    """Starting is impossible; the message says why and what to do."""


def setting(name: str, default: str) -> str:
    """An environment variable; an empty one counts as not set."""
    return os.environ.get(name) or default


def address() -> tuple[str, int]:
    """Host and port to listen on."""
    port = setting("PORT", "8000")
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise CannotServeError(f"PORT must be a number from 1 to 65535, not {port!r}.")
    return setting("HOST", "127.0.0.1"), int(port)


def reachable(host: str) -> str:
    """An address at which this machine reaches a server that listens on the host."""
    try:
        listening = ipaddress.ip_address(host)
    except ValueError:
        return host
    if not listening.is_unspecified:
        return host
    return "127.0.0.1" if listening.version == 4 else "::1"


def check_settings() -> None:
    """Refuse settings with which nothing would start, in one sentence instead of each process's own trace."""
    try:
        load_config()
    except ConfigError as error:
        raise CannotServeError(str(error)) from error


def bracketed(host: str) -> str:
    """The host as it is written before a port."""
    return f"[{host}]" if ":" in host else host


def check_port(host: str, port: int) -> None:
    """Refuse a port that somebody else holds, before anything is changed."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0][0]
    except socket.gaierror as error:
        raise CannotServeError(f"HOST {host!r} is not an address of this machine: {error.strerror}.") from error
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            reason = f"Port {port} on {host} cannot be used: {error.strerror}."
            raise CannotServeError(f"{reason} Choose another: make run PORT={port % 65535 + 1}") from error


def flask(*arguments: str) -> None:
    """Run one command of the application's command line, or stop with its message."""
    command = [os.path.join(BIN, "flask"), "--app", "wsgi", *arguments]
    if subprocess.run(command, check=False).returncode:
        raise CannotServeError(f"`flask {' '.join(arguments)}` did not succeed; nothing was started.")


def web_command(host: str, port: int) -> list[str]:
    """gunicorn: one process with threads on SQLite (one writer a file), a process for each core elsewhere."""
    on_sqlite = setting("DATABASE_URL", "sqlite:").startswith("sqlite")
    workers = setting("WEB_WORKERS", "1" if on_sqlite else str(os.cpu_count() or 2))
    return [
        *(
            os.path.join(BIN, "gunicorn"),
            "wsgi:app",
            "--bind",
            f"{bracketed(host)}:{port}",
            "--worker-class",
            "app.listening.PatientWorker",
        ),
        *("--workers", workers, "--threads", setting("WEB_THREADS", "16"), "--graceful-timeout", "30"),
        *("--timeout", "60", "--no-control-socket", "--log-level", "warning"),
    ]


def jobs_command() -> list[str]:
    """The Huey consumer: processes, because PDF layout is neither thread-safe nor modest with memory."""
    return [
        *(os.path.join(BIN, "huey_consumer"), "app.worker.huey", "--worker-type", "process", "--quiet"),
        *("--logfile", os.devnull),  # its own form repeats every line, values of a failure included; ours go to standard error
        *("--workers", setting("JOB_WORKERS", "1"), "--max-tasks", "500", "--max-delay", "1"),
        *("--graceful-signal", "TERM", "--shutdown-timeout", "30"),
    ]


def tie_to_parent() -> Callable[[], None] | None:
    """On Linux: what makes a child end with this process even when it is killed outright."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    set_parent_death_signal = 1
    return lambda: libc.prctl(set_parent_death_signal, signal.SIGTERM)


def start(command: list[str]) -> subprocess.Popen[bytes]:
    """Start a child in its own session: Ctrl-C reaches only the supervisor, which then stops both in order."""
    environment = {**ENVIRONMENT, **os.environ}
    return subprocess.Popen(command, env=environment, start_new_session=True, preexec_fn=tie_to_parent())  # noqa: PLW1509


def wait_until_open(host: str, port: int, children: dict[str, subprocess.Popen[bytes]]) -> None:
    """Return when the port answers; stop when a child ends before."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if any(child.poll() is not None for child in children.values()):
            return
        try:
            socket.create_connection((reachable(host), port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise CannotServeError(f"The web server did not open port {port} within {START_SECONDS} seconds.")


def watch(children: dict[str, subprocess.Popen[bytes]], stopping: list[int]) -> int:
    """Wait for a signal or for the first child to end; the exit code."""
    while not stopping:
        for name, child in children.items():
            if child.poll() is not None:
                print(f"The {name} ended with code {child.returncode}; stopping.", flush=True)
                return 1
        time.sleep(0.2)
    print("Stopping ...", flush=True)
    return 0


def stop(children: dict[str, subprocess.Popen[bytes]]) -> None:
    """Ask every child to finish what it is doing, and end those that do not."""
    for child in children.values():
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for name, child in children.items():
        try:
            child.wait(timeout=max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            print(f"The {name} did not end in time; killing it.", flush=True)
        with contextlib.suppress(ProcessLookupError):  # also what it may have left behind
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def prepare() -> None:
    """Bring the schema up to date and load the demo on the first start, in one short-lived process."""
    flask("prepare", *([] if setting("DEMO", "1") == "0" else ["--demo"]))


def main() -> int:
    """Serve until a signal comes or a child dies."""
    host, port = address()
    check_port(host, port)
    check_settings()
    prepare()
    stopping: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        stopping.append(number)

    signal.signal(signal.SIGINT, note)
    signal.signal(signal.SIGTERM, note)
    children = {"web server": start(web_command(host, port)), "job consumer": start(jobs_command())}
    try:
        wait_until_open(host, port, children)
        here = f"http://{bracketed(reachable(host))}:{port}"
        print(f"\n  揭榜 Jiebang is at {here}   (Ctrl-C stops it)\n", flush=True)
        return watch(children, stopping)
    finally:
        stop(children)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except CannotServeError as error:
        sys.exit(str(error))
