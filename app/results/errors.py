"""Why a result cannot be computed, proposed or released."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.errors import CONSTRAINT_SENTENCES, DomainError

CONSTRAINT_SENTENCES |= {
    "uq_result_runs_released": _l("There is already a released result for this call in this stage."),
    "uq_result_runs_stage_id_call_id_number": _l("Somebody computed the same result at the same moment. Please look at the list."),
    "ck_result_runs_two_persons": _l("A result is released by another person than the one who proposed it."),
    "uq_result_orders_open": _l("This result is being computed already."),
    "uq_awards_run_id_entry_id": _l("This entry already has its award."),
}


class StageNotSealed(DomainError):
    message = _l("Results are computed after the stage has been sealed: all sheets signed, nothing can change any more.")


class NoEntries(DomainError):
    message = _l("No entry of this call takes part in this stage.")


class NotComputable(DomainError):
    """The rules or marks do not allow a result; the engine's own words follow."""

    def __init__(self, detail: str) -> None:
        super().__init__(_l("The result cannot be computed: %(detail)s", detail=detail))


class ReasonNeeded(DomainError):
    message = _l("A correction of a released result needs a reason of at least four characters.")


class RemarkNeeded(DomainError):
    message = _l("Some entries have no score. Please say in the remark why the result may be released without them.")


class SheetsMissing(DomainError):
    def __init__(self, number: int) -> None:
        super().__init__(
            _l(
                "The rules of this stage wait for every judge, and %(number)s entries lack a sheet. "
                "Have the sheets completed, or record why the judge does not count.",
                number=number,
            )
        )


class MayNotCompute(DomainError):
    message = _l("Whoever asked for this result may no longer compute results of this edition.")


class NothingChanged(DomainError):
    message = _l("The released result already says exactly this; there is nothing to correct.")


class ResultIsStale(DomainError):
    message = _l("Sheets, rules or entries have changed since this result was computed. Please compute it again.")


class SamePerson(DomainError):
    message = _l("A result is released by another person than the one who proposed it.")


class NotReleased(DomainError):
    message = _l("This is possible only with a released result.")


class AwardNotGranted(DomainError):
    message = _l("This award has been revoked; no certificate can be issued for it.")


class CertificateExists(DomainError):
    message = _l("There is already a valid certificate for this award in this language. Revoke it first to issue a corrected one.")


class CertificateAlreadyRevoked(DomainError):
    message = _l("This certificate has already been revoked.")


class SealMissing(DomainError):
    message = _l("Choose an image of the seal first.")
