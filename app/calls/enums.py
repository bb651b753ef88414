"""Kinds and states of editions, calls and stages."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext


class EditionKind(StrEnum):
    CONTEST = "contest"
    CHALLENGE_LIST = "challenge_list"
    PROGRAMME_BATCH = "programme_batch"

    @property
    def label(self) -> object:
        return KIND_LABELS[self]


class EditionState(StrEnum):
    """What people decide. Upcoming, open, in review, in notice and finished are computed from the dates."""

    DRAFT = "draft"
    IN_APPROVAL = "in_approval"
    PUBLISHED = "published"
    CANCELLED = "cancelled"
    ARCHIVED = "archived"

    @property
    def label(self) -> object:
        return STATE_LABELS[self]


class EditionAction(StrEnum):
    REQUEST_APPROVAL = "request_approval"
    SEND_BACK = "send_back"
    PUBLISH = "publish"
    CANCEL = "cancel"
    ARCHIVE = "archive"


class EditionPhase(StrEnum):
    """What the clock says of a published edition."""

    UPCOMING = "upcoming"
    OPEN = "open"
    IN_REVIEW = "in_review"
    IN_NOTICE = "in_notice"
    FINISHED = "finished"

    @property
    def label(self) -> object:
        return PHASE_LABELS[self]


class CallKind(StrEnum):
    DIVISION = "division"
    NEED_CALL = "need_call"
    CHALLENGE = "challenge"
    MILESTONE = "milestone"
    BATCH = "batch"


class StageKind(StrEnum):
    FORMAL_CHECK = "formal_check"
    VETTING = "vetting"
    ONLINE_REVIEW = "online_review"
    ROADSHOW = "roadshow"
    FINAL = "final"
    ACCEPTANCE = "acceptance"
    DUE_DILIGENCE = "due_diligence"

    @property
    def label(self) -> object:
        return STAGE_LABELS[self]


class StageState(StrEnum):
    """Preparing → open (judges score) → sealed (all signed, nothing changes) → released (results are out)."""

    PREPARING = "preparing"
    OPEN = "open"
    SEALED = "sealed"
    RELEASED = "released"

    @property
    def label(self) -> object:
        return STAGE_STATE_LABELS[self]


class StageAction(StrEnum):
    OPEN = "open"
    SEAL = "seal"
    RELEASE = "release"


class ApprovalSubject(StrEnum):
    """What a second person decides on."""

    PUBLICATION = "publication"
    STAGE_RULES = "stage_rules"
    STAGE_WINDOW = "stage_window"
    CALL_WINDOWS = "call_windows"
    CALL_RULES = "call_rules"
    CANCELLATION = "cancellation"

    @property
    def label(self) -> object:
        return SUBJECT_LABELS[self]


KIND_LABELS = {
    EditionKind.CONTEST: _l("Contest"),
    EditionKind.CHALLENGE_LIST: _l("Challenge list"),
    EditionKind.PROGRAMME_BATCH: _l("Programme batch"),
}
STATE_LABELS = {
    EditionState.DRAFT: _l("In preparation"),
    EditionState.IN_APPROVAL: _l("With the host for approval"),
    EditionState.PUBLISHED: lazy_pgettext("state", "Published"),
    EditionState.CANCELLED: _l("Cancelled"),
    EditionState.ARCHIVED: _l("Archived"),
}
PHASE_LABELS = {
    EditionPhase.UPCOMING: _l("Upcoming"),
    EditionPhase.OPEN: _l("Open for entries"),
    EditionPhase.IN_REVIEW: _l("In review"),
    EditionPhase.IN_NOTICE: _l("In public notice"),
    EditionPhase.FINISHED: _l("Finished"),
}
STAGE_LABELS = {
    StageKind.FORMAL_CHECK: _l("Formal check"),
    StageKind.VETTING: _l("Expert vetting"),
    StageKind.ONLINE_REVIEW: _l("Online review"),
    StageKind.ROADSHOW: _l("Roadshow"),
    StageKind.FINAL: _l("Final"),
    StageKind.ACCEPTANCE: _l("Acceptance"),
    StageKind.DUE_DILIGENCE: _l("Due diligence"),
}
STAGE_STATE_LABELS = {
    StageState.PREPARING: _l("In preparation"),
    StageState.OPEN: _l("Open for judging"),
    StageState.SEALED: _l("Sealed"),
    StageState.RELEASED: _l("Results released"),
}
SUBJECT_LABELS = {
    ApprovalSubject.PUBLICATION: _l("Publication of the edition"),
    ApprovalSubject.STAGE_RULES: _l("Change of a stage's rules"),
    ApprovalSubject.STAGE_WINDOW: _l("Change of a stage's dates"),
    ApprovalSubject.CALL_WINDOWS: _l("Change of entry windows"),
    ApprovalSubject.CALL_RULES: _l("Change of a division's conditions"),
    ApprovalSubject.CANCELLATION: _l("Calling the contest off"),
}
