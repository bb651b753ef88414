"""The journal for the security auditor: every chain, filters, the state of the chains, who opened what."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from flask import Blueprint, current_app, flash, render_template, request, send_file, url_for
from flask_babel import gettext as _

from app.accounts.gates import require_recent_sign_in, require_sign_in
from app.accounts.policies import can_read_journal
from app.admin.exports.bundle import journal_bundle
from app.admin.queries.journal import lines, opened
from app.admin.queries.troubles import break_in_words
from app.admin.queries.users import names_of
from app.admin.queries.wording import chain_names
from app.audit import queries
from app.audit.jobs.chains import queue_walk
from app.audit.labels import event_label, subject_label
from app.audit.models import JournalHead
from app.audit.operations.exporting import note_export
from app.audit.operations.points import ask_whole, state_of
from app.audit.operations.verify import ChainReport
from app.core import clock
from app.core.authz import authorize
from app.core.db import db
from app.core.uow import after_commit, atomic
from app.core.web import actor, address_with, asked_number, asked_text, found, now, page_number, see_other

from .frame import console_sections

bp = Blueprint("journal", __name__, url_prefix="/admin/journal")
bp.before_request(require_sign_in)


@bp.get("/")
def index() -> Any:
    """Facts of one chain or all, the latest first."""
    authorize(can_read_journal(actor()))
    chain, heads = asked_text("chain", 40), queries.chain_heads(db.session)
    return render_template(
        "admin/journal.html", wide=True, subnav=console_sections(), heads=heads, chain=chain,
        chain_names=chain_names(db.session, [head.chain for head in heads]), **journal_list(chain),
    )  # fmt: skip


@bp.get("/chains/<chain>")
def chain(chain: str) -> Any:
    """The state of one chain: from its verified point to the end, and when everything was last walked."""
    authorize(can_read_journal(actor()))
    found(db.session.get(JournalHead, chain))
    return render_template(
        "admin/chain.html", subnav=console_sections(), report=chain_report(chain), break_in_words=break_in_words,
        walk_url=url_for("admin.journal.walk", chain=chain), export_url=url_for("admin.journal.export", chain=chain),
    )  # fmt: skip


@bp.post("/chains/<chain>/walk")
def walk(chain: str) -> Any:
    """Have everything walked from the first fact, in the background."""
    authorize(can_read_journal(actor()))
    found(db.session.get(JournalHead, chain))
    ask_walk(chain)
    return see_other("admin.journal.chain", chain=chain)


@bp.get("/readings")
def readings() -> Any:
    """Who opened what, everywhere."""
    authorize(can_read_journal(actor()))
    return render_template("admin/readings.html", subnav=console_sections(), edition=None, **reading_list(None))


@bp.post("/chains/<chain>/export")
def export(chain: str) -> Any:
    """The chain as a signed bundle."""
    authorize(can_read_journal(actor()))
    found(db.session.get(JournalHead, chain))
    return send_bundle(chain, chain.replace(":", "-"))


def send_bundle(chain: str, name: str) -> Any:
    """Make the bundle, note that it was taken, send it."""
    if challenge := require_recent_sign_in():
        return challenge
    config, signer = current_app.extensions["jiebang"], current_app.extensions["signer"]
    bundle, size, withheld = journal_bundle(db.session, name=chain, origin=config.base_url, signer=signer, now=now())
    with atomic() as session:
        note_export(session, name=chain, size=size, withheld=withheld, actor=actor(), now=now())
    return send_file(bundle, "application/zip", as_attachment=True, download_name=f"journal-{name}.zip")


def chain_report(chain: str) -> ChainReport:
    """From the verified point to the end; the page costs the same for ten facts and a hundred thousand."""
    return state_of(db.session, chain, current_app.extensions["signer"])


def ask_walk(chain: str) -> None:
    """Queue a walk from the first fact; its progress is on the chain's page."""
    with atomic() as session:
        ask_whole(session, name=chain, now=now())
        after_commit(session, queue_walk, chain)
    flash(_("Everything is being verified from the first fact; reload this page to see how far it is."), "success")


def journal_list(chain: str, *, coded: bool = False) -> dict[str, Any]:
    """The filtered rows and what the filters show; ``coded`` for whoever watches one edition and knows its entries."""
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
        "lines": lines(db.session, rows, coded=coded), "total": total, "page": page_number(), "pages": -(-total // queries.PAGE) or 1,
        "page_url": lambda wanted: address_with(page=wanted), "people": sorted(people.items(), key=lambda pair: pair[1]),
        "names": [(name, event_label(name)) for name in queries.journal_names(db.session, chain)],
        "subjects": [(noun, subject_label(noun)) for noun in queries.journal_subjects(db.session, chain)],
        "asked": {key: request.args.get(key, "") for key in ("who", "what", "subject", "id", "since", "until")},
    }  # fmt: skip


def reading_list(edition_id: int | None) -> dict[str, Any]:
    """The filtered reading log and what its filters show."""
    who, subject = asked_number("who"), asked_text("subject", 40)
    rows, total = queries.readings(db.session, edition_id=edition_id, actor_id=who, subject=subject, page=page_number())
    people = names_of(db.session, queries.reading_people(db.session, edition_id)) if edition_id is not None else {}
    return {
        "rows": opened(db.session, rows, titled=edition_id is not None), "total": total, "who": str(who or ""),
        "people": sorted(people.items(), key=lambda pair: pair[1]), "page": page_number(),
        "pages": -(-total // queries.PAGE) or 1,
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
