"""The life of an entry: every step that exists."""

from __future__ import annotations

from app.core.states import Machine

from .enums import EntryAction as A
from .enums import EntryState as S

ENTRY = Machine[S, A](
    (S.DRAFT, A.SUBMIT, S.SUBMITTED),
    (S.RETURNED, A.SUBMIT, S.SUBMITTED),
    (S.SUBMITTED, A.SUBMIT, S.SUBMITTED),  # a better version before the deadline
    (S.SUBMITTED, A.RETURN, S.RETURNED),
    (S.SUBMITTED, A.ACCEPT, S.ACCEPTED),
    (S.SUBMITTED, A.REJECT, S.REJECTED),
    (S.ACCEPTED, A.DISQUALIFY, S.DISQUALIFIED),
    (S.REJECTED, A.REINSTATE, S.SUBMITTED),
    (S.DISQUALIFIED, A.REINSTATE, S.ACCEPTED),
    (S.DRAFT, A.WITHDRAW, S.WITHDRAWN),
    (S.SUBMITTED, A.WITHDRAW, S.WITHDRAWN),
    (S.RETURNED, A.WITHDRAW, S.WITHDRAWN),
    (S.ACCEPTED, A.WITHDRAW, S.WITHDRAWN),
)
