"""A form stores its own fields and no other: every column of every table is sent along as a field, and nothing of it arrives."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, String, cast, func, or_, select

from app.tables import metadata
from tests.support.sweeping import Sweep

from .addresses import Addresses
from .crawling import open_to
from .story import Contest, telling

#: Passes as a number, a code and a text; stands nowhere in the story.
CANARY = "777001"
COLUMNS = sorted({column.name for table in metadata.tables.values() for column in table.columns})


def holding(connection: Connection) -> set[str]:
    """The tables in which any column holds the canary."""
    found = set()
    for name, table in metadata.tables.items():
        texts = [cast(column, String).contains(CANARY) for column in table.columns]
        if connection.scalar(select(func.count()).select_from(table).where(or_(*texts))):
            found.add(name)
    return found


@pytest.mark.parametrize(("phase", "role"), [
    ("draft", "organizer"), ("draft", "officer"), ("open", "leader"), ("checking", "organizer"), ("judging", "judge"), ("judging", "host"),
    ("sealed", "host"), ("released", "officer"), ("released", "host"),
])  # fmt: skip
def test_every_column_sent_as_a_field_changes_no_row(
    app: Flask, connection: Connection, alpha: Contest, beta: Contest, crowd_of: Any, phase: str, role: str
) -> None:
    for _told in telling(alpha, beta, until=phase):
        pass
    crowd = crowd_of()
    browser = app.test_client().sign_in(crowd.people[role])  # type: ignore[attr-defined]
    sweep = Sweep(app, connection, {role: browser})
    sweep.explore(role, tuple(open_to(role, phase, Addresses(app, alpha.session, alpha))))
    forms = [form for group in sweep.forms.values() for form in group.values() if not form.action.startswith("/my/security/")]
    assert (len(forms) > 5, holding(connection)) == (True, set())
    arrived = []
    for form in forms:
        data = dict.fromkeys(COLUMNS, CANARY) | form.data
        with sweep.undone():
            status, _ = sweep.answer(role, form.action, "columns", data=data, content_type="multipart/form-data")
            arrived += [f"{form.action}: {status}, yet {sorted(found)}"] if (found := holding(connection)) else []
    assert (arrived, sweep.report()) == ([], "")
