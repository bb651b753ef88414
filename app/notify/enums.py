"""States of a message."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.enums import Labelled


class MessageState(Labelled):
    HELD = "held", _l("waiting to be released")
    QUEUED = "queued", _l("on its way")
    SENT = "sent", _l("sent")
    FAILED = "failed", _l("failed")
    DROPPED = "dropped", _l("not to be sent")
