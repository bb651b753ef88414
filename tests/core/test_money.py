"""Exact decimals: what counts as a plain number, and how it rounds."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.money import exact, half_up, wan

HOSTILE = (
    "", " ", "NaN", "nan", "Infinity", "-inf", "1e3", "1E5", "0x10", "1_000", "1,000", "1，000", "８７", "87.", ".5", "+5", "--5", "5-",
    "1 000", "1.2.3", "五", "½", "²", "true", "None", "\x00", "12\n", "\t12", "12 ", "1e400", "9" * 16, "1." + "1" * 7, "0b1", "0o7", "١٢",
    "−5", "1/2", "$5", "5%", "=1+1", "<b>1</b>",
)  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_not_plain_digits_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a plain decimal"):
        exact(text)


@pytest.mark.parametrize(
    ("text", "value"), [("0", "0"), ("87.5", "87.5"), ("-0.25", "-0.25"), ("007", "7"), ("999999999999999", "999999999999999")]
)
def test_plain_digits_are_taken_exactly(text: str, value: str) -> None:
    assert exact(text) == Decimal(value)


@pytest.mark.parametrize(
    ("value", "places", "expected"),
    [
        ("7.125", 2, "7.13"),
        ("84.345", 2, "84.35"),
        ("0.005", 2, "0.01"),
        ("-0.005", 2, "-0.01"),
        ("89.994999", 2, "89.99"),
        ("2.675", 2, "2.68"),
    ],
)
def test_halves_round_away_from_zero(value: str, places: int, expected: str) -> None:
    assert half_up(Decimal(value), places) == Decimal(expected)


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=4))
def test_what_is_printed_reads_back_the_same(value: Decimal) -> None:
    assert exact(f"{value:f}") == value


def test_wan_is_ten_thousand_yuan() -> None:
    assert wan(Decimal(1250000)) == Decimal(125)
