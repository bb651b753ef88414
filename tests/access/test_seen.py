"""What the staff is shown as "what others see" are the bytes that the others get."""

from __future__ import annotations

import re
from typing import Any

import msgspec
import pytest
from bs4 import BeautifulSoup
from flask import Flask

from app.calls.models import StageRuleVersion
from app.calls.rules import Disclosure, StageRules

from .story import Contest, telling


def parts(page: str, *wanted: str) -> list[str]:
    """The inner bytes of these elements; a page without one of them would be compared with nothing."""
    tree = BeautifulSoup(page, "html.parser")
    found = [tree.select_one(selector) for selector in wanted]
    assert None not in found, wanted
    return [part.decode_contents().strip() for part in found if part is not None]


def without_addresses(text: str, *prefixes: str) -> str:
    """Only where a file is differs between the two pages."""
    for prefix in prefixes:
        text = text.replace(prefix, "HERE")
    return re.sub(r"stage=\d+&amp;", "", re.sub(r"\?stage=\d+(&amp;)?", lambda m: "?" if m[1] else "", text)).replace("HERE/?", "HERE?")


@pytest.mark.parametrize("blind", [True, False], ids=["blind", "open"])
@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_staff_sees_the_judges_page_byte_by_byte(
    app: Flask, alpha: Contest, beta: Contest, crowd_of: Any, blind: bool, language: str
) -> None:
    for _told in telling(alpha, beta, until="judging"):
        pass
    rules = alpha.session.get_one(StageRuleVersion, alpha.stage.rule_version_id)
    rules.rules = _with(rules.rules, blind)
    alpha.commit()
    crowd, entry = crowd_of(), alpha.entries[1]
    desk = f"/desk/assignments/{alpha.assignment('judge', entry).id}"
    seen = f"/manage/{alpha.edition.code}/entries/{entry.code}/as-judges-see-it"
    said = {"headers": {"Accept-Language": language.replace("_", "-")}}
    live = crowd.ask("judge", "GET", desk, **said).get_data(as_text=True)
    shown = crowd.ask("organizer", "GET", f"{seen}/", **said).get_data(as_text=True)
    heading = parts(live, ".desk-form > .kicker", ".desk-form > h1")
    assert heading == parts(shown, ".desk-heading > .kicker", ".desk-heading > h1")
    on_desk, in_preview = parts(live, ".desk-files")[0], parts(shown, ".desk-files")[0]
    assert without_addresses(on_desk, desk) == without_addresses(in_preview, seen)
    assert (alpha.hidden in on_desk, len(on_desk) > 500) == (not blind, True)


def _with(rules: StageRules, blind: bool) -> StageRules:
    return msgspec.structs.replace(rules, disclosure=Disclosure(blind=blind, public_scores=True))


def test_the_files_are_the_judges_files(app: Flask, alpha: Contest, beta: Contest, crowd_of: Any) -> None:
    for _told in telling(alpha, beta, until="judging"):
        pass
    crowd, entry = crowd_of(), alpha.entries[0]
    desk = f"/desk/assignments/{alpha.assignment('judge', entry).id}/files"
    seen = f"/manage/{alpha.edition.code}/entries/{entry.code}/as-judges-see-it/files"
    delivered = 0
    for number in range(5):
        mine, theirs = (crowd.ask(role, "GET", f"{place}/{number}") for role, place in (("judge", desk), ("organizer", seen)))
        assert mine.status_code == theirs.status_code
        if mine.status_code == 200:
            delivered += 1
            assert mine.get_data() == theirs.get_data()
            assert mine.headers["Content-Disposition"] == theirs.headers["Content-Disposition"]
        [answer.close() for answer in (mine, theirs)]
    assert delivered > 0


@pytest.mark.parametrize("phase", ["open", "sealed", "released"])
def test_the_public_page_is_the_same_for_whoever_opens_it(app: Flask, alpha: Contest, beta: Contest, crowd_of: Any, phase: str) -> None:
    """So an organizer who follows "as the public sees it" is not shown more because of the role."""
    for _told in telling(alpha, beta, until=phase):
        pass
    crowd, code = crowd_of(), alpha.edition.code
    pages = [f"/contests/{code}", f"/contests/{code}/rules"]
    pages += [f"/contests/{code}/results/{alpha.call.code}/{alpha.stage.position}"] if phase == "released" else []
    for page in pages:
        visitor = parts(crowd.ask("visitor", "GET", page).get_data(as_text=True), "main")
        for role in ("organizer", "host", "judge", "leader", "admin"):
            assert parts(crowd.ask(role, "GET", page).get_data(as_text=True), "main") == visitor, (page, role)


def test_before_there_is_anything_to_judge_the_page_says_so(app: Flask, alpha: Contest, beta: Contest, crowd_of: Any) -> None:
    for _told in telling(alpha, beta, until="open"):
        pass
    crowd = crowd_of()
    page = crowd.ask("organizer", "GET", f"/manage/{alpha.edition.code}/entries/{alpha.entries[0].code}/as-judges-see-it/")
    tree = BeautifulSoup(page.get_data(as_text=True), "html.parser")
    assert (page.status_code, tree.select_one(".desk-files"), "summary by" in tree.get_text()) == (200, None, False)
