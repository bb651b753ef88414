"""A real server with the demo, and a real Chromium to visit it; without Chromium the tests are skipped and say so."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from app.demo.world import PASSWORD
from tests.servers import Installation
from tools.check_system import find_browser, has_driver_library

ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")


@dataclass(frozen=True)
class Site:
    """A running installation and where to find it."""

    installation: Installation

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.installation.port}"


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's folder, filled once a run however many workers there are."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder = shared / "prepared-site"
    with (shared / "prepared-site.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "ready").exists():
            folder.mkdir(exist_ok=True)
            installation = Installation(folder)
            installation.flask("db", "upgrade")
            installation.flask("demo", "load")
            (folder / "ready").touch()
    return folder


@pytest.fixture(scope="session")
def site(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """This worker's own copy of the prepared folder, served by the product's own web server."""
    folder = tmp_path_factory.mktemp("site") / "var"
    shutil.copytree(prepared, folder)
    installation = Installation(folder)
    web = installation.web()
    web.start()
    try:
        installation.wait()
        yield Site(installation)
    finally:
        web.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One Chromium a run."""
    path = find_browser()
    if not path:
        pytest.skip("no Chromium on this machine; install it or name one in CHROMIUM=/path")
    if not has_driver_library():
        pytest.skip("Playwright cannot start: libatomic is missing (on Debian and Ubuntu: apt-get install libatomic1)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        browser.close()


Visit = Callable[..., Page]
SignIn = Callable[..., Page]


@pytest.fixture
def visit(chromium: Browser, site: Site) -> Iterator[Visit]:
    """``visit(path, **context)``: a page of the site in a fresh window; a script error there fails the test."""
    windows: list[BrowserContext] = []
    faults: list[str] = []

    def open_page(path: str, **context: Any) -> Page:
        window = chromium.new_context(base_url=site.url, **{"locale": "zh-CN", "reduced_motion": "reduce", **context})
        windows.append(window)
        page = window.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: faults.append(message.text) if "Content Security" in message.text else None)
        page.goto(path)
        return page

    yield open_page
    for window in windows:
        window.close()
    assert faults == []


@pytest.fixture(scope="session")
def cookies() -> dict[str, Any]:
    """What a browser keeps after signing in, by account: each account signs in once a run."""
    return {}


@pytest.fixture
def sign_in(visit: Visit, cookies: dict[str, Any]) -> SignIn:
    """``sign_in(account, path, follow, **context)``: a page of the site as that account of the demo, signed in through the form.

    ``follow``: a selector of the link to go on with, for pages whose address is not known beforehand.
    """

    def signed_in(account: str, path: str, follow: str = "", **context: Any) -> Page:
        if account not in cookies:
            first = visit("/sign-in")
            enter(first, account)
            cookies[account] = first.context.storage_state()
        page = visit(path, storage_state=cookies[account], **context)
        if follow:
            page.goto(str(page.locator(follow).first.get_attribute("href")))
        return page

    return signed_in


def enter(page: Page, account: str) -> None:
    """Fill the sign-in form and wait for the first page behind it."""
    page.fill("[name=email]", f"{account}@demo.example")
    page.fill("[name=password]", PASSWORD)
    page.click("main button.btn-primary")
    page.wait_for_url("**/my/")
