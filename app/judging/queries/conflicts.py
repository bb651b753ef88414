"""Conflicts of interest that follow from what the system knows of judges and teams."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy import Select, Subquery, or_, select, union
from sqlalchemy.orm import Session, aliased

from app.accounts.enums import MembershipState
from app.accounts.models import Membership, Organization
from app.entries.enums import MemberState
from app.entries.models import Entry, EntryMember, PartnerOrganization, StageEntry
from app.judging.enums import AssignmentState, ConflictSource, SeatState
from app.judging.models import Assignment, Conflict, Panel, PanelCall, Reopening, ScoreSheet, Seat

Pair = tuple[int, int]
Key = tuple[int, int, ConflictSource]
_LOOSE = re.compile(r"[\s()\uff08\uff09·,\uff0c.\u3002]+")

T = TypeVar("T")


@dataclass
class _Ties:
    """What ties an entry to people and units."""

    users: set[int] = field(default_factory=set)
    emails: set[str] = field(default_factory=set)
    organizations: set[int] = field(default_factory=set)
    codes: set[str] = field(default_factory=set)
    units: set[str] = field(default_factory=set)


def loose(name: str) -> str:
    """A unit's name for comparison: no spaces, brackets and punctuation, lower case."""
    return _LOOSE.sub("", name).lower()


def known(value: T | None) -> set[T]:
    """The value as a set; an unknown one is no tie."""
    return set() if value is None else {value}


def entries_of_panel(panel_id: int, stage_id: int) -> Select[int]:
    """Ids of the entries that take part in the stage and belong to the panel's calls."""
    return (
        select(Entry.id)
        .join(StageEntry, StageEntry.entry_id == Entry.id)
        .join(PanelCall, PanelCall.call_id == Entry.call_id)
        .where(StageEntry.stage_id == stage_id, StageEntry.left_at.is_(None), PanelCall.panel_id == panel_id)
    )


def found_conflicts(session: Session, panel: Panel) -> dict[Key, str]:
    """Every (seat, entry, source) that holds now, with the reason in a word. Five statements, whatever the size."""
    seats = list(session.scalars(select(Seat).where(Seat.panel_id == panel.id, Seat.state != SeatState.REMOVED)))
    ties = _ties(session, panel)
    belongs = _memberships(session, [seat.user_id for seat in seats if seat.user_id is not None])
    found: dict[Key, str] = {}
    for seat in seats:
        organizations, codes, units = belongs.get(seat.user_id or 0, (set(), set(), set()))
        own_units = units | ({loose(seat.unit)} if seat.unit else set())
        for entry_id, tie in ties.items():
            if seat.user_id in tie.users or seat.email in tie.emails:
                found[seat.id, entry_id, ConflictSource.TEAM_MEMBER] = "team"
            same = (organizations & tie.organizations) or (codes & tie.codes) or (own_units & tie.units)
            if same:
                found[seat.id, entry_id, ConflictSource.SAME_ORGANIZATION] = "unit"
    return found


def _ties(session: Session, panel: Panel) -> dict[int, _Ties]:
    ids = entries_of_panel(panel.id, panel.stage_id)
    ties: dict[int, _Ties] = defaultdict(_Ties)
    entries = select(Entry.id, Entry.leader_id, Entry.organization_id, Entry.unit_name, Entry.unit_uscc).where(Entry.id.in_(ids))
    for entry_id, leader, organization, unit, uscc in session.execute(entries):
        tie = ties[entry_id]
        tie.users.add(leader)
        tie.organizations |= known(organization)
        tie.codes |= known(uscc)
        tie.units |= {loose(unit)} - {""}
    members = select(EntryMember.entry_id, EntryMember.user_id, EntryMember.email, EntryMember.unit).where(
        EntryMember.entry_id.in_(ids), EntryMember.state.in_((MemberState.INVITED, MemberState.CONFIRMED))
    )  # fmt: skip
    for entry_id, user_id, email, unit in session.execute(members):
        tie = ties[entry_id]
        tie.users |= known(user_id)
        tie.emails.add(email.lower())
        tie.units |= {loose(unit)} - {""}
    partners = select(PartnerOrganization.entry_id, PartnerOrganization.name, PartnerOrganization.uscc)
    for entry_id, name, uscc in session.execute(partners.where(PartnerOrganization.entry_id.in_(ids))):
        ties[entry_id].units |= {loose(name)} - {""}
        ties[entry_id].codes |= known(uscc)
    return ties


def _memberships(session: Session, user_ids: list[int]) -> dict[int, tuple[set[int], set[str], set[str]]]:
    query = (
        select(Membership.user_id, Organization.id, Organization.uscc, Organization.name)
        .join(Organization, Organization.id == Membership.organization_id)
        .where(Membership.user_id.in_(user_ids), Membership.state == MembershipState.ACTIVE)
    )
    found: dict[int, tuple[set[int], set[str], set[str]]] = {}
    for user_id, organization_id, uscc, name in session.execute(query):
        organizations, codes, units = found.setdefault(user_id, (set(), set(), set()))
        organizations.add(organization_id)
        codes |= known(uscc)
        units.add(loose(name))
    return found


def places_of(panel: Panel) -> Subquery:
    """Each seat of the panel beside every seat that the same person has in the stage, its own included."""
    own, other, theirs = aliased(Seat), aliased(Seat), aliased(Panel)
    return (
        select(own.id.label("seat_id"), other.id.label("other_id"))
        .join(other, or_(other.id == own.id, other.user_id == own.user_id))
        .join(theirs, theirs.id == other.panel_id)
        .where(own.panel_id == panel.id, theirs.stage_id == panel.stage_id)
        .subquery()
    )


def conflict_pairs(session: Session, panel: Panel) -> frozenset[Pair]:
    """All pairs (entry id, seat id) of a panel that must not meet.

    These are stored conflicts, sheets that were struck by two persons, and what the person scores in another panel of the stage.
    """
    places = places_of(panel)
    stored = select(Conflict.entry_id, places.c.seat_id).join(places, places.c.other_id == Conflict.seat_id)
    struck = (
        select(Assignment.entry_id, places.c.seat_id)
        .join(places, places.c.other_id == Assignment.seat_id)
        .join(ScoreSheet, ScoreSheet.assignment_id == Assignment.id)
        .join(Reopening, Reopening.sheet_id == ScoreSheet.id)
        .where(Reopening.strikes.is_(True), Reopening.agreed.is_(True))
    )
    return frozenset((entry_id, seat_id) for entry_id, seat_id in session.execute(union(stored, struck, _elsewhere(panel))))


def scored_elsewhere(session: Session, panel: Panel) -> frozenset[Pair]:
    """Pairs (entry id, seat id) of a panel whose person scores the entry in another panel of the stage."""
    return frozenset((entry_id, seat_id) for entry_id, seat_id in session.execute(_elsewhere(panel)))


def _elsewhere(panel: Panel) -> Select[int, int]:
    places = places_of(panel)
    return (
        select(Assignment.entry_id, places.c.seat_id)
        .join(places, places.c.other_id == Assignment.seat_id)
        .where(Assignment.panel_id != panel.id, Assignment.state == AssignmentState.ACTIVE)
    )
