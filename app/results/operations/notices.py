"""The public notice of a released result: its list is made from the run, as the rules allow."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Organization
from app.calls.operations.freezing import hold_edition
from app.core.authz import Actor
from app.core.uow import lock
from app.notices.enums import NoticeKind
from app.notices.models import Notice
from app.notices.operations import draft_notice, drop_notice
from app.notices.rules import Column
from app.results.enums import RunState
from app.results.errors import NotReleased
from app.results.models import ResultRun
from app.results.queries.public import PublicResult, PublicRow, public_results


def draft_result_notice(session: Session, *, run: ResultRun, title: str, starts_on: date, working_days: int, actor: Actor, now: datetime,
                        **texts: Any) -> Notice:  # fmt: skip
    """A draft whose list shows what the public may see of the run. Raises NotReleased."""
    edition = hold_edition(session, run.edition_id)
    lock(session, run)
    if run.state != RunState.RELEASED:
        raise NotReleased
    (shown,) = public_results(session, edition.id, run_id=run.id)
    kind = NoticeKind.CORRECTION if shown.is_correction else NoticeKind.RESULT
    notice = draft_notice(
        session, kind=kind, organization=session.get_one(Organization, edition.host_id), title=title, columns=columns_of(shown),
        rows=[_row(row) for row in shown.rows], starts_on=starts_on, working_days=working_days, edition_id=edition.id, subject_id=run.id,
        actor=actor, now=now, **texts,
    )  # fmt: skip
    run.notice_id = notice.id
    return notice


def drop_result_notice(session: Session, *, notice: Notice, actor: Actor, now: datetime) -> None:
    """Throw a draft away; its run may go on another notice."""
    for run in session.scalars(select(ResultRun).where(ResultRun.notice_id == notice.id).with_for_update()):
        run.notice_id = None
    session.flush()  # the run must not point at a row that is gone
    drop_notice(session, notice=notice, actor=actor, now=now)


def columns_of(shown: PublicResult) -> list[Column]:
    """Only what the rules publish: no score where scores stay inside, no rank where only winners are named."""
    zh, en = titles("zh_CN"), titles("en")
    keys = [
        "rank" if shown.shows_ranks else "",
        "code",
        "title",
        "unit",
        "score" if shown.shows_scores else "",
        "award" if any(row.award for row in shown.rows) else "",
        "advances" if shown.shows_advancing else "",
    ]
    kinds = {"rank": "number", "score": "number"}
    return [Column(key, zh[key], en[key], kinds.get(key, "text")) for key in keys if key]


def titles(locale: str) -> dict[str, str]:
    with force_locale(locale):
        return {
            "rank": _("Rank"), "code": _("Code"), "title": _("Entry"), "unit": _("Unit"), "score": _("Score"), "award": _("Award"),
            "advances": _("Advances"),
        }  # fmt: skip


def _row(row: PublicRow) -> dict[str, str]:
    return {
        "rank": str(row.rank or ""), "code": row.code, "title": row.title, "unit": row.unit, "score": row.score or "",
        "award": row.award, "award_en": row.award_en, "advances": "✓" if row.advances else "",
    }  # fmt: skip
