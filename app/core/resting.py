"""A restored copy rests: pages can be read, but nothing is written, sent, drawn or signed until somebody has compared it and opened it.

Two installations that both believe to be the one would send mails twice and sign two truths. So whether this is a copy stands in the
database itself, put there in the transaction that restored it, and every process asks before it writes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import DBAPIError

from .troubles import Unavailable

ASK_AGAIN_SECONDS = 5.0


class Resting(Unavailable):
    message = _l("Not accepted: this site was restored from a backup and has not been opened yet. Until then it can only be read.")
    comfort = _l("Keep your receipts: by them it is found out what is newer than the backup.")
    retry_after = 300


class NothingYet(Exception):
    """The database has no tables yet, so it cannot be said whether it will be a copy."""


class Rest:
    """What this process knows of it. A process that has learned that it serves no such copy never asks again."""

    def __init__(self) -> None:
        self._ask: Callable[[], datetime | None] | None = None
        self._taken_at: datetime | None = None
        self._asked_at = 0.0
        self.seconds: Callable[[], float] = time.monotonic

    def begin(self, ask: Callable[[], datetime | None]) -> None:
        """``ask`` tells of which moment the copy is, None when it is open; it raises NothingYet while there are no tables."""
        self._ask, self._taken_at, self._asked_at = ask, None, 0.0

    def end(self) -> None:
        """Ask no more, and rest no more."""
        self._ask = self._taken_at = None

    @property
    def taken_at(self) -> datetime | None:
        """The moment of the backup that this unopened copy comes from, for those who show it; None also while that cannot be found out."""
        with suppress(DBAPIError):
            self._look()
        return self._taken_at

    @property
    def is_on(self) -> bool:
        return self.taken_at is not None

    def require(self) -> None:
        """Raise Resting while this is an unopened copy, and the driver's error while that cannot be found out."""
        self._look()
        if self._taken_at is not None:
            raise Resting

    def _look(self) -> None:
        if self._ask is None or (self._taken_at is not None and self.seconds() - self._asked_at < ASK_AGAIN_SECONDS):
            return
        with suppress(NothingYet):
            self._taken_at, self._asked_at = self._ask(), self.seconds()
            if self._taken_at is None:
                self._ask = None

    @contextmanager
    def lifted(self) -> Iterator[None]:
        """For the one command that opens the copy."""
        kept, self._ask, self._taken_at = self._ask, None, None
        try:
            yield
        finally:
            self._ask = kept


rest = Rest()
