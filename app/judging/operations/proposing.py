"""Proposing who scores what: the situation, the draw from a seed, and why there may be none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.operations import record
from app.calls.models import Stage
from app.core.authz import Actor
from app.judging.engine import Draw, Unbalanced, Wishes, draw_pairs, wishes_of
from app.judging.enums import AssignmentState, SeatCategory, SeatState
from app.judging.events import AssignmentsProposed
from app.judging.models import Assignment, AssignmentPlan, Panel, Seat
from app.judging.queries.conflicts import conflict_pairs, entries_of_panel
from app.judging.queries.sheets import rules_of
from app.judging.queries.wishes import fields_of, names_of, tracks_by_entry, traits_of

from .conflicts import find_conflicts
from .panels import edition_of
from .refusals import CannotDraw, DrawIsStale, NoEntries, NoFields, NoJudges

Pair = tuple[int, int]
SHOWN = 5


@dataclass(frozen=True)
class Situation:
    """What a draw starts from: who sits, what is to be judged, who must not, what is assigned already, what is wished."""

    entries: list[int]
    seats: list[int]
    limits: dict[int, int | None]
    conflicts: frozenset[Pair]
    fixed: frozenset[Pair]
    per_entry: int
    wishes: Wishes


@dataclass(frozen=True)
class Drawn:
    """A draw and what it started from."""

    situation: Situation
    draw: Draw


def draw_beforehand(session: Session, *, panel: Panel, seed: str, **wanted: Any) -> Drawn:
    """The draw for ``propose_plan``, worked out while nobody waits for a lock: a large panel by field takes seconds."""
    situation = _wanted(session, panel, **wanted)
    return Drawn(situation, _draw(session, situation, seed))


def propose_plan(
    session: Session, *, panel: Panel, seed: str, actor: Actor, now: datetime, made: Drawn | None = None, **wanted: Any
) -> AssignmentPlan:
    """Draw assignments and keep the proposal with seed, parameters and figures. Records AssignmentsProposed.

    ``wanted`` is as for ``draw_beforehand``: ``per_entry`` judges an entry; by default the panel's number, then the stage's; 0 or
    ``everyone``: the whole panel. ``by_field`` fits judges to tracks (fair to the worst-served entry, then the best total) instead of
    drawing; ``each_category`` and ``one_per_unit`` are limits. With a ``ceiling`` (per cent) the fit is drawn, and no pair is more likely
    than that. ``made`` is a draw made before, if everything is still as it was.
    Raises NoJudges, NoEntries, NoFields, CannotDraw, DrawIsStale.
    """
    find_conflicts(session, panel=panel, actor=actor, now=now)
    edition = edition_of(session, panel)
    situation = _wanted(session, panel, **wanted)
    if made is not None and made.situation != situation:
        raise DrawIsStale
    draw = made.draw if made is not None else _draw(session, situation, seed)
    plan = AssignmentPlan(
        panel_id=panel.id, seed=seed, parameters=_parameters(situation), pairs=[list(pair) for pair in draw.pairs],
        report=draw.quality.as_data(), digest=draw.digest, made_at=now, made_by_id=actor.user_id,
    )  # fmt: skip
    session.add(plan)
    session.flush()  # the event names it
    record(session, AssignmentsProposed(plan.id, edition.id, panel.id, seed, draw.digest), actor=actor, now=now)
    return plan


def _wanted(session: Session, panel: Panel, *, per_entry: int | None = None, everyone: bool = False, **wishes: Any) -> Situation:
    situation = situation_of(session, panel, 0 if everyone else per_entry, Wishes(**wishes))
    if not situation.seats:
        raise NoJudges
    if not situation.entries:
        raise NoEntries
    if situation.wishes.by_field and not situation.wishes.fields:
        raise NoFields(field="by_field")
    return situation


def _draw(session: Session, situation: Situation, seed: str) -> Draw:
    try:
        return _drawn(situation, seed)
    except Unbalanced as error:
        raise CannotDraw(_reason(session, error.where)) from error


def _drawn(situation: Situation, seed: str) -> Draw:
    return draw_pairs(
        entries=situation.entries, seats=situation.seats, per_entry=situation.per_entry, limits=situation.limits,
        conflicts=situation.conflicts, fixed=situation.fixed, seed=seed, wishes=situation.wishes,
    )  # fmt: skip


def _reason(session: Session, where: Mapping[str, Any]) -> str:
    """What blocks the draw, with the codes and names of those concerned."""
    if where.get("rule") == "size":
        return _("With these wishes a panel may have at most %(most)s pairs of entry and judge; split it.", most=where["most"])
    entries = where.get("entries") or [where[key] for key in ("entry",) if key in where]
    seats = where.get("judges") or [where[key] for key in ("judge",) if key in where]
    codes, names = names_of(session, entries, seats)
    shown = {"entries": ", ".join(codes[:SHOWN]) + (" …" if len(codes) > SHOWN else ""), "judges": ", ".join(names[:SHOWN])}
    if where.get("rule") == "max_probability":
        return _("With this ceiling on chances too few judges are without conflict for: %(entries)s.", **shown)
    if where.get("rule") == "seats":
        return _seats_reason(where, shown["entries"])
    if where.get("rule") == "conflict":
        return _("Too few judges are without conflict for: %(entries)s.", **shown)
    if codes and "capacity" in where:
        return _(
            "These entries need %(demand)s places, but the judges who may score them have only %(capacity)s: %(entries)s (%(judges)s).",
            demand=where["demand"], capacity=where["capacity"], **shown,
        )  # fmt: skip
    if "most" in where and "demand" in where:
        return _("All judges together may take %(most)s entries, but %(demand)s are needed.", most=where["most"], demand=where["demand"])
    return ""


def _seats_reason(where: Mapping[str, Any], entries: str) -> str:
    category = SeatCategory(where["category"]).label if where.get("category") else ""
    if "most" in where:
        return _(
            "The judges of the category %(category)s may take %(most)s entries, but %(demand)s are needed.",
            category=category, most=where["most"], demand=where["demand"],
        )  # fmt: skip
    if entries:
        return _("No judge of the category %(category)s is free for %(entries)s.", category=category, entries=entries)
    return _("There are more categories than judges an entry.")


def situation_of(session: Session, panel: Panel, per_entry: int | None = None, wishes: Wishes | None = None) -> Situation:
    """Read entries, accepted seats, conflicts, existing assignments and traits of a panel, in fixed orders."""
    entries = sorted(session.scalars(entries_of_panel(panel.id, panel.stage_id)))
    seats = select(Seat.id, Seat.load_limit).where(Seat.panel_id == panel.id, Seat.state == SeatState.ACCEPTED).order_by(Seat.id)
    limits: dict[int, int | None] = {row.id: row.load_limit for row in session.execute(seats)}
    active = select(Assignment.entry_id, Assignment.seat_id).where(
        Assignment.panel_id == panel.id, Assignment.state == AssignmentState.ACTIVE
    )
    fixed = frozenset((e, s) for e, s in session.execute(active))
    if per_entry is None:
        stage = session.get_one(Stage, panel.stage_id)
        per_entry = panel.judges_per_entry or rules_of(stage).judges_per_entry
    known = _known(session, entries, list(limits), wishes or Wishes())
    return Situation(entries, list(limits), limits, conflict_pairs(session, panel), fixed, per_entry, known)


def _known(session: Session, entries: list[int], seats: list[int], wishes: Wishes) -> Wishes:
    categories, units = traits_of(session, seats)
    fields, tracks = fields_of(session, seats), tracks_by_entry(session, entries)
    return replace(wishes, fields=fields, tracks=tracks, categories=categories, units=units)


def _parameters(situation: Situation) -> dict[str, Any]:
    return {
        "kind": "draw", "per_entry": situation.per_entry, "entries": situation.entries, "seats": situation.seats,
        "limits": {str(s): limit for s, limit in situation.limits.items()},
        "conflicts": sorted(map(list, situation.conflicts)), "fixed": sorted(map(list, situation.fixed)),
        "wishes": situation.wishes.as_data(),
    }  # fmt: skip


def repeat_plan(plan: AssignmentPlan) -> bool:
    """Draw once more from what was written down; True when the same pairs come out."""
    given = plan.parameters
    if given.get("kind") != "draw":
        return False
    situation = Situation(
        given["entries"], given["seats"], {int(s): limit for s, limit in given["limits"].items()},
        frozenset((e, s) for e, s in given["conflicts"]), frozenset((e, s) for e, s in given["fixed"]), given["per_entry"],
        wishes_of(given["wishes"]) if "wishes" in given else Wishes(),
    )  # fmt: skip
    try:
        return _drawn(situation, plan.seed).digest == plan.digest
    except Unbalanced:
        return False
