"""The states of a request for erasure."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class ErasureState(StrEnum):
    """Asked → prepared by one administrator → done by another; or refused, or withdrawn by the person."""

    REQUESTED = "requested"
    PROPOSED = "proposed"
    DONE = "done"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> object:
        return LABELS[self]


class ErasureAction(StrEnum):
    PROPOSE = "propose"
    ERASE = "erase"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


LABELS = {
    ErasureState.REQUESTED: _l("asked for"),
    ErasureState.PROPOSED: _l("prepared, waits for a second person"),
    ErasureState.DONE: _l("erased"),
    ErasureState.REFUSED: _l("refused"),
    ErasureState.WITHDRAWN: _l("withdrawn by the person"),
}
OPEN = (ErasureState.REQUESTED, ErasureState.PROPOSED)
