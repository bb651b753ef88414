"""Public notices of an edition: drafted from a released result, published with a number, withdrawn with a reason."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.gates import require_recent_sign_in, require_sign_in
from app.calls.models import Edition
from app.calls.policies import can_manage_edition
from app.core import clock
from app.core.authz import authorize
from app.core.db import db
from app.core.errors import NotFound
from app.core.forms import ReasonForm
from app.core.uow import atomic
from app.core.web import actor, asked_number, found, now, see_other
from app.notices.documents import notice_pdf
from app.notices.models import Notice
from app.notices.operations import edit_notice, publish_notice, withdraw_notice
from app.notices.phases import phase_of
from app.notices.queries import code_of_notice, notice_of_edition, notices_of_edition
from app.results import queries
from app.results.enums import RunState
from app.results.forms import NoticeForm, StepForm
from app.results.models import ResultRun
from app.results.operations.notices import draft_result_notice, drop_result_notice
from app.results.policies import can_publish_notice, can_read_results
from app.settings.calendar import is_estimated, load_calendar, working_days_from

from .answers import file_answer
from .loading import edition_for_staff, frame, locale_name, run_for_staff

bp = Blueprint("notices", __name__, url_prefix="/manage/<code>/notices")
bp.before_request(require_sign_in)


def today(edition: Edition) -> date:
    return clock.local_date(now(), edition.zone)


@bp.get("/")
def index(code: str) -> ResponseReturnValue:
    edition = edition_for_staff(code)
    authorize(can_read_results(actor(), edition))
    rows = notices_of_edition(db.session, edition.id)
    phases = {notice.id: phase_of(notice, today(edition)) for notice in rows}
    return render_template("notices/manage/index.html", rows=rows, phases=phases, **frame(edition))


@bp.route("/new", methods=["GET", "POST"])
def new(code: str) -> ResponseReturnValue:
    """A draft from a released run; the texts are proposed and can be changed."""
    edition, run = run_for_staff(code, asked_number("run") or 0)
    if run.state != RunState.RELEASED:
        raise NotFound
    authorize(can_manage_edition(actor(), edition))
    form = NoticeForm(data=None if request.method == "POST" else proposed(edition, run))
    if form.validate_on_submit():
        with form.showing_errors():
            with atomic() as session:
                notice = draft_result_notice(session, run=run, actor=actor(), now=now(), **form.values())
            return see_other(".show", code=code, notice_id=notice.id)
        edition, run = run_for_staff(code, run.id)
    shown = next(iter(queries.public_results(db.session, edition.id, run_id=run.id)), None)
    page = render_template("notices/manage/edit.html", form=form, run=run, shown=shown, notice=None, end=_end(form), **frame(edition))
    return page, 422 if request.method == "POST" else 200


def proposed(edition: Edition, run: ResultRun) -> dict[str, object]:
    """What most notices say; the first day is the next working day from today on."""
    rules = queries.rules_of(db.session, run)
    start = load_calendar(db.session, (today(edition).year, today(edition).year + 1)).next_working(today(edition))
    given = edition.rules
    return {
        "title": f"关于{edition.title}{run.stage.name}（{run.call.name}）结果的公示",
        "title_en": f"Public notice of results: {edition.title_en or edition.title}, {run.stage.name_en or run.stage.name}",
        "body": f"根据本赛事规则，现将{run.stage.name}结果予以公示。",
        "body_en": f"Under the rules of this contest, the results of {run.stage.name_en or run.stage.name} are put on public notice.",
        "starts_on": start,
        "working_days": rules.notice_days,
        "contact": given.objection_contact,
        "discipline_contact": given.discipline_contact,
        "address": given.address,
    }


@bp.get("/<int:notice_id>")
def show(code: str, notice_id: int) -> ResponseReturnValue:
    edition, notice = _load(code, notice_id)
    authorize(can_read_results(actor(), edition))
    return _page(edition, notice)


def _page(edition: Edition, notice: Notice, form: object = None, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "notices/manage/show.html", notice=notice, phase=phase_of(notice, today(edition)), form=form, **frame(edition),
        estimated=is_estimated(db.session, notice.starts_on, notice.ends_on), may_publish=can_publish_notice(actor(), edition),
    )  # fmt: skip
    return page, status


@bp.route("/<int:notice_id>/edit", methods=["GET", "POST"])
def edit(code: str, notice_id: int) -> ResponseReturnValue:
    """Texts and period of a draft."""
    edition, notice = _load(code, notice_id)
    authorize(can_manage_edition(actor(), edition))
    form = NoticeForm(obj=notice)
    if form.validate_on_submit():
        with form.showing_errors():
            with atomic() as session:
                edit_notice(session, notice=notice, actor=actor(), now=now(), **form.values())
            return see_other(".show", code=code, notice_id=notice_id)
        edition, notice = _load(code, notice_id)
    page = render_template("notices/manage/edit.html", form=form, run=None, shown=None, notice=notice, end=_end(form), **frame(edition))
    return page, 422 if request.method == "POST" else 200


@bp.post("/<int:notice_id>/publish")
def publish(code: str, notice_id: int) -> ResponseReturnValue:
    """Number, digest, immutable rows: from now on everybody can read it."""
    edition, notice = _load(code, notice_id)
    authorize(can_publish_notice(actor(), edition))
    if challenge := require_recent_sign_in():
        return challenge
    form = StepForm()
    if form.validate_on_submit():
        with form.showing_errors():
            with atomic() as session:
                publish_notice(session, notice=notice, zone=edition.zone, actor=actor(), now=now())
            flash(_("The notice is published."), "success")
            return see_other(".show", code=code, notice_id=notice_id)
    return _page(*_load(code, notice_id), form, 422)


@bp.post("/<int:notice_id>/withdraw")
def withdraw(code: str, notice_id: int) -> ResponseReturnValue:
    edition, notice = _load(code, notice_id)
    authorize(can_publish_notice(actor(), edition))
    form = ReasonForm()
    if form.validate_on_submit():
        with form.showing_errors():
            with atomic() as session:
                withdraw_notice(session, notice=notice, reason=form.reason.data or "", actor=actor(), now=now())
            return see_other(".show", code=code, notice_id=notice_id)
    return _page(*_load(code, notice_id), form, 422)


@bp.post("/<int:notice_id>/drop")
def drop(code: str, notice_id: int) -> ResponseReturnValue:
    """Throw a draft away."""
    edition, notice = _load(code, notice_id)
    authorize(can_manage_edition(actor(), edition))
    form = StepForm()
    if form.validate_on_submit():
        with form.showing_errors():
            with atomic() as session:
                drop_result_notice(session, notice=notice, actor=actor(), now=now())
            return see_other(".index", code=code)
    return _page(*_load(code, notice_id), form, 422)


@bp.get("/<int:notice_id>.pdf")
def pdf(code: str, notice_id: int) -> ResponseReturnValue:
    edition, notice = _load(code, notice_id)
    authorize(can_read_results(actor(), edition))
    content = notice_pdf(notice, code=code_of_notice(db.session, notice.id), issuer=edition.host.name, locale=locale_name())
    return file_answer(content, "application/pdf", f"{notice.number or 'draft'}.pdf", inline=True)


def _load(code: str, notice_id: int) -> tuple[Edition, Notice]:
    edition = edition_for_staff(code)
    return edition, found(notice_of_edition(db.session, edition.id, notice_id))


def _end(form: NoticeForm) -> date | None:
    """The last day by the calendar, for what is typed now."""
    start, days = form.starts_on.data, form.working_days.data
    if start is None or days is None or not 1 <= days <= 60 or not 2000 <= start.year <= 2100:
        return None
    return working_days_from(db.session, start, days)
