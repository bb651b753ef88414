"""What every change of an edition asks first."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.calls.enums import EditionState
from app.calls.errors import NeedsApproval, NotEditable
from app.calls.models import Edition
from app.core.uow import lock

from .freezing import check_not_frozen


def lock_editable(session: Session, edition: Edition) -> Edition:
    """The edition under lock; not frozen, and in preparation or published. Texts, files and news may change in both."""
    lock(session, edition)
    check_not_frozen(edition)
    if edition.state not in (EditionState.DRAFT, EditionState.PUBLISHED):
        raise NotEditable
    return edition


def lock_draft(session: Session, edition: Edition) -> Edition:
    """The edition under lock and in preparation: rules and dates may change without a second person."""
    lock(session, edition)
    check_not_frozen(edition)
    if edition.state == EditionState.PUBLISHED:
        raise NeedsApproval
    if edition.state != EditionState.DRAFT:
        raise NotEditable
    return edition
