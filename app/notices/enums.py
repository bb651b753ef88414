"""Kinds of notice."""

from __future__ import annotations

from enum import StrEnum


class NoticeKind(StrEnum):
    RESULT = "result"
    SELECTION = "selection"
    CORRECTION = "correction"
    ANNOUNCEMENT = "announcement"


class NoticeState(StrEnum):
    """What people decide; open and over are computed from the dates."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
