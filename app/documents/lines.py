"""Breaking a text into lines of nearly the same length, Chinese and Latin mixed."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

#: No line begins with these, and none ends with those.
_CLOSING = frozenset("，。、；：！？）》」』】〕〉”’…—·,.;:!?)]}%")
_OPENING = frozenset("（《「『【〔〈“‘([{")
Width = Callable[[str], float]


def pieces(text: str) -> list[str]:
    """The parts between which a line may end; a space belongs to the part before it."""
    found: list[str] = []
    for character in text:
        if found and not _may_break(found[-1][-1], character):
            found[-1] += character
        else:
            found.append(character)
    return found


def _may_break(before: str, after: str) -> bool:
    if after.isspace() or after in _CLOSING or before in _OPENING:
        return False
    if before.isdigit() or before == "第":  # "2026年", "第3号" stay together
        return False
    return before.isspace() or _is_wide(before) or _is_wide(after)


def _is_wide(character: str) -> bool:
    return "\u2e80" <= character <= "\uffef" or character >= "\U00020000"


def break_lines(text: str, room: float, width: Width) -> list[str]:
    """As few lines as fit into ``room``, made as even as that number allows. ``width`` must be additive over the characters."""
    parts = [part for piece in pieces(" ".join(text.split())) for part in _fitting(piece, room, width)]
    sizes = [(width(part), width(part.rstrip())) for part in parts]
    fewest = len(_ends(sizes, room))
    low, high = max((size for _full, size in sizes), default=0.0), room
    for _step in range(10 if fewest > 1 else 0):
        middle = (low + high) / 2
        if len(_ends(sizes, middle)) == fewest:
            high = middle
        else:
            low = middle
    ends = _ends(sizes, high)
    return ["".join(parts[start:end]).rstrip() for start, end in pairwise([0, *ends])]


def _fitting(piece: str, room: float, width: Width) -> list[str]:
    """A part that is longer than a line is cut where the line ends."""
    if width(piece.rstrip()) <= room:
        return [piece]
    found = [""]
    for character in piece:
        if found[-1] and width(found[-1] + character) > room:
            found.append("")
        found[-1] += character
    return found


def _ends(sizes: list[tuple[float, float]], room: float) -> list[int]:
    """After which part each line ends; a part's second size is the one without the space after it."""
    ends, used = [], 0.0
    for number, (full, bare) in enumerate(sizes):
        if used and used + bare > room:
            ends.append(number)
            used = 0.0
        used += full
    return [*ends, len(sizes)]
