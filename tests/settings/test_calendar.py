"""Working days: real notice periods, edits, years without a published calendar."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from app.settings.calendar import (
    WorkCalendar,
    is_estimated,
    is_working_day,
    load_calendar,
    published_days,
    seed_year,
    working_days_from,
)
from app.settings.models import CalendarDay
from tests.support.counting import counted_statements


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (date(2023, 4, 27), 5, date(2023, 5, 6)),  # over Labour Day to a make-up Saturday
        (date(2024, 6, 28), 5, date(2024, 7, 4)),
        (date(2022, 5, 13), 5, date(2022, 5, 19)),
        (date(2023, 2, 20), 5, date(2023, 2, 24)),
        (date(2020, 10, 14), 5, date(2020, 10, 20)),
        (date(2019, 7, 26), 5, date(2019, 8, 1)),
        (date(2023, 11, 20), 5, date(2023, 11, 24)),
        (date(2023, 10, 27), 6, date(2023, 11, 3)),
    ],
)
def test_published_notice_periods_of_real_offices(session: Session, start: date, days: int, end: date) -> None:
    assert working_days_from(session, start, days) == end


def test_a_period_that_begins_on_a_free_day_counts_from_the_next_working_day(session: Session) -> None:
    assert working_days_from(session, date(2023, 4, 29), 1) == date(2023, 5, 4)


def test_an_edited_day_counts_and_the_rest_of_its_year_stays_as_published(session: Session) -> None:
    seed_year(session, year=2023)
    session.add(CalendarDay(day=date(2023, 5, 4), kind="holiday", name="local", is_official=False))
    session.flush()
    assert working_days_from(session, date(2023, 4, 27), 5) == date(2023, 5, 8)
    assert not is_working_day(session, date(2023, 10, 2))


def test_one_marked_day_leaves_the_published_year_in_force(session: Session) -> None:
    session.add(CalendarDay(day=date(2023, 5, 4), kind="holiday", name="local", is_official=False))
    session.flush()
    assert working_days_from(session, date(2023, 4, 27), 5) == date(2023, 5, 8)


def test_a_day_cleared_from_a_filled_year_is_a_plain_day(session: Session) -> None:
    seed_year(session, year=2023)
    session.delete(session.get_one(CalendarDay, date(2023, 5, 6)))
    session.flush()
    assert working_days_from(session, date(2023, 4, 27), 5) == date(2023, 5, 8)


def test_seeding_a_year_twice_adds_nothing(session: Session) -> None:
    assert len(seed_year(session, year=2024)) == len(published_days(2024)) > 20
    assert seed_year(session, year=2024) == []


def test_seeded_days_are_named_in_chinese(session: Session) -> None:
    names = {row.name for row in seed_year(session, year=2024)}
    assert {"春节", "国庆节"} <= names


def test_a_year_without_a_published_calendar_is_a_plain_week_and_says_so(session: Session) -> None:
    assert is_estimated(session, date(2035, 1, 1), date(2035, 1, 9))
    assert not is_estimated(session, date(2025, 12, 1), date(2025, 12, 31))
    assert working_days_from(session, date(2035, 10, 1), 5) == date(2035, 10, 5)


def test_rows_of_a_year_make_it_known(session: Session) -> None:
    session.add(CalendarDay(day=date(2035, 10, 1), kind="holiday", name="国庆节"))
    session.flush()
    assert not is_estimated(session, date(2035, 9, 1), date(2035, 9, 9))
    assert working_days_from(session, date(2035, 10, 1), 5) == date(2035, 10, 8)


def test_a_period_of_no_days_or_of_years_is_refused(session: Session) -> None:
    for days in (0, -1, 367):
        with pytest.raises(ValueError):
            working_days_from(session, date(2024, 1, 2), days)


def test_counting_and_finding_the_last_day_agree() -> None:
    calendar = WorkCalendar({date(2024, 5, 1): "holiday", date(2024, 5, 11): "workday"}, frozenset({2024}))
    for days in range(1, 30):
        end = calendar.last_day(date(2024, 4, 29), days)
        assert (calendar.count(date(2024, 4, 29), end), calendar.is_working(end)) == (days, True)


def test_a_calendar_is_read_with_one_statement(session: Session) -> None:
    with counted_statements() as seen:
        load_calendar(session, (2023, 2024, 2025))
    assert len(seen) == 1
