"""A team's own results: only released ones, only what the rules tell, comments without their authors."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer, joinedload

from app.calls.models import Stage, StageRuleVersion
from app.entries.models import Entry
from app.judging.enums import AssignmentState, SheetState
from app.judging.models import Assignment, ScoreSheet
from app.results.engine import StandingOut
from app.results.enums import AwardState, CertificateState, RunState
from app.results.models import Award, Certificate, ResultRun, Standing

FEWEST = 3
"""No figure that rests on fewer sheets is told to anybody: it would give a judge's mark away."""


@dataclass(frozen=True)
class OwnResult:
    """One stage's result of one entry. ``detail`` is None where the rules keep the score from the team."""

    stage: str
    stage_en: str
    released_at: datetime
    number: int
    is_correction: bool
    reason: str
    ranked: int
    rank: int | None
    score: str | None
    status: str
    advances: bool
    can_advance: bool
    detail: StandingOut | None
    rules: StageRuleVersion
    group: str
    comments: tuple[str, ...]


def own_results(session: Session, entry: Entry) -> list[OwnResult]:
    """Released results of the entry, latest stage first."""
    rows = session.execute(
        select(Standing, ResultRun, StageRuleVersion)
        .join(ResultRun, ResultRun.id == Standing.run_id)
        .join(Stage, Stage.id == ResultRun.stage_id)
        .join(StageRuleVersion, StageRuleVersion.id == ResultRun.rule_version_id)
        .where(Standing.entry_id == entry.id, ResultRun.state == RunState.RELEASED)
        .options(defer(ResultRun.inputs), defer(ResultRun.output), joinedload(ResultRun.stage))
        .order_by(Stage.position.desc())
    ).all()
    return [_own(session, entry, *row) for row in rows]


def own_awards(session: Session, entry_id: int) -> list[tuple[Award, list[Certificate]]]:
    """Awards of the entry with the certificates that hold."""
    awards = session.scalars(select(Award).where(Award.entry_id == entry_id, Award.state == AwardState.GRANTED).order_by(Award.id)).all()
    certificates = session.scalars(
        select(Certificate)
        .where(Certificate.award_id.in_([a.id for a in awards]), Certificate.state == CertificateState.ISSUED)
        .order_by(Certificate.locale.desc(), Certificate.id)
    ).all()
    return [(award, [c for c in certificates if c.award_id == award.id]) for award in awards]


def _own(session: Session, entry: Entry, standing: Standing, run: ResultRun, version: StageRuleVersion) -> OwnResult:
    shown = version.rules.disclosure
    detail = msgspec.convert(standing.detail, StandingOut)
    enough = shown.team_scores and detail.valid >= FEWEST
    return OwnResult(
        stage=run.stage.name, stage_en=run.stage.name_en, released_at=run.released_at or run.computed_at, number=run.number,
        is_correction=run.supersedes_id is not None, reason=run.reason, ranked=_ranked(session, run),
        rank=standing.rank if shown.public_ranks or enough else None, score=standing.score if enough else None,
        status=standing.status, advances=standing.advances, can_advance=version.rules.advancement.method != "none",
        detail=detail if enough else None, rules=version, group="",
        comments=_comments(session, entry, run) if shown.team_comments else (),
    )  # fmt: skip


def _ranked(session: Session, run: ResultRun) -> int:
    return session.scalar(select(func.count()).where(Standing.run_id == run.id, Standing.rank.is_not(None))) or 0


def _comments(session: Session, entry: Entry, run: ResultRun) -> tuple[str, ...]:
    """What judges wrote for the team, in an order that tells nothing of who wrote it. Private notes are not among it."""
    rows = session.scalars(
        select(ScoreSheet.comment)
        .join(Assignment, Assignment.id == ScoreSheet.assignment_id)
        .where(Assignment.entry_id == entry.id, ScoreSheet.stage_id == run.stage_id, ScoreSheet.comment != "")
        .where(ScoreSheet.state == SheetState.SIGNED, Assignment.state == AssignmentState.ACTIVE)
    ).all()
    return tuple(sorted((row.strip() for row in rows if row.strip()), key=lambda text: hashlib.sha256(text.encode()).digest()))
