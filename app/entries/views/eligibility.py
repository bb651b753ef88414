"""Eligibility first, account second: the questions of a call, answered before anything else, and the start of an entry."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import Blueprint, g, render_template, request, url_for
from flask import session as browser
from flask_babel import gettext as _
from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice

from app.accounts.gates import require_sign_in
from app.accounts.views.cookies import ELIGIBILITY as KEPT
from app.calls.models import Call, Edition
from app.calls.policies import can_view_edition
from app.calls.queries.editions import call_in, edition_by_code
from app.calls.rules.eligibility import LIMITS, Finding, Question, eligible, evaluate, questions, reading
from app.calls.sentences import eligibility_sentence
from app.calls.windows import is_open
from app.core import clock
from app.core.authz import ALLOW, authorize
from app.core.db import db
from app.core.errors import NotFound
from app.core.forms import AnswerField, ExactField, Form
from app.core.uow import atomic
from app.core.web import actor, found, now, see_other
from app.dynforms.building import AnswerDate
from app.entries.forms.entering import StartForm
from app.entries.operations.drafts import start_entry

from .loading import page_locale

bp = Blueprint("eligibility", __name__, url_prefix="/contests/<edition_code>/<call_code>")
MAX_KEPT = 5


def _call(edition_code: str, call_code: str) -> tuple[Edition, Call]:
    edition = found(edition_by_code(db.session, edition_code))
    if not can_view_edition(actor(), edition):
        raise NotFound
    authorize(ALLOW)
    g.zone = edition.zone
    return edition, found(call_in(db.session, edition, call_code))


@bp.route("/check", methods=["GET", "POST"])
def check(edition_code: str, call_code: str) -> Any:
    """May we enter? A few questions, an answer with its reason for each condition; nothing is stored on the server."""
    edition, call = _call(edition_code, call_code)
    asked = questions(call.rules.eligibility)
    form = _form(asked)(data=_shown(call, asked)) if request.method == "GET" else _form(asked)()
    if request.method == "POST":
        if form.validate():
            _keep(call, {q.key: form[q.key].data for q in asked})
            return see_other(".check", edition_code=edition_code, call_code=call_code, _anchor="result")
        return _page(edition, call, form, []), 422
    findings = findings_of(call) if kept_answers(call) is not None or not asked else []
    return _page(edition, call, form, findings)


def _page(edition: Edition, call: Call, form: Form, findings: list[Finding]) -> str:
    rows = [(finding, eligibility_sentence(finding.rule)) for finding in findings]
    return render_template(
        "entries/eligibility/check.html", edition=edition, call=call, form=form, rows=rows,
        verdict=eligible(findings) if findings or not call.rules.eligibility else None,
        answered=bool(findings) or not call.rules.eligibility, is_open=is_open(call, now()), page_locale=page_locale(),
        start_url=url_for(".start", edition_code=edition.code, call_code=call.code),
    )  # fmt: skip


def kept_answers(call: Call) -> dict[str, Any] | None:
    """The answers this browser gave for the call."""
    kept = browser.get(KEPT, {}).get(str(call.id))
    return dict(kept) if isinstance(kept, dict) else None


def _shown(call: Call, asked: list[Question]) -> dict[str, Any]:
    """The kept answers as the form's inputs want them."""
    kept = kept_answers(call) or {}
    texts = {"yes_no", "choice", "area"}
    return {q.key: kept.get(q.key) if q.kind in texts else reading(kept, q.key) for q in asked}


def _keep(call: Call, answers: dict[str, Any]) -> None:
    """In the signed cookie until there is an account; only the last few calls, so that the cookie stays small."""
    plain = {key: ("" if value is None else str(value)) for key, value in answers.items()}
    others = {key: value for key, value in browser.get(KEPT, {}).items() if key != str(call.id)}
    latest = dict(list(others.items())[-(MAX_KEPT - 1) :])
    browser[KEPT] = {**latest, str(call.id): plain}


def findings_of(call: Call) -> list[Finding]:
    on = clock.local_date(call.closes_at, call.edition.zone)
    return evaluate(call.rules.eligibility, kept_answers(call) or {}, on)


@bp.route("/start", methods=["GET", "POST"])
def start(edition_code: str, call_code: str) -> Any:
    """Begin the entry: who was found eligible and has an account."""
    gate = require_sign_in()
    if gate is not None:
        authorize(ALLOW)
        return gate
    edition, call = _call(edition_code, call_code)
    answers, findings = kept_answers(call), findings_of(call)
    if call.rules.eligibility and answers is None:
        return see_other(".check", edition_code=edition_code, call_code=call_code)
    passed = eligible(findings)
    form = StartForm()
    if request.method == "POST" and form.validate():
        with form.showing_errors(), atomic() as session:
            entry = start_entry(
                session, call=call, title=form.title.data, unit_name=form.unit_name.data or "", eligibility=_record(answers,
                    findings, passed),
                actor=actor(), now=clock.now(),
            )  # fmt: skip
            return see_other("entries.team.overview", code=entry.code)
    page = render_template(
        "entries/eligibility/start.html", edition=edition, call=call, form=form, passed=passed, page_locale=page_locale()
    )
    return page, (422 if request.method == "POST" else 200)


def _record(answers: dict[str, Any] | None, findings: list[Finding], passed: bool | None) -> dict[str, Any]:
    """What is kept with the entry: the answers and what came of each condition, so that the office can compare."""
    rows = [{"kind": f.rule.kind, "outcome": f.outcome.value, "reason": f.reason, "waived": f.is_waived} for f in findings]
    return {"answers": answers or {}, "findings": rows, "passed": passed}


def _form(asked: list[Question]) -> type[Form]:
    return type("EligibilityForm", (Form,), {question.key: _input(question) for question in asked})


def _input(question: Question) -> Any:
    if question.kind == "date":
        return AnswerDate(question.label)
    if question.kind in {"number", "integer", "year"}:
        low, high = LIMITS.get(question.key, (0, None))
        if question.kind == "year":
            high = clock.local_date(now()).year
        return ExactField(question.label, places=4 if question.kind == "number" else 0, low=_exact(low), high=_exact(high))
    if question.kind == "choice":
        return SelectField(question.label, choices=[SelectChoice(*pair) for pair in _degrees()], default="")
    if question.kind == "yes_no":
        return AnswerField(question.label, choices=[SelectChoice("yes", _("Yes")), SelectChoice("no", _("No"))])
    return StringField(question.label)


def _exact(limit: int | None) -> Decimal | None:
    return None if limit is None else Decimal(limit)


def _degrees() -> list[tuple[str, str]]:
    return [("", "—"), ("none", _("None")), ("bachelor", _("Bachelor")), ("master", _("Master")), ("doctor", _("Doctor"))]
