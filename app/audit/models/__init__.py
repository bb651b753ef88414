"""The journal, its deliveries and readings; alarms and the clock's marks; verified points and checkpoints of chains."""

from .alarms import Alarm, ClockMark
from .journal import BIGKEY, TRIGGERS, Delivery, JournalEvent, JournalHead, Reading, append_only
from .points import ChainPoint, Checkpoint

__all__ = [
    "BIGKEY", "TRIGGERS", "Alarm", "ChainPoint", "Checkpoint", "ClockMark", "Delivery", "JournalEvent", "JournalHead", "Reading",
    "append_only",
]  # fmt: skip
