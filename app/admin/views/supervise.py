"""The supervisor's seat: everything about how an edition is run, nothing about its marks; one switch, the freeze."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, url_for
from flask_babel import gettext as _

from app.accounts.gates import require_recent_sign_in, require_sign_in
from app.admin.queries import supervise as queries
from app.admin.queries.journal import lines
from app.admin.queries.troubles import break_in_words
from app.audit import queries as audit
from app.calls.models import Edition
from app.calls.operations.freezing import freeze_edition, unfreeze_edition
from app.calls.queries.approvals import approval_lines
from app.core.authz import Verdict, authorize, deny
from app.core.db import db
from app.core.forms import ReasonForm
from app.core.web import actor, now, see_other, telling

from .journal import ask_walk, chain_report, journal_list, reading_list, send_bundle
from .watching import edition_tabs, watched_edition

bp = Blueprint("supervise", __name__, url_prefix="/supervise")
bp.before_request(require_sign_in)
LATEST = 15


@bp.get("/")
def index() -> Any:
    """All editions one watches over, with what waits in each."""
    watched = queries.watched_editions(db.session, actor(), now())
    authorize(_watches(watched))
    return render_template("admin/supervise/index.html", watched=watched)


@bp.get("/<code>/")
def edition(code: str) -> Any:
    """State of the chain, progress in counts, acts to look at, and the freeze."""
    return _overview(watched_edition(code), ReasonForm())


@bp.post("/<code>/freeze")
def freeze(code: str) -> Any:
    """Stop every change to the edition until it is released again."""
    return _switch(code, freeze_edition, _("The edition is frozen: nothing in it can be changed."))


@bp.post("/<code>/unfreeze")
def unfreeze(code: str) -> Any:
    """Let changes happen again."""
    return _switch(code, unfreeze_edition, _("The edition is released: changes are possible again."))


@bp.get("/<code>/journal")
def journal(code: str) -> Any:
    """The edition's journal, filtered by person, act, object and time."""
    watched = watched_edition(code)
    chain = f"edition:{watched.id}"
    return render_template(
        "admin/journal.html", wide=True, edition=watched, tabs=edition_tabs(watched), chain=chain, **journal_list(chain, coded=True)
    )


@bp.get("/<code>/chain")
def chain(code: str) -> Any:
    """The state of the edition's chain: from its verified point to the end, and when everything was last walked."""
    watched = watched_edition(code)
    return render_template(
        "admin/chain.html", edition=watched, tabs=edition_tabs(watched), report=chain_report(f"edition:{watched.id}"),
        break_in_words=break_in_words, walk_url=url_for("admin.supervise.walk", code=code),
        export_url=url_for("admin.supervise.export", code=code),
    )  # fmt: skip


@bp.post("/<code>/chain/walk")
def walk(code: str) -> Any:
    """Have everything walked from the first fact, in the background."""
    ask_walk(f"edition:{watched_edition(code).id}")
    return see_other("admin.supervise.chain", code=code)


@bp.post("/<code>/chain/export")
def export(code: str) -> Any:
    """The edition's journal as a signed bundle, without what tells marks."""
    return send_bundle(f"edition:{watched_edition(code).id}", code)


@bp.get("/<code>/readings")
def readings(code: str) -> Any:
    """Who opened which file or field of the edition."""
    watched = watched_edition(code)
    return render_template("admin/readings.html", edition=watched, tabs=edition_tabs(watched), **reading_list(watched.id))


@bp.get("/<code>/changes")
def changes(code: str) -> Any:
    """Versions of the rules, steps that needed two persons, re-opened sheets: each with its reason."""
    watched = watched_edition(code)
    return render_template(
        "admin/supervise/changes.html", edition=watched, tabs=edition_tabs(watched), versions=queries.rule_versions(db.session, watched),
        approvals=approval_lines(db.session, watched), reopenings=queries.reopenings(db.session, watched),
    )  # fmt: skip


@bp.get("/<code>/draws")
def draws(code: str) -> Any:
    """Every draw of judges and entries with seed and digest, also those that were not used."""
    watched = watched_edition(code)
    return render_template(
        "admin/supervise/draws.html", edition=watched, tabs=edition_tabs(watched), draws=queries.draws(db.session, watched)
    )


def _overview(watched: Edition, form: ReasonForm) -> Any:
    chain_name = f"edition:{watched.id}"
    rows, _total = audit.journal(db.session, audit.Filters(chain=chain_name, names=queries.ATTENTION))
    page = render_template(
        "admin/supervise/edition.html", edition=watched, tabs=edition_tabs(watched), form=form, report=chain_report(chain_name),
        stages=queries.stage_progress(db.session, watched), acts=lines(db.session, rows[:LATEST], coded=True),
        staff=queries.staff(db.session, watched),
    )  # fmt: skip
    return page, 422 if form.errors or form.form_errors else 200


def _switch(code: str, operation: Any, message: str) -> Any:
    watched = watched_edition(code)
    if challenge := require_recent_sign_in():
        return challenge
    form = ReasonForm()
    if form.validate():
        with telling(message) as session:
            operation(session, edition=session.get_one(Edition, watched.id), reason=form.reason.data, actor=actor(), now=now())
        return see_other("admin.supervise.edition", code=code)
    return _overview(watched, form)


def _watches(watched: list[queries.Watched]) -> Verdict:
    if watched or actor().holds_anywhere("supervisor"):
        return Verdict(True)
    return deny(_("Only supervisors have this page."))
