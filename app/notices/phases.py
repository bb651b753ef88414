"""What the calendar says of a notice: not begun, open, over."""

from __future__ import annotations

from datetime import date

from .enums import NoticePhase, NoticeState
from .models import Notice


def phase_of(notice: Notice, today: date) -> NoticePhase:
    """``today`` is the date in the notice's place. The last day still belongs to the period."""
    if notice.state == NoticeState.DRAFT:
        return NoticePhase.DRAFT
    if notice.state == NoticeState.WITHDRAWN:
        return NoticePhase.WITHDRAWN
    if today < notice.starts_on:
        return NoticePhase.UPCOMING
    return NoticePhase.OPEN if today <= notice.ends_on else NoticePhase.OVER
