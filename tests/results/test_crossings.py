"""Acts that must exclude each other, let go at one moment after everybody has looked at the same page: the journal tells one story.

CONC-06: sealing and scoring, freezing and everything, releasing and whatever the result rests on. Each job loads its things before the
barrier, as a view does before its transaction, so that an operation which believes what was read earlier is caught.
"""

from __future__ import annotations

import os
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.admin.invariants import broken_invariants
from app.audit.models import JournalEvent
from app.audit.operations.verify import verify_all
from app.calls.enums import StageState
from app.calls.models import Edition, Stage
from app.calls.operations.freezing import freeze_edition
from app.calls.operations.stages import seal_stage
from app.core import clock
from app.core.authz import SYSTEM, Actor
from app.core.db import db
from app.core.errors import DomainError
from app.core.uow import atomic
from app.entries.models import Entry
from app.entries.operations.checking import disqualify_entry
from app.entries.operations.handing_in import withdraw_entry
from app.judging.enums import RecusalReason, SeatCategory
from app.judging.models import Assignment, Reopening, ScoreSheet, Seat
from app.judging.operations import conflicts, recusing, reopening, seats, sheets
from app.judging.operations.sealing import seal_judging
from app.results.enums import RunState
from app.results.models import ResultRun
from app.results.operations import compute_run, propose_run, release_run
from app.results.queries.computing import proof_of
from tests.factories.accounts import acting
from tests.factories.results import World, make_world
from tests.support.racing import race, racing_ground

FAST, SLOW = 10, 1000
TOTALS = [["88", "90", None, "91"], ["70", "72", "71", "74"]]
#: Facts that change what a result rests on.
INPUTS = frozenset({
    "judging.sheet_saved", "judging.sheet_signed", "judging.judge_recused", "judging.conflict_set", "judging.seat_changed",
    "judging.reopening_decided", "judging.strike_decided", "entries.entry_disqualified", "entries.entry_withdrawn",
})  # fmt: skip
SEALED_AWAY = frozenset(name for name in INPUTS if name.startswith("judging."))
#: Facts that follow from others by themselves, whatever the edition's state.
FOLLOWING = ("notify.", "audit.", "admin.")


@dataclass
class Crossing:
    """One contest, and the jobs that will meet in it."""

    world: World
    judge: Actor
    host: Actor
    organizer: Actor
    asked: dict[str, int] = field(default_factory=dict)
    run_id: int = 0

    @property
    def now(self) -> datetime:
        return clock.now()


Act = Callable[[Session, Crossing, dict[str, Any]], object]


def look(session: Session, crossing: Crossing) -> dict[str, Any]:
    """What a page loads before somebody presses its button; it stays in the session's memory."""
    world = crossing.world
    return {
        "edition": session.get_one(Edition, world.edition.id), "stage": session.get_one(Stage, world.stage.id),
        "entry": session.get_one(Entry, world.entries[0].id), "call": session.get_one(Entry, world.entries[0].id).call,
        "seat": session.get_one(Seat, world.seats[0].id), "free": session.scalars(free_assignment(world)).one(),
        "reopenings": {name: session.get_one(Reopening, key) for name, key in crossing.asked.items()},
        "run": session.get(ResultRun, crossing.run_id),
    }  # fmt: skip


def free_assignment(world: World) -> Any:
    """The one without a sheet."""
    return select(Assignment).where(Assignment.entry_id == world.entries[0].id, Assignment.seat_id == world.seats[2].id)


MARKS = {"tech": Decimal("50.0"), "market": Decimal("30.0")}
OPEN: dict[str, Act] = {
    "save": lambda s, c, t: sheets.save_sheet(
        s, assignment=t["free"], marks=MARKS, comment="", private_note="", key="k" * 20, revision=0, actor=c.judge, now=c.now),
    "seal": lambda s, c, t: seal_judging(s, stage=t["stage"], reason="one is ill", actor=c.organizer, now=c.now),
    "freeze": lambda s, c, t: freeze_edition(s, edition=t["edition"], reason="a complaint", actor=SYSTEM, now=c.now),
    "recuse": lambda s, c, t: recusing.recuse(
        s, assignment=t["free"], reason=RecusalReason.RELATIVE, words="", actor=c.judge, now=c.now),
    "conflict": lambda s, c, t: conflicts.set_conflict(
        s, seat=t["seat"], entry_id=t["entry"].id, reason="cousin", actor=c.organizer, now=c.now),
    "seat": lambda s, c, t: seats.change_seat(
        s, seat=t["seat"], name="x", unit="", category=SeatCategory.INVESTOR, is_chair=True, load_limit=None, actor=c.organizer, now=c.now),
    "reopen": lambda s, c, t: reopening.decide(s, reopening=t["reopenings"]["open"], agreed=True, remark="", actor=c.host, now=c.now),
    "strike": lambda s, c, t: reopening.decide(s, reopening=t["reopenings"]["strike"], agreed=True, remark="", actor=c.host, now=c.now),
    "disqualify": lambda s, c, t: disqualify_entry(s, entry=t["entry"], reason="copied", actor=c.host, now=c.now),
    "withdraw": lambda s, c, t: withdraw_entry(s, entry=t["entry"], reason="sold the company", actor=SYSTEM, now=c.now),
}  # fmt: skip
SEALED: dict[str, Act] = {
    **{name: OPEN[name] for name in ("save", "freeze", "conflict", "seat", "reopen", "strike", "disqualify", "withdraw")},
    "release": lambda s, c, t: release_run(s, run=t["run"], actor=c.host, now=c.now),
    "compute": lambda s, c, t: compute_run(s, stage=t["stage"], call=t["call"], actor=c.organizer, now=c.now),
}


def prepared(sealed: bool) -> Crossing:
    """Two entries, four judges, one sheet missing, two requests about signed sheets waiting for the second person."""
    session = db.session
    world = make_world(session, TOTALS, state=StageState.OPEN)
    world.stage.opens_at, world.stage.closes_at = clock.now() - timedelta(1), clock.now() + timedelta(1)
    host, organizer = acting(session, world.host), acting(session, world.organizer)
    judge = Actor(user_id=world.seats[2].user_id, name="judge")
    crossing = Crossing(world, judge, host, organizer)
    for name, seat in (("open", 0), ("strike", 1)):
        sheet = session.get_one(ScoreSheet, world.sheets[world.entries[1].id, world.seats[seat].id].id)
        row = reopening.ask(session, sheet=sheet, reason="a slip", actor=organizer, now=clock.now(), strikes=name == "strike")
        crossing.asked[name] = row.id
    if sealed:
        free = session.scalars(free_assignment(world)).one()
        recusing.recuse(session, assignment=free, reason=RecusalReason.EXPERTISE, words="", actor=judge, now=clock.now())
        seal_stage(session, stage=world.stage, actor=organizer, now=clock.now())
        run = compute_run(session, stage=world.stage, call=world.call, actor=organizer, now=clock.now())
        propose_run(session, run=run, actor=organizer, now=clock.now())
        crossing.run_id = run.id
    session.commit()
    return crossing


def meet(app: Flask, crossing: Crossing, acts: dict[str, Act]) -> dict[str, Any]:
    """Everybody looks, then all of them act."""
    ready = threading.Barrier(len(acts))

    def job(act: Act) -> Callable[[], str]:
        def run() -> str:
            seen = look(db.session, crossing)
            ready.wait(timeout=30)
            with atomic() as session:
                act(session, crossing, seen)
            return "done"

        return run

    return dict(zip(acts, race(app, [job(act) for act in acts.values()]), strict=True))


def faults(session: Session, crossing: Crossing, outcomes: dict[str, Any]) -> Iterator[str]:
    """What the journal and the rows say that must not be."""
    for name, outcome in outcomes.items():
        if outcome != "done" and not isinstance(outcome, DomainError):
            yield f"{name}: {outcome!r}"
    chain = f"edition:{crossing.world.edition.id}"
    told = list(session.scalars(select(JournalEvent.name).where(JournalEvent.chain == chain).order_by(JournalEvent.seq)))
    after = told[told.index("calls.stage_sealed") + 1 :] if "calls.stage_sealed" in told else []
    yield from (f"{name} after the stage was sealed" for name in after if name in SEALED_AWAY)
    frozen = told[told.index("calls.edition_frozen") + 1 :] if "calls.edition_frozen" in told else []
    yield from (f"{name} after the edition was frozen" for name in frozen if not name.startswith(FOLLOWING))
    if "results.result_released" in told:
        released = told.index("results.result_released")
        between = told[told.index("results.result_computed") : released]
        yield from (f"released although {name} came after the computation" for name in between if name in INPUTS)
        run = session.get_one(ResultRun, crossing.run_id)
        still_so = run.state == RunState.RELEASED and not INPUTS & set(told[released:])
        if still_so and not proof_of(session, run):
            yield "the released result does not follow from its inputs"


def play(app: Flask, rounds: int, seed: int) -> tuple[Counter[str], list[str]]:
    """So many rounds; how often each act was done or refused, and everything that must not be."""
    source, seen, found = random.Random(seed), Counter[str](), list[str]()
    for number in range(rounds):
        table, fixed = (SEALED, "release") if number % 2 else (OPEN, source.choice(["seal", "freeze"]))
        names = [fixed, *source.sample([name for name in table if name != fixed], source.randint(1, 3))]
        source.shuffle(names)
        crossing = prepared(sealed=table is SEALED)
        outcomes = meet(app, crossing, {name: table[name] for name in names})
        db.session.rollback()
        db.session.expire_all()
        seen.update(f"{name} {'done' if outcome == 'done' else 'refused'}" for name, outcome in outcomes.items())
        found += [f"round {number} of {names}: {fault}" for fault in faults(db.session, crossing, outcomes)]
        db.session.rollback()
        db.session.expunge_all()
    found += [f"{report.chain} is broken" for report in verify_all(db.session) if not report.is_whole]
    return seen, found


@pytest.fixture
def ground(app: Flask, tmp_path: Path) -> Iterator[None]:
    with racing_ground(app, tmp_path):
        yield


@pytest.mark.parametrize("other", ["disqualify", "withdraw", "conflict", "seat", "save", "reopen"])
def test_a_release_and_what_it_rests_on_exclude_each_other(app: Flask, ground: None, other: str) -> None:
    crossing = prepared(sealed=True)
    outcomes = meet(app, crossing, {"release": SEALED["release"], other: SEALED[other]})
    db.session.rollback()
    assert list(faults(db.session, crossing, outcomes)) == []
    assert "done" in outcomes.values(), outcomes


@pytest.mark.parametrize("other", sorted(set(OPEN) - {"freeze", "seal"}))
@pytest.mark.parametrize("gate", ["seal", "freeze"])
def test_nothing_slips_through_while_the_gate_closes(app: Flask, ground: None, gate: str, other: str) -> None:
    """The gate comes first and the other one has looked before: what was read then must not be believed."""
    crossing = prepared(sealed=False)
    seen = look(db.session, crossing)
    with Session(db.engine) as session, session.begin():
        session.connection(execution_options={"write": True})
        OPEN[gate](session, crossing, look(session, crossing))
    outcome: Any = "done"
    try:
        with atomic() as session:
            OPEN[other](session, crossing, seen)
    except DomainError as error:
        outcome = error
    db.session.expire_all()
    assert list(faults(db.session, crossing, {other: outcome})) == []
    if gate == "freeze":
        assert isinstance(outcome, DomainError)


def test_some_rounds_of_everything(app: Flask, ground: None) -> None:
    seen, found = play(app, FAST, seed=7)
    assert found == []
    assert sum(seen.values()) >= 2 * FAST


@pytest.mark.slow
def test_a_thousand_rounds_of_everything(app: Flask, ground: None) -> None:
    """ROUNDS and SEED choose others; prints how often each act came through."""
    seed = int(os.environ.get("SEED") or random.SystemRandom().randrange(10**9))
    seen, found = play(app, int(os.environ.get("ROUNDS", SLOW)), seed)
    print(f"\nseed {seed} on {db.engine.dialect.name if db.engine else '?'}: " + ", ".join(f"{k} {n}" for k, n in sorted(seen.items())))
    assert found == [], f"seed {seed}"
    assert [each.invariant.name for each in broken_invariants(db.session)] == []
