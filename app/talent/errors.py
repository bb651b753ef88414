"""Why a programme, record or check cannot be changed so."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.errors import CONSTRAINT_SENTENCES, DomainError

CONSTRAINT_SENTENCES |= {
    "uq_programs_organization_id_code": _l("This organization already has a programme with this code."),
    "uq_tiers_program_id_code": _l("This programme already has a tier with this code."),
    "uq_fast_tracks_edition_id_award_key_tier_id": _l("This award already leads to this tier."),
    "uq_selection_records_award_id_tier_id": _l("There is already a record for this award and tier."),
    "ck_selection_records_two_persons": _l("A selection is confirmed by another person than the one who finished its checks."),
    "ck_fast_tracks_valid_some_time": _l("The right must be valid for at least one month."),
}


class ProgramClosed(DomainError):
    message = _l("This programme has been closed.")


class SkipNotAllowed(DomainError):
    message = _l("A prize may skip the first review, the defence or the quota; never eligibility, due diligence, notice or landing.")


class MonthsOutOfRange(DomainError):
    message = _l("Please give between 1 and 60 months.")


class UnknownAward(DomainError):
    message = _l("No stage of this edition gives this award.")


class ChecksOpen(DomainError):
    def __init__(self, number: int) -> None:
        super().__init__(_l("%(number)s checks are neither met nor waived.", number=number))


class CheckIsAutomatic(DomainError):
    message = _l("This check follows from the entry's answers. It can be waived with a reason, not decided by hand.")


class CannotBeWaived(DomainError):
    message = _l("This condition cannot be waived.")


class ChecksFinished(DomainError):
    message = _l("The checks of this record are finished. Open them again first.")


class ReasonRequired(DomainError):
    message = _l("Please give a reason of at least four characters.")


class NotChecked(DomainError):
    message = _l("Only records whose checks have passed can be put on notice.")


class OneProgrammeOnly(DomainError):
    message = _l("One notice lists records of one programme.")


class AlreadyListed(DomainError):
    message = _l("A record is already on another notice.")


class NoticeStillOpen(DomainError):
    message = _l("The notice period is not over yet.")


class NoticeWithdrawnAlready(DomainError):
    message = _l("The notice of this record was withdrawn. The record needs a new notice.")


class SecondPersonNeeded(DomainError):
    message = _l("A selection is confirmed by another person than the one who finished its checks.")


class AwardRevokedAlready(DomainError):
    message = _l("The award on which this record rests has been revoked.")
