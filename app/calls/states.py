"""What may become of an edition and of a stage, as tables."""

from __future__ import annotations

from app.core.states import Machine

from .enums import EditionAction as A
from .enums import EditionState as S
from .enums import StageAction, StageState

EDITION = Machine[S, A](
    (S.DRAFT, A.REQUEST_APPROVAL, S.IN_APPROVAL),
    (S.DRAFT, A.DISCARD, S.DISCARDED),
    (S.IN_APPROVAL, A.SEND_BACK, S.DRAFT),
    (S.IN_APPROVAL, A.PUBLISH, S.PUBLISHED),
    (S.PUBLISHED, A.CANCEL, S.CANCELLED),
    (S.PUBLISHED, A.ARCHIVE, S.ARCHIVED),
)

STAGE = Machine[StageState, StageAction](
    (StageState.PREPARING, StageAction.OPEN, StageState.OPEN),
    (StageState.OPEN, StageAction.SEAL, StageState.SEALED),
    (StageState.SEALED, StageAction.RELEASE, StageState.RELEASED),
)
