"""Stages: order, dates, rules, rubrics; opening and sealing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from msgspec.structs import replace

from app.accounts.gates import require_recent_sign_in
from app.calls import sentences
from app.calls.affected import in_words
from app.calls.enums import ApprovalSubject, StageKind
from app.calls.forms.rows import more
from app.calls.forms.rubric import RubricForm
from app.calls.forms.stages import ChecklistForm, StageForm, StageRulesForm
from app.calls.models import Edition, Stage
from app.calls.operations import stage_rules
from app.calls.operations.approvals import ask_change
from app.calls.operations.stages import open_stage, seal_stage
from app.calls.queries import axes_of, stages_in
from app.calls.queries.approvals import before_asking
from app.calls.rules import Rubric, StageRules, stretched
from app.calls.rules.checks import rubric_faults, stage_faults
from app.calls.stagekinds import JUDGED
from app.core.db import db
from app.core.errors import DomainError, NotFound
from app.core.markup import named
from app.core.uow import atomic
from app.core.web import actor, answer_form, now, see_other

from .loading import is_draft, managed_edition, stage_named, watched_edition


def routes(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule("/<code>/stages", "stages", stages, methods=["GET", "POST"])
    rule("/<code>/stages/<int:stage_id>", "stage", stage, methods=["GET", "POST"])
    rule("/<code>/stages/<int:stage_id>/dates", "stage_dates", stage_dates, methods=["GET", "POST"])
    rule("/<code>/stages/<int:stage_id>/rubrics/<group>", "rubric", rubric, methods=["GET", "POST"])
    rule("/<code>/stages/<int:stage_id>/open", "open_stage", open_, methods=["POST"])
    rule("/<code>/stages/<int:stage_id>/seal", "seal_stage", seal, methods=["POST"])
    rule("/<code>/stages/<int:stage_id>/move", "move_stage", move, methods=["POST"])
    rule("/<code>/stages/<int:stage_id>/remove", "remove_stage", remove, methods=["POST"])


def stages(code: str) -> ResponseReturnValue:
    """All stages; a further one at the end."""
    edition = watched_edition(code) if request.method == "GET" else managed_edition(code)
    rows = stages_in(db.session, edition)
    form = StageForm()
    if not form.is_submitted():
        form.kind.data = StageKind.ONLINE_REVIEW.value
        form.opens_at.data, form.closes_at.data = stage_rules.next_dates(rows, now())
    elif form.validate():
        with form.showing_errors(), atomic() as session:
            added = stage_rules.add_stage(
                session, edition=edition, kind=StageKind(form.kind.data), name=form.name.data or "", name_en=form.name_en.data or "",
                opens_at=form.opens_at.data, closes_at=form.closes_at.data, actor=actor(), now=now(),
            )  # fmt: skip
        if not form.errors:
            return see_other("calls.manage.stage", code=code, stage_id=added.id)
    return _list(code, form)


def _list(code: str, form: StageForm, error: str = "") -> ResponseReturnValue:
    edition = watched_edition(code)
    rows = stages_in(db.session, edition)
    groups = {axis.code: named(axis) for axis in axes_of(db.session, edition)["groups"]}
    faults = {row.id: stage_faults(row.rules, judged=row.kind in JUDGED, earlier=_has_earlier(rows, row)) for row in rows}
    page, status = answer_form(
        "calls/manage/stages.html", "form", form, edition=edition, stages=rows, faults=faults, error=error, JUDGED=JUDGED, groups=groups
    )
    return page, 422 if error else status


def _has_earlier(rows: list[Stage], row: Stage) -> bool:
    """Whether a judged stage comes before this one."""
    return any(other.kind in JUDGED and other.position < row.position for other in rows)


def stage(code: str, stage_id: int) -> ResponseReturnValue:
    """The rules of a stage with a sentence beside each; ``preview`` shows what was typed without saving it."""
    edition = managed_edition(code)
    row = stage_named(edition, stage_id)
    form: Any = StageRulesForm() if row.kind in JUDGED else ChecklistForm()
    lists = ("category_weights", "ties", "quotas", "awards", "checklist")
    typed = row.rules
    if not form.is_submitted():
        form.show(row.rules)
    elif (wanted := request.form.get("add", "")) in lists:
        more(form[wanted])
    elif form.validate():
        typed = form.rules(row.rules)
        if "preview" not in request.form and _saved(form, edition, row, typed):
            return see_other("calls.manage.stage", code=code, stage_id=stage_id)
        edition = managed_edition(code)
        row = stage_named(edition, stage_id)
    return _rules_page(form, edition, row, typed)


def _rules_page(form: Any, edition: Edition, row: Stage, typed: StageRules) -> ResponseReturnValue:
    axes = axes_of(db.session, edition)
    names = {axis.code: named(axis) for axis in axes["groups"]}
    if isinstance(form, StageRulesForm):
        form.offer([(axis.code, named(axis)) for axis in (*axes["groups"], *axes["regions"])], row.rules)
    template = "calls/manage/stage.html" if row.kind in JUDGED else "calls/manage/checklist.html"
    context = {
        "form": form, "edition": edition, "stage": row, "rules": typed, "groups": names, **_asking(edition, row),
        "faults": stage_faults(typed, judged=row.kind in JUDGED, earlier=_has_earlier(stages_in(db.session, edition), row)),
        **sentences.FOR_TEMPLATES, **_texts(typed, names),
    }  # fmt: skip
    if "preview" in request.form:
        return render_template("calls/manage/_sentences.html", **context)
    return render_template(template, **context), 422 if form.errors else 200


def _asking(edition: Edition, row: Stage, subject: ApprovalSubject = ApprovalSubject.STAGE_RULES) -> dict[str, Any]:
    """Whether the form saves or asks, and what is to be known before asking."""
    return {"is_draft": is_draft(edition), "in_words": in_words, "asking": before_asking(db.session, edition, subject, row.id)}


def _texts(rules: StageRules, names: dict[str, str]) -> dict[str, list[str]]:
    """The sentences of each part of the rules."""
    return {
        "panel_texts": list(sentences.panel_sentences(rules)),
        "computing_texts": [*sentences.aggregation_sentences(rules), sentences.carry_sentence(rules)],
        "tie_texts": list(sentences.tie_sentences(rules)),
        "advance_texts": list(sentences.advancement_sentences(rules, names)),
        "award_texts": [sentences.award_sentence(level) for level in rules.awards],
        "disclosure_texts": list(sentences.disclosure_sentences(rules)),
    }


def _saved(form: Any, edition: Edition, row: Stage, rules: StageRules) -> bool:
    """Save in preparation, ask once published."""
    with form.showing_errors(), atomic() as session:
        if is_draft(edition):
            stage_rules.save_stage_rules(session, stage=row, rules=rules, actor=actor(), now=now())
        else:
            ask_change(session, edition=edition, subject=ApprovalSubject.STAGE_RULES, thing_id=row.id,
                       payload={"rules": msgspec.json.encode(rules).decode()},
                       reason=form.reason.data or "", actor=actor(), now=now())  # fmt: skip
    if form.errors:
        return False
    flash(_("Saved.") if is_draft(edition) else _("The host has been asked to decide on the change."), "success")
    return True


def rubric(code: str, stage_id: int, group: str) -> ResponseReturnValue:
    """The rubric of a group (``*``: of all others). A rubric with faults may be saved, but judging cannot open by it."""
    edition = managed_edition(code)
    row = stage_named(edition, stage_id)
    groups = {axis.code: named(axis) for axis in axes_of(db.session, edition)["groups"]}
    if row.kind not in JUDGED or (group != "*" and group not in groups):
        raise NotFound
    form = RubricForm()
    typed = row.rules.rubrics.get(group) or row.rules.rubrics.get("*") or Rubric()
    if not form.is_submitted():
        form.show(typed)
    elif (wanted := request.form.get("add", "")) in ("criteria", "deductions", "gates"):
        more(form[wanted])
    elif form.validate():
        typed = stretched(typed, form.rubric())
        rules = replace(row.rules, rubrics={**row.rules.rubrics, group: typed})
        if "preview" not in request.form and _saved(form, edition, row, rules):
            return see_other("calls.manage.rubric", code=code, stage_id=stage_id, group=group)
        edition = managed_edition(code)
        row = stage_named(edition, stage_id)
    template = "calls/manage/_rubric_preview.html" if "preview" in request.form else "calls/manage/rubric.html"
    page = render_template(
        template, form=form, edition=edition, stage=row, group=group, groups=groups, rubric=typed, faults=rubric_faults(typed),
        **_asking(edition, row), **sentences.FOR_TEMPLATES,
    )  # fmt: skip
    return page, 422 if form.errors else 200


def stage_dates(code: str, stage_id: int) -> ResponseReturnValue:
    """Name and dates of a stage."""
    edition = managed_edition(code)
    row = stage_named(edition, stage_id)
    form = StageForm(obj=row)
    del form.kind
    if form.validate_on_submit():
        with form.showing_errors(), atomic() as session:
            if is_draft(edition):
                stage_rules.edit_stage(
                    session, stage=row, name=form.name.data or "", name_en=form.name_en.data or "", opens_at=form.opens_at.data,
                    closes_at=form.closes_at.data, actor=actor(), now=now(),
                )  # fmt: skip
            else:
                payload = {"window": [form.opens_at.data.isoformat(), form.closes_at.data.isoformat()]}
                ask_change(session, edition=edition, subject=ApprovalSubject.STAGE_WINDOW, thing_id=row.id, payload=payload,
                           reason=form.reason.data or "", actor=actor(), now=now())  # fmt: skip
        if not form.errors:
            flash(_("Saved.") if is_draft(edition) else _("The host has been asked to decide on the change."), "success")
            return see_other("calls.manage.stages", code=code)
        edition = managed_edition(code)
        row = stage_named(edition, stage_id)
    return answer_form(
        "calls/manage/stage_dates.html", "form", form, edition=edition, stage=row, **_asking(edition, row, ApprovalSubject.STAGE_WINDOW)
    )


def open_(code: str, stage_id: int) -> ResponseReturnValue:
    """Let judging begin; the rules, with their weights, are frozen."""
    managed_edition(code)
    if challenge := require_recent_sign_in():
        return challenge
    return _step(
        code,
        stage_id,
        lambda session, row: open_stage(session, stage=row, actor=actor(), now=now()),
        _("The stage is open. Its rules are frozen."),
    )


def seal(code: str, stage_id: int) -> ResponseReturnValue:
    """Close a stage for good. One that judges mark is sealed on judging's page, which looks for unsigned sheets first."""
    if stage_named(managed_edition(code), stage_id).kind in JUDGED:
        raise NotFound
    return _step(code, stage_id, lambda session, row: seal_stage(session, stage=row, actor=actor(), now=now()), _("The stage is sealed."))


def move(code: str, stage_id: int) -> ResponseReturnValue:
    """One place up or down."""
    earlier = request.form.get("way") == "up"
    return _step(
        code, stage_id, lambda session, row: stage_rules.move_stage(session, stage=row, earlier=earlier, actor=actor(), now=now()), ""
    )


def remove(code: str, stage_id: int) -> ResponseReturnValue:
    """Take the stage out of an edition in preparation."""
    return _step(
        code,
        stage_id,
        lambda session, row: stage_rules.remove_stage(session, stage=row, actor=actor(), now=now()),
        _("The stage is removed."),
    )


def _step(code: str, stage_id: int, act: Callable[[Any, Stage], object], said: str) -> ResponseReturnValue:
    """One operation on a stage, from the list."""
    row = stage_named(managed_edition(code), stage_id)
    try:
        with atomic() as session:
            act(session, row)
    except DomainError as error:
        form = StageForm(formdata=None)
        form.opens_at.data, form.closes_at.data = stage_rules.next_dates([], now())
        return _list(code, form, str(error))
    if said:
        flash(said, "success")
    return see_other("calls.manage.stages", code=code)
