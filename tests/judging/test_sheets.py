"""Saving and signing a sheet: exact, append-only, refused with words, never lost."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from app.audit.models import JournalEvent
from app.calls.enums import StageState
from app.calls.operations.freezing import EditionIsFrozen
from app.judging.enums import AssignmentState, RecusalReason, SeatState, SheetState
from app.judging.models import Conflict, Mark, ScoreSheet, SheetSave
from app.judging.operations import recusing, refusals, reopening, sheets, signing
from app.judging.queries import sheets_for_results
from app.judging.queries.conflicts import conflict_pairs
from app.judging.queries.progress import signed_sheets
from tests.conftest import NOW
from tests.factories.accounts import acting
from tests.factories.judging import GOOD, WEIGHTED, Scene, make_scene


def save(session: Session, scene: Scene, *, revision: int = 0, key: str = "k1", now: Any = NOW, entry: int = 0, judge: int = 0,
         marks: dict[str, Decimal | None] | None = None, **more: Any) -> SheetSave:  # fmt: skip
    values = {"comment": "", "private_note": ""} | more
    return sheets.save_sheet(
        session, assignment=scene.assignment(entry, judge), marks=GOOD if marks is None else marks, key=key, revision=revision,
        actor=scene.judge(session, judge), now=now, **values,
    )  # fmt: skip


def sheet_of(session: Session, scene: Scene, entry: int = 0, judge: int = 0) -> ScoreSheet:
    return session.scalars(select(ScoreSheet).where(ScoreSheet.assignment_id == scene.assignment(entry, judge).id)).one()


def sign(app: Flask, session: Session, scene: Scene, entry: int = 0, judge: int = 0) -> ScoreSheet:
    return signing.sign_sheet(
        session, assignment=scene.assignment(entry, judge), signer=app.extensions["signer"], actor=scene.judge(session, judge), now=NOW
    )


def test_a_save_keeps_marks_total_and_receipt(session: Session) -> None:
    scene = make_scene(session)
    made = save(session, scene, comment="well argued", private_note="ask about cost", remarks={"team": "strong"})
    assert made.content == {
        "marks": {"novelty": "25.5", "size": "18", "plan": "17.5", "team": "24"}, "remarks": {"team": "strong"},
        "comment": "well argued", "private_note": "ask about cost",
    }  # fmt: skip
    sheet = sheet_of(session, scene)
    assert (sheet.revision, sheet.total, sheet.state, sheet.saved_at) == (1, Decimal("85"), SheetState.DRAFT, NOW)
    assert len(made.digest) == 64


def test_an_incomplete_sheet_has_no_total(session: Session) -> None:
    scene = make_scene(session)
    save(session, scene, marks={"novelty": Decimal("20"), "team": None})
    assert sheet_of(session, scene).total is None


def test_weighted_criteria_deductions_and_gates_are_exact(session: Session) -> None:
    scene = make_scene(session, rubric=WEIGHTED)
    marks = {"topic": Decimal("81"), "basis": Decimal("77"), "content": Decimal("93"), "late": Decimal("2"), "real": Decimal("1")}
    save(session, scene, marks=marks)
    assert sheet_of(session, scene).total == Decimal("86.2")


def test_the_same_key_with_the_same_content_is_one_save(session: Session) -> None:
    scene = make_scene(session)
    first = save(session, scene)
    assert save(session, scene).id == first.id
    assert save(session, scene, key="other").id == first.id
    assert session.scalar(select(func.count(SheetSave.id))) == 1


def test_the_same_key_with_other_content_does_not_swallow_it(session: Session) -> None:
    scene = make_scene(session)
    save(session, scene)
    with pytest.raises(refusals.StaleSheet) as caught:
        save(session, scene, revision=1, marks={**GOOD, "team": Decimal("1")})
    assert caught.value.content["marks"]["team"] == "24"


def test_an_older_revision_is_told_what_is_stored_and_overwrites_nothing(session: Session) -> None:
    scene = make_scene(session)
    save(session, scene)
    save(session, scene, key="k2", revision=1, marks={**GOOD, "team": Decimal("20")})
    with pytest.raises(refusals.StaleSheet) as caught:
        save(session, scene, key="k3", revision=1, marks={**GOOD, "team": Decimal("10")})
    assert (caught.value.revision, caught.value.content["marks"]["team"]) == (2, "20")
    assert [row.content["marks"]["team"] for row in session.scalars(select(SheetSave).order_by(SheetSave.revision))] == ["24", "20"]


@pytest.mark.parametrize(
    ("key", "value"),
    [("novelty", "30.1"), ("novelty", "-0.1"), ("size", "20.1"), ("team", "24.05"), ("plan", "0.01"), ("team", "999999")],
)
def test_marks_outside_range_or_step_are_refused_and_nothing_is_stored(session: Session, key: str, value: str) -> None:
    scene = make_scene(session)
    with pytest.raises(refusals.BadMarks) as caught:
        save(session, scene, marks={**GOOD, key: Decimal(value)})
    assert list(caught.value.faults) == [key]
    assert session.scalar(select(func.count(ScoreSheet.id))) == 0


def test_a_line_that_the_rubric_does_not_have_is_refused(session: Session) -> None:
    scene = make_scene(session)
    with pytest.raises(refusals.UnknownItem):
        save(session, scene, marks={"charm": Decimal("1")})


def test_saving_needs_an_open_stage_within_its_time(session: Session) -> None:
    scene = make_scene(session)
    with pytest.raises(refusals.StageNotOpen):
        save(session, scene, now=scene.stage.opens_at - timedelta(microseconds=1))
    with pytest.raises(refusals.StageClosed):
        save(session, scene, now=scene.stage.closes_at)
    save(session, scene, now=scene.stage.closes_at - timedelta(microseconds=1))
    scene.stage.state = StageState.SEALED
    session.flush()
    with pytest.raises(refusals.StageSealed):
        save(session, scene, revision=1, key="k2")


def test_nothing_is_saved_in_a_frozen_edition(session: Session) -> None:
    scene = make_scene(session)
    scene.edition.frozen_at = NOW
    session.flush()
    with pytest.raises(EditionIsFrozen):
        save(session, scene)


def test_a_removed_judge_saves_nothing_more(session: Session) -> None:
    scene = make_scene(session)
    scene.seats[0].state = SeatState.REMOVED
    session.flush()
    with pytest.raises(refusals.NotAssigned):
        save(session, scene)


def test_the_journal_has_the_save_but_no_mark(session: Session) -> None:
    scene = make_scene(session)
    save(session, scene, marks={**GOOD, "team": Decimal("7.3")})
    row = session.scalars(select(JournalEvent).where(JournalEvent.name == "judging.sheet_saved")).one()
    assert "7.3" not in row.payload


def test_signing_locks_digests_and_receipts(app: Flask, session: Session) -> None:
    scene = make_scene(session)
    save(session, scene, remarks={"team": "strong"})
    sheet = sign(app, session, scene)
    signer = app.extensions["signer"]
    assert (sheet.state, sheet.signed_at, sheet.receipt["sheet_digest"]) == (SheetState.SIGNED, NOW, sheet.digest)
    assert signer.verify(signing.receipt_bytes(sheet.receipt), sheet.signature)
    marks = {m.criterion: (m.value, m.comment) for m in session.scalars(select(Mark))}
    assert (marks["team"], marks["novelty"]) == ((Decimal("24"), "strong"), (Decimal("25.5"), ""))
    with pytest.raises(refusals.AlreadySigned):
        save(session, scene, revision=1, key="k2", marks={**GOOD, "team": Decimal("1")})


def test_signing_waits_for_every_mark_and_required_comment(app: Flask, session: Session) -> None:
    scene = make_scene(session)
    with pytest.raises(refusals.NotReady):
        sign(app, session, scene)
    save(session, scene, marks={k: v for k, v in GOOD.items() if k != "team"})
    with pytest.raises(refusals.NotReady):
        sign(app, session, scene)
    save(session, scene, revision=1, key="k2", marks={**GOOD, "novelty": Decimal("29")})
    with pytest.raises(refusals.NotReady):
        sign(app, session, scene)
    save(session, scene, revision=2, key="k3", marks={**GOOD, "novelty": Decimal("29")}, remarks={"novelty": "truly new"})
    assert sign(app, session, scene).total == Decimal("88.5")


def test_several_sheets_are_signed_together_or_not_at_all(app: Flask, session: Session) -> None:
    scene = make_scene(session)
    save(session, scene)
    pairs = [(scene.assignment(0).id, 1), (scene.assignment(1).id, 0)]
    signer, judge = app.extensions["signer"], scene.judge(session)
    with pytest.raises(refusals.NotReady), session.begin_nested():
        signing.sign_sheets(session, assignments=pairs, signer=signer, actor=judge, now=NOW)
    assert sheet_of(session, scene).state == SheetState.DRAFT
    save(session, scene, entry=1)
    pairs = [(scene.assignment(0).id, 1), (scene.assignment(1).id, 1)]
    signed = signing.sign_sheets(session, assignments=pairs, signer=signer, actor=judge, now=NOW)
    assert len({sheet.receipt_code for sheet in signed}) == 2


def test_results_get_signed_marks_and_nothing_of_drafts(app: Flask, session: Session) -> None:
    scene = make_scene(session, judges=3)
    save(session, scene, judge=0)
    sign(app, session, scene, judge=0)
    save(session, scene, judge=1, comment="only a draft")
    recusing.recuse(
        session, assignment=scene.assignment(0, 2), reason=RecusalReason.RELATIVE, words="", actor=scene.judge(session, 2), now=NOW
    )
    rows = [r for r in sheets_for_results(session, scene.stage.id, scene.call.id) if r.entry_id == scene.entries[0].id]
    assert [(r.status, r.total, r.comment) for r in rows] == [("scored", Decimal("85"), ""), ("absent", None, ""), ("recused", None, "")]
    assert rows[0].marks["plan"] == Decimal("17.5")


def test_recusing_takes_the_entry_away_and_notes_the_conflict(session: Session) -> None:
    scene = make_scene(session)
    save(session, scene)
    recusing.recuse(
        session, assignment=scene.assignment(), reason=RecusalReason.ADVISER, words="PhD supervisor", actor=scene.judge(session), now=NOW
    )
    assert session.scalars(select(Conflict.reason)).all() == ["PhD supervisor"]
    with pytest.raises(refusals.NotAssigned):
        save(session, scene, revision=1, key="k2")


def test_a_signed_sheet_cannot_be_recused_away(app: Flask, session: Session) -> None:
    scene = make_scene(session)
    save(session, scene)
    sign(app, session, scene)
    with pytest.raises(refusals.AlreadySigned):
        recusing.recuse(session, assignment=scene.assignment(), reason=RecusalReason.OTHER, words="x", actor=scene.judge(session), now=NOW)


def test_reopening_takes_two_persons_and_keeps_what_was_signed(app: Flask, session: Session) -> None:
    scene = make_scene(session)
    save(session, scene)
    sheet = sign(app, session, scene)
    code, digest = sheet.receipt_code, sheet.digest
    asked = reopening.ask(session, sheet=sheet, reason="wrong column", actor=scene.judge(session), now=NOW)
    with pytest.raises(refusals.ReopeningPending):
        reopening.ask(session, sheet=sheet, reason="again", actor=scene.judge(session), now=NOW)
    reopening.decide(session, reopening=asked, agreed=True, remark="", actor=acting(session, scene.host), now=NOW)
    assert (sheet.state, sheet.digest, session.scalar(select(func.count()).select_from(Mark))) == (SheetState.DRAFT, None, 0)
    assert (asked.signed_content["receipt_code"], asked.signed_content["digest"]) == (code, digest)
    late = scene.stage.closes_at + timedelta(hours=1)
    made = save(session, scene, revision=1, key="k2", marks={**GOOD, "team": Decimal("20")}, now=late)
    assert made.revision == 2


@pytest.mark.parametrize("strikes", [False, True], ids=["open again", "strike"])
def test_whoever_asked_and_the_sheets_own_judge_do_not_decide(app: Flask, session: Session, strikes: bool) -> None:
    scene = make_scene(session)
    save(session, scene)
    sheet, organizer = sign(app, session, scene), acting(session, scene.organizer)
    for reason in ("", "   ", " ab "):
        with pytest.raises(refusals.ReasonMissing):
            reopening.ask(session, sheet=sheet, reason=reason, strikes=strikes, actor=organizer, now=NOW)
    asked = reopening.ask(session, sheet=sheet, reason="wrong column", strikes=strikes, actor=organizer, now=NOW)
    for who in (organizer, scene.judge(session)):
        with pytest.raises(refusals.SecondPersonDecides):
            reopening.decide(session, reopening=asked, agreed=True, remark="", actor=who, now=NOW)
    assert (asked.decided_at, sheet.state) == (None, SheetState.SIGNED)


@pytest.mark.parametrize("statement", ["DELETE FROM sheet_saves", "UPDATE sheet_saves SET content = '{}'"])
def test_the_database_refuses_to_change_or_remove_a_save(session: Session, statement: str) -> None:
    save(session, make_scene(session))
    with pytest.raises(DatabaseError, match="append_only"), session.begin_nested():
        session.execute(text(statement))


def test_a_refused_reopening_changes_nothing(app: Flask, session: Session) -> None:
    scene = make_scene(session)
    save(session, scene)
    sheet = sign(app, session, scene)
    asked = reopening.ask(session, sheet=sheet, reason="wrong column", actor=scene.judge(session), now=NOW)
    reopening.decide(session, reopening=asked, agreed=False, remark="no ground", actor=acting(session, scene.host), now=NOW)
    assert (sheet.state, asked.signed_content) == (SheetState.SIGNED, None)
    with pytest.raises(refusals.ReopeningIsDecided):
        reopening.decide(session, reopening=asked, agreed=True, remark="", actor=acting(session, scene.host), now=NOW)


def test_a_struck_sheet_is_kept_but_counts_no_more(app: Flask, session: Session) -> None:
    scene = make_scene(session)
    save(session, scene)
    sheet = sign(app, session, scene)
    kept = (sheet.state, sheet.digest, sheet.receipt_code, sheet.total)
    asked = reopening.ask(session, sheet=sheet, reason="shares in the company", strikes=True, actor=scene.judge(session), now=NOW)
    assert scene.assignment().state == AssignmentState.ACTIVE
    reopening.decide(session, reopening=asked, agreed=True, remark="", actor=acting(session, scene.host), now=NOW)
    assignment = scene.assignment()
    assert (assignment.state, assignment.recuse_reason) == (AssignmentState.RECUSED, "struck: shares in the company")
    assert (sheet.state, sheet.digest, sheet.receipt_code, sheet.total) == kept
    assert session.scalars(select(Conflict.reason).where(Conflict.entry_id == assignment.entry_id)).all() == ["shares in the company"]
    assert signed_sheets(session, acting(session, scene.host), scene.stage, scene.edition, NOW) == []
    session.execute(delete(Conflict))
    assert conflict_pairs(session, assignment.panel) == {(assignment.entry_id, assignment.seat_id)}  # one person cannot undo it
    names = session.scalars(select(JournalEvent.name).order_by(JournalEvent.id.desc()).limit(2)).all()
    assert names == ["judging.strike_decided", "judging.strike_asked"]


def test_a_refused_strike_changes_nothing(app: Flask, session: Session) -> None:
    scene = make_scene(session)
    save(session, scene)
    sheet = sign(app, session, scene)
    asked = reopening.ask(session, sheet=sheet, reason="shares in the company", strikes=True, actor=scene.judge(session), now=NOW)
    reopening.decide(session, reopening=asked, agreed=False, remark="none found", actor=acting(session, scene.host), now=NOW)
    assert (scene.assignment().state, sheet.state) == (AssignmentState.ACTIVE, SheetState.SIGNED)
