"""The web server's worker: what a moment needed goes back to the system, and what stays is not looked through again and again."""

from __future__ import annotations

import os
import re
import socket
import time
from pathlib import Path

import pytest

from tests.servers import Installation, Process


def megabytes(server: Process, name: str = "VmRSS") -> float:
    """Memory of the one worker: what it has now, or the most it ever had (``VmHWM``)."""
    (pid,) = server.children()
    found = re.search(rf"^{name}:\s+(\d+) kB$", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    assert found is not None
    return int(found.group(1)) / 1024


def served(folder: Path, application: str) -> tuple[Process, Installation]:
    installation = Installation(folder, {"MALLOC_MMAP_THRESHOLD_": str(4 * 1024 * 1024)})
    web = installation.web(f"tests.support.hasty:{application}", threads=1, worker_class="tests.support.hasty.HastyWorker")
    web.start()
    installation.wait()
    return web, installation


def get(installation: Installation) -> bytes:
    """What the application answers."""
    with socket.create_connection(("127.0.0.1", installation.port), timeout=20) as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        received = b"".join(iter(lambda: line.recv(4096), b""))
    head, _, body = received.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200")
    return body


def test_the_collector_of_garbage_leaves_the_application_alone(tmp_path: Path) -> None:
    web, installation = served(tmp_path, "count_set_aside")
    try:
        assert re.search(rb"\d{5,}", get(installation)), "what was loaded before the first request, counted in tens of thousands"
    finally:
        web.kill()


@pytest.mark.skipif("CS_GNU_LIBC_VERSION" not in os.confstr_names, reason="only glibc keeps the pieces and can give them back")
def test_what_a_page_used_for_a_moment_goes_back_to_the_system(tmp_path: Path) -> None:
    web, installation = served(tmp_path, "scatter")
    try:
        before = megabytes(web)
        get(installation)
        used = megabytes(web, "VmHWM") - before
        deadline = time.monotonic() + 15
        while (kept := megabytes(web) - before) > 20 and time.monotonic() < deadline:
            time.sleep(0.2)
        assert (used > 60, kept < 20) == (True, True), f"{used:.0f} MiB were used, {kept:.0f} are kept"
    finally:
        web.kill()
