"""Kinds and states of editions, calls and stages."""

from __future__ import annotations

from enum import StrEnum


class EditionKind(StrEnum):
    CONTEST = "contest"
    CHALLENGE_LIST = "challenge_list"
    PROGRAMME_BATCH = "programme_batch"


class EditionState(StrEnum):
    """What people decide. Upcoming, open, in review, in notice and finished are computed from the dates."""

    DRAFT = "draft"
    IN_APPROVAL = "in_approval"
    PUBLISHED = "published"
    CANCELLED = "cancelled"
    ARCHIVED = "archived"


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


class StageState(StrEnum):
    """Preparing → open (judges score) → sealed (all signed, nothing changes) → released (results are out)."""

    PREPARING = "preparing"
    OPEN = "open"
    SEALED = "sealed"
    RELEASED = "released"
