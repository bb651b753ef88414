"""Templates print; they hold no script, no style, no decision about roles, and every form carries its token."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

from .source import ROOT, name

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def having(pattern: str, *, but: str = "") -> list[str]:
    wanted = re.compile(pattern, re.I | re.S)
    return [name(p) for p in TEMPLATES if not (but and re.search(but, name(p))) and wanted.search(p.read_text(encoding="utf-8"))]


def test_no_inline_script() -> None:
    assert having(r"<script(?![^>]*\bsrc=)[^>]*>(?!\s*</script>)", but="documents/|/pdf/|demo/") == []


def test_no_inline_style_or_handler() -> None:
    printed = r"documents/|/pdf/|emails/|demo/"  # sheets of paper and mails
    assert having(r"<[a-z][^>{}]*\sstyle=[\"']", but=printed) == []
    assert having(r"<style", but=printed) == []
    assert having(r"\son(click|change|submit|load|input|focus|blur|key\w+)=", but=printed) == []


def test_no_template_switches_escaping_off() -> None:
    assert having(r"\|\s*safe\b|autoescape\s+false") == []


def test_every_post_form_carries_its_token() -> None:
    bare = []
    for path in TEMPLATES:
        for form in re.findall(r"<form[^>]*method=[\"']post[\"'].*?</form>", path.read_text(encoding="utf-8"), re.I | re.S):
            if not re.search(r"csrf|hidden_tag|caller\(\)", form):
                bare.append(name(path))
    assert bare == [], "add {{ csrf() }} or form.hidden_tag()"


def test_no_template_tests_a_role() -> None:
    assert having(r"\.holds\(|\.holds_anywhere\(|current_role\s*==", but="layouts/|macros/") == []


def test_no_page_fetches_from_elsewhere() -> None:
    assert having(r"(src|href)=[\"']https?://(?!www\.w3\.org)", but="emails/") == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_template_compiles(app: Flask, path: Path) -> None:
    template = app.jinja_env.get_template(str(path.relative_to(ROOT / "templates")))
    assert template.name


def test_every_linked_endpoint_exists(app: Flask) -> None:
    known = set(app.view_functions)
    missing = {
        f"{name(path)}: {endpoint}"
        for path in TEMPLATES
        for endpoint in re.findall(r"url_for\(\s*['\"]([\w.]+)['\"]", path.read_text(encoding="utf-8"))
        if not endpoint.startswith(".") and endpoint not in known
    }
    assert missing == set()
