"""What a client knows: every write it sent and every answer it got, on disk before it goes on."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO


@dataclass
class AckLog:
    """One client's own file. `sent` is noted before the request, `acked` after its answer, both with an fsync."""

    path: Path
    sent: dict[str, Any] = field(default_factory=dict)
    acked: dict[str, Any] = field(default_factory=dict)
    _file: TextIO | None = None

    def note_sent(self, key: str, value: Any) -> None:
        """Note a write that is about to go out."""
        self._write("sent", key, value)
        self.sent[key] = value

    def note_acked(self, key: str, value: Any) -> None:
        """Note that the server said it is saved."""
        self._write("acked", key, value)
        self.acked[key] = value

    def _write(self, what: str, key: str, value: Any) -> None:
        if self._file is None:
            self._file = self.path.open("a", encoding="utf-8")
        self._file.write(json.dumps([what, key, value], ensure_ascii=False) + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Close the file; the notes stay."""
        if self._file is not None:
            self._file.close()
            self._file = None


@dataclass(frozen=True)
class Tally:
    """The comparison of what was acknowledged with what is there."""

    what: str
    sent: int
    acked: int
    present: int
    lost: int
    duplicated: int
    phantom: int
    kept_unacked: int

    @property
    def is_clean(self) -> bool:
        """Nothing acknowledged is missing, nothing is there twice, nothing is there that nobody sent."""
        return not (self.lost or self.duplicated or self.phantom)

    def row(self) -> str:
        """One line of the report."""
        return (
            f"{self.what:<16} sent {self.sent:6d}  acked {self.acked:6d}  present {self.present:6d}  lost {self.lost:3d}  "
            f"duplicated {self.duplicated:3d}  phantom {self.phantom:3d}  kept though unacknowledged {self.kept_unacked:3d}"
        )


def tally(what: str, sent: set[str], acked: set[str], stored: list[str]) -> Tally:
    """Count by key; `stored` holds each key as often as the database does."""
    present = set(stored)
    return Tally(
        what=what,
        sent=len(sent),
        acked=len(acked),
        present=len(present),
        lost=len(acked - present),
        duplicated=len(stored) - len(present),
        phantom=len(present - sent),
        kept_unacked=len((present & sent) - acked),
    )
