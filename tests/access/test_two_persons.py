"""What needs two persons is refused to one by the database too, when the program forgets to ask (and by the program: see each feature)."""

from __future__ import annotations

import pytest
from sqlalchemy import CheckConstraint, Table
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.schema import CreateTable

from app.core.db import Base
from tests.factories.accounts import make_user

#: Each table whose rows one person begins and another ends: the columns of both hands, and what makes it an act of both.
HANDS = {
    "approvals": ("asked_by_id", "decided_by_id", {"approved": True}),
    "alarms": ("asked_by_id", "closed_by_id", {}),
    "reopenings": ("asked_by_id", "decided_by_id", {}),
    "exclusions": ("asked_by_id", "decided_by_id", {}),
    "result_runs": ("proposed_by_id", "released_by_id", {}),
    "selection_records": ("proposed_by_id", "confirmed_by_id", {}),
    "erasure_requests": ("prepared_by_id", "decided_by_id", {}),
}


def rule_of(table: Table) -> CheckConstraint | None:
    named = (rule for rule in table.constraints if isinstance(rule, CheckConstraint))
    return next((rule for rule in named if str(rule.name) == f"ck_{table.name}_two_persons"), None)


def test_every_such_table_is_known_here() -> None:
    assert {table.name for table in Base.metadata.tables.values() if rule_of(table) is not None} == set(HANDS)


@pytest.mark.parametrize("name", HANDS)
def test_the_database_refuses_both_acts_of_one_person(session: Session, name: str) -> None:
    """The rule alone, in a table without the other columns' demands: two persons pass, one does not."""
    first, second, more = HANDS[name]
    table, (one, two) = Base.metadata.tables[name], (make_user(session).id, make_user(session).id)
    rule = rule_of(table)
    assert rule is not None
    wanted = {first, second, *more, "id"}
    bare = Table(f"bare_{name}", type(Base.metadata)(), *(column._copy() for column in table.columns if column.name in wanted))
    for column in bare.columns:
        column.foreign_keys.clear()
    bare.append_constraint(CheckConstraint(str(rule.sqltext), name="two_persons"))
    session.execute(CreateTable(bare))
    session.execute(bare.insert().values({"id": 1, first: one, second: two, **more}))
    with pytest.raises(IntegrityError, match="two_persons"), session.begin_nested():
        session.execute(bare.insert().values({"id": 2, first: one, second: one, **more}))
