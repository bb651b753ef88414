"""The way of a selection record."""

from __future__ import annotations

from app.core.states import Machine

from .enums import RecordAction as A
from .enums import RecordState as S

RECORD: Machine[S, A] = Machine(
    (S.PROPOSED, A.FINISH_CHECKS, S.CHECKED),
    (S.CHECKED, A.REOPEN_CHECKS, S.PROPOSED),
    (S.IN_NOTICE, A.REOPEN_CHECKS, S.PROPOSED),
    (S.CHECKED, A.PUT_ON_NOTICE, S.IN_NOTICE),
    (S.IN_NOTICE, A.CONFIRM, S.CONFIRMED),
    (S.PROPOSED, A.REFUSE, S.REFUSED),
    (S.CHECKED, A.REFUSE, S.REFUSED),
    (S.IN_NOTICE, A.REFUSE, S.REFUSED),
    (S.CONFIRMED, A.REVOKE, S.REVOKED),
)
