"""The guides for people: in both languages, chapter by chapter, with pictures that exist and that `make screens` makes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools.screens import SCREENS

from .source import ROOT

GUIDES = sorted((ROOT / "docs").glob("guide-*.md"))
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
