"""Screenshots of the main pages into docs/screens/, from the demo, in a real Chromium. Run by `make screens`."""

from __future__ import annotations

import io
import re
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from app.demo.world import DOMAIN, PASSWORD  # noqa: E402
from tests.servers import Installation  # noqa: E402
from tools.check_system import find_browser  # noqa: E402

FOLDER = ROOT / "docs" / "screens"
DESK, PHONE = (1280, 800), (390, 844)
COLOURS = 128
# Codes of the demo: a contest with results, and one whose judges are at work.
FINISHED, JUDGED = "chenghu-5", "campus-2026"


@dataclass(frozen=True)
class Shot:
    """A picture: whose, of which page (a path, then patterns of the links to follow), at which width."""

    name: str
    account: str
    path: str
    follow: tuple[str, ...] = ()
    size: tuple[int, int] = DESK
    locale: str = "zh-CN"


SHOTS = (
    Shot("portal", "", "/"),
    Shot("portal-en", "", "/", locale="en-US"),
    Shot("contest", "", f"/contests/{FINISHED}"),
    Shot("contest-phone", "", f"/contests/{FINISHED}", size=PHONE),
    Shot("notices", "", "/notices"),
    Shot("notice", "", "/notices", (r"^/notices/.+",)),
    Shot("team-entries", "team", "/my/entries/"),
    Shot("team-entry", "team", "/my/entries/", (r"^/my/entries/[A-Z0-9]+$",)),
    Shot("desk", "judge", "/desk/"),
    Shot("desk-sheet", "judge", "/desk/", (r"^/desk/assignments/\d+$",)),
    Shot("desk-sheet-phone", "judge", "/desk/", (r"^/desk/assignments/\d+$",), PHONE),
    Shot("manage", "organizer", "/manage/"),
    Shot("manage-edition", "organizer", f"/manage/{JUDGED}/"),
    Shot("manage-entries", "organizer", f"/manage/{JUDGED}/entries/"),
    Shot("manage-stages", "organizer", f"/manage/{JUDGED}/stages"),
    Shot("manage-panels", "organizer", f"/manage/{JUDGED}/progress/", (r"/panels/\d+/$",)),
    Shot("manage-progress", "organizer", f"/manage/{JUDGED}/progress/"),
    Shot("manage-result", "organizer", f"/manage/{FINISHED}/results/", (r"/results/\d+$",)),
    Shot("dossier", "organizer", f"/manage/{FINISHED}/dossier"),
    Shot("talent", "talent", "/talent/"),
    Shot("supervise", "supervisor", "/supervise/"),
    Shot("admin", "admin", "/admin/"),
)


class NotThereError(Exception):
    """A page or a link to it does not exist."""


class Studio:
    """A running demo and a browser; one signed-in context for each account, language and width."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser, self.address = browser, address
        self.contexts: dict[tuple[str, str, tuple[int, int]], BrowserContext] = {}

    def context(self, shot: Shot) -> BrowserContext:
        """The browser window of the shot's person."""
        key = (shot.account, shot.locale, shot.size)
        if key not in self.contexts:
            width, height = shot.size
            made = self.browser.new_context(
                viewport={"width": width, "height": height}, locale=shot.locale, device_scale_factor=1, color_scheme="light"
            )
            if shot.account:
                self.sign_in(made.new_page(), shot.account)
            self.contexts[key] = made
        return self.contexts[key]

    def sign_in(self, page: Page, account: str) -> None:
        """Through the form, as everybody."""
        page.goto(f"{self.address}/sign-in")
        page.fill("[name=email]", f"{account}@{DOMAIN}")
        page.fill("[name=password]", PASSWORD)
        page.click("form:has([name=password]) button[type=submit], form:has([name=password]) button:not([type])")
        page.wait_for_load_state("load")
        page.close()

    def take(self, shot: Shot) -> Path:
        """Open the page, follow the links, save the picture with few colours."""
        page = self.context(shot).new_page()
        try:
            self.open(page, shot.path)
            for pattern in shot.follow:
                self.open(page, self.link(page, pattern))
            page.wait_for_load_state("networkidle")
            picture = Image.open(io.BytesIO(page.screenshot()))
        finally:
            page.close()
        path = FOLDER / f"{shot.name}.png"
        picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
        return path

    def open(self, page: Page, path: str) -> None:
        answer = page.goto(self.address + path)
        if answer is None or not answer.ok:
            raise NotThereError(f"{path} answered {answer.status if answer else 'nothing'}")

    def link(self, page: Page, pattern: str) -> str:
        """The first link on the page whose path fits; the page's own navigation comes last."""
        hrefs = page.eval_on_selector_all("main a[href], a[href]", "links => links.map(link => link.getAttribute('href'))")
        for href in hrefs:
            path = str(href).split("#")[0].split("?")[0]
            if re.search(pattern, path):
                return path
        raise NotThereError(f"no link like {pattern} on {page.url}")


def shoot(address: str, only: set[str]) -> int:
    """Take every picture (or the named ones); the number of those that could not be taken."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    missing = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=["--no-sandbox", "--disable-gpu"])
        studio = Studio(browser, address)
        for shot in SHOTS:
            if only and shot.name not in only:
                continue
            try:
                path = studio.take(shot)
            except NotThereError as error:
                print(f"{shot.name}: not taken: {error}")
                missing += 1
            else:
                print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1000} kB", flush=True)
        browser.close()
    return missing


def main() -> int:
    """Load the demo into a folder of its own, serve it, take the pictures."""
    if not find_browser():
        print("No Chromium found; name one with CHROMIUM=/path.")
        return 1
    with tempfile.TemporaryDirectory(prefix="jiebang-screens-") as folder:
        installation = Installation(Path(folder))
        installation.flask("prepare", "--demo")
        web = installation.web()
        web.start()
        try:
            installation.wait()
            return 1 if shoot(f"http://127.0.0.1:{installation.port}", set(sys.argv[1:])) else 0
        finally:
            web.stop()


if __name__ == "__main__":
    sys.exit(main())
