"""The queue. It lives here so that no feature imports upwards; what must not be lost is a row, the queue only wakes the worker."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from config import Config, load_config

from .resting import rest


@contextmanager
def _seen_as(**given: ModuleType | None) -> Iterator[None]:
    """Let an import find these in place of the libraries of those names, and believe that those given as None are not installed."""
    before = {name: sys.modules[name] for name in given if name in sys.modules}
    sys.modules |= {name: module for name, module in given.items() if module is not None or name not in before}  # type: ignore[misc]
    try:
        yield
    finally:
        for name in given:
            del sys.modules[name]
        sys.modules |= before


def _drivers() -> dict[str, ModuleType | None]:
    """What huey may know of the drivers that it takes along for every queue there could be, 18 MiB: those that the installation uses.

    Its SQLite is that of the database: Python's own may be one that can corrupt a WAL file (``db.SAFE_WAL``), and a second one in memory.
    """
    unused: dict[str, ModuleType | None] = dict.fromkeys(("psycopg", *(() if load_config().redis_url else ("redis",))))
    return unused | ({"sqlite3": import_module("pysqlite3.dbapi2")} if find_spec("pysqlite3") else {})  # which only Linux has


with _seen_as(**_drivers()):
    from huey import Huey, MemoryHuey, RedisHuey, SqliteHuey
    from huey.serializer import SignedSerializer


def bounded(url: str) -> str:
    """The address of Redis with an end to waiting: a lost one must not hold requests up."""
    parts = urlsplit(url)
    given = dict(parse_qsl(parts.query))
    return parts._replace(query=urlencode({"socket_timeout": "5", "socket_connect_timeout": "5", **given})).geturl()


def make_huey(config: Config) -> Huey:
    """Redis when the installation has it, a SQLite file of its own otherwise; tests run tasks at once, in memory.

    What stands in the queue is signed: whoever can write to it without our key makes no worker run anything.
    """
    if config.env == "test":
        return MemoryHuey("jiebang", immediate=True)
    signed = SignedSerializer(secret=config.secret_key, salt="jiebang-queue")
    if config.redis_url:
        return RedisHuey("jiebang", url=bounded(config.redis_url), serializer=signed)
    config.var.mkdir(parents=True, exist_ok=True)
    return SqliteHuey("jiebang", filename=str(config.var / "jobs.db"), fsync=True, serializer=signed)


huey = make_huey(load_config())
_context: list[Callable[[], Any]] = []


def within(context: Callable[[], Any]) -> None:
    """Set the context manager (the application's) in which every job runs."""
    _context[:] = [context]


def task(**options: Any) -> Callable[[Callable[..., Any]], Any]:
    """A background task that takes ids. It may run twice and must not mind."""

    def wrap(function: Callable[..., Any]) -> Any:
        def run(*args: Any) -> Any:
            with _context[0]():
                return None if rest.is_on else function(*args)  # what a resting copy drops is found again by the sweeps

        run.__name__ = f"{function.__module__}.{function.__name__}".replace(".", "_")
        run.__doc__ = function.__doc__
        queued = huey.task(name=run.__name__, **options)(run)

        @wraps(function)
        def order(*args: Any) -> Any:
            if not all(isinstance(arg, int | str) for arg in args):
                raise TypeError("a job takes numbers and names: what it works on, and who may, it reads when it runs")
            return queued(*args)

        order.call_local = queued.call_local  # type: ignore[attr-defined]
        return order

    return wrap


@dataclass(frozen=True)
class Periodic:
    """A job with a timetable: ``schedule`` tells of a minute (UTC, without zone) whether the job is due in it."""

    name: str
    schedule: Callable[[datetime], bool]
    run: Callable[[], Any]

    def last_due(self, now: datetime, since: datetime | None = None) -> datetime | None:
        """The last minute up to now in which it was due, looked for a day back and not before ``since``; None when there is none."""
        minute = now.replace(second=0, microsecond=0)
        for back in range(MINUTES_A_DAY + 1):
            moment = minute - timedelta(minutes=back)
            if since is not None and moment < since <= now:
                return None
            if self.schedule(moment.replace(tzinfo=None)):
                return moment
        return None


MINUTES_A_DAY = 24 * 60
PERIODIC: dict[str, Periodic] = {}
_guard: list[Callable[[Periodic], Any]] = []


def guard_by(guard: Callable[[Periodic], Any]) -> None:
    """Set what stands before every periodic job that a timetable calls: the lease."""
    _guard[:] = [guard]


def in_context() -> Any:
    """The context manager in which every job runs, for its own helpers."""
    return _context[0]()


def every(schedule: Callable[..., bool]) -> Callable[[Callable[[], Any]], Any]:
    """A periodic task; ``schedule`` is a huey crontab. The timetable runs it under its lease, a direct call runs it here and now."""

    def wrap(function: Callable[[], Any]) -> Any:
        name = f"{function.__module__}.{function.__name__}".replace(".", "_")

        @wraps(function)
        def run() -> Any:
            with _context[0]():
                return function()

        def tick() -> None:
            with _context[0]():
                if not rest.is_on:
                    _guard[0](PERIODIC[name])

        PERIODIC[name] = Periodic(name, schedule, run)
        huey.periodic_task(schedule, name=name)(tick)
        run.call_local = run  # type: ignore[attr-defined]
        return run

    return wrap
