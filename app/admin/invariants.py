"""All invariants of the house in the order of the stack, and the round that looks for what breaks them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from app.accounts import invariants as accounts
from app.audit import invariants as audit
from app.calls import invariants as calls
from app.core.invariants import Invariant
from app.documents import invariants as documents
from app.dynforms import invariants as dynforms
from app.entries import invariants as entries
from app.files import invariants as files
from app.judging import invariants as judging
from app.notices import invariants as notices
from app.notify import invariants as notify
from app.results import invariants as results
from app.talent import invariants as talent

OWN = (
    Invariant(
        "admin.a_copy_is_sent_once", _l("A checkpoint is sent to an address once."),
        "SELECT checkpoint_id, email FROM checkpoint_copies GROUP BY checkpoint_id, email HAVING count(*) > 1",
    ),
)  # fmt: skip
INVARIANTS: tuple[Invariant, ...] = (
    *audit.INVARIANTS, *accounts.INVARIANTS, *files.INVARIANTS, *notify.INVARIANTS, *documents.INVARIANTS, *notices.INVARIANTS,
    *dynforms.INVARIANTS, *calls.INVARIANTS, *entries.INVARIANTS, *judging.INVARIANTS, *results.INVARIANTS, *talent.INVARIANTS, *OWN,
)  # fmt: skip


@dataclass(frozen=True)
class Broken:
    """An invariant that does not hold, with the first rows that break it."""

    invariant: Invariant
    rows: list[tuple[Any, ...]]

    @property
    def said(self) -> str:
        """The rows in one line."""
        return "; ".join("/".join(map(str, row)) for row in self.rows)


def broken_invariants(session: Session) -> list[Broken]:
    """Ask every invariant; what does not hold, in order."""
    found = [Broken(invariant, invariant.broken(session)) for invariant in INVARIANTS]
    return [each for each in found if each.rows]


def sentence_of(name: str) -> object:
    """The sentence of an invariant, in the reader's language."""
    return next((each.sentence for each in INVARIANTS if each.name == name), name)
