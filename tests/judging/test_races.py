"""Real threads on real transactions: one wins, nobody is overwritten, nothing happens twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.accounts.models import User
from app.accounts.operations.tokens import LinkInvalid, secret_of
from app.audit.operations.verify import verify_all
from app.calls.enums import StageState
from app.calls.models import Stage
from app.calls.operations.stages import seal_stage
from app.core import clock
from app.core.authz import Actor
from app.core.db import db
from app.core.errors import ConstraintBroken, DomainError
from app.core.uow import atomic
from app.judging.enums import AssignmentState, RecusalReason, SeatState, SheetState
from app.judging.models import Assignment, AssignmentPlan, Panel, PanelCall, ScoreSheet, Seat, SheetSave
from app.judging.operations import assigning, invitations, proposing, recusing, refusals, seats, sheets, signing
from tests.factories.accounts import acting, make_user
from tests.factories.judging import GOOD, Scene, make_scene, make_seat
from tests.support.racing import race, racing_ground

MANY = 12
ROUNDS = 4


@pytest.fixture
def ground(app: Flask, tmp_path: Path) -> Iterator[None]:
    with racing_ground(app, tmp_path):
        yield


@pytest.fixture
def scene(ground: None) -> Scene:
    made = make_scene(db.session)
    made.stage.opens_at, made.stage.closes_at = clock.now() - timedelta(1), clock.now() + timedelta(1)
    db.session.commit()
    return made


def saving(scene: Scene, judge: Actor, *, team: str, key: str, revision: int = 0) -> Any:
    assignment_id = scene.assignment().id

    def job() -> int:
        with atomic() as session:
            assignment = session.get_one(Assignment, assignment_id)
            marks = {**GOOD, "team": Decimal(team)}
            save = sheets.save_sheet(
                session, assignment=assignment, marks=marks, comment="", private_note="", key=key, revision=revision, actor=judge,
                now=clock.now(),
            )  # fmt: skip
            session.flush()
            return save.id

    return job


def whole() -> bool:
    """Every chain of the journal is unbroken."""
    return all(report.is_whole for report in verify_all(db.session))


def test_of_many_different_saves_one_wins_and_the_others_are_told(app: Flask, scene: Scene) -> None:
    judge = scene.judge(db.session)
    db.session.commit()
    results = race(app, [saving(scene, judge, team=str(n), key=f"key-number-{n}") for n in range(MANY)])
    assert sum(isinstance(r, int) for r in results) == 1, results
    assert sum(isinstance(r, refusals.StaleSheet) for r in results) == MANY - 1
    assert db.session.scalar(select(func.count(SheetSave.id))) == 1
    assert whole()


def test_the_same_key_many_times_is_one_save_with_one_receipt(app: Flask, scene: Scene) -> None:
    judge = scene.judge(db.session)
    db.session.commit()
    results = race(app, [saving(scene, judge, team="20", key="one-and-the-same") for _ in range(MANY)])
    assert len(set(results)) == 1, results
    assert db.session.scalar(select(func.count(SheetSave.id))) == 1


def rounds(app: Flask, ground: None, other: Any) -> list[tuple[Scene, list[Any]]]:
    """Some rounds of a save against another act on the same sheet."""
    played = []
    for n in range(ROUNDS):
        scene = make_scene(db.session, entries=1, judges=1)
        scene.stage.opens_at, scene.stage.closes_at = clock.now() - timedelta(1), clock.now() + timedelta(1)
        judge = scene.judge(db.session)
        db.session.commit()
        assert isinstance(saving(scene, judge, team="1", key="first-save")(), int)
        jobs = [saving(scene, judge, team="2", key="second-save", revision=1), other(app, scene, judge)]
        played.append((scene, race(app, jobs if n % 2 else jobs[::-1])))
        db.session.commit()
        db.session.expire_all()
    return played


def test_of_two_panels_that_give_one_person_an_entry_at_one_moment_one_does(app: Flask, ground: None) -> None:
    for n in range(ROUNDS):
        scene = make_scene(db.session, entries=1, judges=1, assign=False)
        panel = Panel(stage_id=scene.stage.id, name="second", created_at=clock.now())
        db.session.add(panel)
        db.session.flush()
        db.session.add(PanelCall(panel_id=panel.id, call_id=scene.call.id))
        seats = [scene.seats[0], make_seat(db.session, panel, scene.judges[0])]
        organizer, entry_id = acting(db.session, scene.organizer), scene.entries[0].id
        wanted = [(seat.panel_id, (entry_id, seat.id)) for seat in (seats if n % 2 else seats[::-1])]
        db.session.commit()

        def giving(panel_id: int, pair: tuple[int, int], actor: Actor = organizer) -> Any:
            def job() -> str:
                with atomic() as session:
                    panel = session.get_one(Panel, panel_id)
                    assigning.set_assignments(session, panel=panel, wanted={pair}, actor=actor, now=clock.now())
                    return "given"

            return job

        results = race(app, [giving(*each) for each in wanted])
        assert sum(r == "given" for r in results) == 1, results
        refused = {str(r) for r in results if isinstance(r, (refusals.ScoresElsewhere, ConstraintBroken))}
        assert refused == {str(refusals.ScoresElsewhere.message)}
        live = select(func.count(Assignment.id)).where(Assignment.entry_id == entry_id, Assignment.state == AssignmentState.ACTIVE)
        db.session.rollback()
        assert db.session.scalar(live) == 1
    assert whole()


def test_a_signature_holds_the_marks_that_were_there_when_it_was_given(app: Flask, ground: None) -> None:
    def signs(app: Flask, scene: Scene, judge: Actor) -> Any:
        assignment_id = scene.assignment().id

        def job() -> str:
            with atomic() as session:
                assignment = session.get_one(Assignment, assignment_id)
                signing.sign_sheet(
                    session, assignment=assignment, signer=app.extensions["signer"], actor=judge, now=clock.now(), revision=1
                )
                return "signed"

        return job

    for scene, results in rounds(app, ground, signs):
        sheet = db.session.scalars(select(ScoreSheet).where(ScoreSheet.assignment_id == scene.assignment().id)).one()
        last = db.session.scalars(select(SheetSave).where(SheetSave.sheet_id == sheet.id).order_by(SheetSave.revision.desc())).first()
        assert last is not None
        if "signed" in results:
            assert (sheet.state, sheet.revision, last.content["marks"]["team"]) == (SheetState.SIGNED, 1, "1")
            assert any(isinstance(r, refusals.AlreadySigned) for r in results)
        else:
            assert (sheet.state, sheet.revision) == (SheetState.DRAFT, 2)
            assert any(isinstance(r, refusals.StaleSheet) for r in results)
    assert whole()


def test_nothing_is_saved_after_sealing(app: Flask, ground: None) -> None:
    def seals(app: Flask, scene: Scene, judge: Actor) -> Any:
        stage_id, organizer = scene.stage.id, acting(db.session, scene.organizer)
        db.session.commit()

        def job() -> str:
            with atomic() as session:
                seal_stage(session, stage=session.get_one(Stage, stage_id), actor=organizer, now=clock.now())
                return "sealed"

        return job

    for scene, results in rounds(app, ground, seals):
        sheet = db.session.scalars(select(ScoreSheet).where(ScoreSheet.assignment_id == scene.assignment().id)).one()
        assert ("sealed" in results, db.session.get_one(Stage, scene.stage.id).state) == (True, StageState.SEALED), results
        accepted = any(isinstance(r, int) for r in results)
        assert accepted or any(isinstance(r, refusals.StageSealed) for r in results), results
        assert sheet.revision == (2 if accepted else 1)


def test_recusing_and_saving_exclude_each_other(app: Flask, ground: None) -> None:
    def recuses(app: Flask, scene: Scene, judge: Actor) -> Any:
        assignment_id = scene.assignment().id

        def job() -> str:
            with atomic() as session:
                assignment = session.get_one(Assignment, assignment_id)
                recusing.recuse(session, assignment=assignment, reason=RecusalReason.RELATIVE, words="", actor=judge, now=clock.now())
                return "recused"

        return job

    for scene, results in rounds(app, ground, recuses):
        assignment = db.session.get_one(Assignment, scene.assignment().id)
        assert (assignment.state, "recused" in results) == (AssignmentState.RECUSED, True), results
        assert any(isinstance(r, (int, refusals.NotAssigned)) for r in results), results


def test_a_panel_gets_one_chair_and_one_seat_a_person(app: Flask, scene: Scene) -> None:
    organizer, panel_id = acting(db.session, scene.organizer), scene.panel.id
    db.session.commit()

    def adding(email: str) -> Any:
        def job() -> int:
            with atomic() as session:
                panel = session.get_one(Panel, panel_id)
                return seats.add_seat(session, panel=panel, name="x", email=email, is_chair=True, actor=organizer, now=clock.now()).id

        return job

    results = race(app, [adding(f"chair{n % 2}@example.org") for n in range(6)])
    assert sum(isinstance(r, int) for r in results) == 1, results
    assert all(isinstance(r, (int, ConstraintBroken)) for r in results), results


def test_a_plan_is_applied_once(app: Flask, ground: None) -> None:
    scene = make_scene(db.session, entries=6, judges=4, assign=False)
    organizer = acting(db.session, scene.organizer)
    plan = proposing.propose_plan(db.session, panel=scene.panel, seed="s", per_entry=2, actor=organizer, now=clock.now())
    db.session.commit()
    plan_id, count = plan.id, len(plan.pairs)

    def job() -> int:
        with atomic() as session:
            return len(assigning.apply_plan(session, plan=session.get_one(AssignmentPlan, plan_id), actor=organizer, now=clock.now()))

    results = race(app, [job] * 4)
    assert sorted(map(str, (r for r in results if isinstance(r, int)))) == [str(count)], results
    assert sum(isinstance(r, refusals.PlanIsApplied) for r in results) == 3
    assert db.session.scalar(select(func.count(Assignment.id))) == count


def test_an_invitation_is_accepted_once(app: Flask, scene: Scene) -> None:
    session = db.session
    user = make_user(session, email="once@example.org")
    organizer = acting(session, scene.organizer)
    seat = seats.add_seat(session, panel=scene.panel, name="Once", email="once@example.org", actor=organizer, now=clock.now())
    token = invitations.invite_judge(session, seat=seat, actor=organizer, now=clock.now())
    session.commit()
    secret, user_id, seat_id = secret_of(token), user.id, seat.id

    def job() -> int:
        with atomic() as writing:
            person = writing.get_one(User, user_id)
            return invitations.accept_seat(writing, secret=secret, user=person, statement_digest="0" * 64, declared={}, now=clock.now()).id

    results = race(app, [job] * 6)
    assert [r for r in results if isinstance(r, int)] == [seat_id], results
    assert all(isinstance(r, (int, LinkInvalid, DomainError)) for r in results), results
    assert db.session.get_one(Seat, seat_id, populate_existing=True).state == SeatState.ACCEPTED
