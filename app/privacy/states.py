"""The way of a request for erasure."""

from __future__ import annotations

from app.core.states import Machine

from .enums import ErasureAction, ErasureState

ERASURE = Machine(
    (ErasureState.REQUESTED, ErasureAction.PROPOSE, ErasureState.PROPOSED),
    (ErasureState.PROPOSED, ErasureAction.PROPOSE, ErasureState.PROPOSED),  # anew, when something has changed since
    (ErasureState.PROPOSED, ErasureAction.ERASE, ErasureState.DONE),
    (ErasureState.REQUESTED, ErasureAction.REFUSE, ErasureState.REFUSED),
    (ErasureState.PROPOSED, ErasureAction.REFUSE, ErasureState.REFUSED),
    (ErasureState.REQUESTED, ErasureAction.WITHDRAW, ErasureState.WITHDRAWN),
    (ErasureState.PROPOSED, ErasureAction.WITHDRAW, ErasureState.WITHDRAWN),
)
