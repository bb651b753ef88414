"""State machines as tables: look-ups only, no callbacks."""

from __future__ import annotations

from enum import StrEnum
from typing import Generic, TypeVar

from flask_babel import lazy_gettext as _l

from .errors import DomainError

S = TypeVar("S", bound=StrEnum)
A = TypeVar("A", bound=StrEnum)


class IllegalTransition(DomainError):
    """The thing is not in a state from which the action leads anywhere."""

    message = _l("This step is not possible in the current state.")

    def __init__(self, state: StrEnum, action: StrEnum) -> None:
        super().__init__()
        self.state, self.action = state, action


class Machine(Generic[S, A]):
    """A table of edges ``(state, action, next state)``."""

    def __init__(self, *edges: tuple[S, A, S]) -> None:
        self.edges = edges
        self._targets = {(state, action): target for state, action, target in edges}
        if len(self._targets) != len(edges):
            raise ValueError("two edges leave the same state by the same action")

    def target(self, state: S, action: A) -> S:
        """The state after the action; raises IllegalTransition."""
        if (state, action) not in self._targets:
            raise IllegalTransition(state, action)
        return self._targets[state, action]

    def allows(self, state: S, action: A) -> bool:
        return (state, action) in self._targets

    def actions(self, state: S) -> list[A]:
        return [action for source, action, _ in self.edges if source == state]
