"""WCAG 2.2 AA on the main pages, by axe-core, in both languages, light and dark, on a desk and on a phone."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, ViewportSize

from .conftest import SignIn, Visit

AXE = Path(__file__).resolve().parents[2] / "app/static/vendor/axe/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
DESK: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
PUBLIC = [
    *("/styleguide", "/styleguide?errors=1", "/no-such-page", "/", "/contests/chenghu-5", "/contests/venture-2026/rules"),
    *("/notices", "/verify", "/sign-in", "/sign-up"),
]
# account, address, selector of the link to go on with
INSIDE = [
    *(("judge", "/my/", ""), ("judge", "/my/security/", ""), ("judge", "/desk/", ""), ("judge", "/desk/?status=draft", ".queue-item a")),
    *(("team", "/my/entries/", ""), ("team", "/my/entries/", "main .panel a.btn"), ("team", "/my/profile/", "")),
    *(("organizer", "/manage/", ""), ("organizer", "/manage/new", ""), ("organizer", "/manage/venture-2026/", "")),
    *(("team", "/my/messages/", ""), ("team", "/my/talent/", ""), ("student1", "/my/entries/", "main .panel a.btn")),
    *(("organizer", "/manage/campus-2026/entries/", ""), ("organizer", "/manage/campus-2026/entries/", "main tbody th a")),
    *(("organizer", "/manage/venture-2026/check/", ""), ("organizer", "/manage/campus-2026/progress/", "")),
    *(
        ("organizer", "/manage/campus-2026/stages/1/panels/", "main tbody a"),
        ("organizer", "/manage/chenghu-6-wuhan/forms/", "main tbody a"),
    ),
    *(("organizer", "/manage/chenghu-5/results/", ""), ("organizer", "/manage/chenghu-5/results/", "main tbody th a")),
    *(("organizer", "/manage/chenghu-5/certificates/", ""), ("organizer", "/manage/chenghu-5/notices/", "")),
    *(
        ("talent", "/talent/", ""),
        ("talent", "/talent/records", ""),
        ("talent", "/talent/records", "main tbody td a"),
        ("talent", "/talent/people", ""),
    ),
    *(("supervisor", "/supervise/chenghu-5/", ""), ("supervisor", "/supervise/chenghu-5/journal", "")),
    *(("admin", "/admin/", ""), ("admin", "/admin/settings/", ""), ("admin", "/admin/users/", ""), ("admin", "/admin/health", "")),
    *(("organizer", "/manage/venture-2026/divisions", ""), ("organizer", "/manage/venture-2026/stages", "main h2 a")),
]


def violations(page: Page) -> list[str]:
    """What axe finds wrong on the page, one line a rule with the first elements."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']}).then(r => r.violations)", RULES)
    return [
        f"{item['id']}: {item['help']}: " + "; ".join(f"{node['target']} {node['html'][:160]}" for node in item["nodes"][:4])
        for item in found
    ]


# 400 % zoom on a desk: 1280 x 1024 becomes 320 x 256. account, address, selector of the link to go on with
ZOOMED = [
    *(("judge", "/desk/", ""), ("judge", "/desk/?status=draft", ".queue-item a"), ("judge", "/desk/", "a[href$='/scores']")),
    *(("judge", "/desk/", "a[href$='/sign-off']"), ("team", "/my/entries/", "")),
    *(("team", "/my/entries/", "main .panel a.btn"), ("team", "/my/entries/", "a[href$='/result']"), ("supervisor", "/supervise/", "")),
    *(("supervisor", "/supervise/chenghu-5/changes", ""), ("supervisor", "/supervise/chenghu-5/draws", "")),
    *(("supervisor", "/supervise/chenghu-5/readings", ""), ("supervisor", "/supervise/chenghu-5/chain", "")),
    *(("supervisor", "/supervise/chenghu-5/checkpoints/", ""), ("organizer", "/manage/chenghu-5/results/", "main tbody th a")),
]


@pytest.mark.parametrize(("account", "path", "follow"), ZOOMED)
def test_a_page_at_four_hundred_per_cent_loses_nothing(sign_in: SignIn, account: str, path: str, follow: str) -> None:
    page = sign_in(account, path, follow, locale="zh-CN", viewport={"width": 320, "height": 256})
    check_as_seen(page)
    staying = page.evaluate("""[...document.querySelectorAll("body *")].filter((e) => {
        const box = e.getBoundingClientRect();
        const shown = box.width > 160 && box.right > 8 && box.left < innerWidth && e.checkVisibility({visibilityProperty: true});
        if (e.closest("table")) return false; // heads of stacked tables, for readers of the screen alone
        return shown && ["sticky", "fixed"].includes(getComputedStyle(e).position);
    }).map((e) => `${e.tagName} ${e.className} ${Math.round(e.offsetHeight)}`)""")
    assert staying == [], "what stays in sight takes the room of what is read"
    assert page.locator(".bar .user .avatar").bounding_box()["width"] >= 24  # type: ignore[index]


@pytest.mark.parametrize("path", PUBLIC)
def test_public_page_is_accessible(visit: Visit, path: str) -> None:
    check(visit(path, locale="zh-CN", viewport=DESK))
    check_as_seen(visit(path, locale="en", viewport=PHONE))


@pytest.mark.parametrize(("account", "path", "follow"), INSIDE)
def test_page_behind_the_sign_in_is_accessible(sign_in: SignIn, account: str, path: str, follow: str) -> None:
    check(sign_in(account, path, follow, locale="zh-CN", viewport=DESK))


def check(page: Page) -> None:
    """On a desk in light colours, then on a phone in dark ones."""
    check_as_seen(page)
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size(PHONE)
    check_as_seen(page)


def check_as_seen(page: Page) -> None:
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page scrolls sideways"
