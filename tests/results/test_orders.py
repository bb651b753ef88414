"""Large results: computed by the worker in the name of whoever asked, once, with their progress told and failures said in words."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from app.accounts.models import RoleGrant
from app.audit.models import JournalEvent
from app.calls.enums import StageState
from app.core import clock
from app.core.claims import ATTEMPTS
from app.judging.enums import AssignmentState, SeatState
from app.judging.models import Assignment, Seat
from app.results.enums import OrderState, RunState
from app.results.errors import NothingChanged, ReasonNeeded, StageNotSealed
from app.results.jobs import compute_ordered, take_up_orders
from app.results.models import ResultOrder, ResultRun
from app.results.operations import compute_run, propose_run, release_run
from app.results.operations.orders import begin_order, fail_order, order_result
from app.results.queries.orders import LARGE, PATIENCE
from tests.conftest import NOW
from tests.factories.accounts import acting, make_user
from tests.factories.results import World, make_world
from tests.support.client import html, words

ROWS = [["88", "90", "86.5"], ["88.5", "89", "88"]]


@pytest.fixture
def world(session: Session) -> World:
    made = make_world(session, ROWS)
    session.commit()
    return made


def ordered(session: Session, world: World, reason: str = "") -> ResultOrder:
    """Asked for, and left alone by the worker."""
    who = acting(session, world.organizer)
    order = order_result(session, stage=world.stage, call=world.call, actor=who, now=clock.now(), reason=reason)
    session.commit()
    return order


def runs(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(ResultRun)) or 0


def test_the_same_result_as_if_the_page_had_waited(session: Session, world: World) -> None:
    order = ordered(session, world)
    compute_ordered.call_local(order.id)
    session.refresh(order)
    run = session.get_one(ResultRun, order.run_id)
    again = compute_run(session, stage=world.stage, call=world.call, actor=acting(session, world.host), now=NOW)
    assert (order.state, again.id) == (OrderState.DONE, run.id), "the same computation twice is one run"
    assert (run.computed_by_id, run.state) == (world.organizer.id, RunState.COMPUTED)
    facts = session.execute(
        select(JournalEvent.name, JournalEvent.actor_id).where(JournalEvent.name.startswith("results.")).order_by(JournalEvent.seq)
    ).all()
    assert [tuple(fact) for fact in facts] == [
        ("results.result_ordered", world.organizer.id), ("results.result_computed", world.organizer.id),
    ]  # fmt: skip


def test_a_double_click_is_one_computation(session: Session, world: World) -> None:
    order = ordered(session, world)
    assert ordered(session, world).id == order.id
    compute_ordered.call_local(order.id)
    compute_ordered.call_local(order.id)
    assert runs(session) == 1


def test_one_worker_at_a_time_until_it_is_taken_for_dead(session: Session, world: World) -> None:
    order, now = ordered(session, world), clock.now()
    assert begin_order(session, order=order, now=now)
    session.commit()
    assert not begin_order(session, order=order, now=now + PATIENCE - timedelta(seconds=1))
    assert begin_order(session, order=order, now=now + PATIENCE)


def test_what_a_lost_worker_left_is_taken_up(session: Session, world: World) -> None:
    order = ordered(session, world)
    order.ordered_at = clock.now() - timedelta(minutes=2)
    session.commit()
    take_up_orders.call_local()
    session.refresh(order)
    assert order.state == OrderState.DONE


def test_after_some_attempts_it_is_given_up(session: Session, world: World) -> None:
    order, now = ordered(session, world), clock.now()
    for attempt in range(1, ATTEMPTS + 1):
        assert begin_order(session, order=order, now=now)
        session.commit()
        fail_order(session, order=order, reason="", final=False)
        session.commit()
        assert order.state == (OrderState.FAILED if attempt == ATTEMPTS else OrderState.WAITING)


def test_who_has_lost_the_right_meanwhile_computes_nothing(client: FlaskClient, session: Session, world: World) -> None:
    order = ordered(session, world)
    for held in session.scalars(select(RoleGrant).where(RoleGrant.user_id == world.organizer.id)):
        session.delete(held)
    session.commit()
    compute_ordered.call_local(order.id)
    session.refresh(order)
    assert (order.state, runs(session)) == (OrderState.FAILED, 0)
    client.sign_in(world.host)
    page = words(client.get(f"/manage/{world.edition.code}/results/orders/{order.id}"))
    assert "已无权" in page


def test_what_cannot_be_computed_is_refused_at_once(session: Session, world: World) -> None:
    run = compute_run(session, stage=world.stage, call=world.call, actor=acting(session, world.organizer), now=NOW)
    propose_run(session, run=run, actor=acting(session, world.organizer), now=NOW)
    release_run(session, run=run, actor=acting(session, world.host), now=NOW)
    session.commit()
    with pytest.raises(ReasonNeeded):
        ordered(session, world)
    order = ordered(session, world, "one sheet was entered wrongly")
    compute_ordered.call_local(order.id)
    session.refresh(order)
    assert (order.state, order.failure) == (OrderState.FAILED, str(NothingChanged()))
    world.stage.state = StageState.OPEN
    session.commit()
    with pytest.raises(StageNotSealed):
        ordered(session, world, "one sheet was entered wrongly")


def enlarge(session: Session, world: World) -> None:
    """More assignments than a page waits for: all withdrawn, so that the result stays what it is."""
    last, seat, work = max(row.id for row in world.seats), world.seats[0], session.scalars(select(Assignment)).first()
    assert work is not None
    numbers = range(last + 1, last + 2 + LARGE // 2)
    session.execute(
        insert(Seat), [copied(seat, id=n, is_chair=False, state=SeatState.REMOVED, email=f"seat{n}@example.org") for n in numbers]
    )
    pairs = [(n, entry.id) for n in numbers for entry in world.entries]
    removed = {"id": None, "state": AssignmentState.REMOVED}
    session.execute(insert(Assignment), [copied(work, seat_id=seat_id, entry_id=entry, **removed) for seat_id, entry in pairs])
    session.commit()


def copied(row: Seat | Assignment, **other: object) -> dict[str, object]:
    values = {column.key: getattr(row, column.key) for column in row.__mapper__.column_attrs}
    return {key: value for key, value in {**values, **other}.items() if key != "id" or value is not None}


def test_a_large_stage_leads_from_the_button_over_the_progress_to_the_result(client: FlaskClient, session: Session, world: World) -> None:
    enlarge(session, world)
    client.sign_in(world.organizer)
    address = f"/manage/{world.edition.code}/results/"
    answer = client.post(f"{address}compute", data={"stage_id": world.stage.id, "call_id": world.call.id})
    order = session.scalars(select(ResultOrder)).one()
    assert (answer.status_code, answer.location) == (303, f"{address}orders/{order.id}")
    shown = client.get(answer.location)
    assert (shown.status_code, shown.location) == (303, f"{address}{order.run_id}"), "the tests' worker is at once"
    order.state, order.run_id, order.step = OrderState.RUNNING, None, 2
    session.commit()
    part = client.get(answer.location, headers={"HX-Request": "true"})
    bar = html(part).select_one("#order[hx-trigger] progress")
    assert bar is not None
    assert ("<html" in part.text, bar["value"], bar["max"]) == (False, "2", "3")
    overview = html(client.get(address))
    assert overview.select_one(f"a[href='{address}orders/{order.id}']") is not None
    assert overview.select_one("form[action$='/compute']") is None, "no second computation beside it"
    order.state, order.run_id = OrderState.DONE, session.scalars(select(ResultRun.id)).one()
    session.commit()
    moved = client.get(answer.location, headers={"HX-Request": "true"})
    assert (moved.status_code, moved.headers["HX-Redirect"]) == (204, f"{address}{order.run_id}")


def test_a_small_stage_is_computed_at_once(client: FlaskClient, session: Session, world: World) -> None:
    client.sign_in(world.organizer)
    answer = client.post(f"/manage/{world.edition.code}/results/compute", data={"stage_id": world.stage.id, "call_id": world.call.id})
    run = session.scalars(select(ResultRun)).one()
    assert answer.location == f"/manage/{world.edition.code}/results/{run.id}"
    assert session.scalars(select(ResultOrder)).all() == []


def test_strangers_and_other_offices_do_not_know_of_it(client: FlaskClient, session: Session, world: World) -> None:
    order, other = ordered(session, world), make_world(session, ROWS)
    session.commit()
    for who in (make_user(session, "Somebody"), other.host, world.entries[0].leader):
        client.sign_in(who)
        assert client.get(f"/manage/{world.edition.code}/results/orders/{order.id}").status_code == 404
    client.sign_in(other.host)
    assert client.get(f"/manage/{other.edition.code}/results/orders/{order.id}").status_code == 404
