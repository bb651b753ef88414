"""One person with seats in two panels of a stage: what holds for the person holds on both seats."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.authz import Actor
from app.judging.enums import AssignmentState, RecusalReason
from app.judging.models import Assignment, AssignmentPlan, Panel, PanelCall, Seat
from app.judging.operations import assigning, conflicts, proposing, recusing, refusals
from app.judging.queries.conflicts import conflict_pairs
from tests.conftest import NOW
from tests.factories.accounts import acting
from tests.factories.judging import Scene, make_scene, make_seat
from tests.support.client import Client, html


@pytest.fixture
def scene(session: Session) -> Scene:
    """Two entries; the first judge scores both in the first panel."""
    return make_scene(session, judges=1)


@pytest.fixture
def second(session: Session, scene: Scene) -> Seat:
    """The same person's seat in a second panel for the same call."""
    panel = Panel(stage_id=scene.stage.id, name="二组", created_at=NOW)
    session.add(panel)
    session.flush()
    session.add(PanelCall(panel_id=panel.id, call_id=scene.call.id))
    return make_seat(session, panel, scene.judges[0])


@pytest.fixture
def organizer(session: Session, scene: Scene) -> Actor:
    return acting(session, scene.organizer)


def give(session: Session, seat: Seat, entries: list[int], organizer: Actor) -> AssignmentPlan:
    wanted = {(entry_id, seat.id) for entry_id in entries}
    return assigning.set_assignments(session, panel=seat.panel, wanted=wanted, actor=organizer, now=NOW)


def live(session: Session, seat: Seat) -> set[int]:
    """The entries that are scored on the seat."""
    mine = select(Assignment.entry_id).where(Assignment.seat_id == seat.id, Assignment.state == AssignmentState.ACTIVE)
    return set(session.scalars(mine))


def test_nobody_is_given_an_entry_in_two_panels(session: Session, scene: Scene, second: Seat, organizer: Actor) -> None:
    entries = [entry.id for entry in scene.entries]
    with pytest.raises(refusals.ScoresElsewhere):
        give(session, second, entries[:1], organizer)
    plan = proposing.propose_plan(session, panel=second.panel, seed="s", everyone=True, actor=organizer, now=NOW)
    assert plan.pairs == []
    give(session, scene.seats[0], entries[1:], organizer)
    give(session, second, entries[:1], organizer)
    assert (live(session, scene.seats[0]), live(session, second)) == (set(entries[1:]), set(entries[:1]))


def test_a_proposal_made_before_is_stale_once_the_person_scores_it_elsewhere(
    session: Session, scene: Scene, second: Seat, organizer: Actor
) -> None:
    give(session, scene.seats[0], [], organizer)
    plan = proposing.propose_plan(session, panel=second.panel, seed="s", per_entry=1, actor=organizer, now=NOW)
    give(session, scene.seats[0], [scene.entries[0].id], organizer)
    with pytest.raises(refusals.PlanIsStale):
        assigning.apply_plan(session, plan=plan, actor=organizer, now=NOW)
    assert live(session, second) == set()


def test_taking_back_does_not_bring_an_entry_that_went_to_the_other_panel(
    session: Session, scene: Scene, second: Seat, organizer: Actor
) -> None:
    entries = {entry.id for entry in scene.entries}
    give(session, scene.seats[0], [], organizer)
    moved = scene.entries[0].id
    give(session, second, [moved], organizer)
    assigning.undo_plan(session, panel=scene.panel, actor=organizer, now=NOW)
    assert (live(session, scene.seats[0]), live(session, second)) == (entries - {moved}, {moved})


def test_a_conflict_on_one_seat_holds_on_the_other_and_ends_what_is_open_there(
    session: Session, scene: Scene, second: Seat, organizer: Actor
) -> None:
    first, other = scene.entries
    conflicts.set_conflict(session, seat=second, entry_id=first.id, reason="advised them", actor=organizer, now=NOW)
    assert live(session, scene.seats[0]) == {other.id}
    assert conflict_pairs(session, scene.panel) == {(first.id, scene.seats[0].id)}
    recusing.recuse(session, assignment=scene.assignment(1), reason=RecusalReason.RELATIVE, words="", actor=scene.judge(session), now=NOW)
    assert conflict_pairs(session, second.panel) == {(first.id, second.id), (other.id, second.id)}
    with pytest.raises(refusals.InConflict):
        give(session, second, [other.id], organizer)


def test_what_a_judge_declares_on_taking_a_second_seat_ends_the_same_entry_on_the_first(
    session: Session, scene: Scene, second: Seat
) -> None:
    first, other = scene.entries
    conflicts.declare_conflicts(session, seat=second, panel=second.panel, declared={first.id: "my former student"}, now=NOW)
    session.flush()
    assert live(session, scene.seats[0]) == {other.id}


def test_other_stages_and_other_people_are_not_concerned(session: Session, scene: Scene, second: Seat) -> None:
    stranger = make_seat(session, second.panel, make_scene(session, entries=0).judges[0])
    assert {pair for pair in conflict_pairs(session, second.panel) if pair[1] == stranger.id} == set()


def test_the_table_by_hand_says_why_a_judge_cannot_be_ticked(
    app: Flask, client: Client, session: Session, scene: Scene, second: Seat, organizer: Actor
) -> None:
    give(session, scene.seats[0], [scene.entries[1].id], organizer)
    session.commit()
    client.sign_in(scene.organizer)
    page = html(client.get(f"/manage/{scene.edition.code}/stages/2/panels/{second.panel_id}/matrix"))
    cells = [(cell.select_one("input[type=checkbox]") is not None, [m["title"] for m in cell.select("span[title]")])
             for cell in page.select("table.matrix tbody td")]  # fmt: skip
    assert cells == [(True, []), (False, ["已在另一评审组评审"])]
    assert re.search("二组", page.get_text())
