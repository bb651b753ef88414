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

    @property
    def label(self) -> object:
        return {
            AlarmKind.CLOCK: _l("The server's clock"),
            AlarmKind.CHAIN: _l("A chain of the journal"),
            AlarmKind.INVARIANT: _l("A rule over the data"),
        }[self]
