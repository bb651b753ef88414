"""States of runs, awards and certificates."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class RunState(StrEnum):
    """Computed → proposed (first person) → released (second person); superseded by a correction."""

    COMPUTED = "computed"
    PROPOSED = "proposed"
    RELEASED = "released"
    SUPERSEDED = "superseded"

    @property
    def label(self) -> object:
        return _RUN_LABELS[self]


class RunAction(StrEnum):
    PROPOSE = "propose"
    TAKE_BACK = "take_back"
    RELEASE = "release"
    SUPERSEDE = "supersede"


class AwardState(StrEnum):
    GRANTED = "granted"
    REVOKED = "revoked"

    @property
    def label(self) -> object:
        return _AWARD_LABELS[self]


class CertificateState(StrEnum):
    ISSUED = "issued"
    REVOKED = "revoked"

    @property
    def label(self) -> object:
        return _CERTIFICATE_LABELS[self]


_RUN_LABELS = {
    RunState.COMPUTED: _l("Computed, not proposed"),
    RunState.PROPOSED: _l("Waiting for release"),
    RunState.RELEASED: _l("Released"),
    RunState.SUPERSEDED: _l("Replaced by a correction"),
}
_AWARD_LABELS = {AwardState.GRANTED: _l("Granted"), AwardState.REVOKED: _l("Revoked")}
_CERTIFICATE_LABELS = {CertificateState.ISSUED: _l("Valid"), CertificateState.REVOKED: _l("Revoked")}
