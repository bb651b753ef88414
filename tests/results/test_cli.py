"""``flask results verify``: the same digest again, or an exit code that says no."""

from __future__ import annotations

from decimal import Decimal

from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.entries.enums import EntryState
from app.judging.models import Mark
from app.results.models import ResultRun
from app.results.operations import compute_run
from tests.conftest import NOW
from tests.factories.accounts import acting
from tests.factories.results import World, make_world

ROWS = [["90"] * 5, ["80.5"] * 5, ["70"] * 5]


def computed(session: Session) -> tuple[World, ResultRun]:
    world = make_world(session, ROWS)
    run = compute_run(session, stage=world.stage, call=world.call, actor=acting(session, world.organizer), now=NOW)
    session.commit()
    return world, run


def verify(app: Flask, run_id: int):
    return app.test_cli_runner().invoke(args=["results", "verify", str(run_id)])


def test_an_untouched_result_verifies(app: Flask, session: Session) -> None:
    _, run = computed(session)
    answer = verify(app, run.id)
    assert (answer.exit_code, answer.output.count(run.digest)) == (0, 3)


def test_a_mark_changed_behind_the_back_is_found(app: Flask, session: Session) -> None:
    world, run = computed(session)
    sheet = world.sheets[world.entries[2].id, world.seats[0].id]
    session.get_one(Mark, (sheet.id, "market")).value += Decimal(1)
    session.commit()
    answer = verify(app, run.id)
    assert (answer.exit_code, answer.output.count("DIFFERENT")) == (1, 1)


def test_a_stored_input_changed_behind_the_back_is_found(app: Flask, session: Session) -> None:
    _, run = computed(session)
    session.execute(text("UPDATE result_runs SET inputs = replace(inputs, '\"42\"', '\"43\"') WHERE id = :id"), {"id": run.id})
    session.commit()
    session.expire_all()
    answer = verify(app, run.id)
    assert (answer.exit_code, answer.output.count("DIFFERENT")) == (1, 1)


def test_somebody_who_left_since_is_noted_and_does_no_harm(app: Flask, session: Session) -> None:
    world, run = computed(session)
    world.entries[2].state = EntryState.WITHDRAWN
    session.commit()
    answer = verify(app, run.id)
    assert (answer.exit_code, "excluded" in answer.output) == (0, True)


def test_an_unknown_run_is_said_plainly(app: Flask, session: Session) -> None:
    assert verify(app, 999999).exit_code == 2
