"""What processes write beside their answers: one line of JSON a record, without values that people typed or keys that open something."""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from datetime import UTC, datetime

#: In the words of an error: quoted texts, addresses, figures and long random words. Types, places and our own sentences stay.
_VALUES = re.compile(r"'[^']*'|\"[^\"]*\"|\([^()]*\)=\([^()]*\)|[^\s@]+@[^\s@]+|[A-Za-z0-9_-]{20,}|\d[\d.,]{2,}")
LONGEST = 400


class OneLine(logging.Formatter):
    """Whatever stands in a record, it cannot begin another line, move a terminal's cursor, or carry a value out of the database."""

    def format(self, record: logging.LogRecord) -> str:
        said: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"), "level": record.levelname,
            "logger": record.name, "message": record.getMessage()[:4000],
        }  # fmt: skip
        if record.exc_info and record.exc_info[1] is not None:
            said["error"] = " <- ".join(_told(error) for error in _chain(record.exc_info[1]))
            said["where"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(record.exc_info[2])]
        return _printable(json.dumps(said, ensure_ascii=False))


def init() -> None:
    """Write to standard error, where the service manager collects it; somebody else's handlers stay."""
    for chatty in ("weasyprint", "fontTools"):  # what they do not draw of a style sheet; missing glyphs are listened for there
        logging.getLogger(chatty).addHandler(logging.NullHandler())
        logging.getLogger(chatty).propagate = False
    if not logging.root.handlers:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(OneLine())
        logging.root.addHandler(handler)


class Replaced(logging.Filter):
    """A worker process that ends after its number of jobs is no death; the consumer cannot tell it from one that was killed."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.msg == "Worker %d died, restarting.":
            record.msg = "Worker %d has ended, after its number of jobs or because it was killed; another takes its place."
        return True


def without_values(text: str) -> str:
    """The words of an error with everything that could be somebody's left out."""
    return _VALUES.sub("…", text.partition("[SQL:")[0])[:LONGEST]


def _told(error: BaseException) -> str:
    return f"{type(error).__name__}: {without_values(str(error))}"


def _chain(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    following: BaseException | None = error
    while following is not None and following not in found:
        found.append(following)
        following = following.__cause__ or following.__context__
    return found


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else json.dumps(character)[1:-1] for character in text)
