"""Next year's edition from this year's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy.orm import Session

from app.accounts.enums import Role
from app.calls.enums import EditionState, StageState
from app.calls.errors import CodeTaken
from app.calls.models import Edition
from app.calls.operations.cloning import Shift, clone_edition
from app.calls.queries import axes_of, calls_in, edition_faults, stages_in
from app.core.clock import local
from app.dynforms.schema import FormSchema
from tests.conftest import NOW
from tests.factories.calls import make_published, make_staff


def test_all_dates_move_by_the_same_distance(session: Session):
    source = make_published(session, "venture")
    first = min(call.opens_at for call in calls_in(session, source))
    copy = clone_edition(
        session, source=source, title="2027年大赛", code="cup-2027", opens_at=first + timedelta(days=364),
        actor=make_staff(session, source.host, Role.ORGANIZER), now=NOW,
    )  # fmt: skip
    assert (copy.state, copy.cloned_from_id, copy.series_id) == (EditionState.DRAFT, source.id, source.series_id)
    old, new = calls_in(session, source), calls_in(session, copy)
    assert {b.opens_at - a.opens_at for a, b in zip(old, new, strict=True)} == {timedelta(days=364)}
    assert {b.closes_at - a.closes_at for a, b in zip(old, new, strict=True)} == {timedelta(days=364)}
    stages = list(zip(stages_in(session, source), stages_in(session, copy), strict=True))
    assert {b.closes_at - a.closes_at for a, b in stages} == {timedelta(days=364)}
    assert [b.rules for _, b in stages] == [a.rules for a, _ in stages]
    assert {b.state for _, b in stages} == {StageState.PREPARING}
    assert [fault.message for fault in edition_faults(session, copy, NOW) if fault.blocks] == []


def test_the_copy_has_its_own_divisions_and_forms_and_later_years_in_its_conditions(session: Session):
    source = make_published(session, "venture")
    first = min(call.opens_at for call in calls_in(session, source))
    copy = clone_edition(session, source=source, title="T", code="cup-2027", opens_at=first.replace(year=first.year + 1),
                         actor=make_staff(session, source.host, Role.ORGANIZER), now=NOW)  # fmt: skip
    old, new = calls_in(session, source)[0], calls_in(session, copy)[0]
    assert (old.rules.eligibility[0].value, new.rules.eligibility[0].value) == ("2025-01-01", "2026-01-01")
    assert old.track_id != new.track_id
    assert old.form_version_id != new.form_version_id
    assert old.form_version.schema == new.form_version.schema


#: What a copy has of its own, by table; everything else is taken over as it stands.
OWN = {
    "editions": "id code title title_en state frozen_at frozen_by_id frozen_reason published_at finished_at access_ended_at "
                "cloned_from_id created_at created_by_id version",
    "calls": "id edition_id track_id group_id region_id opens_at closes_at form_version_id rules version",
    "stages": "id edition_id opens_at closes_at state rule_version_id sealed_at version",
    "tracks": "id edition_id", "entry_groups": "id edition_id", "regions": "id edition_id",
}  # fmt: skip


def values_of(rows: list[Any]) -> list[dict[str, Any]]:
    """What is taken over of the rows, by column."""
    table = rows[0].__table__
    own = OWN[table.name].split()
    return [{column.key: getattr(row, column.key) for column in table.columns if column.key not in own} for row in rows]


def test_whatever_is_no_date_is_taken_over_as_it_stands(session: Session) -> None:
    source = make_published(session, "venture")
    axes = axes_of(session, source)
    for number, line in enumerate(line for lines in axes.values() for line in lines):
        line.description, line.name_en = f"what belongs here {number}", f"Line {number}"
    axes["tracks"][0].sponsor = "A sponsor"
    calls_in(session, source)[0].quota = 7
    source.faq, source.contacts, source.body_en = [{"q": "Who?", "a": "All."}], [{"name": "Desk", "phone": "1"}], "In English"
    session.flush()
    copy = clone_edition(session, source=source, title="T", code="cup-2027", opens_at=first_opening(session, source) + timedelta(days=364),
                         actor=make_staff(session, source.host, Role.ORGANIZER), now=NOW)  # fmt: skip
    assert values_of([copy]) == values_of([source])
    for part in (calls_in, stages_in):
        assert values_of(part(session, copy)) == values_of(part(session, source))
    copied = axes_of(session, copy)
    assert {name: values_of(lines) for name, lines in copied.items() if lines} == {
        name: values_of(lines) for name, lines in axes.items() if lines
    }
    assert [(c.track.code, c.group.code) for c in calls_in(session, copy)] == [
        (c.track.code, c.group.code) for c in calls_in(session, source)
    ]


def test_a_copy_moves_the_dates_of_its_forms_and_the_rest_of_the_day_of_opening(session: Session) -> None:
    """Here entries open and the first stage begins on one day, so that another hour moves both by the exact distance."""
    source = make_published(session, "leg")
    first, stage = first_opening(session, source), stages_in(session, source)[0]
    stage.opens_at = first + timedelta(hours=1)
    version = calls_in(session, source)[0].form_version
    frozen, required = first + timedelta(days=9), first + timedelta(days=8)
    fields = [replace(version.schema.fields[0], frozen_after=frozen, required_after=required), *version.schema.fields[1:]]
    version.schema = FormSchema(version.schema.title, version.schema.sections, fields)
    session.flush()
    distance = timedelta(days=364, hours=2)
    copy = clone_edition(session, source=source, title="T", code="cup-2027", opens_at=first + distance,
                         actor=make_staff(session, source.host, Role.ORGANIZER), now=NOW)  # fmt: skip
    assert stages_in(session, copy)[0].opens_at == first + distance + timedelta(hours=1)
    field = calls_in(session, copy)[0].form_version.schema.fields[0]
    assert (field.frozen_after, field.required_after) == (frozen + distance, required + distance)


def first_opening(session: Session, edition: Edition) -> datetime:
    return min(call.opens_at for call in calls_in(session, edition))


def test_wall_clock_times_stay_through_a_change_to_summer_time():
    shift = Shift(datetime(2026, 1, 10, 8, tzinfo=UTC), datetime(2026, 7, 10, 7, tzinfo=UTC), "Europe/Berlin")
    moved = shift.moment(datetime(2026, 2, 1, 16, tzinfo=UTC))
    assert local(moved, "Europe/Berlin").strftime("%m-%d %H:%M") == "08-01 17:00"


def test_another_hour_of_opening_leaves_the_hours_of_all_other_dates() -> None:
    opens, closes = datetime(2026, 3, 2, 1, tzinfo=UTC), datetime(2026, 3, 20, 9, tzinfo=UTC)
    shift = Shift(opens, datetime(2027, 3, 1, 4, 30, tzinfo=UTC), "Asia/Shanghai", (opens, closes))
    assert (shift.moment(opens), shift.moment(closes)) == (datetime(2027, 3, 1, 4, 30, tzinfo=UTC), datetime(2027, 3, 19, 9, tzinfo=UTC))


def test_what_begins_and_ends_on_one_day_moves_with_the_hour_of_opening() -> None:
    opens, closes = datetime(2026, 3, 2, 1, tzinfo=UTC), datetime(2026, 3, 2, 9, tzinfo=UTC)
    shift = Shift(opens, datetime(2027, 3, 1, 10, tzinfo=UTC), "Asia/Shanghai", (opens, closes))
    assert (shift.moment(opens), shift.moment(closes)) == (datetime(2027, 3, 1, 10, tzinfo=UTC), datetime(2027, 3, 1, 18, tzinfo=UTC))


def test_a_leap_day_in_a_condition_becomes_the_day_before(session: Session):
    from_leap = Shift(datetime(2028, 3, 1, tzinfo=UTC), datetime(2029, 3, 1, tzinfo=UTC), "Asia/Shanghai")
    assert from_leap.rules(["2028-02-29", "2028-12-31"], list) == ["2029-02-28", "2029-12-31"]


def test_a_taken_code_is_refused(session: Session):
    source = make_published(session)
    with pytest.raises(CodeTaken):
        clone_edition(
            session, source=source, title="T", code=source.code, opens_at=NOW, actor=make_staff(session, source.host, Role.HOST), now=NOW
        )
