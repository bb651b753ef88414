"""The supervisor behind `make run`, started as a process of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from huey.consumer_options import OptionParserHandler

from app.serve import jobs_command
from tests.servers import ROOT, free_port


def environment(folder: Path, **settings: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("BASE_URL", "DATABASE_URL", "REDIS_URL")}
    return {**kept, "JIEBANG_ENV": "development", "JIEBANG_VAR": str(folder), "DEMO": "0", **settings}


def refused(folder: Path, **settings: str) -> tuple[int, str, bool]:
    """Exit code and message of a start that cannot work, and whether anything was written."""
    command = [sys.executable, "-m", "app.serve"]
    done = subprocess.run(command, cwd=ROOT, env=environment(folder, **settings), capture_output=True, text=True, check=False)
    return done.returncode, done.stderr.strip(), any(folder.iterdir())


def test_a_taken_port_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        code, said, written = refused(tmp_path, PORT=str(port))
    assert (code, written) == (1, False)
    assert said == f"Port {port} on 127.0.0.1 cannot be used: Address already in use. Choose another: make run PORT={port + 1}"


def test_a_port_that_is_no_number_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, PORT="80a") == (1, "PORT must be a number from 1 to 65535, not '80a'.", False)


def test_a_host_of_another_machine_is_refused(tmp_path: Path) -> None:
    code, said, written = refused(tmp_path, HOST="192.0.2.1", PORT=str(free_port()))
    assert (code, written) == (1, False)
    assert said.startswith("Port ")
    assert "on 192.0.2.1 cannot be used" in said


def test_settings_with_which_nothing_would_start_are_refused_in_a_sentence(tmp_path: Path) -> None:
    port = str(free_port())
    unsafe = refused(tmp_path, PORT=port, JIEBANG_ENV="production", SECRET_KEY="", FIELD_KEY="")
    said = "BASE_URL is missing. Set it to the public address, for example https://contest.example.gov.cn."
    assert unsafe == (1, said, False)
    weak = refused(tmp_path, PORT=port, JIEBANG_ENV="production", BASE_URL="https://contest.example.gov.cn", SECRET_KEY="changeme")
    assert (weak[0], weak[1].split(".")[0], weak[2]) == (1, "SECRET_KEY is missing or weak", False)


def test_it_serves_and_ends_both_processes_on_term(tmp_path: Path) -> None:
    port = free_port()
    log = tmp_path / "log"
    with log.open("wb") as out:
        command = [sys.executable, "-m", "app.serve"]
        server = subprocess.Popen(command, cwd=ROOT, env=environment(tmp_path, PORT=str(port)), stdout=out, stderr=subprocess.STDOUT)
    try:
        wait_for(log, f"http://127.0.0.1:{port}")
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=60) as answer:
            assert answer.status == 200
        children = children_of(server.pid)
        assert len(children) == 2
        family = children + [pid for child in children for pid in children_of(child)]
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=90) == 0
        assert [pid for pid in family if lives(pid)] == []
    finally:
        if server.poll() is None:
            server.kill()
            server.wait()


def children_of(parent: int) -> list[int]:
    listed = Path(f"/proc/{parent}/task/{parent}/children")
    if listed.exists():
        return [int(pid) for pid in listed.read_text().split()]
    found = subprocess.run(["pgrep", "-P", str(parent)], capture_output=True, text=True, check=True).stdout
    return [int(pid) for pid in found.split()]


def lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def wait_for(log: Path, words: str) -> None:
    deadline = time.monotonic() + 120
    while words not in log.read_text(encoding="utf-8", errors="replace"):
        assert time.monotonic() < deadline, log.read_text(encoding="utf-8", errors="replace")
        time.sleep(0.1)


def test_the_consumer_writes_its_records_in_one_form() -> None:
    """Its library would write each a second time, a failure's values included."""
    options, words = OptionParserHandler().get_option_parser().parse_args(jobs_command()[1:])
    assert (words, options.logfile, options.worker_type, options.graceful_signal) == (["app.worker.huey"], os.devnull, "process", "TERM")
