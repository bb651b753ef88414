"""The unit of work: the only place that commits."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, NoReturn, TypeVar

from flask import g, has_app_context
from sqlalchemy import Row, Select
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from . import authz
from .db import Base, db
from .errors import SavedElsewhere, explain_constraint
from .resting import rest
from .troubles import WritesStopped, trouble_of, writing

T = TypeVar("T", bound=Base)

# SQLite has one writer; waiting in this lock is fair and quick, waiting in the file's lock is neither.
_writer = threading.RLock()
_AFTER = "after_commit"
_UNDONE = "after_rollback"
_FRESH = "locked_when_loaded"


@contextmanager
def atomic() -> Iterator[Session]:
    """One write transaction: commit on success, roll back on any error.

    Refuses to commit a web request in which no verdict was asked for (``authorize`` or ``@public``). Ends the read
    transaction that the request may have begun; rows read before must be locked again (``lock``) if a decision rests on them.
    """
    session = db.session
    if session.info.get("atomic"):
        raise RuntimeError("atomic() does not nest: an operation never opens its own transaction")
    writing.require(db.engine)
    rest.require()
    try:
        if db.is_sqlite:
            with _writer:
                yield from _transaction(session)
        else:
            yield from _transaction(session)
    except BaseException:
        for action, args in session.info.pop(_UNDONE, []):
            action(*args)
        raise
    _run_after_commit(session)


def _transaction(session: Session) -> Iterator[Session]:
    session.rollback() if session.new or session.dirty or session.deleted else session.commit()
    session.info["atomic"] = True
    session.info[_AFTER], session.info[_UNDONE], session.info[_FRESH] = [], [], None
    try:
        session.connection(execution_options={"write": True})
        _read_the_clock_again()
        yield session
        authz.require_decided()
        session.commit()
    except IntegrityError as error:
        session.rollback()
        known = explain_constraint(str(error.orig))
        if known is None:
            raise
        raise known from error
    except StaleDataError as error:
        session.rollback()
        raise SavedElsewhere from error
    except DBAPIError as error:
        _give_up(session, error)
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info["atomic"] = False


def _give_up(session: Session, error: DBAPIError) -> NoReturn:
    """A full disk, a lost database, a lock that stayed: said in words. After an I/O error this process stops writing."""
    trouble = trouble_of(error)
    if isinstance(trouble, WritesStopped):
        writing.stop(error)
    with suppress(DBAPIError):  # what failed to write may fail to undo; the connection is thrown away then
        session.rollback()
    if trouble is None:
        raise error
    raise trouble from error


def _read_the_clock_again() -> None:
    """A deadline compares the clock at the start of the committing transaction: the whole request has arrived, the lock is held."""
    if has_app_context():
        g.pop("now", None)


def after_commit(session: Session, action: Callable[..., Any], *args: Any) -> None:
    """Have ``action(*args)`` called once the transaction is durable; it must be safe to lose (a sweep repeats it)."""
    session.info.setdefault(_AFTER, []).append((action, args))


def after_rollback(session: Session, action: Callable[..., Any], *args: Any) -> None:
    """Have ``action(*args)`` called when the transaction is undone: for what must be counted although it was refused."""
    session.info.setdefault(_UNDONE, []).append((action, args))


def _run_after_commit(session: Session) -> None:
    for action, args in session.info.pop(_AFTER, []):
        action(*args)


def first_locked(session: Session, wanted: Select[*tuple[Any, ...]], kind: type[Base]) -> Row[*tuple[Any, ...]] | None:
    """The first row of a select that begins with a ``kind``, that thing locked and read anew; ``lock`` on it need not read it again."""
    row = session.execute(wanted.with_for_update(of=kind), execution_options={"populate_existing": True}).first()
    session.info[_FRESH] = row[0] if row is not None else None
    return row


def just_locked(session: Session, thing: Base) -> bool:
    """Whether ``first_locked`` has read this thing in this transaction; answered once."""
    return session.info.pop(_FRESH, None) is thing


def lock(session: Session, thing: T) -> T:
    """Re-read the row under the transaction's lock, so that what is decided next is decided on the truth."""
    if just_locked(session, thing):
        return thing
    session.refresh(thing, with_for_update={"of": type(thing)})  # only its own row: it may have been loaded with others by outer joins
    return thing
