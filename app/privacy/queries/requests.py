"""Requests for erasure, as the person and as administrators see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.accounts.models import User
from app.core.inventory import RECORD_YEARS
from app.privacy.enums import OPEN, ErasureState
from app.privacy.models import ErasureRequest

from .footprint import Footprint

LIMIT = 200


@dataclass(frozen=True)
class Line:
    """One kind of data in the preview: how many, what becomes of it and why."""

    what: object
    count: int
    effect: object
    why: object = ""
    stays: bool = False


def open_request(session: Session, user_id: int) -> ErasureRequest | None:
    """The person's request that nobody has decided yet."""
    return session.scalar(select(ErasureRequest).where(ErasureRequest.user_id == user_id, ErasureRequest.state.in_(OPEN)))


def requests(session: Session) -> list[ErasureRequest]:
    """The latest requests, open ones first."""
    rows = (
        select(ErasureRequest)
        .options(joinedload(ErasureRequest.user))
        .order_by(ErasureRequest.decided_at.is_not(None), ErasureRequest.id.desc())
    )
    return list(session.scalars(rows.limit(LIMIT)))


def names_of(session: Session, request: ErasureRequest) -> dict[int, str]:
    """Who asked, prepared and decided."""
    ids = {request.asked_by_id, request.prepared_by_id, request.decided_by_id}
    return {row[0]: row[1] for row in session.execute(select(User.id, User.name).where(User.id.in_(ids)))}


def preview(found: Footprint) -> list[Line]:
    """What an erasure removes and what stays, in the order in which people ask about it."""
    years = _l("official record: kept %(years)s years, then emptied too", years=RECORD_YEARS)
    lines = [
        Line(_l("Account, profile, sessions, links, roles"), 1, _l("deleted or emptied; nobody can sign in with it again")),
        Line(_l("Entries that are nobody else's"), len(found.alone), _l("answers, handed-in versions and judges' copies are emptied")),
        Line(_l("of these with an award"), len(found.official), _l("title and unit stay in the published result"), years, stays=True),
        Line(_l("Entries of a team"), len(found.shared),
             _l("the entry stays with the team; this person's name, address and numbers are taken out")),
        Line(_l("Files with their previews and cleaned copies"), len(found.files), _l("deleted from the store")),
        Line(_l("Seats as a judge"), len(found.seats), _l("name, address and unit are emptied; signed sheets stay"),
             _l("results rest on the marks; they know judges by number only"), stays=True),
        Line(_l("Mails to the person, sent, waiting or held"), len(found.mails), _l("deleted")),
        Line(_l("Mails to others that name the person"), len(found.mentions), _l("the name is taken out")),
        Line(_l("Facts of the journal that name the person"), len(found.facts), _l("details and salt are deleted; the chain stays whole")),
        Line(_l("Certificates"), len(found.certificates), _l("stay verifiable"), years, stays=True),
        Line(_l("Selection records"), len(found.records), _l("stay"), years, stays=True),
    ]  # fmt: skip
    return [line for line in lines if line.count]


def erased_since(session: Session, moment: datetime) -> bool:
    """Whether somebody was erased after that moment."""
    done = select(ErasureRequest.id).where(ErasureRequest.state == ErasureState.DONE, ErasureRequest.decided_at > moment)
    return session.scalar(done.limit(1)) is not None
