"""Targets of redirects never leave the site."""

from __future__ import annotations

import pytest

from app.core.web import safe_target

OUTSIDE = (
    "", "https://evil.example", "http://evil.example/", "//evil.example", "///evil.example", "////evil.example", "/\\evil.example",
    "\\/evil.example", "\\\\evil.example", "/\\/evil.example", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x",
    "vbscript:x", "ftp://evil.example", "mailto:a@b.c", "evil.example", "evil.example/path", " /x", "\t/x", "\n/x", "/\t/evil.example",
    "/\n/evil.example", "/\r\n/evil.example", "/x\r\nSet-Cookie: a=b", "/x\x00", "\x00/x", "https:evil.example", "https:/evil.example",
    "https:///evil.example", "http:\\\\evil.example", "//evil.example\\@localhost", "/ /evil.example", "//localhost@evil.example",
    "?next=//evil.example", "#//evil.example", "//%65vil.example", "/\x7f/evil", "/\x0b/evil.example", "./evil", "../evil",
    "@evil.example", ":80/x", "//[::1]/x",
)  # fmt: skip


@pytest.mark.parametrize("target", OUTSIDE)
def test_a_target_that_could_leave_falls_back(target: str) -> None:
    assert safe_target(target) == "/"


@pytest.mark.parametrize("target", ["/", "/my/entries", "/contests/abc?tab=rules#dates", "/a/b/c", "/%2Fevil"])
def test_a_path_of_this_site_is_kept(target: str) -> None:
    assert safe_target(target) == target
