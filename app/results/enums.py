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


class AwardState(Labelled):
    GRANTED = "granted", _l("Granted")
    REVOKED = "revoked", _l("Revoked")


class CertificateState(Labelled):
    ISSUED = "issued", _l("Valid")
    REVOKED = "revoked", _l("Revoked")
