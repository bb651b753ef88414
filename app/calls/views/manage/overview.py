"""An edition at a glance: what is missing, what waits, what can be done next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from app.accounts.gates import require_recent_sign_in
from app.calls.enums import ApprovalSubject, EditionAction, EditionPhase, EditionState
from app.calls.models import Edition
from app.calls.operations import publishing
from app.calls.operations.approvals import ask_change
from app.calls.phases import NOT_OVER, phase_of
from app.calls.policies import can_approve_edition, can_manage_edition
from app.calls.queries import calls_in, edition_checklist, pending_approvals, phase_facts, stages_in
from app.calls.stagekinds import JUDGED
from app.calls.states import EDITION
from app.calls.waiting import edition_tasks
from app.core.clock import local_date
from app.core.db import db
from app.core.errors import DomainError
from app.core.uow import atomic
from app.core.web import actor, now, see_other, typed_text

from .loading import approved_edition, managed_edition, watched_edition

ANCHORS = {
    "about": "calls.manage.about", "divisions": "calls.manage.divisions", "conditions": "calls.manage.divisions",
    "forms": "calls.manage.divisions", "stages": "calls.manage.stages", "timeline": "calls.manage.timeline", "notice": "calls.manage.about",
    "staff": "calls.manage.staff",
}  # fmt: skip

SECTIONS = {
    "about": _l("Texts and contacts"), "divisions": _l("Divisions"), "conditions": _l("Conditions of entry"), "forms": _l("Forms"),
    "stages": _l("Stages and rules"), "timeline": _l("Timeline"), "notice": _l("Public notice and objections"), "staff": _l("Staff"),
}  # fmt: skip


def routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/<code>/", "overview", overview)
    blueprint.add_url_rule("/<code>/request-publication", "request_publication", request_publication, methods=["POST"])
    blueprint.add_url_rule("/<code>/publish", "publish", publish, methods=["POST"])
    blueprint.add_url_rule("/<code>/send-back", "send_back", send_back, methods=["POST"])
    blueprint.add_url_rule("/<code>/cancel", "cancel", cancel, methods=["POST"])
    blueprint.add_url_rule("/<code>/discard", "discard", discard, methods=["POST"])
    blueprint.add_url_rule("/<code>/archive", "archive", archive, methods=["POST"])


def overview(code: str) -> ResponseReturnValue:
    """The edition's first page."""
    return _page(watched_edition(code))


def request_publication(code: str) -> ResponseReturnValue:
    """The organizer asks the host."""
    told = _("The host has been asked to publish.")
    return _step(code, managed_edition, publishing.request_publication, told)


def publish(code: str) -> ResponseReturnValue:
    """The host publishes."""
    approved_edition(code)
    if challenge := require_recent_sign_in():
        return challenge
    return _step(code, approved_edition, publishing.publish_edition, _("The edition is published, with its rule dossier."))


def send_back(code: str) -> ResponseReturnValue:
    """The host wants something changed first."""
    return _step(code, approved_edition, publishing.send_back, _("The edition is back in preparation."), reason=reason())


def cancel(code: str) -> ResponseReturnValue:
    """Ask to call the contest off; a second person at the host decides."""
    told = _("The host has been asked to decide on the change.")
    return _step(code, managed_edition, _ask_to_cancel, told, page="approvals", reason=reason())


def archive(code: str) -> ResponseReturnValue:
    """The host closes the file."""
    return _step(code, approved_edition, publishing.archive_edition, _("The edition is archived."))


def discard(code: str) -> ResponseReturnValue:
    """Put away what was never public."""
    told = _("The edition is discarded. Its code can be used again.")
    return _step(code, managed_edition, publishing.discard_edition, told, page="index", reason=reason())


def _ask_to_cancel(session: Session, *, edition: Edition, **given: Any) -> None:
    ask_change(session, edition=edition, subject=ApprovalSubject.CANCELLATION, thing_id=edition.id, payload={}, **given)


def _step(
    code: str, load: Callable[[str], Edition], act: Callable[..., object], told: str, page: str = "overview", **given: Any
) -> ResponseReturnValue:
    """One operation on the edition that ``load`` allows; a refusal is said on its first page."""
    edition = load(code)
    try:
        with atomic() as session:
            act(session, edition=edition, **given, actor=actor(), now=now())
    except DomainError as error:
        return _page(load(code), str(error)), 422
    flash(told, "success")
    return see_other(f"calls.manage.{page}", **({} if page == "index" else {"code": code}))


def reason() -> str:
    """The reason typed beside a button, at most a thousand characters, without control characters."""
    return typed_text("reason", 1000)


def _page(edition: Edition, error: str = "") -> str:
    checklist = edition_checklist(db.session, edition, now())
    facts = phase_facts(db.session, edition, now(), local_date(now(), edition.zone))
    running = edition.state == EditionState.PUBLISHED
    phase = phase_of(facts, now(), local_date(now(), edition.zone))
    return render_template(
        "calls/manage/overview.html", edition=edition, error=error, checklist=checklist, anchors=ANCHORS, facts=facts,
        phase=phase, calls=calls_in(db.session, edition),
        stages=stages_in(db.session, edition), pending=pending_approvals(db.session, edition),
        tasks=edition_tasks(db.session, edition, now()) if running else [],
        JUDGED=JUDGED, subject_label=lambda word: ApprovalSubject(word).label, section_label=SECTIONS.get,
        actions=_actions(edition, ready=not any(f.blocks for section in checklist for f in section.faults), phase=phase),
    )  # fmt: skip


def _actions(edition: Edition, *, ready: bool, phase: EditionPhase) -> list[dict[str, Any]]:
    """Machine ∩ policies. A file is closed on what took place: not offered before the last window has ended."""
    staff, host = bool(can_manage_edition(actor(), edition)), bool(can_approve_edition(actor(), edition))
    offered = [
        (EditionAction.PUBLISH, host, _("Publish"), "publish",
         {"style": "primary", "icon": "broadcast", "confirm": _("The page and the rule dossier become public.")}),
        (EditionAction.REQUEST_APPROVAL, staff, _("Ask the host to publish"), "request_publication",
         {"style": "primary", "icon": "send", "disabled_reason": "" if ready else _("First complete what the checklist demands.")}),
        (EditionAction.SEND_BACK, host, _("Send back"), "send_back", {"icon": "arrow-return-left", "needs_reason": True}),
        (EditionAction.ARCHIVE, host, _("Archive"), "archive", {"icon": "archive", "confirm": _("Nothing can be changed afterwards.")}),
        (EditionAction.DISCARD, staff, _("Discard"), "discard",
         {"style": "danger", "icon": "trash", "needs_reason": True,
          "confirm": _("It disappears from your lists. Nothing of it was public.")}),
        (EditionAction.CANCEL, staff, _("Call off"), "cancel",
         {"style": "danger", "icon": "x-octagon", "needs_reason": True, "confirm": _("Another person at the host decides.")}),
    ]  # fmt: skip
    allowed = set(EDITION.actions(edition.state))
    if phase in NOT_OVER:
        allowed.discard(EditionAction.ARCHIVE)
    return [
        {"label": label, "url": url_for(f"calls.manage.{endpoint}", code=edition.code), "style": "secondary", **more}
        for action, may, label, endpoint, more in offered
        if may and action in allowed
    ]
