"""A wire between the product and a service on this machine, which can be cut, made deaf, and mended."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType

PIECE = 65536


@dataclass
class Wire:
    """Listens on a port of its own and passes bytes both ways. ``cut`` breaks what is connected and refuses what comes; ``deafen``
    lets everybody connect and answers nobody."""

    target: tuple[str, int]
    is_cut: bool = False
    is_deaf: bool = False
    _open: set[socket.socket] = field(default_factory=set)
    _mutex: threading.Lock = field(default_factory=threading.Lock)

    def __enter__(self) -> Wire:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.cut()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    def cut(self) -> None:
        """Nothing passes, and whoever is connected is thrown out in mid-word."""
        self.is_cut = True
        self._drop()

    def deafen(self) -> None:
        """The other end has stopped answering: connections stand, and nothing comes back."""
        self.is_deaf = True

    def mend(self) -> None:
        """As before, for new connections; what hung in a deaf wire is lost."""
        self.is_cut = self.is_deaf = False
        self._drop()

    def _drop(self) -> None:
        with self._mutex:
            dropped, self._open = self._open, set()
        for end in dropped:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _address = self._listener.accept()
            except OSError:
                return
            if self.is_cut:
                near.close()
                continue
            try:
                far = socket.create_connection(self.target, timeout=5)
            except OSError:
                near.close()
                continue
            far.settimeout(None)
            with self._mutex:
                self._open |= {near, far}
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self._pass_on, args=(source, sink), daemon=True).start()

    def _pass_on(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(PIECE):
                if not self.is_deaf:
                    sink.sendall(piece)
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
