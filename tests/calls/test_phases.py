"""What the clock says: in Python for one edition, in SQL for the list, and both agree."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from app.accounts.enums import Role
from app.calls.enums import EditionPhase as P
from app.calls.enums import EditionState
from app.calls.operations.publishing import archive_edition
from app.calls.operations.stages import open_stage, release_stage, seal_stage
from app.calls.phases import Facts, phase_of
from app.calls.queries import calls_in, listed_editions, phase_facts, stages_in
from app.core.clock import local_date
from app.notices.enums import NoticeKind, NoticeState
from app.notices.models import Notice
from tests.conftest import NOW
from tests.factories.calls import make_published, make_staff

DAY = timedelta(days=1)
TODAY = date(2026, 3, 16)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (Facts(EditionState.PUBLISHED), P.UPCOMING),
        (Facts(EditionState.PUBLISHED, opens_at=NOW + DAY), P.UPCOMING),
        (Facts(EditionState.PUBLISHED, opens_at=NOW, next_close=NOW + DAY), P.OPEN),
        (Facts(EditionState.PUBLISHED, opens_at=NOW - DAY, unreleased=1), P.IN_REVIEW),
        (Facts(EditionState.PUBLISHED, opens_at=NOW - DAY, unreleased=1, notice_until=TODAY), P.IN_NOTICE),
        (Facts(EditionState.PUBLISHED, opens_at=NOW - DAY, notice_until=TODAY - DAY), P.FINISHED),
        (Facts(EditionState.ARCHIVED, opens_at=NOW - DAY, next_close=NOW + DAY), P.FINISHED),
        (Facts(EditionState.CANCELLED), P.FINISHED),
    ],
)
def test_phases(facts: Facts, expected: P):
    assert phase_of(facts, NOW, TODAY) == expected


def test_list_and_page_agree_through_the_life_of_an_edition(session: Session):
    edition = make_published(session)
    call, stage, host = calls_in(session, edition)[0], stages_in(session, edition)[1], make_staff(session, edition.host, Role.HOST)
    assert both(session, edition, call.opens_at - timedelta(microseconds=1)) == P.UPCOMING
    assert both(session, edition, call.opens_at) == P.OPEN
    assert both(session, edition, call.closes_at - timedelta(microseconds=1)) == P.OPEN
    assert both(session, edition, call.closes_at) == P.IN_REVIEW
    open_stage(session, stage=stage, actor=host, now=stage.opens_at)
    seal_stage(session, stage=stage, actor=host, now=stage.closes_at)
    release_stage(session, stage=stage, actor=host, now=stage.closes_at)
    last = local_date(stage.closes_at, edition.zone) + 5 * DAY
    session.add(
        Notice(
            number="GS-1", kind=NoticeKind.RESULT, state=NoticeState.PUBLISHED, organization_id=edition.host_id, edition_id=edition.id,
            title="公示", starts_on=last - 4 * DAY, ends_on=last, created_at=stage.closes_at, published_at=stage.closes_at,
        )
    )  # fmt: skip
    assert both(session, edition, stage.closes_at + 2 * DAY) == P.IN_NOTICE
    assert both(session, edition, stage.closes_at + 6 * DAY) == P.FINISHED
    archive_edition(session, edition=edition, actor=host, now=stage.closes_at + 6 * DAY)
    assert both(session, edition, call.opens_at) == P.FINISHED


def both(session: Session, edition: object, moment: datetime) -> P:
    """The phase, after checking that the list says the same."""
    session.flush()
    today = local_date(moment)
    said = phase_of(phase_facts(session, edition, moment, today), moment, today)  # type: ignore[arg-type]
    page = listed_editions(session, now=moment, today=today)
    assert [item.phase for item in page.items] == [said]
    assert page.counts == {said: 1}
    assert listed_editions(session, now=moment, today=today, phase=said).total == 1
    return said


def test_filters_by_kind_area_and_text(session: Session):
    make_published(session, title="100% 绿色大赛")
    other = make_published(session, title="人才大赛")
    other.organizer.area_code = "320506"
    session.flush()

    def titles(**filters: object) -> list[str]:
        return [item.title for item in listed_editions(session, now=NOW, today=TODAY, **filters).items]  # type: ignore[arg-type]

    assert titles(text="绿色") == ["100% 绿色大赛"]
    assert titles(text="%") == ["100% 绿色大赛"]
    assert titles(text="_") == []
    assert titles(area="320500") == ["人才大赛"]
    assert titles(area="110000") == []
    assert titles(phase=P.FINISHED) == []
