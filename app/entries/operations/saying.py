"""Where an entry stands, in words for its team. Inner states of checking and judging stay inside."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from app.core.display import moment
from app.entries.enums import EntryState
from app.entries.models import Entry
from app.entries.operations.windows import deadline_of, is_open_for


def status_line(entry: Entry, now: datetime, released: str = "") -> str:
    """One or two sentences beside the badge of the state: what comes next. ``released`` names the stage whose results are out."""
    if released and entry.state == EntryState.ACCEPTED:
        return _("The results of the stage “%(stage)s” are out; your number is %(code)s.", stage=released, code=entry.public_code)
    return _LINES[entry.state](entry, now)


def _draft(entry: Entry, now: datetime) -> str:
    if is_open_for(entry, now):
        return _("It counts only after it has been handed in, before %(due)s.", due=moment(entry.call.closes_at))
    if now < entry.call.opens_at:
        return _("The call opens on %(at)s.", at=moment(entry.call.opens_at))
    return _("The deadline has passed; this draft was not handed in.")


def _submitted(entry: Entry, now: datetime) -> str:
    at = moment(entry.submitted_at)
    if is_open_for(entry, now):
        due = moment(entry.call.closes_at)
        return _("Handed in on %(at)s. Until %(due)s you may hand in a better version; the last one received counts.", at=at, due=due)
    return _("Handed in on %(at)s. The staff is checking whether it is complete.", at=at)


def _returned(entry: Entry, now: datetime) -> str:
    due = moment(deadline_of(entry))
    if is_open_for(entry, now):
        return _("Please mend the named fields and hand in again before %(due)s.", due=due)
    return _("The time for correction ended on %(due)s. The staff decides on the last version received.", due=due)


def _accepted(entry: Entry, now: datetime) -> str:
    return _("Passed the formal check under number %(code)s. The result is announced to all at the same time.", code=entry.public_code)


def _rejected(entry: Entry, now: datetime) -> str:
    return _("The entry did not pass the formal check. The reason is given below.")


def _disqualified(entry: Entry, now: datetime) -> str:
    return _("Taken out of the contest. The reason is given below.")


def _withdrawn(entry: Entry, now: datetime) -> str:
    return _("It takes part no more.")


_LINES = {
    EntryState.DRAFT: _draft,
    EntryState.SUBMITTED: _submitted,
    EntryState.RETURNED: _returned,
    EntryState.ACCEPTED: _accepted,
    EntryState.REJECTED: _rejected,
    EntryState.DISQUALIFIED: _disqualified,
    EntryState.WITHDRAWN: _withdrawn,
}
