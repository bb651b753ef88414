"""The invariants: every one finds exactly what breaks it, in a copy of the data whose tables refuse nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Column, Engine, MetaData, Table, create_engine, select, text
from sqlalchemy.orm import Session

from app.admin.invariants import INVARIANTS, broken_invariants
from app.admin.jobs import mind_invariants
from app.audit.models import Alarm
from app.core.db import Base
from app.judging.operations import reopening, sheets, signing
from tests.admin.seeds import SEEDS
from tests.conftest import NOW
from tests.factories.accounts import acting
from tests.factories.judging import GOOD, make_scene


@pytest.fixture(scope="module")
def loose() -> Engine:
    """The tables without any constraint, key or rule: what a mistake or a hand on the database can leave behind."""
    engine = create_engine("sqlite://")
    metadata = MetaData()
    for table in Base.metadata.tables.values():
        Table(table.name, metadata, *(Column(column.name, column.type) for column in table.columns))
    metadata.create_all(engine)
    return engine


@pytest.fixture
def whole(session: Session, app: Flask) -> Session:
    """Two judged entries, one sheet signed, one asked to be opened again."""
    scene = make_scene(session)
    judge = scene.judge(session)
    for number in (0, 1):
        sheets.save_sheet(session, assignment=scene.assignment(number), marks=GOOD, comment="", private_note="", key=f"k{number}",
                          revision=0, actor=judge, now=NOW)  # fmt: skip
    sheet = signing.sign_sheet(session, assignment=scene.assignment(), signer=app.extensions["signer"], actor=judge, now=NOW)
    reopening.ask(session, sheet=sheet, reason="a slip of the pen", actor=acting(session, scene.organizer), now=NOW + timedelta(minutes=1))
    session.commit()
    return session


@pytest.fixture
def copy(loose: Engine, whole: Session) -> Iterator[Session]:
    """The whole data in the tables that refuse nothing; gone after the test."""
    with loose.connect() as connection:
        outer = connection.begin()
        for table in Base.metadata.sorted_tables:
            rows = [dict(row) for row in whole.execute(select(table)).mappings()]
            if rows:
                connection.execute(table.insert(), rows)
        with Session(connection) as session:
            yield session
        outer.rollback()


def test_there_are_forty_and_more_and_each_has_a_seed() -> None:
    names = [each.name for each in INVARIANTS]
    assert (len(names) >= 40, len(set(names))) == (True, len(names))
    assert sorted(SEEDS) == sorted(names)


def test_whole_data_break_nothing(copy: Session) -> None:
    assert broken_invariants(copy) == []


@pytest.mark.parametrize("name", sorted(SEEDS))
def test_a_seeded_violation_is_found_and_nothing_else(copy: Session, name: str) -> None:
    seed = SEEDS[name]
    for statement in seed.statements:
        copy.execute(text(statement))
    found = {each.invariant.name: sorted(each.rows) for each in broken_invariants(copy)}
    assert found == {name: sorted(resolved(copy, seed.rows))}


def resolved(session: Session, rows: str | list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The rows that are expected: given, or asked of the data by another, simpler select."""
    return [tuple(row) for row in session.execute(text(rows))] if isinstance(rows, str) else rows


@pytest.mark.breaks("accounts.addresses_are_folded")
def test_the_nightly_look_raises_one_alarm_a_rule_and_shows_it_in_words(client: FlaskClient, session: Session) -> None:
    from app.accounts.enums import Role
    from tests.factories.accounts import grant, make_user

    grant(session, admin := make_user(session), Role.SYSTEM_ADMIN)
    odd = make_user(session, email="Odd@Example.org")
    session.commit()
    mind_invariants()
    mind_invariants()
    (alarm,) = session.scalars(select(Alarm)).all()
    assert (alarm.kind, alarm.key, alarm.detail) == ("invariant", "accounts.addresses_are_folded", str(odd.id))
    client.sign_in(admin)
    assert "账号的邮箱一律以小写保存" in client.get("/admin/alarms/").text


def test_the_command_names_what_is_broken(app: Flask, session: Session) -> None:
    from tests.factories.accounts import make_user

    runner = CliRunner()
    fine = runner.invoke(app.cli, ["check-invariants"])
    assert (fine.exit_code, f"{len(INVARIANTS)} rules, 0 broken" in fine.output) == (0, True)
    make_user(session, email="Odd@Example.org")
    session.commit()
    found = runner.invoke(app.cli, ["check-invariants"])
    assert (found.exit_code, "accounts.addresses_are_folded" in found.output) == (1, True)
