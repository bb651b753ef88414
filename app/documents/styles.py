"""The numbers of a style sheet, for what is stamped on a page without WeasyPrint: the CSS stays the one place of the design."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from app.core.later import later

from .pdf import STYLES

if TYPE_CHECKING:
    import tinycss2
else:
    tinycss2 = later("tinycss2")

MM = 72 / 25.4
_UNITS = {"pt": 1.0, "mm": MM, "px": 0.75}


@dataclass(frozen=True)
class Style:
    """What is declared for one element: lengths in points, colours as three numbers from 0 to 1."""

    values: Mapping[str, str]

    def length(self, name: str, size: float = 0, default: float = 0) -> float:
        """A length in points; ``em`` and bare numbers are multiples of ``size``."""
        text = self.values.get(name, "")
        for unit, factor in _UNITS.items():
            if text.endswith(unit):
                return float(text.removesuffix(unit)) * factor
        return float(text.removesuffix("em")) * size if text else default

    @property
    def size(self) -> float:
        return self.length("font-size")

    @property
    def leading(self) -> float:
        """From one line to the next, in points."""
        return self.length("line-height", self.size, self.size)

    @property
    def is_bold(self) -> bool:
        return self.values.get("font-weight") == "700"

    @property
    def colour(self) -> tuple[float, float, float]:
        digits = self.values.get("color", "#000000").removeprefix("#")
        red, green, blue = (int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4))
        return red, green, blue


def style_of(sheet: str, *selectors: str) -> Style:
    """What the style sheet declares for these selectors, later ones winning."""
    declared: dict[str, str] = {}
    for selector in selectors:
        declared.update(_rules(sheet).get(selector, {}))
    return Style(declared)


@cache
def _rules(sheet: str) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    text = (STYLES / f"{sheet}.css").read_text("utf-8")
    for rule in tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True):
        if rule.type != "qualified-rule":
            continue
        values = tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True)
        declared = {value.lower_name: tinycss2.serialize(value.value).strip() for value in values if value.type == "declaration"}
        for selector in tinycss2.serialize(rule.prelude).split(","):
            found.setdefault(selector.strip(), {}).update(declared)
    return found
