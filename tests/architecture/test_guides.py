"""The guides for people: in both languages, chapter by chapter, in the words of the pages, with pictures that `make screens` makes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from tools.screens import SCREENS

from .source import ROOT

GUIDES = sorted((ROOT / "docs").glob("guide-*.md"))
#: What stands between these marks is what a button, page or column is called.
QUOTED = re.compile("“([^”]+)”")
LINK = re.compile(r"\]\((?!https?:)([^)#]+)\)")


def chapters(path: Path) -> int:
    return len(re.findall(r"^## ", path.read_text(encoding="utf-8"), re.M))


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.stem)
def test_every_guide_has_the_same_chapters_in_english(guide: Path) -> None:
    assert chapters(guide) == chapters(guide.parent / "en" / guide.name) > 0


@pytest.mark.parametrize("guide", [*GUIDES, *(ROOT / "docs" / "en").glob("*.md")], ids=lambda path: str(path.relative_to(ROOT)))
def test_what_a_guide_points_to_is_there_and_its_pictures_are_made_anew(guide: Path) -> None:
    targets = [(guide.parent / target).resolve() for target in LINK.findall(guide.read_text(encoding="utf-8"))]
    assert [str(target) for target in targets if not target.exists()] == []
    made = {(ROOT / "docs" / "screens" / f"{screen.name}.png").resolve() for screen in SCREENS}
    assert [str(target) for target in targets if target.suffix == ".png" and target not in made] == []


def texts(*, english: bool) -> Iterator[str]:
    """Every text of every page: the source's English, or its Chinese."""
    for path in ROOT.glob("app/**/translations/zh_CN/LC_MESSAGES/messages.po"):
        with path.open("rb") as handle:
            for message in read_po(handle):
                said = message.id if english else message.string
                yield from said if isinstance(said, list | tuple) else [said]


@pytest.mark.parametrize("english", [False, True], ids=["zh", "en"])
def test_the_guides_name_buttons_and_pages_as_the_pages_do(english: bool) -> None:
    guides = (ROOT / "docs" / "en").glob("guide-*.md") if english else GUIDES
    quoted = {words for guide in guides for words in QUOTED.findall(guide.read_text(encoding="utf-8"))}
    known = set(texts(english=english))
    assert (sorted(words for words in quoted if words.rstrip(",.") not in known), len(quoted) > 10) == ([], True)
