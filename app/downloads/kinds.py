"""The kinds of long files. Each feature offers its own; nothing else can be ordered.

``make`` writes the file to a path, ``may`` says whether a person may have it *now*: it is asked when the file is ordered and again
when it is fetched. ``audience`` and ``columns`` say for whom the file is and what may stand in it; a test compares.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy.orm import Session

from app.core.authz import Actor, Verdict

Params = Mapping[str, Any]
Report = Callable[[int, int], None]
May = Callable[[Session, Actor, Params], Verdict]


class Make(Protocol):
    """Writes the file. ``report(done, total)`` may be called between batches."""

    def __call__(self, session: Session, params: Params, locale: str, target: Path, report: Report) -> None: ...


@dataclass(frozen=True)
class Kind:
    """One kind of long file. ``holds_scores``: asks who is there, and leaves its digest in the journal when fetched."""

    name: str
    suffix: str
    content_type: str
    make: Make
    may: May
    audience: str
    holds_scores: bool = False


KINDS: dict[str, Kind] = {}


def offer(kind: Kind) -> Kind:
    """Make a kind known; once each."""
    if kind.name in KINDS:
        raise ValueError(f"{kind.name} is offered twice")
    KINDS[kind.name] = kind
    return kind
