"""How far the judges are, reminders, opening and sealing; no marks."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.gates import require_sign_in
from app.calls.enums import StageState
from app.calls.models import Edition, Stage
from app.calls.operations.stages import open_stage
from app.core.db import db
from app.core.errors import DomainError
from app.core.forms import text_fault, tidy
from app.core.uow import atomic
from app.core.web import actor, found, now, see_other, typed_text
from app.judging.operations import reminding, sealing
from app.judging.policies import can_decide_reopening
from app.judging.queries import panels as panel_queries
from app.judging.queries import progress as queries
from app.notify.addresses import absolute
from app.notify.rendering import render

from .loading import may_run, run_edition, stage_of, watched_edition

bp = Blueprint("progress", __name__, url_prefix="/manage/<code>/progress")
bp.before_request(require_sign_in)
MAX_WORDS = 2000


@bp.get("/")
def index(code: str) -> ResponseReturnValue:
    """All judged stages with their panels; the chosen one in detail."""
    edition = watched_edition(code)
    stages = queries.judged_stages(db.session, edition)
    return _page(edition, _chosen(stages), 200)


def _chosen(stages: list[Stage]) -> Stage | None:
    """The stage asked for, else the open one, else the first that is not over."""
    wanted = request.args.get("stage", "")
    asked = next((s for s in stages if str(s.position) == wanted), None)
    running = next((s for s in stages if s.state == StageState.OPEN), None)
    waiting = next((s for s in stages if s.state == StageState.PREPARING), None)
    return asked or running or waiting or (stages[-1] if stages else None)


def _page(edition: Edition, stage: Stage | None, status: int, refusal: str = "") -> Any:
    stages = queries.judged_stages(db.session, edition)
    judges = queries.judges_of(db.session, stage) if stage is not None else []
    entries = queries.entries_of(db.session, stage) if stage is not None else []
    page = render_template(
        "judging/progress/index.html", edition=edition, stages=stages, stage=stage, judges=judges, entries=entries, refusal=refusal,
        panels=panel_queries.panels_of(db.session, [stage.id])[stage.id] if stage is not None else [], may_run=may_run(edition),
        reopenings=_reopenings(edition, stage),
        missing=sum(row.assigned - row.signed for row in judges), fewest=stage.rules.aggregation.min_judges if stage is not None else 0,
    )  # fmt: skip
    return page, status


def _reopenings(edition: Edition, stage: Stage | None) -> list[dict[str, Any]]:
    """Requests with whether this reader may decide them."""
    rows = queries.reopenings_of(db.session, stage) if stage is not None else []
    return [
        {
            "reopening": row.reopening, "seat": row.seat, "code": row.code, "asked_by": row.asked_by,
            "may_decide": bool(can_decide_reopening(actor(), edition, row.seat, row.chair_user_id, row.reopening.asked_by_id)),
        }
        for row in rows
    ]  # fmt: skip


@bp.route("/<int:position>/reminders", methods=["GET", "POST"])
def reminders(code: str, position: int) -> ResponseReturnValue:
    """Choose judges, add a word, read the mail, send it."""
    edition = run_edition(code)
    stage = stage_of(edition, position)
    words = str(tidy(request.form.get("words", "")))
    fault = text_fault(words, MAX_WORDS)
    link = absolute("judging.desk.index")
    if request.method == "POST" and request.form.get("step") == "send" and not fault:
        chosen = {int(text) for text in request.form.getlist("seats") if text.isascii() and text.isdigit() and len(text) < 12}
        with atomic() as session:
            count = reminding.remind_judges(session, stage=stage, seat_ids=chosen, words=words, link=link, actor=actor(), now=now())
        flash(_("%(count)s reminders are on their way.", count=count), "success" if count else "info")
        return see_other(".index", code=code, stage=position)
    waiting = reminding.reminders_for(db.session, stage=stage, words="" if fault else words, link=link, now=now())
    sample = render("judging/reminder", waiting[0].user.locale, waiting[0].context) if waiting else None
    page = render_template(
        "judging/progress/reminders.html", edition=edition, stage=stage, waiting=waiting, words=words, fault=fault, sample=sample
    )
    return page, 422 if fault else 200


@bp.get("/<int:position>/sheets")
def sheets(code: str, position: int) -> ResponseReturnValue:
    """The signed sheets: who, when, receipt; totals only once the reader may see them."""
    edition = watched_edition(code)
    stage = stage_of(edition, position)
    rows = queries.signed_sheets(db.session, actor(), stage, edition, now())
    may_ask = may_run(edition) and stage.state == StageState.OPEN
    return render_template("judging/progress/sheets.html", edition=edition, stage=stage, rows=rows, may_ask=may_ask)


@bp.post("/<int:position>/opening")
def open_(code: str, position: int) -> ResponseReturnValue:
    """Let judging begin; the rules are frozen."""
    edition = run_edition(code)
    stage = stage_of(edition, position)
    try:
        with atomic() as session:
            open_stage(session, stage=stage, actor=actor(), now=now())
    except DomainError as error:
        return _again(code, position, error)
    flash(_("The stage is open. Its rules are frozen, and judges may score."), "success")
    return see_other(".index", code=code, stage=position)


@bp.post("/<int:position>/sealing")
def seal(code: str, position: int) -> ResponseReturnValue:
    """End judging for good."""
    edition = run_edition(code)
    stage = stage_of(edition, position)
    reason = typed_text("reason", 1000)
    try:
        with atomic() as session:
            sealing.seal_judging(session, stage=stage, reason=reason, actor=actor(), now=now())
    except DomainError as error:
        return _again(code, position, error)
    flash(_("The stage is sealed. Its results can be computed now."), "success")
    return see_other(".index", code=code, stage=position)


def _again(code: str, position: int, error: DomainError) -> Any:
    edition = run_edition(code)
    return _page(edition, found(stage_of(edition, position)), 422, str(error))
