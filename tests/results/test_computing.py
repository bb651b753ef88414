"""A result computed beside the write transaction is stored only while what it rests on stands."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.entries.enums import EntryState
from app.entries.models import StageEntry
from app.judging.enums import AssignmentState, SheetState
from app.judging.models import Assignment, Mark
from app.results.errors import ResultIsStale
from app.results.models import ResultRun, Standing
from app.results.operations import compute_run, propose_run, release_run
from app.results.queries.computing import computation, current_fingerprint, proof_of
from tests.conftest import NOW
from tests.factories.accounts import acting
from tests.factories.results import World, make_world

TOTALS = [["88", "90", "86"], ["70", "72", "71"]]


def a_mark(session: Session, world: World) -> None:
    """The mark alone, past its sheet."""
    sheet = world.sheets[world.entries[0].id, world.seats[0].id]
    session.get_one(Mark, (sheet.id, "market")).value += 1


def a_revision(_session: Session, world: World) -> None:
    world.sheets[world.entries[0].id, world.seats[0].id].revision += 1


def a_signature(_session: Session, world: World) -> None:
    sheet = world.sheets[world.entries[0].id, world.seats[0].id]
    sheet.state, sheet.signed_at, sheet.digest = SheetState.DRAFT, None, None


def a_recusal(session: Session, world: World) -> None:
    assignment = session.scalars(select(Assignment).where(Assignment.entry_id == world.entries[1].id)).first()
    assert assignment is not None
    assignment.state, assignment.recuse_reason, assignment.recused_at = AssignmentState.RECUSED, "kinship", NOW


def a_withdrawal(_session: Session, world: World) -> None:
    world.entries[1].state = EntryState.WITHDRAWN


def a_departure(session: Session, world: World) -> None:
    row = session.scalars(select(StageEntry).where(StageEntry.entry_id == world.entries[1].id)).one()
    row.left_at, row.left_reason = NOW, "struck out"


def a_chair(_session: Session, world: World) -> None:
    world.seats[0].is_chair = not world.seats[0].is_chair


CHANGES = [a_mark, a_revision, a_signature, a_recusal, a_withdrawal, a_departure, a_chair]


def count(session: Session, model: type) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


@pytest.mark.parametrize("change", CHANGES)
def test_a_computation_overtaken_by_a_change_is_refused(session: Session, change: Callable[[Session, World], None]) -> None:
    world = make_world(session, TOTALS)
    made = computation(session, world.stage, world.call)
    change(session, world)
    session.flush()
    with pytest.raises(ResultIsStale):
        compute_run(session, stage=world.stage, call=world.call, actor=acting(session, world.organizer), now=NOW, made=made)
    assert (count(session, ResultRun), count(session, Standing)) == (0, 0)


def test_an_unchanged_computation_is_stored_as_if_made_under_the_lock(session: Session) -> None:
    world, other = make_world(session, TOTALS), make_world(session, TOTALS)
    who = acting(session, world.organizer)
    made = computation(session, world.stage, world.call)
    a_revision(session, other)  # another stage is none of its business
    session.flush()
    run = compute_run(session, stage=world.stage, call=world.call, actor=who, now=NOW, made=made)
    again = compute_run(session, stage=world.stage, call=world.call, actor=who, now=NOW)
    assert again is run
    rows = session.execute(select(Standing.rank, Standing.score).where(Standing.run_id == run.id).order_by(Standing.position)).all()
    assert [tuple(row) for row in rows] == [(1, "88.00"), (2, "71.00")]


@pytest.mark.parametrize("change", CHANGES)
def test_a_proof_overtaken_by_a_change_releases_nothing(session: Session, change: Callable[[Session, World], None]) -> None:
    world = make_world(session, TOTALS)
    run = compute_run(session, stage=world.stage, call=world.call, actor=acting(session, world.organizer), now=NOW)
    proof = proof_of(session, run)
    assert proof == current_fingerprint(session, world.stage, world.call) != ""
    propose_run(session, run=run, actor=acting(session, world.organizer), now=NOW, proof=proof)
    change(session, world)
    session.flush()
    with pytest.raises(ResultIsStale):
        release_run(session, run=run, actor=acting(session, world.host), now=NOW, proof=proof)
    assert run.state == "proposed"
