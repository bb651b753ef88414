"""The journal, its deliveries and readings; alarms, the clock's marks, leases of periodic jobs; verified points and checkpoints."""

from .alarms import Alarm, ClockMark
from .journal import BIGKEY, TRIGGERS, Delivery, JournalEvent, JournalHead, Reading, append_only
from .leases import JobLease
from .points import ChainPoint, Checkpoint

__all__ = [
    "BIGKEY",
    "TRIGGERS",
    "Alarm",
    "ChainPoint",
    "Checkpoint",
    "ClockMark",
    "Delivery",
    "JobLease",
    "JournalEvent",
    "JournalHead",
    "Reading",
    "append_only",
]
