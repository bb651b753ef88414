"""Kinds and states of notice."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class NoticeKind(StrEnum):
    RESULT = "result"
    SELECTION = "selection"
    CORRECTION = "correction"
    ANNOUNCEMENT = "announcement"

    @property
    def label(self) -> object:
        return _KIND_LABELS[self]


class NoticeState(StrEnum):
    """What people decide; open and over are computed from the dates."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> object:
        return _STATE_LABELS[self]


class NoticeAction(StrEnum):
    PUBLISH = "publish"
    WITHDRAW = "withdraw"


class NoticePhase(StrEnum):
    """What the calendar says of a published notice."""

    DRAFT = "draft"
    UPCOMING = "upcoming"
    OPEN = "open"
    OVER = "over"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> object:
        return _PHASE_LABELS[self]


_KIND_LABELS = {
    NoticeKind.RESULT: _l("Notice of results"),
    NoticeKind.SELECTION: _l("Notice of proposed selection"),
    NoticeKind.CORRECTION: _l("Correction"),
    NoticeKind.ANNOUNCEMENT: _l("Announcement"),
}
_STATE_LABELS = {
    NoticeState.DRAFT: _l("Draft"),
    NoticeState.PUBLISHED: _l("Made public"),
    NoticeState.WITHDRAWN: _l("Withdrawn"),
}
_PHASE_LABELS = {
    NoticePhase.DRAFT: _l("Draft"),
    NoticePhase.UPCOMING: _l("Not yet begun"),
    NoticePhase.OPEN: _l("In the notice period"),
    NoticePhase.OVER: _l("Notice period over"),
    NoticePhase.WITHDRAWN: _l("Withdrawn"),
}
