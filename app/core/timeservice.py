"""What the kernel knows of the time servers that this machine follows (Linux ``adjtimex``, read only)."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

DRIFT = timedelta(milliseconds=500)
UNSYNCHRONIZED, NANOSECONDS, NOT_SET = 0x0040, 0x2000, 5  # STA_UNSYNC, STA_NANO, TIME_ERROR of <sys/timex.h>


@dataclass(frozen=True)
class State:
    """Whether the clock is steered by a time server, and how far it was off when last compared."""

    is_synchronized: bool
    offset: timedelta


class Timex(ctypes.Structure):
    """The beginning of ``struct timex``, with room for the rest."""

    _fields_ = (
        ("modes", ctypes.c_uint), ("offset", ctypes.c_long), ("freq", ctypes.c_long), ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long), ("status", ctypes.c_int), ("rest", ctypes.c_byte * 256),
    )  # fmt: skip


def _ask() -> tuple[int, int, int] | None:
    """The kernel's answer: state, status bits, offset. None where there is no such call."""
    try:
        call = ctypes.CDLL(None, use_errno=True).adjtimex
    except (AttributeError, OSError):
        return None
    answer = Timex()
    result = int(call(ctypes.byref(answer)))
    return None if result < 0 else (result, answer.status, answer.offset)


def state(ask: Callable[[], tuple[int, int, int] | None] = _ask) -> State | None:
    """The time service's state; None where the kernel cannot be asked."""
    told = ask()
    if told is None:
        return None
    result, status, offset = told
    microseconds = offset // 1000 if status & NANOSECONDS else offset
    return State(result != NOT_SET and not status & UNSYNCHRONIZED, timedelta(microseconds=microseconds))
