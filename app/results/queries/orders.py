"""Results that are computed in the background: whether one should be, which are open, and in whose name they are computed."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from app.accounts.models import User
from app.accounts.queries import grants_of
from app.calls.models import Call, Edition, Stage
from app.core.authz import Actor
from app.judging.models import Assignment
from app.results.enums import OrderState
from app.results.models import ResultOrder

#: Stages with more assignments than these are computed in the background; so many take about half a second.
LARGE = 5000
#: Reading, computing, writing.
STEPS = 3
#: After so long without an end the worker that computes is taken for dead.
PATIENCE = timedelta(minutes=10)
OPEN = (OrderState.WAITING, OrderState.RUNNING)


def is_large(session: Session, stage: Stage) -> bool:
    """Whether a result of this stage takes too long for a page to wait for it."""
    return (session.scalar(select(func.count()).where(Assignment.stage_id == stage.id)) or 0) > LARGE


def open_order(session: Session, stage: Stage, call: Call) -> ResultOrder | None:
    """The computation that is under way for this call of the stage."""
    return session.scalar(
        select(ResultOrder).where(ResultOrder.stage_id == stage.id, ResultOrder.call_id == call.id, ResultOrder.state.in_(OPEN))
    )


def order_in(session: Session, edition: Edition, order_id: int) -> ResultOrder | None:
    """An order of this edition with its stage and call; one of another edition does not exist here."""
    mine = select(ResultOrder).where(ResultOrder.id == order_id, ResultOrder.edition_id == edition.id)
    return session.scalar(mine.options(joinedload(ResultOrder.stage), joinedload(ResultOrder.call)))


def undone_orders(session: Session, edition: Edition) -> dict[tuple[int, int], ResultOrder]:
    """By stage and call the newest order, where no result came of it (yet)."""
    rows = session.scalars(select(ResultOrder).where(ResultOrder.edition_id == edition.id).order_by(ResultOrder.id))
    newest = {(row.stage_id, row.call_id): row for row in rows}
    return {place: row for place, row in newest.items() if row.state != OrderState.DONE}


def orders_left_behind(session: Session, now: datetime) -> list[int]:
    """Orders that no worker took, or whose worker died."""
    waiting = (ResultOrder.state == OrderState.WAITING) & (ResultOrder.ordered_at < now - timedelta(minutes=1))
    dead = (ResultOrder.state == OrderState.RUNNING) & (ResultOrder.started_at < now - PATIENCE)
    return list(session.scalars(select(ResultOrder.id).where(or_(waiting, dead)).order_by(ResultOrder.id)))


def requester_of(session: Session, order: ResultOrder) -> Actor:
    """Who asked, with the roles that they hold now; a disabled account holds none."""
    user = session.get_one(User, order.requester_id)
    grants = frozenset() if user.disabled_at else grants_of(session, user.id)
    return Actor(user_id=user.id, name=user.name, locale=user.locale, grants=grants, current_role=order.requester_role)
