"""How values are written: instants with their zone, time left, money, marks, sizes, initials."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask, g
from flask_babel import force_locale

from app.core import display

NOON = datetime(2026, 3, 16, 4, 5, 6, tzinfo=UTC)


@pytest.fixture(params=["zh_CN", "en"])
def language(app: Flask, request: pytest.FixtureRequest) -> Iterator[str]:
    with app.test_request_context("/"), force_locale(request.param):
        yield request.param


@pytest.fixture
def chinese(app: Flask) -> Iterator[None]:
    with app.test_request_context("/"), force_locale("zh_CN"):
        yield


def test_an_instant_is_written_in_the_zone_of_the_page_with_its_name(language: str) -> None:
    written = {"zh_CN": "2026年3月16日 12:05 北京时间", "en": "16 Mar 2026, 12:05 Beijing time"}
    assert display.moment(NOON) == written[language]
    g.zone = "Europe/Berlin"
    elsewhere = {"zh_CN": "2026年3月16日 05:05 Europe/Berlin", "en": "16 Mar 2026, 05:05 Europe/Berlin"}
    assert display.moment(NOON) == elsewhere[language]
    assert display.instant(NOON, "Asia/Shanghai", seconds=True).endswith("12:05:06")


def test_a_day_is_the_day_on_the_wall_of_the_zone(language: str) -> None:
    late = datetime(2026, 3, 16, 17, 0, tzinfo=UTC)
    written = {"zh_CN": "2026年3月17日", "en": "17 Mar 2026"}
    assert display.day(late) == display.day(date(2026, 3, 17)) == written[language]
    assert display.day(None) == display.moment(None) == ""


@pytest.mark.parametrize(
    ("left", "text", "tone"),
    [
        (timedelta(days=9, hours=23), "还剩 9 天", "info"),
        (timedelta(days=2), "还剩 2 天", "warning"),
        (timedelta(days=1, hours=23, minutes=59), "还剩 47 小时", "danger"),
        (timedelta(minutes=59), "还剩 59 分钟", "danger"),
        (timedelta(seconds=1), "还剩 1 分钟", "danger"),
        (timedelta(0), "已截止", "neutral"),
        (timedelta(days=-3), "已截止", "neutral"),
    ],
)
def test_time_left_never_promises_more_than_there_is(chinese: None, left: timedelta, text: str, tone: str) -> None:
    assert display.time_left(NOON + left, NOON) == display.TimeLeft(text, tone)


@pytest.mark.parametrize(
    ("yuan", "written"),
    [(Decimal("1200000"), "120 万元"), (Decimal("12345"), "1.2345 万元"), (Decimal("0"), "0 万元"), (10**13, "1,000,000,000 万元")],
)
def test_money_is_written_in_ten_thousands_without_rounding(chinese: None, yuan: Decimal, written: str) -> None:
    assert display.money(yuan) == written


def test_money_is_written_in_full_where_english_is_read(app: Flask) -> None:
    with app.test_request_context("/"), force_locale("en"):
        assert display.money(Decimal("1200000.50")) == "CNY 1,200,000.50"


def test_a_mark_is_padded_but_never_rounded() -> None:
    assert [display.mark(Decimal(text), 2) for text in ("88", "88.5", "91.335")] == ["88.00", "88.50", "91.335"]
    assert display.mark(Decimal("1E+2")) == "100"


def test_sizes_are_written_in_the_largest_whole_unit() -> None:
    sizes = (0, 999, 1000, 20_000_000, 1_234_567, 999_999, 5_200_000_000, 7 * 10**13)
    written = ["0 B", "999 B", "1 kB", "20 MB", "1.2 MB", "999 kB", "5.2 GB", "70000 GB"]
    assert [display.file_size(size) for size in sizes] == written


def test_initials_follow_the_script_of_the_name() -> None:
    assert [display.initials(name) for name in ("沈知远", "Ada Lovelace King", "  ", "林")] == ["远", "AL", "·", "林"]


def test_errors_of_nested_forms_become_one_list() -> None:
    assert display.flat({"a": ["x"], "b": [["y"], {"c": ("z",)}]}) == ["x", "y", "z"]
