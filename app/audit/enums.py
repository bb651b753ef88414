"""States of deliveries; kinds of alarms."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class DeliveryState(StrEnum):
    PENDING = "pending"
    DONE = "done"
    DEAD = "dead"


class AlarmKind(StrEnum):
    """What an alarm is about."""

    CLOCK = "clock"
    CHAIN = "chain"
    INVARIANT = "invariant"
    SIGN_INS = "sign_ins"
    DENIALS = "denials"
    READS = "reads"
    BACKUP = "backup"
    DISK = "disk"
    DEAD_LETTERS = "dead_letters"

    @property
    def label(self) -> object:
        return {
            AlarmKind.CLOCK: _l("The server's clock"),
            AlarmKind.CHAIN: _l("A chain of the journal"),
            AlarmKind.INVARIANT: _l("A rule over the data"),
            AlarmKind.SIGN_INS: _l("Refused sign-ins"),
            AlarmKind.DENIALS: _l("Pages asked for without the right to"),
            AlarmKind.READS: _l("Reading in bulk"),
            AlarmKind.BACKUP: _l("The backup is old"),
            AlarmKind.DISK: _l("Little room on the disk"),
            AlarmKind.DEAD_LETTERS: _l("Mails and deliveries that have given up"),
        }[self]
