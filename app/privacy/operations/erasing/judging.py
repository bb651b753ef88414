"""Erasing a judge: the seat loses its name; marks and signatures stay, they belong to the result."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.judging.models import Assignment, Conflict, Seat
from app.privacy.queries.footprint import Footprint
from app.privacy.rules import GONE, redact

from .people import placeholder


def erase_from_judging(session: Session, found: Footprint) -> dict[str, int]:
    """Counts by table."""
    for seat in session.scalars(select(Seat).where(Seat.id.in_(found.seats))):
        seat.name, seat.email, seat.unit, seat.decline_reason = GONE, placeholder(found.user_id), "", ""
    near = or_(Conflict.entry_id.in_(found.entries), Conflict.seat_id.in_(found.seats))
    for conflict in session.scalars(select(Conflict).where(near)):
        conflict.reason = redact(conflict.reason, found.words)[:400]
    stepped_back = or_(Assignment.entry_id.in_(found.entries), Assignment.seat_id.in_(found.seats))
    for assignment in session.scalars(select(Assignment).where(stepped_back, Assignment.recuse_reason != "")):
        assignment.recuse_reason = redact(assignment.recuse_reason, found.words)
    return {"seats": len(found.seats)}
