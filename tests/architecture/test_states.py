"""State machines: complete, reachable, and nothing leaves a state that does not exist."""

from __future__ import annotations

import importlib
from enum import StrEnum

import pytest

from app.core.states import IllegalTransition, Machine

from .source import ROOT


def machines() -> dict[str, Machine[StrEnum, StrEnum]]:
    found: dict[str, Machine[StrEnum, StrEnum]] = {}
    for path in sorted((ROOT / "app").glob("*/states.py")):
        module = importlib.import_module(f"app.{path.parent.name}.states")
        found |= {f"{path.parent.name}.{key}": value for key, value in vars(module).items() if isinstance(value, Machine)}
    return found


@pytest.mark.parametrize("name", sorted(machines()))
def test_every_state_but_the_first_is_reachable(name: str) -> None:
    machine = machines()[name]
    kind = type(machine.edges[0][0])
    first = machine.edges[0][0]
    reached, todo = {first}, [first]
    while todo:
        state = todo.pop()
        for source, _, target in machine.edges:
            if source == state and target not in reached:
                reached.add(target)
                todo.append(target)
    assert set(kind) - reached == set()


@pytest.mark.parametrize("name", sorted(machines()))
def test_the_full_product_of_states_and_actions_is_decided(name: str) -> None:
    machine = machines()[name]
    states, actions = type(machine.edges[0][0]), type(machine.edges[0][1])
    legal = {(source, action): target for source, action, target in machine.edges}
    for state in states:
        for action in actions:
            if (state, action) in legal:
                assert machine.target(state, action) == legal[state, action]
            else:
                with pytest.raises(IllegalTransition):
                    machine.target(state, action)


@pytest.mark.parametrize("name", sorted(machines()))
def test_every_action_is_used(name: str) -> None:
    machine = machines()[name]
    assert {action for _, action, _ in machine.edges} == set(type(machine.edges[0][1]))
