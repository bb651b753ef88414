"""What a supervisor sees of an edition: the process, its changes and its draws. No mark is read here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from app.accounts.enums import Role
from app.accounts.models import RoleGrant, User
from app.audit.models import JournalHead
from app.calls.models import Approval, Edition, Stage, StageRuleVersion
from app.calls.policies import can_supervise_edition
from app.calls.queries import Glance, glances, managed_editions
from app.core.authz import Actor
from app.core.markup import named
from app.judging.enums import AssignmentState, SheetState
from app.judging.models import Assignment, AssignmentPlan, Panel, Reopening, ScoreSheet, Seat

#: Facts that a supervisor should look at one by one.
ATTENTION = (
    "calls.change_requested", "calls.change_decided", "calls.change_lapsed", "calls.rules_versioned", "calls.windows_moved",
    "calls.edition_frozen", "calls.edition_unfrozen", "calls.edition_cancelled", "entries.entry_disqualified", "entries.entry_reinstated",
    "entries.entry_withdrawn",
    "judging.judge_recused", "judging.conflict_lifted", "judging.assignments_undone", "judging.reopening_asked",
    "judging.reopening_decided", "results.result_taken_back", "results.award_revoked", "results.certificate_revoked",
    "notices.notice_withdrawn", "talent.checks_reopened", "talent.record_revoked", "accounts.sensitive_field_revealed",
)  # fmt: skip


@dataclass(frozen=True)
class Watched:
    """An edition in the overview."""

    edition: Edition
    glance: Glance | None
    facts: int
    asked: int
    reopenings: int


@dataclass(frozen=True)
class StageProgress:
    """How far a stage is, in counts of sheets only."""

    stage: Stage
    assigned: int
    signed: int
    recused: int


@dataclass(frozen=True)
class Opening:
    """A signed sheet that somebody wanted opened again."""

    reopening: Reopening
    judge: str
    panel: str
    stage: str
    asked_by: str
    decided_by: str


@dataclass(frozen=True)
class Drawn:
    """An assignment plan: by whom, from which seed, with which digest, whether it counts."""

    plan: AssignmentPlan
    panel: str
    stage: str
    made_by: str
    #: the stage's, for the plan's address
    position: int


def watched_editions(session: Session, actor: Actor, now: datetime) -> list[Watched]:
    """The editions over which the actor watches, where each stands and what waits in it. Six statements."""
    editions = [edition for edition in managed_editions(session, actor) if can_supervise_edition(actor, edition)]
    ids = [edition.id for edition in editions]
    heads = dict(session.execute(select(JournalHead.chain, JournalHead.seq)).all())
    asked = dict(
        session.execute(
            select(Approval.edition_id, func.count(Approval.id))
            .where(Approval.edition_id.in_(ids), Approval.decided_at.is_(None))
            .group_by(Approval.edition_id)
        ).all()
    )
    opened = dict(
        session.execute(
            select(Stage.edition_id, func.count(Reopening.id))
            .join(ScoreSheet, ScoreSheet.id == Reopening.sheet_id)
            .join(Assignment, Assignment.id == ScoreSheet.assignment_id)
            .join(Stage, Stage.id == Assignment.stage_id)
            .where(Stage.edition_id.in_(ids))
            .group_by(Stage.edition_id)
        ).all()
    )
    at_a_glance = glances(session, editions, now)
    return [Watched(e, at_a_glance.get(e.id), heads.get(f"edition:{e.id}", 0), asked.get(e.id, 0), opened.get(e.id, 0)) for e in editions]


def stage_progress(session: Session, edition: Edition) -> list[StageProgress]:
    """The stages in order with how many sheets are assigned, signed, given back. Two statements."""
    stages = list(session.scalars(select(Stage).where(Stage.edition_id == edition.id).order_by(Stage.position)))
    rows = session.execute(
        select(Assignment.stage_id, Assignment.state, ScoreSheet.state, func.count(Assignment.id))
        .outerjoin(ScoreSheet, ScoreSheet.assignment_id == Assignment.id)
        .where(Assignment.stage_id.in_([stage.id for stage in stages]))
        .group_by(Assignment.stage_id, Assignment.state, ScoreSheet.state)
    ).all()
    found = []
    for stage in stages:
        mine = [row for row in rows if row[0] == stage.id]
        active = sum(row[3] for row in mine if row[1] == AssignmentState.ACTIVE)
        done = sum(row[3] for row in mine if row[1] == AssignmentState.ACTIVE and row[2] == SheetState.SIGNED)
        found.append(StageProgress(stage, active, done, sum(row[3] for row in mine if row[1] == AssignmentState.RECUSED)))
    return found


def rule_versions(session: Session, edition: Edition) -> list[tuple[StageRuleVersion, Stage, str]]:
    """Every version of the stage rules with its reason and who put it into force."""
    rows = session.execute(
        select(StageRuleVersion, Stage, User.name)
        .join(Stage, Stage.id == StageRuleVersion.stage_id)
        .outerjoin(User, User.id == StageRuleVersion.frozen_by_id)
        .where(Stage.edition_id == edition.id)
        .order_by(StageRuleVersion.frozen_at.desc(), StageRuleVersion.id.desc())
    )
    return [(version, stage, name or "") for version, stage, name in rows]


def reopenings(session: Session, edition: Edition) -> list[Opening]:
    """Signed sheets that were to be opened again, with reasons; what stands on them is not read."""
    asking, deciding = aliased(User), aliased(User)
    rows = session.execute(
        select(Reopening, Seat.name, Panel, Stage, asking.name, deciding.name)
        .join(ScoreSheet, ScoreSheet.id == Reopening.sheet_id)
        .join(Assignment, Assignment.id == ScoreSheet.assignment_id)
        .join(Seat, Seat.id == Assignment.seat_id)
        .join(Panel, Panel.id == Assignment.panel_id)
        .join(Stage, Stage.id == Assignment.stage_id)
        .join(asking, asking.id == Reopening.asked_by_id)
        .outerjoin(deciding, deciding.id == Reopening.decided_by_id)
        .where(Stage.edition_id == edition.id)
        .order_by(Reopening.id.desc())
    )
    return [Opening(row[0], row[1], named(row[2]), named(row[3]), row[4], row[5] or "") for row in rows]


def draws(session: Session, edition: Edition) -> list[Drawn]:
    """Every assignment plan that was drawn up, also those that were not used: how often it was drawn is part of the record."""
    rows = session.execute(
        select(AssignmentPlan, Panel, Stage, User.name)
        .join(Panel, Panel.id == AssignmentPlan.panel_id)
        .join(Stage, Stage.id == Panel.stage_id)
        .outerjoin(User, User.id == AssignmentPlan.made_by_id)
        .where(Stage.edition_id == edition.id)
        .order_by(AssignmentPlan.id.desc())
    )
    return [Drawn(plan, named(panel), named(stage), name or "", stage.position) for plan, panel, stage, name in rows]


def staff(session: Session, edition: Edition) -> list[tuple[RoleGrant, str]]:
    """Who holds a role in the edition itself."""
    rows = session.execute(
        select(RoleGrant, User.name).join(User, User.id == RoleGrant.user_id)
        .where(RoleGrant.edition_id == edition.id, RoleGrant.ended_at.is_(None), RoleGrant.role != Role.JUDGE)
        .order_by(RoleGrant.role, User.sort_key)
    )  # fmt: skip
    return [(grant, name) for grant, name in rows]
