"""States of runs, awards and certificates."""

from __future__ import annotations

from enum import StrEnum


class RunState(StrEnum):
    """Computed → proposed (first person) → released (second person); superseded by a correction."""

    COMPUTED = "computed"
    PROPOSED = "proposed"
    RELEASED = "released"
    SUPERSEDED = "superseded"


class RunAction(StrEnum):
    PROPOSE = "propose"
    TAKE_BACK = "take_back"
    RELEASE = "release"
    SUPERSEDE = "supersede"


class AwardState(StrEnum):
    GRANTED = "granted"
    REVOKED = "revoked"


class CertificateState(StrEnum):
    ISSUED = "issued"
    REVOKED = "revoked"
