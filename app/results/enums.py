"""States of runs, awards and certificates."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import lazy_gettext as _l

from app.core.enums import Labelled


class RunState(Labelled):
    """Computed → proposed (first person) → released (second person); superseded by a correction."""

    COMPUTED = "computed", _l("Computed, not proposed")
    PROPOSED = "proposed", _l("Waiting for release")
    RELEASED = "released", _l("Released")
    SUPERSEDED = "superseded", _l("Replaced by a correction")


class RunAction(StrEnum):
    PROPOSE = "propose"
    TAKE_BACK = "take_back"
    RELEASE = "release"
    SUPERSEDE = "supersede"


class OrderState(Labelled):
    """A computation in the background: asked for → taken by a worker → done or failed."""

    WAITING = "waiting", _l("In the queue")
    RUNNING = "running", _l("Being computed")
    DONE = "done", _l("Result computed")
    FAILED = "failed", _l("Computation failed")


class AwardState(Labelled):
    GRANTED = "granted", _l("Granted")
    REVOKED = "revoked", _l("Revoked")


class CertificateState(Labelled):
    ISSUED = "issued", _l("Valid")
    REVOKED = "revoked", _l("Revoked")
