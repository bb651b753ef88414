"""Questions to the host with names, what would change in words, and whom it affects."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, aliased, joinedload

from app.accounts.models import User
from app.calls.affected import affected
from app.calls.enums import ApprovalSubject, EditionState
from app.calls.models import Approval, Call, Edition, Stage
from app.calls.rules import CallRules, StageRules
from app.calls.sentences import award_sentence, criterion_line, disclosure_sentences, eligibility_sentence, rubric_sentence, stage_sentences
from app.core.display import instant
from app.core.markup import named, pick

from .editions import forms_for

STAGED = (ApprovalSubject.STAGE_RULES, ApprovalSubject.STAGE_WINDOW)


@dataclass(frozen=True)
class ApprovalLine:
    """One question. ``before`` and ``after`` are sentences; equal ones are left out."""

    approval: Approval
    subject: object
    thing: str
    asker: str
    decider: str
    before: list[str]
    after: list[str]
    touched: dict[str, int]

    @property
    def is_waiting(self) -> bool:
        return self.approval.decided_at is None

    @property
    def has_lapsed(self) -> bool:
        """Ended without a decision."""
        return self.approval.decided_at is not None and self.approval.approved is None

    @property
    def was_withdrawn(self) -> bool:
        return self.approval.approved is False and self.approval.decided_by_id == self.approval.asked_by_id


@dataclass(frozen=True)
class Asking:
    """What is to be known before a change is asked for: whom it would touch, and since when another one of it waits."""

    touched: dict[str, int]
    waiting_since: datetime | None


@dataclass(frozen=True)
class _Known:
    """What the sentences name, by id."""

    calls: dict[int, Call]
    stages: dict[int, Stage]
    forms: dict[int, str]


def approval_in(session: Session, edition: Edition, approval_id: int) -> Approval | None:
    return session.scalar(select(Approval).where(Approval.edition_id == edition.id, Approval.id == approval_id))


def before_asking(session: Session, edition: Edition, subject: ApprovalSubject, thing_id: int) -> Asking | None:
    """For the form of a change; None while the edition is not published. Of windows, everybody whom they could touch."""
    if edition.state != EditionState.PUBLISHED:
        return None
    of_call = subject == ApprovalSubject.CALL_RULES
    calls = [thing_id] if of_call else list(session.scalars(select(Call.id).where(Call.edition_id == edition.id)))
    waiting = select(Approval.asked_at).where(
        Approval.edition_id == edition.id, Approval.subject == subject, Approval.subject_id == thing_id, Approval.decided_at.is_(None)
    )
    return Asking(affected(session, calls, thing_id if subject in STAGED else None), session.scalar(waiting))


def approval_lines(session: Session, edition: Edition) -> list[ApprovalLine]:
    """Waiting questions first, then the decided, latest first."""
    asker, decider = aliased(User), aliased(User)
    rows = (
        select(Approval, asker.name, decider.name)
        .join(asker, asker.id == Approval.asked_by_id)
        .outerjoin(decider, decider.id == Approval.decided_by_id)
        .where(Approval.edition_id == edition.id)
        .order_by(Approval.decided_at.is_not(None), Approval.id.desc())
    )
    calls = {call.id: call for call in session.scalars(select(Call).options(joinedload(Call.group)).where(Call.edition_id == edition.id))}
    stages = {stage.id: stage for stage in session.scalars(select(Stage).where(Stage.edition_id == edition.id))}
    known = _Known(calls, stages, dict(forms_for(session, edition)))
    return [_line(session, edition, row[0], row[1], row[2] or "", known) for row in session.execute(rows)]


def _line(session: Session, edition: Edition, approval: Approval, asker: str, decider: str, known: _Known) -> ApprovalLine:
    subject = ApprovalSubject(approval.subject)
    before: list[str] = []
    after: list[str] = []
    touched: dict[str, int] = {}
    if approval.decided_at is None and subject != ApprovalSubject.PUBLICATION:
        before, after = _difference(edition, subject, approval, known)
        touched = affected(session, _touched(subject, approval, known.calls), approval.subject_id if subject in STAGED else None)
    thing = _thing(subject, approval, known.calls, known.stages)
    return ApprovalLine(approval, subject.label, thing, asker, decider, before, after, touched)


def _touched(subject: ApprovalSubject, approval: Approval, calls: dict[int, Call]) -> list[int]:
    if subject == ApprovalSubject.CALL_WINDOWS:
        return [int(key) for key in approval.payload["windows"]]
    return [approval.subject_id] if subject == ApprovalSubject.CALL_RULES else list(calls)


def _thing(subject: ApprovalSubject, approval: Approval, calls: dict[int, Call], stages: dict[int, Stage]) -> str:
    """The name of what the question is about; empty when it is the edition itself."""
    if subject in STAGED and approval.subject_id in stages:
        stage = stages[approval.subject_id]
        return pick(stage.name, stage.name_en)
    ids = [int(key) for key in approval.payload.get("windows", {})] or [approval.subject_id]
    if subject in (ApprovalSubject.CALL_RULES, ApprovalSubject.CALL_WINDOWS):
        return _(", ").join(pick(calls[i].name, calls[i].name_en) for i in ids if i in calls)
    return ""


def _difference(edition: Edition, subject: ApprovalSubject, approval: Approval, known: _Known) -> tuple[list[str], list[str]]:
    """The sentences that go and those that come."""
    old, new = list(_old(edition, subject, approval, known)), list(_new(edition, subject, approval, known))
    return [text for text in old if text not in new], [text for text in new if text not in old]


def _old(edition: Edition, subject: ApprovalSubject, approval: Approval, known: _Known) -> Iterator[str]:
    calls, stages = known.calls, known.stages
    if subject == ApprovalSubject.STAGE_RULES:
        yield from _rule_texts(stages[approval.subject_id].rules, _groups(calls))
    elif subject == ApprovalSubject.STAGE_WINDOW:
        stage = stages[approval.subject_id]
        yield _window(edition, named(stage), stage.opens_at, stage.closes_at)
    elif subject == ApprovalSubject.CALL_RULES:
        call = calls[approval.subject_id]
        yield from _call_texts(call.rules, call.quota, call.form_version_id, known.forms)
    elif subject == ApprovalSubject.CALL_WINDOWS:
        for key in approval.payload["windows"]:
            call = calls[int(key)]
            yield _window(edition, pick(call.name, call.name_en), call.opens_at, call.closes_at)


def _new(edition: Edition, subject: ApprovalSubject, approval: Approval, known: _Known) -> Iterator[str]:
    calls = known.calls
    payload: dict[str, Any] = approval.payload
    if subject == ApprovalSubject.STAGE_RULES:
        yield from _rule_texts(msgspec.json.decode(payload["rules"], type=StageRules), _groups(calls))
    elif subject == ApprovalSubject.STAGE_WINDOW:
        yield _window(edition, named(known.stages[approval.subject_id]), *(datetime.fromisoformat(text) for text in payload["window"]))
    elif subject == ApprovalSubject.CALL_RULES:
        yield from _call_texts(msgspec.convert(payload["rules"], CallRules), payload["quota"], payload["form_version_id"], known.forms)
    elif subject == ApprovalSubject.CALL_WINDOWS:
        for key, pair in payload["windows"].items():
            call = calls[int(key)]
            yield _window(edition, pick(call.name, call.name_en), *(datetime.fromisoformat(text) for text in pair))


def _groups(calls: dict[int, Call]) -> dict[str, str]:
    return {call.group.code: pick(call.group.name, call.group.name_en) for call in calls.values() if call.group}


def _rule_texts(rules: StageRules, groups: dict[str, str]) -> Iterator[str]:
    for key, rubric in rules.rubrics.items():
        whose = "" if key == "*" else groups.get(key, key) + _(": ")
        yield whose + rubric_sentence(rubric)
        yield from (whose + criterion_line(rubric, leaf) for leaf in rubric.leaves())
    yield from stage_sentences(rules, groups)
    yield from (award_sentence(level) for level in rules.awards)
    yield from disclosure_sentences(rules)
    yield from (pick(item.zh, item.en) for item in rules.checklist)


def _call_texts(rules: CallRules, quota: int | None, form_version_id: int | None, forms: dict[int, str]) -> Iterator[str]:
    yield from (eligibility_sentence(rule) for rule in rules.eligibility)
    yield _("Team: %(least)s to %(most)s members.", least=rules.team_min, most=rules.team_max)
    yield _("Most entries: %(number)s", number=quota or "–")
    yield _("Form: %(form)s", form=forms.get(form_version_id or 0, "–"))


def _window(edition: Edition, name: str, opens_at: datetime, closes_at: datetime) -> str:
    window = f"{instant(opens_at, edition.zone)} – {instant(closes_at, edition.zone)}"
    return name + _(": ") + window
