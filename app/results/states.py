"""The way of a result run."""

from __future__ import annotations

from app.core.states import Machine

from .enums import RunAction, RunState

RUN: Machine[RunState, RunAction] = Machine(
    (RunState.COMPUTED, RunAction.PROPOSE, RunState.PROPOSED),
    (RunState.PROPOSED, RunAction.TAKE_BACK, RunState.COMPUTED),
    (RunState.PROPOSED, RunAction.RELEASE, RunState.RELEASED),
    (RunState.RELEASED, RunAction.SUPERSEDE, RunState.SUPERSEDED),
)
