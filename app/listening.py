"""The web server's worker: threads, an end to requests that never arrive and to questions that the database never answers, and memory
that goes back to the system."""

from __future__ import annotations

import ctypes
import gc
import os
import socket
import time
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

STATEMENT_SECONDS = "30"
#: glibc's way to give the free pieces of its heaps back; other libraries of C have none, or need none.
_trim = getattr(ctypes.CDLL(None), "malloc_trim", None)


@dataclass
class Body:
    """How a request's body arrives: bytes, seconds spent waiting for them, and since when the thread waits now."""

    peer: str
    received: int = 0
    waited: float = 0.0
    since: float | None = None

    def waiting(self, moment: float) -> float:
        """Seconds in which the thread could do nothing but wait for this client; 0 while it is at work."""
        return 0.0 if self.since is None else self.waited + moment - self.since


class PatientWorker(ThreadWorker):
    """gunicorn's threads, each of which a client could otherwise hold for ever by sending a byte at a time.

    Headers must be complete ``patience`` seconds after a thread began to read them. Bodies may take their time, since a large file over a
    slow line is an honest request: ``body_patience`` seconds, and one more for each ``body_rate`` bytes. Where one address keeps more than
    half of the threads waiting for ``crowd_patience`` seconds, the slowest beyond that half are cut. Cut is the connection; the thread is
    free.

    What sixteen pages at once needed for a moment lies in pieces all over the heaps, 15 to 25 MiB that nobody uses. Every ``tidy_seconds``
    in which there was work they go back to the system, which takes a few milliseconds.
    """

    patience = 10.0
    body_patience = 30.0
    body_rate = 2048
    crowd_patience = 10.0
    tidy_seconds = 60.0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._reading: dict[Any, float] = {}
        self._bodies: dict[Any, Body] = {}
        self._tidied, self._served_when_tidied = time.monotonic(), 0

    def init_process(self) -> None:
        """Before the application is loaded: pages do not wait for the database for ever, unlike commands and migrations."""
        os.environ.setdefault("STATEMENT_SECONDS", STATEMENT_SECONDS)
        super().init_process()

    def load_wsgi(self) -> None:
        """The application, set aside from the collector of garbage: half a million objects that stay as long as the process. It went over
        them for a fifth of a second, in which no page was answered, each time a few long tables had been made."""
        super().load_wsgi()
        gc.collect()
        gc.freeze()

    def handle(self, conn: Any) -> Any:
        """One request, in a thread of the pool."""
        self._reading[conn] = time.monotonic()
        try:
            return super().handle(conn)
        finally:
            self._reading.pop(conn, None)
            self._bodies.pop(conn, None)

    def handle_request(self, req: Any, conn: Any) -> Any:
        """The headers are there."""
        self._reading.pop(conn, None)
        self._bodies[conn] = Body(str(conn.client[0]) if isinstance(conn.client, tuple) else "")
        self._count(req.unreader, conn)
        return super().handle_request(req, conn)

    def _count(self, unreader: Any, conn: Any) -> None:
        """Have every wait for bytes of this connection measured; a connection that is kept keeps its reader."""
        if getattr(unreader, "is_counted", False):
            return
        receive = unreader.chunk

        def chunk(*size: Any) -> bytes:
            body = self._bodies.get(conn)
            if body is None:
                return bytes(receive(*size))
            body.since = time.monotonic()
            try:
                data = bytes(receive(*size))
            finally:
                body.waited, body.since = body.waiting(time.monotonic()), None
            body.received += len(data)
            return data

        unreader.chunk, unreader.is_counted = chunk, True

    def murder_keepalived(self, force: bool = False) -> None:
        """Called every second by the loop of the worker: also end those who take too long, and put the heaps in order."""
        super().murder_keepalived(force)
        moment = time.monotonic()
        for conn, since in list(self._reading.items()):
            if since < moment - self.patience:
                _cut(conn)
        for conn in self._too_slow(moment):
            _cut(conn)
        if _trim is not None and moment >= self._tidied + self.tidy_seconds and self.nr != self._served_when_tidied:
            _trim(0)
            self._tidied, self._served_when_tidied = moment, self.nr

    def _too_slow(self, moment: float) -> list[Any]:
        """Connections that wait too long for their bodies, and those by which one address holds more than half of the threads."""
        slow: list[Any] = []
        crowds: dict[str, list[tuple[float, Any]]] = defaultdict(list)
        for conn, body in list(self._bodies.items()):
            waiting = body.waiting(moment)
            if waiting > self.body_patience + body.received / self.body_rate:
                slow.append(conn)
            elif waiting > self.crowd_patience:
                crowds[body.peer].append((body.received / waiting, conn))
        for crowd in crowds.values():
            crowd.sort(key=lambda each: each[0])
            slow += [conn for _rate, conn in crowd[: max(0, len(crowd) - max(1, self.cfg.threads // 2))]]
        return slow


def _cut(conn: Any) -> None:
    with suppress(OSError):
        conn.sock.shutdown(socket.SHUT_RDWR)
