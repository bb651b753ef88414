"""The web server's worker: threads, and an end to requests whose headers never arrive."""

from __future__ import annotations

import socket
import time
from contextlib import suppress
from typing import Any

from gunicorn.workers.gthread import ThreadWorker


class PatientWorker(ThreadWorker):
    """gunicorn's threads, each of which a client could otherwise hold for ever by sending its headers a byte at a time.

    Headers must be complete ``patience`` seconds after a thread began to read them; then the connection is closed and the thread is
    free. Bodies may take their time: a large file over a slow line is an honest request.
    """

    patience = 10.0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._reading: dict[Any, float] = {}

    def handle(self, conn: Any) -> Any:
        """One request, in a thread of the pool."""
        self._reading[conn] = time.monotonic()
        try:
            return super().handle(conn)
        finally:
            self._reading.pop(conn, None)

    def handle_request(self, req: Any, conn: Any) -> Any:
        """The headers are there."""
        self._reading.pop(conn, None)
        return super().handle_request(req, conn)

    def murder_keepalived(self, force: bool = False) -> None:
        """Called every second by the loop of the worker: also end those whose headers take too long."""
        super().murder_keepalived(force)
        latest = time.monotonic() - self.patience
        for conn, since in list(self._reading.items()):
            if since < latest:
                with suppress(OSError):
                    conn.sock.shutdown(socket.SHUT_RDWR)
