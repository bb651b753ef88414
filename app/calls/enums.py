"""Kinds and states of editions, calls and stages."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from app.core.enums import Labelled


class EditionKind(Labelled):
    CONTEST = "contest", _l("Contest")
    CHALLENGE_LIST = "challenge_list", _l("Challenge list")
    PROGRAMME_BATCH = "programme_batch", _l("Programme batch")


class EditionState(Labelled):
    """What people decide. Upcoming, open, in review, in notice and finished are computed from the dates."""

    DRAFT = "draft", _l("In preparation")
    IN_APPROVAL = "in_approval", _l("With the host for approval")
    PUBLISHED = "published", lazy_pgettext("state", "Published")
    CANCELLED = "cancelled", _l("Cancelled")
    ARCHIVED = "archived", _l("Archived")
    DISCARDED = "discarded", _l("Discarded")


class EditionAction(StrEnum):
    REQUEST_APPROVAL = "request_approval"
    SEND_BACK = "send_back"
    PUBLISH = "publish"
    CANCEL = "cancel"
    ARCHIVE = "archive"
    DISCARD = "discard"


class EditionPhase(Labelled):
    """What the clock says of a published edition."""

    UPCOMING = "upcoming", _l("Upcoming")
    OPEN = "open", _l("Open for entries")
    IN_REVIEW = "in_review", _l("In review")
    IN_NOTICE = "in_notice", _l("In public notice")
    FINISHED = "finished", _l("Finished")


class CallKind(StrEnum):
    DIVISION = "division"
    NEED_CALL = "need_call"
    CHALLENGE = "challenge"
    MILESTONE = "milestone"
    BATCH = "batch"


class StageKind(Labelled):
    FORMAL_CHECK = "formal_check", _l("Formal check")
    VETTING = "vetting", _l("Expert vetting")
    ONLINE_REVIEW = "online_review", _l("Online review")
    ROADSHOW = "roadshow", _l("Roadshow")
    FINAL = "final", _l("Final")
    ACCEPTANCE = "acceptance", _l("Acceptance")
    DUE_DILIGENCE = "due_diligence", _l("Due diligence")


class StageState(Labelled):
    """Preparing → open (judges score) → sealed (all signed, nothing changes) → released (results are out)."""

    PREPARING = "preparing", _l("In preparation")
    OPEN = "open", _l("Open for judging")
    SEALED = "sealed", _l("Sealed")
    RELEASED = "released", _l("Results released")


#: Nothing of a stage changes any more.
SETTLED = frozenset({StageState.SEALED, StageState.RELEASED})


class StageAction(StrEnum):
    OPEN = "open"
    SEAL = "seal"
    RELEASE = "release"


class ApprovalSubject(Labelled):
    """What a second person decides on."""

    PUBLICATION = "publication", _l("Publication of the edition")
    STAGE_RULES = "stage_rules", _l("Change of a stage's rules")
    STAGE_WINDOW = "stage_window", _l("Change of a stage's dates")
    CALL_WINDOWS = "call_windows", _l("Change of entry windows")
    CALL_RULES = "call_rules", _l("Change of a division's conditions")
    CANCELLATION = "cancellation", _l("Calling the contest off")
