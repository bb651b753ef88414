"""Long papers of a result, made in the background: all certificates, and the lists of large divisions."""

from __future__ import annotations

import zipfile
from pathlib import Path

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.calls.models import Edition
from app.core.authz import Actor, Verdict, deny
from app.downloads.kinds import Kind, Params, Report, offer
from app.results.models import ResultRun
from app.results.policies import can_read_results
from app.results.queries import awards_of_edition

from .certificates import BATCH, booklet_pdf, certificate_pdfs
from .lists import ranking_pdf, summary_pdf

PDF = "application/pdf"
#: Lists with more lines than these are made in the background.
LONG_LIST = 300


def is_long(run: ResultRun) -> bool:
    """Whether the files of this run are made in the background."""
    return int(run.summary["total"]) > LONG_LIST


def valid_certificates(session: Session, edition: Edition, locale: str) -> list[int]:
    """Ids of the certificates that hold, in the order of the awards."""
    rows = awards_of_edition(session, edition)
    return [certificate.id for row in rows if (certificate := row.valid(locale)) is not None]


def _may_edition(session: Session, actor: Actor, params: Params) -> Verdict:
    edition = session.get(Edition, params["edition_id"])
    return can_read_results(actor, edition) if edition is not None else deny(_("This edition is not there any more."))


def _may_run(session: Session, actor: Actor, params: Params) -> Verdict:
    run = session.get(ResultRun, params["run_id"])
    if run is None:
        return deny(_("This result is not there any more."))
    return _may_edition(session, actor, {"edition_id": run.edition_id})


def _zip(session: Session, params: Params, locale: str, target: Path, report: Report) -> None:
    ids = valid_certificates(session, session.get_one(Edition, params["edition_id"]), params["locale"])
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for start in range(0, len(ids), BATCH):
            report(start, len(ids))
            for number, content in certificate_pdfs(session, ids[start : start + BATCH]):
                archive.writestr(zipfile.ZipInfo(f"{number}.pdf"), content)


def _booklet(session: Session, params: Params, locale: str, target: Path, report: Report) -> None:
    ids = valid_certificates(session, session.get_one(Edition, params["edition_id"]), params["locale"])
    report(0, len(ids))
    target.write_bytes(booklet_pdf(session, ids))


def _ranking(session: Session, params: Params, locale: str, target: Path, report: Report) -> None:
    run = session.get_one(ResultRun, params["run_id"])
    target.write_bytes(ranking_pdf(session, session.get_one(Edition, run.edition_id), run, locale))


def _summary(session: Session, params: Params, locale: str, target: Path, report: Report) -> None:
    run = session.get_one(ResultRun, params["run_id"])
    target.write_bytes(summary_pdf(session, session.get_one(Edition, run.edition_id), run, locale))


STAFF = "staff and supervisors, after the stage is sealed"
ZIP = offer(Kind("results.certificates_zip", "zip", "application/zip", _zip, _may_edition, STAFF))
BOOKLET = offer(Kind("results.certificates_booklet", "pdf", PDF, _booklet, _may_edition, STAFF))
RANKING = offer(Kind("results.ranking_pdf", "pdf", PDF, _ranking, _may_run, STAFF))
SUMMARY = offer(Kind("results.summary_pdf", "pdf", PDF, _summary, _may_run, STAFF, holds_scores=True))
