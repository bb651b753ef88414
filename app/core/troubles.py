"""What the database or the disk cannot do right now, in words; and the latch that stops writing after an I/O error.

A full disk refuses the one write and leaves everything as it was. An I/O error is different: after a failed sync nobody knows what is on
the disk, so this process writes nothing more until a write of its own has been synced again.
"""

from __future__ import annotations

import errno
import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from flask_babel import lazy_gettext as _l
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolEmpty

log = logging.getLogger(__name__)

RECHECK_SECONDS = 5.0
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_CIRCLES = {"40P01", "40001", "55P03"}  # PostgreSQL undid one of several that waited for one another; trying again is right

_STOPPING = {"57P01", "57P02", "57P03", "53300"}


class Unavailable(Exception):
    """The request was refused for a reason that passes; the person may try again after ``retry_after`` seconds."""

    message: object = _l("This is not possible right now.")
    comfort: object = _l("What was acknowledged as saved is safe.")
    status = 503
    retry_after = 5

    def __str__(self) -> str:
        return str(self.message)


class StorageFull(Unavailable):
    message = _l("Not saved: there is no room left on the server. Keep your input and try again in a few minutes.")
    retry_after = 60


class Busy(Unavailable):
    message = _l("Not saved: too many people are saving at this moment. Please try again.")


class WritesStopped(Unavailable):
    message = _l(
        "It is not certain that this was saved: the server's disk reported an error. Nothing is accepted until it has been looked at."
    )
    retry_after = 30


class TooSlow(Unavailable):
    message = _l("Not done: the database took too long over this, so it was given up and nothing was saved. Please try again in a moment.")
    retry_after = 15


class DatabaseGone(Unavailable):
    message = _l("Not saved: the database does not answer. Please try again in a moment.")


class StoreGone(Unavailable):
    message = _l("The file store does not answer. Nothing was changed; please try again in a moment.")


def trouble_of(error: BaseException) -> Unavailable | None:
    """The refusal that stands for an error of the driver or the system; None when it is none of these."""
    if type(error).__module__ == "obstore.exceptions":  # by name: the library is there only where files were asked for
        return StoreGone()
    if isinstance(error, OSError):
        return StorageFull() if error.errno in _FULL else None
    if isinstance(error, PoolEmpty):
        return Busy()
    if not isinstance(error, DBAPIError) or error.orig is None:
        return None
    said, state = str(error.orig).lower(), getattr(error.orig, "sqlstate", None)
    if "database or disk is full" in said or state == "53100":
        return StorageFull()
    if "disk i/o error" in said or state == "58030":
        return WritesStopped()
    if state == "57014":  # statement_timeout
        return TooSlow()
    if "database is locked" in said or state in _CIRCLES:
        return Busy()
    return DatabaseGone() if error.connection_invalidated or _is_gone(error, state) else None


def _is_gone(error: DBAPIError, state: str | None) -> bool:
    """Whether PostgreSQL could not be reached, or is starting or stopping. A connection that never came about has no state."""
    if not isinstance(error, OperationalError) or not hasattr(error.orig, "sqlstate"):
        return False
    return state is None or state[:2] == "08" or state in _STOPPING


class Latch:
    """Whether this process may write. Set by an I/O error, released by a synced write of its own."""

    def __init__(self) -> None:
        self._mutex, self._stopped, self._looked_at = threading.Lock(), False, 0.0
        self.seconds: Callable[[], float] = time.monotonic

    @property
    def is_set(self) -> bool:
        return self._stopped

    def stop(self, error: BaseException) -> None:
        """Write nothing more."""
        with self._mutex:
            if not self._stopped:
                log.critical("an I/O error stopped all writing; look at the disk, then at `flask check`", exc_info=error)
            self._stopped, self._looked_at = True, self.seconds()

    def require(self, engine: Engine | None) -> None:
        """Raise WritesStopped while the latch is set; every few seconds one write of our own tries whether the disk is well again."""
        if not self._stopped or engine is None:
            return
        with self._mutex:
            moment = self.seconds()
            if self._stopped and moment - self._looked_at >= RECHECK_SECONDS:
                self._looked_at = moment
                self._stopped = not _can_sync(engine)
                if not self._stopped:
                    log.warning("a write was synced again; writing goes on")
        if self._stopped:
            raise WritesStopped


writing = Latch()


def _can_sync(engine: Engine) -> bool:
    """Whether a small write reaches the disk, over a fresh connection."""
    engine.dispose()
    raw = None
    try:
        raw = engine.raw_connection()
        cursor = raw.cursor()
        if engine.dialect.name == "sqlite":
            version = int(cursor.execute("PRAGMA user_version").fetchone()[0])
            cursor.execute(f"PRAGMA user_version = {version}")  # writes the first page, whatever the number
            cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")
        else:
            cursor.execute("SELECT 1")  # PostgreSQL itself stops at a failed sync and comes back only after recovery
    except Exception:  # noqa: BLE001 -- whatever it is, the disk is not well
        return False
    finally:
        with suppress(Exception):
            if raw is not None:
                raw.close()
    return True
