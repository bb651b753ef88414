"""What must never be twice, or out of range, is refused by the database itself: rows written straight into the tables, past the code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import current_app
from sqlalchemy import column, insert, literal, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.calls.rules import EditionRules
from app.core.db import Base
from app.core.errors import CONSTRAINT_SENTENCES, explain_constraint
from app.entries.enums import MemberRight, MemberRole, MemberState
from app.entries.errors import LeadsAnother, NotTheLeader
from app.entries.models import Entry, EntryMember
from app.entries.operations import teams
from app.entries.operations.handing_in import withdraw_entry
from app.judging.enums import AssignmentState
from app.judging.models import Panel
from app.judging.operations import sheets, signing
from tests.conftest import NOW
from tests.factories.entries import leader_of, make_call, make_edition, make_entry, make_submitted
from tests.factories.judging import GOOD, Scene, make_scene, make_seat


@pytest.fixture
def scene(session: Session) -> Scene:
    """A judge with a signed sheet, another with a draft; one of them chairs."""
    made = make_scene(session)
    made.seats[0].is_chair = True
    judge = made.judge(session)
    given = {"assignment": made.assignment(), "marks": GOOD, "comment": "a", "private_note": "", "actor": judge, "now": NOW}
    sheets.save_sheet(session, key="key-number-one", revision=0, **given)  # type: ignore[arg-type]
    signing.sign_sheet(session, assignment=made.assignment(), signer=current_app.extensions["signer"], actor=judge, now=NOW, revision=1)
    session.flush()
    return made


def copied(session: Session, table: str, **changed: Any) -> Callable[[], Any]:
    """Write the table's first row (or the one with that id) once more, with a number of its own."""
    source = Base.metadata.tables[table]
    row_id = changed.pop("of", None) or session.scalar(select(source.c.id).order_by(source.c.id))
    names = [c.name for c in source.columns if c.name != "id"]
    values = [literal(changed[name]) if name in changed else column(name) for name in names]
    wanted = select(*values).select_from(source).where(source.c.id == row_id)
    return lambda: session.execute(insert(source).from_select(names, wanted))


def changed(session: Session, table: str, **values: Any) -> Callable[[], Any]:
    """Change every row of the table."""
    return lambda: session.execute(update(Base.metadata.tables[table]).values(**values))


def refused(session: Session, write: Callable[[], Any]) -> str:
    """What the database says."""
    with pytest.raises(IntegrityError) as caught, session.begin_nested():
        write()
    return str(caught.value.orig)


@pytest.mark.parametrize(
    ("table", "values"),
    [
        ("score_sheets", {"receipt_code": "other"}),
        ("sheet_saves", {"key": "another-key"}),
        ("sheet_saves", {"revision": 7}),
        ("assignments", {}),
        ("seats", {"is_chair": False}),
        ("seats", {"email": "other@example.org"}),
        ("entry_members", {"email": "other@example.org"}),
        ("entry_members", {"role": "member"}),
        ("entry_versions", {"receipt_code": "other"}),
        ("panels", {}),
        ("stage_entries", {}),
        ("journal_events", {}),
        ("users", {}),
    ],
)
def test_a_second_one_is_refused(session: Session, scene: Scene, table: str, values: dict[str, Any]) -> None:
    assert "unique" in refused(session, copied(session, table, **values)).lower()


@pytest.mark.parametrize(
    ("table", "values"),
    [
        ("calls", {"quota": 0}),
        ("calls", {"closes_at": NOW.replace(year=1999)}),
        ("panels", {"judges_per_entry": -1}),
        ("seats", {"load_limit": 0}),
        ("marks", {"value": -1}),
        ("score_sheets", {"signed_at": None}),
        ("score_sheets", {"total": None}),
        ("seats", {"statement_at": None}),
        ("entries", {"submitted_at": None}),
    ],
)
def test_what_is_out_of_range_is_refused(session: Session, scene: Scene, table: str, values: dict[str, Any]) -> None:
    assert "check" in refused(session, changed(session, table, **values)).lower()


def test_a_state_that_does_not_exist_is_refused(session: Session, scene: Scene) -> None:
    assert "check" in refused(session, lambda: session.execute(text("UPDATE entries SET state = 'imagined'"))).lower()


def test_the_last_place_of_a_call_is_kept_by_the_database_too(session: Session) -> None:
    call = make_call(session, quota=1)
    first, second = make_submitted(session, call), make_submitted(session, make_call(session, call.edition))
    session.flush()
    put(session, second, call_id=call.id, state="draft")
    said = refused(session, lambda: put(session, second, state="submitted"))
    assert sentence(said) == CONSTRAINT_SENTENCES["entries_within_quota"]
    put(session, first, state="withdrawn")
    put(session, second, state="submitted")


def sentence(said: str) -> object:
    """What a person reads when the database says that."""
    known = explain_constraint(said)
    return known and known.message


def put(session: Session, entry: Entry, **values: Any) -> None:
    """Past the code."""
    session.execute(update(Entry).where(Entry.id == entry.id).values(**values))


def test_a_person_scores_an_entry_once_in_a_stage_also_by_the_database(session: Session, scene: Scene) -> None:
    panel = Panel(stage_id=scene.stage.id, name="二组", created_at=NOW)
    session.add(panel)
    session.flush()
    seat = make_seat(session, panel, scene.judges[0])
    again = copied(session, "assignments", panel_id=panel.id, seat_id=seat.id)
    assert sentence(refused(session, again)) == CONSTRAINT_SENTENCES["uq_assignments_judge"]
    scene.assignment().state = AssignmentState.REMOVED
    session.flush()
    copied(session, "assignments", panel_id=panel.id, seat_id=seat.id, state="active")()


def test_a_person_leads_one_entry_also_by_the_database(session: Session) -> None:
    call = make_call(session, make_edition(session, rules=EditionRules(one_entry_per_person=True)))
    first, other = (make_entry(session, call, with_file=False) for _ in range(2))
    said = refused(session, lambda: put(session, other, leader_id=first.leader_id))
    assert sentence(said) == CONSTRAINT_SENTENCES["uq_entries_only_one"]
    put(session, first, state="withdrawn")
    put(session, other, leader_id=first.leader_id)


def test_leadership_is_not_handed_to_somebody_who_leads_another_entry(session: Session) -> None:
    call = make_call(session, make_edition(session, rules=EditionRules(one_entry_per_person=True)))
    first, other = (make_entry(session, call, with_file=False) for _ in range(2))
    place = EntryMember(
        entry_id=first.id, user_id=other.leader_id, name="乙", email="second@example.org", role=MemberRole.MEMBER, right=MemberRight.EDIT,
        state=MemberState.CONFIRMED, rank=2, invited_at=NOW,
    )  # fmt: skip
    session.add(place)
    session.flush()
    with pytest.raises(LeadsAnother):
        teams.hand_over(session, entry=first, member_id=place.id, actor=leader_of(session, first), now=NOW)
    withdraw_entry(session, entry=other, reason="no longer", actor=leader_of(session, other), now=NOW)
    leader = leader_of(session, first)
    teams.hand_over(session, entry=first, member_id=place.id, actor=leader, now=NOW)
    assert first.leader_id == other.leader_id
    with pytest.raises(NotTheLeader):
        teams.hand_over(session, entry=first, member_id=place.id, actor=leader, now=NOW)
