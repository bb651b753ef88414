"""Reading the access matrix: ``matrix/*.toml``, one file a feature.

A group lists operations and, for each stretch of phases, one symbol a role: ``+`` let in, ``-`` as if not there, ``x`` forbidden,
``>`` asked to sign in. Being let in is about who asks; whether the step fits the moment is the operation's question.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from .crowd import ROLES
from .story import PHASES

FOLDER = Path(__file__).parent / "matrix"


@dataclass(frozen=True)
class Entry:
    """One operation: method and endpoint, values for its variable parts, and the symbols of each phase."""

    operation: str
    given: dict[str, str]
    symbols: dict[str, str]

    def steady(self, column: int) -> bool:
        """Whether this role is answered alike in all phases."""
        return len({row[column] for row in self.symbols.values()}) == 1


def entries() -> list[Entry]:
    """All operations of all files."""
    return [
        entry for path in sorted(FOLDER.glob("*.toml")) for group in tomllib.loads(path.read_text())["group"] for entry in _group(group)
    ]


def _group(group: dict[str, object]) -> list[Entry]:
    cells = group["cells"]
    assert isinstance(cells, dict)
    symbols = {phase: "".join(str(row).split()) for stretch, row in cells.items() for phase in phases_of(stretch)}
    if set(symbols) != set(PHASES) or {len(row) for row in symbols.values()} != {len(ROLES)}:
        raise ValueError(f"{group['title']}: every phase needs one row of {len(ROLES)} symbols")
    return [_entry(str(line), symbols) for line in group["operations"]]  # type: ignore[attr-defined]


def _entry(line: str, symbols: dict[str, str]) -> Entry:
    method, endpoint, *words = line.split()
    given = dict(word.split("=", 1) for word in words)
    return Entry(f"{method} {endpoint}", given, symbols)


def phases_of(stretch: str) -> tuple[str, ...]:
    """``always``, one phase, or ``open-to-sealed``."""
    if stretch == "always":
        return PHASES
    first, _, last = stretch.partition("-to-")
    return PHASES[PHASES.index(first) : PHASES.index(last or first) + 1]


def asked_in(phase: str, number: int, column: int, *, steady: bool) -> bool:
    """Whether a cell is asked in this phase by the fast suite. One that changes with the phases always is; a steady one in two of the
    eight, so that every operation and every role still meet every phase. ``make test-slow`` asks all.
    """
    place = PHASES.index(phase)
    return not steady or (number + column) % 4 == place % 4
