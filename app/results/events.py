"""What happens to results. No event carries a score."""

from __future__ import annotations

from app.audit.events import Event, event


@event("results.result_computed", "result_run")
class ResultComputed(Event):
    run_id: int
    edition_id: int
    stage_id: int
    call_id: int
    number: int
    digest: str
    reason: str = ""


@event("results.result_ordered", "result_order")
class ResultOrdered(Event):
    """A large result was asked for; ``ResultComputed`` follows when the worker has it."""

    order_id: int
    edition_id: int
    stage_id: int
    call_id: int


@event("results.result_proposed", "result_run")
class ResultProposed(Event):
    run_id: int
    edition_id: int
    digest: str
    remark: str = ""


@event("results.result_taken_back", "result_run")
class ResultTakenBack(Event):
    run_id: int
    edition_id: int
    reason: str


@event("results.result_released", "result_run")
class ResultReleased(Event):
    run_id: int
    edition_id: int
    stage_id: int
    call_id: int
    number: int
    digest: str
    supersedes_id: int | None = None


@event("results.scores_exported", "result_run")
class ScoresExported(Event):
    """The receipt of a file with all scores: which, and the digest by which it can be told later."""

    run_id: int
    edition_id: int
    kind: str
    sha256: str


@event("results.award_revoked", "award")
class AwardRevoked(Event):
    award_id: int
    edition_id: int
    entry_id: int
    reason: str


@event("results.certificate_issued", "certificate")
class CertificateIssued(Event):
    certificate_id: int
    edition_id: int
    award_id: int
    number: str


@event("results.certificate_revoked", "certificate")
class CertificateRevoked(Event):
    certificate_id: int
    edition_id: int
    award_id: int
    number: str
    reason: str


@event("results.messages_released", "result_run")
class MessagesReleased(Event):
    run_id: int
    edition_id: int
    sent: int
