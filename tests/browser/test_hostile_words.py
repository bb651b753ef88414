"""Hostile words in a real browser: whatever people typed, nothing runs, nothing asks, nothing is fetched from elsewhere."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.access.hostile import CALL
from tests.servers import Installation

from .conftest import Site

#: What a payload would call if it came alive.
TRAP = f"window.{CALL.removesuffix('()')} = () => console.log('ran');"

#: What a page holds in itself, and the browser's own viewer of PDFs.
OWN = ("data:", "blob:", "chrome-extension:", "chrome:")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, dict[str, Any]]]:
    """A site of its own whose contest has a payload in every place of people's words, and its readers."""
    folder = tmp_path_factory.mktemp("hostile") / "var"
    folder.mkdir()
    installation = Installation(folder)
    installation.flask("db", "upgrade")
    told = installation.run(sys.executable, "-m", "tests.access.hostile_site", str(folder))
    web = installation.web()
    web.start()
    try:
        installation.wait()
        yield Site(installation), json.loads(told.splitlines()[-1])
    finally:
        web.stop()


@dataclass
class Watch:
    """What happened in a window that no page of ours makes happen, and on which page."""

    url: str
    place: str = ""
    events: list[str] = field(default_factory=list)

    def note(self, what: str) -> None:
        self.events.append(f"{self.place}: {what[:160]}")

    def over(self, window: BrowserContext) -> Page:
        """A page of the window, watched."""
        page = window.new_page()
        page.on("dialog", lambda dialog: (self.note(f"dialog {dialog.message}"), dialog.dismiss()))
        page.on("pageerror", lambda error: self.note(str(error)))
        page.on("console", lambda said: self.note(said.text) if said.text == "ran" or "Content Security" in said.text else None)
        window.on("request", lambda asked: None if asked.url.startswith((self.url, *OWN)) else self.note(f"asks {asked.url}"))
        return page


def test_no_word_runs_asks_or_fetches(chromium: Browser, hostile: tuple[Site, dict[str, Any]]) -> None:
    site, readers = hostile
    watch, looked = Watch(site.url), 0
    for role, reader in readers.items():
        window = chromium.new_context(base_url=site.url, locale="zh-CN", reduced_motion="reduce")
        if reader["cookie"]:
            window.add_cookies([{"name": "session", "value": reader["cookie"], "url": site.url}])
        window.add_init_script(TRAP)
        page = watch.over(window)
        for path in reader["paths"]:
            watch.place = f"{role} {path}"
            answer = page.goto(path, wait_until="load")
            looked += answer is not None and answer.status == 200
            page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
            page.mouse.move(300, 300)
        window.close()
    assert watch.events == []
    assert looked > 60


def test_the_watch_sees_what_runs(chromium: Browser, hostile: tuple[Site, dict[str, Any]]) -> None:
    """The same payloads printed without care: seen, or there would be nothing to rely on."""
    site, _readers = hostile
    watch, window = Watch(site.url), chromium.new_context(base_url=site.url)
    window.add_init_script(TRAP)
    page = watch.over(window)
    page.goto("/privacy")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=zqrun()><img src=//zq.example/p>')")
    page.wait_for_timeout(500)
    window.close()
    assert any("Content Security" in event for event in watch.events)
