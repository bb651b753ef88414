"""A thin layer around a WSGI application that tells, in headers, what a request cost. For measurements only.

`meter:jiebang` wraps the product, `meter:floor` the least application that does comparable work.
"""

from __future__ import annotations

import importlib
import threading
import time
from collections.abc import Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from sqlalchemy import event
from sqlalchemy.engine import Engine

_count = threading.local()
NOT_COUNTED = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA")


@event.listens_for(Engine, "before_cursor_execute")
def _note_statement(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
    if not statement.startswith(NOT_COUNTED):
        _count.statements = getattr(_count, "statements", 0) + 1


class Meter:
    """Counts the statements of a request and gives the processor time that the process has used so far."""

    def __init__(self, application: WSGIApplication) -> None:
        self.application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        _count.statements = 0
        started: list[Any] = []

        def remember(status: str, headers: list[tuple[str, str]], failure: Any = None) -> Any:
            started[:] = [status, headers, failure]
            return lambda data: None

        answer = self.application(environ, remember)
        body = b"".join(answer)
        getattr(answer, "close", lambda: None)()
        status, headers, failure = started
        costs = [("X-Meter-Statements", str(_count.statements)), ("X-Meter-Processor", str(time.process_time_ns()))]
        start_response(status, [*headers, *costs], failure)
        return [body]


def __getattr__(name: str) -> Meter:
    modules = {"jiebang": ("wsgi", "app"), "floor": ("tests.load.floor", "app")}
    if name not in modules:
        raise AttributeError(name)
    module, attribute = modules[name]
    return Meter(getattr(importlib.import_module(module), attribute))
