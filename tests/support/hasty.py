"""A bare application and a worker with little patience, to try slow clients without waiting long."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable
from typing import Any

from app.listening import PatientWorker


class HastyWorker(PatientWorker):
    """One second for the headers, five for a body, one and a half where one address sends several."""

    patience = 1.0
    body_patience = 5.0
    crowd_patience = 1.5
    tidy_seconds = 1.0


def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """Reads the whole body, then says how long it was."""
    body = environ["wsgi.input"].read()
    start("200 OK", [("Content-Type", "text/plain"), ("Connection", "close")])
    return [str(len(body)).encode()]


def count_set_aside(_environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """How many objects the collector of garbage does not look at."""
    start("200 OK", [("Content-Type", "text/plain"), ("Connection", "close")])
    return [str(gc.get_freeze_count()).encode()]


_kept: list[bytes] = []


def scatter(_environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """Uses 80 MB for a moment, in pieces that lie between others that stay, so that no heap can shrink by itself."""
    pieces = []
    for _ in range(1000):
        pieces.append(b"x" * 80_000)
        _kept.append(b"x" * 1_000)
    start("200 OK", [("Content-Type", "text/plain"), ("Connection", "close")])
    return [b"done"]
