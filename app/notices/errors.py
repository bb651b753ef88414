"""Why a notice cannot be published, withdrawn or changed."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.errors import CONSTRAINT_SENTENCES, DomainError

CONSTRAINT_SENTENCES |= {
    "uq_notices_number": _l("This notice number has just been given out. Please try again."),
    "ck_notices_period_in_order": _l("The notice would end before it begins."),
}


class ContactMissing(DomainError):
    message = _l("A notice must say where objections go and which discipline office may be called.")


class NothingListed(DomainError):
    message = _l("There is nothing on the list of this notice.")


class BeginsInThePast(DomainError):
    message = _l("The notice period cannot begin before today.")


class NoWorkingDays(DomainError):
    message = _l("The notice period must have between 1 and 366 working days.")


class NoticeIsPublished(DomainError):
    message = _l("A published notice cannot be changed. Withdraw it with a reason and publish a new one.")
