"""States of a message."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class MessageState(StrEnum):
    HELD = "held"
    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"

    @property
    def label(self) -> object:
        return STATE_LABELS[self]


STATE_LABELS = {
    MessageState.HELD: _l("waiting to be released"),
    MessageState.QUEUED: _l("on its way"),
    MessageState.SENT: _l("sent"),
    MessageState.FAILED: _l("failed"),
    MessageState.DROPPED: _l("not to be sent"),
}
