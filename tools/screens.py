"""Screenshots of the main pages of the demonstration into docs/screens/, small enough to live in the repository.

Usage: make screens [NAME …]. A server with a fresh demonstration in a temporary folder is photographed by Chromium.
"""

from __future__ import annotations

import io
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from PIL import Image  # noqa: E402 -- after the root is known
from playwright.sync_api import Browser, BrowserContext, sync_playwright  # noqa: E402

from app.demo.world import DOMAIN, PASSWORD  # noqa: E402
from tests.servers import Installation  # noqa: E402
from tools.check_system import find_browser  # noqa: E402

FOLDER = ROOT / "docs" / "screens"
DESK, TABLET, PHONE = (1280, 800), (1024, 768), (390, 844)
COLOURS = 200
PATIENCE = 60
SETTLE_MS = 700


@dataclass(frozen=True)
class Screen:
    """One picture. ``follow`` selects the link to go on with where the address is not known; ``needs`` selects what must be there.

    What a job makes (the judges' clean copy of a file) takes its time: the page is opened again until it shows ``needs``.
    """

    name: str
    path: str
    account: str = ""
    follow: str = ""
    size: tuple[int, int] = DESK
    theme: str = "light"
    locale: str = "zh-CN"
    wait: int = SETTLE_MS
    needs: str = ""


CHINESE = (
    Screen("portal", "/"),
    Screen("portal-en-dark", "/", theme="dark", locale="en"),
    Screen("contest", "/contests/venture-2026"),
    Screen("contest-phone", "/contests/venture-2026", size=PHONE),
    Screen("rules", "/contests/chenghu-5/rules"),
    Screen("verify", "/verify"),
    Screen("team-entries", "/my/entries/", "team"),
    Screen("team-entry", "/my/entries/", "team", ".panel a.btn"),
    Screen("judge-queue", "/desk/", "judge", size=TABLET),
    Screen("judge-sheet", "/desk/?status=draft", "judge", ".queue-item a", wait=2500, needs=".viewer iframe"),
    Screen("judge-sheet-phone", "/desk/?status=draft", "judge", ".queue-item a", size=PHONE),
    Screen("judge-scores", "/desk/", "judge", "a[href$='/scores']"),
    Screen("manage-edition", "/manage/venture-2026/", "organizer"),
    Screen("manage-stage", "/manage/chenghu-6-wuhan/stages", "organizer", "main h2 a"),
    Screen("manage-forms", "/manage/venture-2026/forms/", "organizer", "main table a, main .panel a"),
    Screen("manage-entries", "/manage/campus-2026/entries/", "organizer"),
    Screen("manage-check", "/manage/venture-2026/check/", "organizer"),
    Screen("manage-progress", "/manage/campus-2026/progress/", "organizer"),
    Screen("result", "/manage/chenghu-5/results/", "organizer", "main tbody th a", size=(1440, 900)),
    Screen("certificates", "/manage/chenghu-5/certificates/", "organizer"),
    Screen("talent-office", "/talent/", "talent"),
    Screen("talent-records", "/talent/records", "talent"),
    Screen("supervise", "/supervise/chenghu-5/", "supervisor"),
    Screen("journal", "/supervise/chenghu-5/journal", "supervisor"),
    Screen("admin", "/admin/", "admin"),
)
#: What the guides under docs/en show.
IN_ENGLISH = frozenset({
    "contest-phone", "team-entry", "judge-queue", "judge-sheet", "judge-scores", "manage-edition", "manage-stage", "manage-entries",
    "manage-progress", "result", "certificates", "supervise", "journal",
})  # fmt: skip
SCREENS = CHINESE + tuple(replace(screen, name=f"en/{screen.name}", locale="en") for screen in CHINESE if screen.name in IN_ENGLISH)


def sign_in(browser: Browser, base: str, account: str, locale: str) -> dict[str, object]:
    """What the browser keeps after the account has signed in."""
    window = browser.new_context(base_url=base, locale=locale)
    page = window.new_page()
    page.goto("/sign-in")
    page.fill("[name=email]", f"{account}@{DOMAIN}")
    page.fill("[name=password]", PASSWORD)
    page.click("main button.btn-primary")
    page.wait_for_url("**/my/")
    state = window.storage_state()
    window.close()
    return dict(state)


def photograph(window: BrowserContext, screen: Screen) -> bytes:
    """The page as it stands in the window."""
    page = window.new_page()
    page.goto(screen.path)
    if screen.follow:
        address = page.locator(screen.follow).first.get_attribute("href")
        page.goto(str(address))
    for _ in range(PATIENCE):
        if not screen.needs or page.locator(screen.needs).count():
            break
        page.wait_for_timeout(2000)
        page.reload()
    page.wait_for_timeout(screen.wait)
    return page.screenshot()


def store(picture: bytes, file: Path) -> int:
    """Write the picture with few colours; the number of bytes."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    image.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(file, optimize=True)
    return file.stat().st_size


def take(browser: Browser, base: str, wanted: list[Screen]) -> int:
    """All wanted pictures; the number of those that could not be taken."""
    kept: dict[str, dict[str, object]] = {}
    failures = 0
    for screen in wanted:
        if screen.account and screen.account not in kept:
            kept[screen.account] = sign_in(browser, base, screen.account, screen.locale)
        width, height = screen.size
        window = browser.new_context(
            base_url=base,
            locale=screen.locale,
            color_scheme=screen.theme,  # type: ignore[arg-type] -- "light" or "dark"
            viewport={"width": width, "height": height},
            storage_state=kept.get(screen.account),  # type: ignore[arg-type]
        )
        try:
            size = store(photograph(window, screen), FOLDER / f"{screen.name}.png")
            print(f"  {screen.name:<20} {size // 1000:>4} kB")
        except Exception as error:  # noqa: BLE001 -- one page that fails must not hide the others
            print(f"  {screen.name:<20} failed: {str(error).splitlines()[0]}")
            failures += 1
        finally:
            window.close()
    return failures


def main() -> int:
    """Start a server with the demonstration, photograph it, stop it."""
    path = find_browser()
    if not path:
        print("No Chromium on this machine; install it or name one in CHROMIUM=/path.")
        return 1
    wanted = [screen for screen in SCREENS if not sys.argv[1:] or screen.name in sys.argv[1:]]
    (FOLDER / "en").mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        installation = Installation(Path(folder))
        print("loading the demonstration …")
        installation.flask("db", "upgrade")
        installation.flask("demo", "load")
        web = installation.web()
        jobs = installation.jobs()
        web.start()
        jobs.start()
        try:
            installation.wait()
            browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
            failures = take(browser, f"http://127.0.0.1:{installation.port}", wanted)
            browser.close()
        finally:
            web.stop()
            jobs.stop()
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
