"""Slow clients: who sends headers a byte at a time loses the connection, and nobody else waits for them for long."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from app.listening import PatientWorker
from app.serve import web_command
from tests.servers import Installation

THREADS = 4


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Installation]:
    """Four threads, one second of patience."""
    installation = Installation(tmp_path)
    web = installation.web("tests.support.hasty:answer", threads=THREADS, worker_class="tests.support.hasty.HastyWorker")
    web.start()
    try:
        installation.wait()
        yield installation
    finally:
        web.kill()


def connect(server: Installation) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=20)


def ask(server: Installation) -> float:
    """How long a plain request takes."""
    began = time.monotonic()
    with connect(server) as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert line.recv(100).startswith(b"HTTP/1.1 200")
    return time.monotonic() - began


def test_headers_that_never_end_free_their_threads(server: Installation) -> None:
    """As many of them as there are threads, each kept alive with a byte now and then."""
    slow = [connect(server) for _ in range(THREADS)]
    for line in slow:
        line.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
    time.sleep(0.3)
    open_lines = drip(slow, 15)
    assert open_lines == []
    assert ask(server) < 5
    for line in slow:
        line.close()


def test_a_slow_body_is_an_honest_request(server: Installation) -> None:
    with connect(server) as line:
        line.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 20\r\n\r\n")
        for _ in range(20):
            line.sendall(b"x")
            time.sleep(0.15)
        answer = line.recv(1000)
        with suppress(OSError):
            answer += line.recv(1000)
    assert answer.startswith(b"HTTP/1.1 200")
    assert b"\r\n20\r\n" in answer


def drip(lines: list[socket.socket], seconds: float) -> list[socket.socket]:
    """A byte now and then on each; those that are still open."""
    ended, open_lines = time.monotonic() + seconds, list(lines)
    while open_lines and time.monotonic() < ended:
        for line in list(open_lines):
            try:
                line.sendall(b"a")
                line.settimeout(0.02)
                if line.recv(10) == b"":
                    open_lines.remove(line)
            except TimeoutError:
                continue
            except OSError:
                open_lines.remove(line)
        time.sleep(0.1)
    return open_lines


def begun(server: Installation, length: int = 100_000) -> socket.socket:
    line = connect(server)
    line.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % length)
    return line


def test_a_body_that_never_ends_is_cut_off(server: Installation) -> None:
    line = begun(server)
    began = time.monotonic()
    assert drip([line], seconds=20) == []
    assert 4 < time.monotonic() - began < 12
    line.close()


def test_one_address_holds_half_of_the_threads_at_most(server: Installation) -> None:
    """The threads that it does not get answer others long before its bodies are given up."""
    lines = [begun(server) for _ in range(THREADS)]
    left = drip(lines, seconds=4)
    assert len(left) == THREADS // 2
    assert ask(server) < 1
    for line in lines:
        line.close()


def test_a_large_body_at_an_honest_rate_takes_its_time(server: Installation) -> None:
    """Three times as long as the patience for drops, at four times the least rate; the answer counts every byte."""
    with begun(server, 8192 * 15) as line:
        for _ in range(15):
            line.sendall(b"x" * 8192)
            time.sleep(1)
        answer = line.recv(1000)
        with suppress(OSError):
            answer += line.recv(1000)
    assert b"\r\n%d\r\n" % (8192 * 15) in answer


def test_the_product_is_served_by_that_worker() -> None:
    command = web_command("127.0.0.1", 8000)
    assert command[command.index("--worker-class") + 1] == f"{PatientWorker.__module__}.{PatientWorker.__name__}"
    assert PatientWorker.patience <= 15
