"""Who may do what, when: every operation of the site, as every role, in every phase, compared with the tables in ``matrix``.

No page changes anything by being read, whoever reads it.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from flask import Flask

from .addresses import Addresses
from .crowd import ROLES
from .story import PHASES, Contest, telling
from .tables import Entry, asked_in, entries


@pytest.fixture(scope="module")
def table() -> list[Entry]:
    return entries()


@pytest.mark.parametrize("every", [False, pytest.param(True, marks=pytest.mark.slow)], ids=["sample", "every cell"])
@pytest.mark.parametrize("phase", PHASES)
def test_the_site_answers_as_the_tables_say(
    app: Flask, alpha: Contest, beta: Contest, crowd_of: Any, table: list[Entry], phase: str, every: bool
) -> None:
    for _told in telling(alpha, beta, until=phase):
        pass
    crowd, address, differences = crowd_of(), Addresses(app, alpha.session, alpha), []
    for number, entry in enumerate(table):
        method, endpoint = entry.operation.split()
        path = address(endpoint, **entry.given)
        for column, (role, expected) in enumerate(zip(ROLES, entry.symbols[phase], strict=True)):
            if every or asked_in(phase, number, column, steady=entry.steady(column)):
                answer = crowd.cell(role, method, path)
                differences += [f"{entry.operation} as {role}: {answer}, not {expected}"] if answer != expected else []
    assert (differences, dict(crowd.changed_by_reading)) == ([], {})


def test_the_matrix_has_thousands_of_cells_and_every_role_meets_every_phase(table: list[Entry]) -> None:
    asked = Counter(
        (phase, role) for phase in PHASES for number, entry in enumerate(table) for column, role in enumerate(ROLES)
        if asked_in(phase, number, column, steady=entry.steady(column))
    )  # fmt: skip
    assert (len(asked), sum(asked.values()) > 10_000, min(asked.values()) > 80) == (len(PHASES) * len(ROLES), True, True)
