"""Document numbers: no gap, no repetition, a new count every year."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.documents.operations import next_number, numbered


def test_numbers_follow_one_another_in_each_series(session: Session) -> None:
    assert [next_number(session, series="a") for _ in range(3)] == [1, 2, 3]
    assert next_number(session, series="b") == 1


def test_a_block_of_numbers_is_taken_at_once(session: Session) -> None:
    assert (next_number(session, series="a", count=10), next_number(session, series="a")) == (1, 11)


def test_a_failed_transaction_gives_its_number_back(session: Session) -> None:
    next_number(session, series="a")
    nested = session.begin_nested()
    taken = next_number(session, series="a")
    nested.rollback()
    assert taken == 2
    assert next_number(session, series="a") == 2


def test_printed_numbers_carry_prefix_and_year(session: Session) -> None:
    made = [numbered(session, prefix="ZS", year=2026, width=6), numbered(session, prefix="ZS", year=2027, width=6)]
    assert [*made, numbered(session, prefix="ZS", year=2026, width=6)] == ["ZS-2026-000001", "ZS-2027-000001", "ZS-2026-000002"]
