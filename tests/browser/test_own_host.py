"""Pages ask nobody but the site itself: no fonts, maps, pictures, counters or scripts of others (PRIV-09)."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from .conftest import SignIn, Site

PAGES = {
    "judge": ("/", "/my/", "/desk/", "/desk/?status=draft"),
    "organizer": ("/", "/my/", "/manage/", "/notices"),
    "team": ("/", "/my/", "/my/entries/", "/my/security/"),
    "admin": ("/admin/", "/admin/users/", "/admin/settings/", "/admin/health", "/admin/calendar/"),
    "talent": ("/talent/", "/my/profile/"),
    "supervisor": ("/supervise/",),
}


@pytest.mark.parametrize("account", PAGES)
def test_pages_ask_no_other_host(sign_in: SignIn, site: Site, account: str) -> None:
    page = sign_in(account, "/privacy")
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url))
    for path in PAGES[account]:
        answer = page.goto(path, wait_until="networkidle")
        assert answer is not None
        assert (path, answer.status) == (path, 200)
    own = urlsplit(site.url).netloc
    assert len(asked) >= len(PAGES[account]), "the log has at least the pages themselves"
    assert [url for url in asked if urlsplit(url).scheme not in {"data", "blob"} and urlsplit(url).netloc != own] == []
