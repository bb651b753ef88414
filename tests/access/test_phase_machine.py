"""An edition and its stages move along the drawn edges only, whatever is asked of them and in whatever order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from app.accounts.enums import Role
from app.calls.models import Edition, Stage
from app.calls.operations.publishing import archive_edition, publish_edition, request_publication, send_back
from app.calls.operations.stages import open_stage, release_stage, seal_stage
from app.calls.states import EDITION, STAGE
from app.core.errors import DomainError
from tests.conftest import NOW
from tests.factories.calls import make_edition, make_staff

Step = Callable[[Session, Edition, list[Stage], Any, Any], object]
STEPS: dict[str, Step] = {
    "request": lambda s, e, _g, organizer, _h: request_publication(s, edition=e, actor=organizer, now=NOW),
    "send back": lambda s, e, _g, _o, host: send_back(s, edition=e, reason="not yet right", actor=host, now=NOW),
    "publish": lambda s, e, _g, _o, host: publish_edition(s, edition=e, actor=host, now=NOW),
    "publish by whoever asked": lambda s, e, _g, organizer, _h: publish_edition(s, edition=e, actor=organizer, now=NOW),
    "archive": lambda s, e, _g, _o, host: archive_edition(s, edition=e, actor=host, now=OVER),
    "archive before the windows are over": lambda s, e, _g, _o, host: archive_edition(s, edition=e, actor=host, now=NOW),
    **{f"{word} {n}": lambda s, _e, g, organizer, _h, act=act, n=n: act(s, stage=g[n], actor=organizer, now=NOW)
       for n in (1, 2) for word, act in (("open", open_stage), ("seal", seal_stage), ("release", release_stage))},
}  # fmt: skip
OVER = NOW + timedelta(days=400)  # every window of entry has ended
EDGES = {(str(before), str(after)) for machine in (EDITION, STAGE) for before, _action, after in machine.edges}


def states(session: Session, edition: Edition) -> tuple[str, ...]:
    """As the database holds them."""
    stages = select(Stage.state).where(Stage.edition_id == edition.id).order_by(Stage.position)
    return (str(session.scalar(select(Edition.state).where(Edition.id == edition.id))), *map(str, session.scalars(stages)))


WHOLE = ["request", "send back", "request", "publish", "open 1", "seal 1", "release 1", "open 2", "seal 2", "release 2", "archive"]


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(st.sampled_from(sorted(STEPS)), min_size=4, max_size=24))
def test_no_order_of_steps_leaves_the_drawn_edges(app: Flask, connection: Connection, steps: list[str]) -> None:
    walk(app, connection, steps)


def test_the_whole_way_can_be_walked_and_nothing_of_it_twice(app: Flask, connection: Connection) -> None:
    """Each step follows the one before; repeating any of them right away is refused."""
    end = ("archived", "preparing", "released", "released")
    assert walk(app, connection, WHOLE)[:4] == end
    assert walk(app, connection, [step for step in WHOLE for _twice in range(2)])[:4] == end


def walk(app: Flask, connection: Connection, steps: list[str]) -> tuple[str, ...]:
    """The states at the end; every step has moved exactly one thing along one edge, or nothing at all."""
    point = connection.begin_nested()
    with app.app_context(), Session(connection, join_transaction_mode="create_savepoint") as session:
        edition = make_edition(session, "talent")
        stages = list(session.scalars(select(Stage).where(Stage.edition_id == edition.id).order_by(Stage.position)))
        people = tuple(make_staff(session, edition.host, role) for role in (Role.ORGANIZER, Role.HOST))
        session.commit()
        for step in steps:
            before = states(session, edition)
            try:
                STEPS[step](session, edition, stages, *people)
                session.commit()
            except DomainError:
                session.rollback()
                assert states(session, edition) == before
            else:
                check(step, before, states(session, edition))
        end = states(session, edition)
    point.rollback()
    return end


def check(step: str, before: tuple[str, ...], after: tuple[str, ...]) -> None:
    """One edge of the drawing, by somebody who may, in an order that holds."""
    moved = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert (step, len(moved)) == (step, 1)
    assert moved[0] in EDGES
    assert step not in {"publish by whoever asked", "archive before the windows are over"}
    assert not (moved[0][1] == "open" and after[0] != "published")
    assert not (after[3] == "open" and after[2] in {"preparing", "open"})  # the second judged stage waits for the first
