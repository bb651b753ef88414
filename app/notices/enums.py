"""Kinds and states of notice."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import lazy_gettext as _l

from app.core.enums import Labelled


class NoticeKind(Labelled):
    RESULT = "result", _l("Notice of results")
    SELECTION = "selection", _l("Notice of proposed selection")
    CORRECTION = "correction", _l("Correction")
    ANNOUNCEMENT = "announcement", _l("Announcement")


class NoticeState(Labelled):
    """What people decide; open and over are computed from the dates."""

    DRAFT = "draft", _l("Draft")
    PUBLISHED = "published", _l("Made public")
    WITHDRAWN = "withdrawn", _l("Withdrawn")


class NoticeAction(StrEnum):
    PUBLISH = "publish"
    WITHDRAW = "withdraw"


class NoticePhase(Labelled):
    """What the calendar says of a published notice."""

    DRAFT = "draft", _l("Draft")
    UPCOMING = "upcoming", _l("Not yet begun")
    OPEN = "open", _l("In the notice period")
    OVER = "over", _l("Notice period over")
    WITHDRAWN = "withdrawn", _l("Withdrawn")
