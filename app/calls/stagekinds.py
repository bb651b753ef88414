"""Which kinds of stage are judged by a rubric."""

from __future__ import annotations

from .enums import StageKind

#: Stages in which judges mark by a rubric; the others are checked by staff.
JUDGED = frozenset({StageKind.VETTING, StageKind.ONLINE_REVIEW, StageKind.ROADSHOW, StageKind.FINAL})
