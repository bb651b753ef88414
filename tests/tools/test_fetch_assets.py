"""Fetching browser files from a registry of our own on the loopback address."""

from __future__ import annotations

import base64
import hashlib
import http.server
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = {
    "bootstrap": ["dist/css/bootstrap.min.css", "dist/js/bootstrap.bundle.min.js", "dist/js/bootstrap.js", "LICENSE"],
    "bootstrap-icons": ["bootstrap-icons.svg", "icons/alarm.svg", "LICENSE"],
    "htmx.org": ["dist/htmx.min.js", "LICENSE"],
    "sortablejs": ["Sortable.min.js", "LICENSE"],
    "pdfjs-dist": ["build/pdf.min.mjs", "build/pdf.worker.min.mjs", "cmaps/GB-H.bcmap", "LICENSE"],
    "axe-core": ["axe.min.js", "LICENSE"],
}


def tarball(files: list[str]) -> bytes:
    body = io.BytesIO()
    with tarfile.open(fileobj=body, mode="w:gz") as archive:
        for name in files:
            member = tarfile.TarInfo("package/" + name)
            member.size = len(name)
            archive.addfile(member, io.BytesIO(name.encode()))
    return body.getvalue()


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A project folder with its lock, and the address of a registry that has the locked packages."""
    project, served = tmp_path / "project", tmp_path / "served"
    (project / "tools").mkdir(parents=True)
    shutil.copy(ROOT / "tools" / "fetch_assets.py", project / "tools")
    packages = {}
    for name, files in FILES.items():
        body = tarball(files)
        (served / name / "-").mkdir(parents=True)
        (served / name / "-" / f"{name}-1.2.3.tgz").write_bytes(body)
        integrity = "sha512-" + base64.b64encode(hashlib.sha512(body).digest()).decode()
        packages["node_modules/" + name] = {"version": "1.2.3", "integrity": integrity}
    (project / "package-lock.json").write_text(json.dumps({"packages": packages}))

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments: object) -> None:
            super().__init__(*arguments, directory=served)  # type: ignore[arg-type]

        def log_message(self, *_arguments: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield project, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def fetch(project: Path, address: str, *arguments: str) -> tuple[int, str]:
    environment = {**os.environ, "npm_config_registry": address, "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
    command = [sys.executable, str(project / "tools/fetch_assets.py"), *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def kept(project: Path) -> list[str]:
    vendor = project / "app/static/vendor"
    return sorted(str(path.relative_to(vendor)) for path in vendor.rglob("*") if path.is_file() and path.name != ".fetched")


def test_only_the_listed_files_and_the_licences_are_kept(registry: tuple[Path, str]) -> None:
    project, address = registry
    assert fetch(project, address)[0] == 0
    assert kept(project) == [
        "bootstrap-icons/LICENSE",
        "bootstrap-icons/bootstrap-icons.svg",
        "bootstrap/LICENSE",
        "bootstrap/bootstrap.bundle.min.js",
        "bootstrap/bootstrap.min.css",
        "htmx/LICENSE",
        "htmx/htmx.min.js",
        "pdfjs/LICENSE",
        "pdfjs/cmaps/GB-H.bcmap",
        "pdfjs/pdf.min.mjs",
        "pdfjs/pdf.worker.min.mjs",
        "sortablejs/LICENSE",
        "sortablejs/Sortable.min.js",
    ]
    assert fetch(project, address, "--dev")[0] == 0
    assert "axe/axe.min.js" in kept(project)


def test_a_file_that_is_not_the_locked_one_is_refused_and_the_old_one_stays(registry: tuple[Path, str]) -> None:
    project, address = registry
    fetch(project, address)
    before = kept(project)
    lock = json.loads((project / "package-lock.json").read_text())
    lock["packages"]["node_modules/htmx.org"]["integrity"] = "sha512-" + base64.b64encode(bytes(64)).decode()
    (project / "package-lock.json").write_text(json.dumps(lock))
    code, said = fetch(project, address)
    assert code == 1
    assert "htmx.org 1.2.3" in said
    assert "is not the file that package-lock.json names" in said
    assert kept(project) == before


def test_a_second_run_needs_no_network(registry: tuple[Path, str]) -> None:
    project, address = registry
    fetch(project, address)
    assert fetch(project, "http://127.0.0.1:1/") == (0, "")


def test_without_a_reachable_registry_it_says_what_to_set(registry: tuple[Path, str]) -> None:
    project, _address = registry
    code, said = fetch(project, "http://127.0.0.1:1/")
    assert code == 1
    assert "bootstrap 1.2.3 could not be downloaded from http://127.0.0.1:1/bootstrap/-/bootstrap-1.2.3.tgz" in said
    assert "Set npm_config_registry" in said
