"""The way of a notice."""

from __future__ import annotations

from app.core.states import Machine

from .enums import NoticeAction, NoticeState

NOTICE: Machine[NoticeState, NoticeAction] = Machine(
    (NoticeState.DRAFT, NoticeAction.PUBLISH, NoticeState.PUBLISHED),
    (NoticeState.PUBLISHED, NoticeAction.WITHDRAW, NoticeState.WITHDRAWN),
)
