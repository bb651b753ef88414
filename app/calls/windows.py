"""Whether a call takes entries at a moment: from ``opens_at`` on, and strictly before ``closes_at``."""

from __future__ import annotations

from datetime import datetime

from .enums import EditionState
from .models import Call


def is_open(call: Call, now: datetime) -> bool:
    """The edition is published and its clock stands within the window. The closing instant itself is too late."""
    return call.edition.state == EditionState.PUBLISHED and within(call, now)


def within(call: Call, now: datetime) -> bool:
    return call.opens_at <= now < call.closes_at


def has_opened(call: Call, now: datetime) -> bool:
    return call.opens_at <= now


def has_closed(call: Call, now: datetime) -> bool:
    return now >= call.closes_at
