"""Panels and the calls they judge."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, exists, func, select
from sqlalchemy.orm import Session

from app.audit.operations import record
from app.calls.enums import SETTLED
from app.calls.models import Call, Edition, Stage
from app.calls.operations.freezing import check_not_frozen
from app.core.authz import Actor
from app.core.errors import NotFound
from app.core.uow import lock
from app.judging.enums import SeatState
from app.judging.events import PanelAdded, PanelChanged, PanelRemoved
from app.judging.models import Assignment, Panel, PanelCall, Seat

from .refusals import PanelInUse, StageSealed


def edition_of(session: Session, panel: Panel) -> Edition:
    """The panel's edition; refuses changes while it is frozen or the stage is sealed."""
    return hold_open(session, panel.stage_id)


def hold_open(session: Session, stage_id: int) -> Edition:
    """Edition and stage as they are now, held shared: sealing and freezing wait, or are seen here. Raises EditionIsFrozen, StageSealed."""
    wanted = select(Edition, Stage).join(Stage, Stage.edition_id == Edition.id).where(Stage.id == stage_id)
    held = wanted.with_for_update(read=True, of=[Edition, Stage])  # in the order of sealing
    row = session.execute(held, execution_options={"populate_existing": True}).first()
    if row is None:
        raise NotFound
    edition, stage = row
    check_not_frozen(edition)
    if stage.state in SETTLED:
        raise StageSealed
    return edition


def add_panel(
    session: Session, *, stage: Stage, name: str, call_ids: Collection[int], actor: Actor, now: datetime, name_en: str = "",
    judges_per_entry: int = 0, brief: str = "",
) -> Panel:  # fmt: skip
    """A panel of a stage for some of its edition's calls (none: all of them). Records PanelAdded."""
    edition = hold_open(session, stage.id)
    panel = Panel(stage_id=stage.id, name=name, name_en=name_en, judges_per_entry=judges_per_entry, brief=brief, created_at=now)
    session.add(panel)
    session.flush()  # its calls need the id
    _set_calls(session, panel, edition, call_ids)
    record(session, PanelAdded(panel.id, edition.id, stage.id, name), actor=actor, now=now)
    return panel


def change_panel(
    session: Session, *, panel: Panel, name: str, call_ids: Collection[int], actor: Actor, now: datetime, name_en: str = "",
    judges_per_entry: int = 0, brief: str = "",
) -> Panel:  # fmt: skip
    """Change the panel's name, brief, calls and number of judges an entry. Records PanelChanged."""
    lock(session, panel)
    edition = edition_of(session, panel)
    panel.name, panel.name_en, panel.judges_per_entry, panel.brief = name, name_en, judges_per_entry, brief
    _set_calls(session, panel, edition, call_ids)
    record(session, PanelChanged(panel.id, edition.id, panel.stage_id, name), actor=actor, now=now)
    return panel


def remove_panel(session: Session, *, panel: Panel, actor: Actor, now: datetime) -> None:
    """Take away a panel that has no assignments. Records PanelRemoved."""
    lock(session, panel)
    edition = edition_of(session, panel)
    if session.scalar(select(exists().where(Assignment.panel_id == panel.id))):
        raise PanelInUse
    accepted = select(func.count(Seat.id)).where(Seat.panel_id == panel.id, Seat.state != SeatState.PLANNED)
    if session.scalar(accepted):
        raise PanelInUse
    record(session, PanelRemoved(panel.id, edition.id, panel.stage_id, panel.name), actor=actor, now=now)
    session.execute(delete(Seat).where(Seat.panel_id == panel.id))
    session.delete(panel)


def _set_calls(session: Session, panel: Panel, edition: Edition, call_ids: Collection[int]) -> None:
    own = set(session.scalars(select(Call.id).where(Call.edition_id == edition.id)))
    wanted = set(call_ids) or own
    if wanted - own:
        raise NotFound
    session.execute(delete(PanelCall).where(PanelCall.panel_id == panel.id))
    session.add_all(PanelCall(panel_id=panel.id, call_id=call_id) for call_id in sorted(wanted))
