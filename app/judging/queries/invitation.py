"""What an invited person sees before accepting: dates, load, and titles to declare conflicts against; no file, no answer."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.calls.models import Edition, Stage
from app.entries.models import BlindCopy, Entry
from app.judging.models import Panel, Seat

from .conflicts import entries_of_panel
from .sheets import rules_of


@dataclass(frozen=True)
class Offer:
    """The invitation as shown. ``titles`` are pairs (entry id, words); blind titles on a blind stage."""

    edition: Edition
    stage: Stage
    panel: Panel
    seat: Seat
    blind: bool
    load: int
    titles: list[tuple[int, str]]


def offer_of(session: Session, seat: Seat) -> Offer:
    """Four statements, whatever the number of entries."""
    panel = session.get_one(Panel, seat.panel_id)
    stage = session.get_one(Stage, panel.stage_id)
    edition = session.get_one(Edition, stage.edition_id)
    rules = rules_of(stage)
    blind = rules.disclosure.blind
    titles = _titles(session, panel, blind=blind)
    per_entry = panel.judges_per_entry or rules.judges_per_entry
    load = len(titles) if not per_entry else min(len(titles), seat.load_limit or len(titles))
    return Offer(edition, stage, panel, seat, blind, load, titles)


def _titles(session: Session, panel: Panel, *, blind: bool) -> list[tuple[int, str]]:
    ids = entries_of_panel(panel.id, panel.stage_id)
    if blind:
        query = select(Entry.id, Entry.public_code, BlindCopy.title).join(BlindCopy, BlindCopy.entry_id == Entry.id)
        rows = session.execute(query.where(Entry.id.in_(ids)).order_by(Entry.public_code))
        return [(key, f"{code} {title}") for key, code, title in rows]
    query = select(Entry.id, Entry.title, Entry.unit_name).where(Entry.id.in_(ids)).order_by(Entry.public_code)
    return [(key, f"{title} · {unit}".rstrip(" ·")) for key, title, unit in session.execute(query)]
