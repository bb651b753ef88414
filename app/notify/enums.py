"""States of a message."""

from __future__ import annotations

from enum import StrEnum


class MessageState(StrEnum):
    HELD = "held"
    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"
