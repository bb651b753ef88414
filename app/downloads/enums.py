"""Where an ordered file stands."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.enums import Labelled


class DownloadState(Labelled):
    WAITING = "waiting", _l("In the queue")
    RUNNING = "running", _l("Being made")
    READY = "ready", _l("Ready")
    FAILED = "failed", _l("Could not be made")
    EXPIRED = "expired", _l("Removed")
