"""The journal for the security auditor: every chain, filters, the state of the chains, who opened what."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from flask import Blueprint, render_template, request

from app.accounts.gates import require_sign_in
from app.accounts.policies import can_read_journal
from app.admin.queries.journal import lines, opened
from app.admin.queries.users import names_of
from app.audit import queries
from app.audit.labels import event_label, subject_label
from app.audit.operations.verify import verify_chain
from app.core import clock
from app.core.authz import authorize
from app.core.db import db
from app.core.web import actor, address_with, asked_number, asked_text, found, page_number

from .frame import console_sections

bp = Blueprint("journal", __name__, url_prefix="/admin/journal")
bp.before_request(require_sign_in)


@bp.get("/")
def index() -> Any:
    """Facts of one chain or all, the latest first."""
    authorize(can_read_journal(actor()))
    chain = asked_text("chain", 40)
    return render_template(
        "admin/journal.html",
        wide=True,
        subnav=console_sections(),
        heads=queries.chain_heads(db.session),
        chain=chain,
        **journal_list(chain),
    )


@bp.get("/chains/<chain>")
def chain(chain: str) -> Any:
    """Walk a chain from its first row and tell whether it is whole."""
    authorize(can_read_journal(actor()))
    found(next((head for head in queries.chain_heads(db.session) if head.chain == chain), None))
    return render_template("admin/chain.html", subnav=console_sections(), report=verify_chain(db.session, chain))


@bp.get("/readings")
def readings() -> Any:
    """Who opened what, everywhere."""
    authorize(can_read_journal(actor()))
    return render_template("admin/readings.html", subnav=console_sections(), edition=None, **reading_list(None))


def journal_list(chain: str) -> dict[str, Any]:
    """The filtered rows and what the filters show."""
    who, what = asked_number("who"), asked_text("what", 80)
    subject, number = asked_text("subject", 40), asked_number("id")
    since, until = _day(request.args.get("since")), _day(request.args.get("until"))
    filters = queries.Filters(
        chain=chain, actor_id=who, names=(what,) if what else (), subject=subject, subject_id=number,
        since=since, until=until + timedelta(days=1) if until else None,
    )  # fmt: skip
    rows, total = queries.journal(db.session, filters, page_number())
    people = names_of(db.session, queries.actor_ids(db.session, chain)) if chain else {}
    return {
        "lines": lines(db.session, rows), "total": total, "page": page_number(), "pages": -(-total // queries.PAGE) or 1,
        "page_url": lambda wanted: address_with(page=wanted), "people": sorted(people.items(), key=lambda pair: pair[1]),
        "names": [(name, event_label(name)) for name in queries.journal_names(db.session, chain)],
        "subjects": [(noun, subject_label(noun)) for noun in queries.journal_subjects(db.session, chain)],
        "asked": {key: request.args.get(key, "") for key in ("who", "what", "subject", "id", "since", "until")},
    }  # fmt: skip


def reading_list(edition_id: int | None) -> dict[str, Any]:
    """The filtered reading log and what its filters show."""
    who, subject = asked_number("who"), asked_text("subject", 40)
    rows, total = queries.readings(db.session, edition_id=edition_id, actor_id=who, subject=subject, page=page_number())
    return {
        "rows": opened(db.session, rows), "total": total, "page": page_number(), "pages": -(-total // queries.PAGE) or 1,
        "page_url": lambda wanted: address_with(page=wanted), "subject": subject,
        "subjects": [(noun, subject_label(noun)) for noun in queries.reading_subjects(db.session, edition_id)],
    }  # fmt: skip


def _day(text: str | None) -> datetime | None:
    """The beginning of a day in the site's zone; None for anything that is not a day."""
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    if not 1990 <= day.year <= 2200:
        return None
    return clock.from_local(datetime(day.year, day.month, day.day))  # noqa: DTZ001 -- made aware by from_local
