"""WCAG 2.2 AA on the main pages, by axe-core, in both languages, light and dark, on a desk and on a phone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .conftest import SignIn, Visit

AXE = Path(__file__).resolve().parents[2] / "app/static/vendor/axe/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
PUBLIC = [
    "/styleguide",
    "/styleguide?errors=1",
    "/no-such-page",
    "/",
    "/contests/load-open",
    "/contests/load-open/rules",
    "/notices",
    "/verify",
    "/sign-in",
    "/sign-up",
]
JUDGE = ["/my/", "/desk/", "/desk/assignments/1", "/desk/seats/1/scores", "/desk/seats/1/sign-off"]
WAYS = [("zh-CN", "light", DESK), ("en", "dark", DESK), ("zh-CN", "dark", PHONE), ("en", "light", PHONE)]


def violations(page: Any) -> list[str]:
    """What axe finds wrong on the page, one line a rule with the first elements."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']}).then(r => r.violations)", RULES)
    return [
        f"{item['id']}: {item['help']}: " + "; ".join(f"{node['target']} {node['html'][:160]}" for node in item["nodes"][:4])
        for item in found
    ]


@pytest.mark.parametrize("path", PUBLIC)
@pytest.mark.parametrize(("locale", "scheme", "viewport"), WAYS, ids=["zh-light", "en-dark", "zh-phone-dark", "en-phone"])
def test_public_page_is_accessible(visit: Visit, path: str, locale: str, scheme: str, viewport: dict[str, int]) -> None:
    page = visit(path, locale=locale, color_scheme=scheme, viewport=viewport)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page scrolls sideways"


@pytest.mark.parametrize("path", JUDGE)
@pytest.mark.parametrize(("locale", "scheme", "viewport"), WAYS, ids=["zh-light", "en-dark", "zh-phone-dark", "en-phone"])
def test_judges_page_is_accessible(sign_in: SignIn, path: str, locale: str, scheme: str, viewport: dict[str, int]) -> None:
    page = sign_in("judge1@load.example", path, locale=locale, color_scheme=scheme, viewport=viewport)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page scrolls sideways"
