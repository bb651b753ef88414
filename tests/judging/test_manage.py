"""Organizers' pages: panels, assignments, progress, reopening; never a mark before sealing."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.calls.enums import StageState
from app.core import clock
from app.judging.enums import AssignmentState, ConflictSource, SeatState, SheetState
from app.judging.models import Assignment, AssignmentPlan, Conflict, Panel, Reopening, ScoreSheet, Seat
from app.judging.operations import assigning, proposing, refusals, reopening
from app.notify.models import Message
from tests.conftest import NOW
from tests.factories.accounts import acting, make_user
from tests.factories.judging import Scene, assign_all, make_scene
from tests.judging.test_desk import open_now
from tests.judging.test_sheets import save
from tests.support.client import Client, html, words
from tests.support.counting import counted_statements


@pytest.fixture
def scene(session: Session) -> Scene:
    return open_now(session, make_scene(session, entries=4, judges=3, assign=False))


def at(scene: Scene, rest: str = "") -> str:
    return f"/manage/{scene.edition.code}/stages/2/panels/{rest}"


def here(scene: Scene, rest: str = "") -> str:
    return at(scene, f"{scene.panel.id}/{rest}")


def pairs(session: Session, scene: Scene) -> set[tuple[int, int]]:
    rows = session.execute(
        select(Assignment.entry_id, Assignment.seat_id).where(
            Assignment.panel_id == scene.panel.id, Assignment.state == AssignmentState.ACTIVE
        )
    )
    return {(e, s) for e, s in rows}


def test_an_organizer_sets_up_a_panel_with_judges(client: Client, session: Session, scene: Scene) -> None:
    client.sign_in(scene.organizer)
    assert client.get(at(scene)).status_code == 200
    answer = client.post(at(scene), data={"name": "投资组", "calls": [scene.call.id], "judges_per_entry": "2"})
    panel = session.scalars(select(Panel).where(Panel.name == "投资组")).one()
    assert (answer.status_code, answer.location) == (303, at(scene, f"{panel.id}/"))
    added = client.post(
        at(scene, f"{panel.id}/seats"), data={"name": "Li Lei", "email": "LiLei@Example.org", "category": "investor", "is_chair": "y"}
    )
    seat = session.scalars(select(Seat).where(Seat.panel_id == panel.id)).one()
    assert (added.status_code, seat.email, seat.is_chair, seat.state) == (303, "lilei@example.org", True, SeatState.PLANNED)
    assert client.post(at(scene, f"{panel.id}/invitations")).status_code == 303
    session.refresh(seat)
    assert seat.state == SeatState.INVITED
    assert session.scalar(select(func.count(Message.id)).where(Message.template == "judging/invitation")) == 1


@pytest.mark.parametrize(
    "data",
    [{"name": ""}, {"name": "x" * 81}, {"name": "a\x00b"}, {"name": "专家组"}, {"name": "B", "calls": "999999"},
     {"name": "B", "judges_per_entry": "-1"},
     {"name": "B", "judges_per_entry": "1e3"}, {"name": "B", "calls": "abc"}],
)  # fmt: skip
def test_a_faulty_panel_is_refused_and_not_stored(client: Client, session: Session, scene: Scene, data: dict[str, str]) -> None:
    assert client.sign_in(scene.organizer).post(at(scene), data=data).status_code == 422
    assert session.scalar(select(func.count(Panel.id))) == 1


@pytest.mark.parametrize("email", ["", "no-at-sign", "a@b", "x" * 250 + "@example.org", "a\r\nBcc: b@example.org"])
def test_a_faulty_address_of_a_judge_is_refused(client: Client, session: Session, scene: Scene, email: str) -> None:
    answer = client.sign_in(scene.organizer).post(here(scene, "seats"), data={"name": "x", "email": email, "category": "technical"})
    assert answer.status_code == 422


def test_one_person_has_one_seat_in_a_panel(client: Client, session: Session, scene: Scene) -> None:
    data = {"name": "x", "email": scene.seats[0].email, "category": "technical"}
    answer = client.sign_in(scene.organizer).post(here(scene, "seats"), data=data)
    assert answer.status_code == 422
    assert session.scalar(select(func.count(Seat.id)).where(Seat.panel_id == scene.panel.id)) == 3


def test_strangers_teams_and_judges_do_not_know_these_pages(client: Client, session: Session, scene: Scene) -> None:
    for person in (make_user(session), scene.judges[0], scene.entries[0].leader):
        client.sign_in(person)
        for url in (at(scene), here(scene), here(scene, "matrix"), f"/manage/{scene.edition.code}/progress/"):
            assert client.get(url).status_code == 404
        assert client.post(here(scene, "plans"), data={}).status_code == 404


def test_a_supervisor_reads_but_changes_nothing(client: Client, session: Session, scene: Scene) -> None:
    client.sign_in(scene.supervisor)
    assert client.get(here(scene)).status_code == 200
    assert client.post(at(scene), data={"name": "B"}).status_code == 403
    assert client.post(here(scene, "plans"), data={}).status_code == 403
    assert client.post(f"/manage/{scene.edition.code}/progress/2/sealing", data={"reason": "because"}).status_code == 403


def test_things_of_another_edition_do_not_exist_here(client: Client, session: Session, scene: Scene) -> None:
    other = make_scene(session)
    client.sign_in(scene.organizer)
    assert client.get(at(scene, f"{other.panel.id}/")).status_code == 404
    assert client.post(here(scene, f"seats/{other.seats[0].id}/invitation")).status_code == 404
    assert client.get(f"/manage/{other.edition.code}/progress/").status_code == 404


def test_a_proposal_assigns_nothing_until_it_is_applied(client: Client, session: Session, scene: Scene) -> None:
    client.sign_in(scene.organizer)
    answer = client.post(here(scene, "plans"), data={"judges_per_entry": "2", "seed": "lottery 2026031"})
    plan = session.scalars(select(AssignmentPlan)).one()
    assert (answer.status_code, answer.location) == (303, here(scene, f"plans/{plan.id}"))
    assert pairs(session, scene) == set()
    assert len(plan.pairs) == 8
    assert (plan.report["load_low"], plan.report["load_high"], plan.report["covered"]) == (2, 3, 4)
    page = words(client.get(here(scene, f"plans/{plan.id}?repeat=1")))
    assert "lottery 2026031" in page
    assert client.post(here(scene, f"plans/{plan.id}/application"), data={"what": "all"}).status_code == 303
    assert pairs(session, scene) == {(e, s) for e, s in plan.pairs}
    assert session.scalar(select(func.count(Message.id)).where(Message.template == "judging/assigned")) == 3
    again = client.post(here(scene, f"plans/{plan.id}/application"), data={"what": "all"})
    assert again.status_code == 422


def test_only_the_ticked_part_is_applied_and_foreign_pairs_are_not(client: Client, session: Session, scene: Scene) -> None:
    client.sign_in(scene.organizer)
    client.post(here(scene, "plans"), data={"seed": "s"})
    plan = session.scalars(select(AssignmentPlan)).one()
    entry_id, seat_id = plan.pairs[0]
    url = here(scene, f"plans/{plan.id}/application")
    assert client.post(url, data={"what": "ticked"}).status_code == 422
    data = {"what": "ticked", "pairs": [f"{entry_id}:{seat_id}", "999999:1", "x:y", "1:2:3", "", "-1:4"]}
    assert client.post(url, data=data).status_code == 303
    assert pairs(session, scene) == {(entry_id, seat_id)}


def test_the_same_seed_gives_the_same_assignment(session: Session, scene: Scene) -> None:
    actor = acting(session, scene.organizer)
    one, two = (proposing.propose_plan(session, panel=scene.panel, seed="seed", per_entry=2, actor=actor, now=NOW) for _ in range(2))
    other = proposing.propose_plan(session, panel=scene.panel, seed="other seed", per_entry=2, actor=actor, now=NOW)
    assert one.digest == two.digest != other.digest
    assert proposing.repeat_plan(one)


def test_conflicts_are_avoided_and_load_limits_kept(session: Session, scene: Scene) -> None:
    scene.entries[0].leader_id = scene.judges[0].id
    scene.seats[1].load_limit = 2
    session.flush()
    plan = proposing.propose_plan(session, panel=scene.panel, seed="s", per_entry=2, actor=acting(session, scene.organizer), now=NOW)
    assert [scene.entries[0].id, scene.seats[0].id] not in plan.pairs
    assert sum(seat_id == scene.seats[1].id for _, seat_id in plan.pairs) <= 2
    assert plan.report["avoided"] == 1


def test_impossible_limits_are_refused_with_words(client: Client, session: Session, scene: Scene) -> None:
    for seat in scene.seats:
        seat.load_limit = 1
    session.flush()
    answer = client.sign_in(scene.organizer).post(here(scene, "plans"), data={"judges_per_entry": "2"})
    assert answer.status_code == 422
    assert session.scalar(select(func.count(AssignmentPlan.id))) == 0


def test_a_plan_that_became_impossible_is_refused(session: Session, scene: Scene) -> None:
    actor = acting(session, scene.organizer)
    plan = proposing.propose_plan(session, panel=scene.panel, seed="s", everyone=True, actor=actor, now=NOW)
    scene.seats[0].state = SeatState.DECLINED
    session.flush()
    with pytest.raises(refusals.PlanIsStale):
        assigning.apply_plan(session, plan=plan, actor=actor, now=NOW)


def test_assignments_are_changed_by_hand_and_undone(client: Client, session: Session, scene: Scene) -> None:
    client.sign_in(scene.organizer)
    a, b = (f"{scene.entries[0].id}:{scene.seats[0].id}", f"{scene.entries[1].id}:{scene.seats[1].id}")
    assert client.post(here(scene, "matrix"), data={"pairs": [a, b]}).status_code == 303
    before = pairs(session, scene)
    assert client.post(here(scene, "matrix"), data={"pairs": [a]}).status_code == 303
    assert len(pairs(session, scene)) == 1
    assert client.post(here(scene, "undoing")).status_code == 303
    assert pairs(session, scene) == before


def test_a_begun_sheet_is_not_taken_away_by_hand(client: Client, session: Session, scene: Scene) -> None:
    assign_all(session, scene)
    save(session, scene, now=clock.now())
    client.sign_in(scene.organizer).post(here(scene, "matrix"), data={"pairs": []})
    assert pairs(session, scene) == {(scene.entries[0].id, scene.seats[0].id)}


def test_a_conflict_set_by_the_organizer_ends_the_assignment(client: Client, session: Session, scene: Scene) -> None:
    assign_all(session, scene)
    seat, entry = scene.seats[0], scene.entries[0]
    client.sign_in(scene.organizer)
    url = here(scene, f"seats/{seat.id}/conflicts")
    assert client.post(url, data={"entry_id": entry.id, "reason": "joint patent"}).status_code == 303
    conflict = session.scalars(select(Conflict)).one()
    assert (conflict.source, (entry.id, seat.id) in pairs(session, scene)) == (ConflictSource.ORGANIZER, False)
    assert client.post(here(scene, "matrix"), data={"pairs": [f"{entry.id}:{seat.id}"]}).status_code == 422
    assert client.post(here(scene, f"conflicts/{conflict.id}/removal"), data={"reason": "cleared up"}).status_code == 303
    assert session.scalar(select(func.count(Conflict.id))) == 0


def test_reminders_are_read_first_and_sent_once_a_day(client: Client, session: Session, scene: Scene) -> None:
    assign_all(session, scene)
    client.sign_in(scene.organizer)
    url = f"/manage/{scene.edition.code}/progress/2/reminders"
    preview = client.post(url, data={"step": "preview", "words": "Please hurry", "seats": [s.id for s in scene.seats]})
    assert "Please hurry" in words(preview)
    assert session.scalar(select(func.count(Message.id))) == 0
    data = {"step": "send", "words": "Please hurry", "seats": [scene.seats[0].id, 999999]}
    assert client.post(url, data=data).status_code == 303
    assert client.post(url, data=data).status_code == 303
    assert session.scalars(select(Message.email)).all() == [scene.judges[0].email]


def test_sealing_with_missing_sheets_needs_a_reason(client: Client, session: Session, scene: Scene) -> None:
    assign_all(session, scene)
    client.sign_in(scene.organizer)
    url = f"/manage/{scene.edition.code}/progress/2/sealing"
    assert client.post(url).status_code == 422
    session.refresh(scene.stage)
    assert scene.stage.state == StageState.OPEN
    assert client.post(url, data={"reason": "two judges are ill"}).status_code == 303
    session.refresh(scene.stage)
    assert scene.stage.state == StageState.SEALED
    assert html(client.get(f"/manage/{scene.edition.code}/progress/")).select_one("main [data-countdown]") is None  # nothing runs any more


def test_reopening_is_decided_by_a_second_person(app: Flask, client: Client, session: Session, scene: Scene) -> None:
    assign_all(session, scene)
    save(session, scene, now=clock.now())
    sheet = _sign_now(app, session, scene)
    judge = scene.judge(session)
    asked = reopening.ask(session, sheet=sheet, reason="typing error", actor=judge, now=clock.now())
    session.commit()
    url = f"/manage/{scene.edition.code}/stages/2/reopenings/{asked.id}/decision"
    assert client.sign_in(scene.organizer).post(url, data={"decision": "agree"}).status_code == 403
    assert client.sign_in(scene.judges[0]).post(url, data={"decision": "agree"}).status_code == 404
    assert client.sign_in(scene.supervisor).post(url, data={"decision": "agree"}).status_code == 403
    assert client.sign_in(scene.host).post(url, data={"decision": "agree"}).status_code == 303
    session.refresh(sheet)
    assert (sheet.state, session.get(Reopening, asked.id).agreed) == (SheetState.DRAFT, True)


def test_the_chair_may_decide_but_not_about_a_request_of_their_own(app: Flask, client: Client, session: Session, scene: Scene) -> None:
    assign_all(session, scene)
    scene.seats[1].is_chair = True
    save(session, scene, now=clock.now())
    sheet = _sign_now(app, session, scene)
    asked = reopening.ask(session, sheet=sheet, reason="typing error", actor=scene.judge(session), now=clock.now())
    session.commit()
    url = f"/manage/{scene.edition.code}/stages/2/reopenings/{asked.id}/decision"
    assert client.sign_in(scene.judges[2]).post(url, data={"decision": "agree"}).status_code == 404
    assert client.sign_in(scene.judges[1]).post(url, data={"decision": "refuse", "reason": "marks stand"}).status_code == 303
    assert session.get(Reopening, asked.id).agreed is False


def _sign_now(app: Flask, session: Session, scene: Scene) -> ScoreSheet:
    from app.judging.operations.signing import sign_sheet

    return sign_sheet(session, assignment=scene.assignment(), signer=app.extensions["signer"], actor=scene.judge(session), now=clock.now())


def test_statements_of_panel_and_progress_do_not_grow(client: Client, session: Session) -> None:
    counts = []
    for number in (1, 3):
        scene = open_now(session, make_scene(session, entries=number, judges=number))
        client.sign_in(scene.organizer)
        seen = []
        for url in (here(scene), f"/manage/{scene.edition.code}/progress/"):
            client.get(url)
            with counted_statements() as statements:
                client.get(url)
            seen.append(len(statements))
        counts.append(seen)
    assert counts[0] == counts[1]


def test_the_progress_page_counts_by_judge_and_by_entry(client: Client, session: Session, scene: Scene) -> None:
    assign_all(session, scene)
    save(session, scene, now=clock.now())
    tree = html(client.sign_in(scene.organizer).get(f"/manage/{scene.edition.code}/progress/"))
    row = tree.find("th", string=scene.seats[0].name).find_parent("tr")
    assert [cell.get_text(strip=True) for cell in row.find_all("td", class_="col-num")] == ["3", "1", "0 / 4"]


def test_the_organizer_asks_for_a_sheet_to_be_opened_and_the_host_decides(
    app: Flask, client: Client, session: Session, scene: Scene
) -> None:
    assign_all(session, scene)
    save(session, scene, now=clock.now())
    sheet = _sign_now(app, session, scene)
    session.commit()
    client.sign_in(scene.organizer)
    listed = f"/manage/{scene.edition.code}/progress/2/sheets"
    assert scene.entries[0].public_code in words(client.get(listed))
    url = f"/manage/{scene.edition.code}/stages/2/reopenings/"
    for wrong in ("", "x", "999999", "9" * 40):
        assert client.post(url, data={"assignment_id": wrong, "reason": "wrong row"}).status_code == 404
    assert client.post(url, data={"assignment_id": sheet.assignment_id, "reason": "x"}).status_code == 303
    assert session.scalar(select(func.count(Reopening.id))) == 0
    assert client.post(url, data={"assignment_id": sheet.assignment_id, "reason": "wrong row"}).status_code == 303
    asked = session.scalars(select(Reopening)).one()
    assert (asked.asked_by_id, asked.reason) == (scene.organizer.id, "wrong row")
    page = words(client.sign_in(scene.supervisor).get(f"/manage/{scene.edition.code}/progress/"))
    assert "wrong row" in page


def test_a_sheet_is_struck_by_two_persons_and_its_judge_is_told(app: Flask, client: Client, session: Session, scene: Scene) -> None:
    assign_all(session, scene)
    save(session, scene, now=clock.now())
    sheet = _sign_now(app, session, scene)
    session.commit()
    base = f"/manage/{scene.edition.code}"
    data = {"assignment_id": sheet.assignment_id, "strikes": "yes", "reason": "holds shares"}
    assert client.sign_in(scene.organizer).post(f"{base}/stages/2/reopenings/", data=data).status_code == 303
    asked = session.scalars(select(Reopening)).one()
    assert asked.strikes
    host = client.sign_in(scene.host)
    assert "Strike:" in words(host.get(f"{base}/progress/?stage=2", headers={"Accept-Language": "en"}))
    answer = host.post(f"{base}/stages/2/reopenings/{asked.id}/decision", data={"decision": "agree", "reason": "agreed"})
    assert answer.status_code == 303
    session.expire_all()
    assert scene.assignment().state == AssignmentState.RECUSED
    told = session.scalars(select(Message).where(Message.template == "judging/reopening")).one()
    assert told.subject in {
        f"Your score sheet has been struck: {scene.entries[0].public_code}",
        f"您的评分表已作废：{scene.entries[0].public_code}",
    }


def test_a_judged_stage_is_sealed_only_where_unsigned_sheets_are_looked_for(client: Client, session: Session, scene: Scene) -> None:
    assign_all(session, scene)
    answer = client.sign_in(scene.organizer).post(f"/manage/{scene.edition.code}/stages/{scene.stage.id}/seal")
    session.refresh(scene.stage)
    assert (answer.status_code, scene.stage.state) == (404, StageState.OPEN)
