"""The division matrix and the calls that follow it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from app.accounts.enums import Role
from app.calls.errors import InUse, NeedsApproval
from app.calls.models import Edition
from app.calls.operations.matrix import AxisRow, arrange_axis
from app.calls.queries import axes_of, calls_in
from app.core.authz import Actor
from tests.conftest import NOW
from tests.factories.calls import make_edition, make_published, make_staff


@pytest.fixture
def edition(session: Session) -> Edition:
    return make_edition(session, "venture")


@pytest.fixture
def actor(session: Session, edition: Edition) -> Actor:
    return make_staff(session, edition.host, Role.ORGANIZER)


def lines(session: Session, edition: Edition, axis: str) -> list[AxisRow]:
    return [AxisRow(row.code, row.name, row.id, row.name_en) for row in axes_of(session, edition)[axis]]


def test_a_new_track_brings_a_division_for_each_group_like_its_neighbours(session: Session, edition: Edition, actor: Actor):
    known = calls_in(session, edition)
    rows = [*lines(session, edition, "tracks"), AxisRow("lowalt", "低空经济")]
    arrange_axis(session, edition=edition, axis="tracks", rows=rows, actor=actor, now=NOW)
    calls = calls_in(session, edition)
    assert [call.code for call in calls[-2:]] == ["lowalt-startup", "lowalt-growth"]
    assert len(calls) == 16
    startup = next(call for call in known if call.code == "ict-startup")
    assert (calls[-2].rules, calls[-2].opens_at, calls[-2].form_version_id) == (startup.rules, startup.opens_at, startup.form_version_id)


def test_a_removed_track_takes_its_divisions_with_it(session: Session, edition: Edition, actor: Actor):
    rows = [row for row in lines(session, edition, "tracks") if row.code != "bio"]
    arrange_axis(session, edition=edition, axis="tracks", rows=rows, actor=actor, now=NOW)
    assert {call.track.code for call in calls_in(session, edition)} == {row.code for row in rows}


def test_renaming_and_reordering_keep_the_divisions(session: Session, edition: Edition, actor: Actor):
    before = {call.id for call in calls_in(session, edition)}
    rows = [replace(row, name=f"{row.name}赛道") for row in reversed(lines(session, edition, "tracks"))]
    arrange_axis(session, edition=edition, axis="tracks", rows=rows, actor=actor, now=NOW)
    calls = calls_in(session, edition)
    assert {call.id for call in calls} == before
    assert (calls[0].name, calls[-1].code) == ("生物医药赛道 · 初创组", "ict-growth")


def test_the_first_region_multiplies_all_divisions(session: Session, edition: Edition, actor: Actor):
    rows = [AxisRow("east", "东部赛区"), AxisRow("west", "西部赛区")]
    arrange_axis(session, edition=edition, axis="regions", rows=rows, actor=actor, now=NOW)
    calls = calls_in(session, edition)
    assert len(calls) == 28
    assert all(call.region is not None and call.rules.eligibility for call in calls)


def test_a_line_of_another_edition_is_refused(session: Session, edition: Edition, actor: Actor):
    other = axes_of(session, make_edition(session, "venture"))["tracks"][0]
    with pytest.raises(InUse):
        arrange_axis(session, edition=edition, axis="tracks", rows=[AxisRow("x", "X", other.id)], actor=actor, now=NOW)


def test_a_published_matrix_stands(session: Session):
    edition = make_published(session)
    with pytest.raises(NeedsApproval):
        arrange_axis(
            session, edition=edition, axis="groups", rows=[AxisRow("a", "A")], actor=make_staff(session, edition.host, Role.HOST), now=NOW
        )
