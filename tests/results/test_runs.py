"""Result runs: computed from signed sheets, proposed by one, released by another, corrected by a new run."""

from __future__ import annotations

import msgspec
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.calls.enums import StageState
from app.calls.operations.freezing import EditionIsFrozen
from app.calls.rules import Advancement, Disclosure
from app.core.states import IllegalTransition
from app.entries.enums import EntryState
from app.entries.models import StageEntry
from app.judging.enums import AssignmentState
from app.judging.models import Assignment, Mark
from app.results import engine
from app.results.enums import AwardState, RunState
from app.results.errors import (
    NoEntries,
    NothingChanged,
    ReasonNeeded,
    RemarkNeeded,
    ResultIsStale,
    SamePerson,
    SheetsMissing,
    StageNotSealed,
)
from app.results.models import Award, ResultRun, Standing
from app.results.operations import compute_run, propose_run, release_run, take_back_run
from tests.conftest import NOW
from tests.factories.accounts import acting
from tests.factories.results import RULES, World, make_world

FIVE = [
    ["88", "90", "86.5", "91", "87"],
    ["88.5", "89", "88", "95", "60"],
    ["85.1", "85.2", "85", "99", "70"],
    ["80", "80", "80", "80", "80"],
]


def compute(session: Session, world: World, reason: str = "") -> ResultRun:
    who = acting(session, world.organizer)
    return compute_run(session, stage=world.stage, call=world.call, actor=who, now=NOW, reason=reason)


def release(session: Session, world: World, run: ResultRun) -> ResultRun:
    propose_run(session, run=run, actor=acting(session, world.organizer), now=NOW)
    return release_run(session, run=run, actor=acting(session, world.host), now=NOW)


def standings(session: Session, run: ResultRun) -> list[Standing]:
    return list(session.scalars(select(Standing).where(Standing.run_id == run.id).order_by(Standing.position)))


def change_mark(session: Session, world: World, entry: int, judge: int, total: str) -> None:
    sheet = world.sheets[world.entries[entry].id, world.seats[judge].id]
    mark = session.get_one(Mark, (sheet.id, "market"))
    mark.value += msgspec.convert(total, type(mark.value))
    sheet.digest = "f" * 64
    session.flush()


def test_the_result_follows_the_published_vectors(session: Session) -> None:
    world = make_world(session, FIVE)
    rows = standings(session, compute(session, world))
    found = [(world.entries.index(row.entry), row.rank, row.score, row.award_key) for row in rows]
    assert found == [(1, 1, "88.50", "first"), (0, 2, "88.33", "second"), (2, 3, "85.10", "second"), (3, 4, "80.00", None)]


def test_a_run_stores_inputs_that_compute_to_its_digest(session: Session) -> None:
    run = compute(session, make_world(session, FIVE))
    session.expire(run)
    inputs = msgspec.convert(run.inputs, engine.Inputs)
    output = engine.compute(inputs)
    assert msgspec.to_builtins(output) == run.output
    assert engine.digest_of(run.engine, inputs, output) == run.digest


def test_nothing_is_computed_before_the_stage_is_sealed(session: Session) -> None:
    world = make_world(session, FIVE, state=StageState.OPEN)
    with pytest.raises(StageNotSealed):
        compute(session, world)


def test_a_call_without_entries_has_no_result(session: Session) -> None:
    with pytest.raises(NoEntries):
        compute(session, make_world(session, []))


def test_a_frozen_edition_computes_nothing(session: Session) -> None:
    world = make_world(session, FIVE)
    world.edition.frozen_at = NOW
    session.flush()
    with pytest.raises(EditionIsFrozen):
        compute(session, world)


def test_computing_the_same_twice_is_one_run(session: Session) -> None:
    world = make_world(session, FIVE)
    assert compute(session, world).id == compute(session, world).id


def test_the_proposer_may_not_release(session: Session) -> None:
    world = make_world(session, FIVE)
    run = compute(session, world)
    propose_run(session, run=run, actor=acting(session, world.host), now=NOW)
    with pytest.raises(SamePerson):
        release_run(session, run=run, actor=acting(session, world.host), now=NOW)


def test_a_result_is_not_released_unproposed_and_a_proposal_can_be_taken_back(session: Session) -> None:
    world = make_world(session, FIVE)
    run, host = compute(session, world), acting(session, world.host)
    with pytest.raises(IllegalTransition):
        release_run(session, run=run, actor=host, now=NOW)
    propose_run(session, run=run, actor=acting(session, world.organizer), now=NOW)
    take_back_run(session, run=run, reason="one more look", actor=acting(session, world.organizer), now=NOW)
    assert (run.state, run.proposed_by_id) == (RunState.COMPUTED, None)


def test_release_grants_awards_and_finishes_the_stage(session: Session) -> None:
    world = make_world(session, FIVE)
    run = release(session, world, compute(session, world))
    awards = session.scalars(select(Award).where(Award.run_id == run.id).order_by(Award.rank)).all()
    assert [(a.level_name, a.rank, str(a.prize_wan)) for a in awards] == [
        ("一等奖", 1, "10.0000"), ("二等奖", 2, "5.0000"), ("二等奖", 3, "5.0000"),
    ]  # fmt: skip
    assert (run.state, world.stage.state) == (RunState.RELEASED, StageState.RELEASED)


def test_advancing_entries_join_the_next_stage(session: Session) -> None:
    rules = msgspec.structs.replace(RULES, advancement=Advancement(method="top", number=2), awards=[])
    world = make_world(session, FIVE, rules=rules, later=[RULES])
    run = release(session, world, compute(session, world))
    joined = session.scalars(select(StageEntry).where(StageEntry.source_run_id == run.id)).all()
    assert {row.entry_id for row in joined} == {world.entries[0].id, world.entries[1].id}


def test_scores_are_shown_only_where_the_rules_say_so(session: Session) -> None:
    secret = Disclosure(public_scores=False, team_scores=False)
    for disclosure, shown in ((Disclosure(public_scores=True), "88.50"), (secret, None)):
        world = make_world(session, FIVE, rules=msgspec.structs.replace(RULES, disclosure=disclosure))
        release(session, world, compute(session, world))
        session.expire(world.entries[1])
        assert world.entries[1].score_shown == shown


def test_a_result_that_no_longer_follows_from_the_sheets_is_not_released(session: Session) -> None:
    world = make_world(session, FIVE)
    run = compute(session, world)
    change_mark(session, world, 3, 0, "1")
    with pytest.raises(ResultIsStale):
        propose_run(session, run=run, actor=acting(session, world.organizer), now=NOW)


def test_a_missing_sheet_blocks_where_the_rules_wait_for_every_judge(session: Session) -> None:
    world = make_world(session, [*FIVE[:3], ["80", "80", None, "80", "80"]])
    run = compute(session, world)
    assert standings(session, run)[-1].status == "blocked"
    with pytest.raises(SheetsMissing):
        propose_run(session, run=run, actor=acting(session, world.organizer), now=NOW)


def test_a_recused_judge_reduces_the_number_and_is_named(session: Session) -> None:
    world = make_world(session, [*FIVE[:3], ["80", "80", None, "80", "80"]])
    seat, entry = world.seats[2], world.entries[3]
    row = session.scalars(select(Assignment).where(Assignment.seat_id == seat.id, Assignment.entry_id == entry.id)).one()
    row.state, row.recused_at, row.recuse_reason = AssignmentState.RECUSED, NOW, "same company"
    session.flush()
    run = compute(session, world)
    last = standings(session, run)[-1]
    assert (last.status, last.score) == ("untrimmed", "80.00")
    assert [line["fate"] for line in last.detail["judges"] if line["judge"] == seat.id] == ["recused"]
    assert "warning.recused" in {w["key"] for w in run.output["warnings"]}


def test_an_entry_with_too_few_judges_is_released_only_with_a_remark(session: Session) -> None:
    rules = msgspec.structs.replace(RULES, aggregation=msgspec.structs.replace(RULES.aggregation, missing="reduce"))
    world = make_world(session, [*FIVE[:2], ["80", None, None, None, "80"]], rules=rules)
    run, who = compute(session, world), acting(session, world.organizer)
    assert standings(session, run)[-1].status == "insufficient"
    with pytest.raises(RemarkNeeded):
        propose_run(session, run=run, actor=who, now=NOW)
    propose_run(session, run=run, actor=who, now=NOW, remark="three judges fell ill")
    assert run.state == RunState.PROPOSED


def test_a_disqualified_entry_is_listed_without_rank_and_with_its_reason(session: Session) -> None:
    world = make_world(session, FIVE)
    world.entries[1].state = EntryState.DISQUALIFIED
    session.flush()
    rows = standings(session, compute(session, world))
    assert [(world.entries.index(r.entry), r.rank, r.status) for r in rows] == [
        (0, 1, "ok"), (2, 2, "ok"), (3, 3, "ok"), (1, None, "excluded"),
    ]  # fmt: skip
    assert rows[-1].detail["why"] == {"key": "result.excluded", "values": {"reason": "disqualified"}}


def test_a_correction_needs_a_reason_and_a_difference(session: Session) -> None:
    world = make_world(session, FIVE)
    release(session, world, compute(session, world))
    with pytest.raises(NothingChanged):
        compute(session, world, "look again")
    change_mark(session, world, 3, 0, "1")
    with pytest.raises(ReasonNeeded):
        compute(session, world)


def test_a_correction_supersedes_keeps_revokes_and_grants(session: Session) -> None:
    world = make_world(session, FIVE)
    first = release(session, world, compute(session, world))
    for judge in range(5):
        change_mark(session, world, 3, judge, "6.5")  # 80 becomes 86.5 and passes 85.10
    second = release(session, world, compute(session, world, "marks were entered for the wrong entry"))
    assert (first.state, second.state, second.number, second.supersedes_id) == (RunState.SUPERSEDED, RunState.RELEASED, 2, first.id)
    awards = {
        a.entry_id: (a.run_id, a.level_key, a.state) for a in session.scalars(select(Award).where(Award.edition_id == world.edition.id))
    }
    ids = [entry.id for entry in world.entries]
    assert awards == {
        ids[1]: (second.id, "first", AwardState.GRANTED),
        ids[0]: (second.id, "second", AwardState.GRANTED),
        ids[2]: (first.id, "second", AwardState.REVOKED),
        ids[3]: (second.id, "second", AwardState.GRANTED),
    }


def test_after_a_correction_an_entry_that_no_longer_advances_leaves_the_next_stage(session: Session) -> None:
    rules = msgspec.structs.replace(RULES, advancement=Advancement(method="top", number=3), awards=[])
    world = make_world(session, FIVE, rules=rules, later=[RULES])
    release(session, world, compute(session, world))
    for judge in range(5):
        change_mark(session, world, 3, judge, "6.5")
    release(session, world, compute(session, world, "wrong entry"))
    rows = session.scalars(select(StageEntry).where(StageEntry.stage_id != world.stage.id)).all()
    inside = {world.entries.index(next(e for e in world.entries if e.id == r.entry_id)) for r in rows if r.left_at is None}
    assert (inside, [r.left_reason for r in rows if r.left_at]) == ({0, 1, 3}, ["wrong entry"])


def test_one_who_withdraws_after_the_release_holds_the_place_where_nobody_moves_up(session: Session) -> None:
    for replacement, advancing in ((False, {1}), (True, {1, 2})):
        rule = Advancement(method="top", number=2, replacement=replacement)
        world = make_world(session, FIVE, rules=msgspec.structs.replace(RULES, advancement=rule, awards=[]), later=[RULES])
        release(session, world, compute(session, world))
        world.entries[0].state = EntryState.WITHDRAWN
        session.flush()
        run = compute(session, world, "the second place withdrew")
        found = {world.entries.index(row.entry) for row in standings(session, run) if row.advances}
        assert found == advancing
