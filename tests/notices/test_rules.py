"""What may be published of a person."""

from __future__ import annotations

import pytest

from app.notices.rules import Column, mask, masked_rows, scrub


@pytest.mark.parametrize(
    ("kind", "text", "shown"),
    [
        ("name", "张三丰", "张三丰"),
        ("phone", "13812345678", "138****5678"),
        ("phone", "8001", "****"),
        ("id_number", "11010519491231002X", "1101**********002X"),
        ("id_number", "K1234567", "********"),
        ("bank", "6222021234567890123", "**** 0123"),
        ("email", "li.lei@example.org", "l***@example.org"),
        ("text", "联系 13812345678，证件 11010519491231002X", "联系 138****5678，证件 1101**********002X"),
        ("text", "  ", ""),
    ],
)
def test_each_kind_is_masked_in_its_way(kind: str, text: str, shown: str) -> None:
    assert mask(kind, text) == shown


def test_a_number_inside_a_longer_one_is_left_alone() -> None:
    assert scrub("91350100M000100Y43 订单 2013812345678999") == "91350100M000100Y43 订单 2013812345678999"


def test_columns_that_are_not_declared_are_not_published() -> None:
    columns = [Column("name", "姓名", "Name", "name"), Column("phone", "电话", "Phone", "phone")]
    assert masked_rows(columns, [{"name": "张三", "phone": "13812345678", "bank": "6222"}]) == [{"name": "张三", "phone": "138****5678"}]


def test_a_cell_said_in_english_too_is_kept_beside_it_and_masked_alike() -> None:
    columns = [Column("award", "奖项", "Award"), Column("phone", "电话", "Phone", "phone")]
    rows = [
        {"award": "一等奖", "award_en": "First prize", "phone": "13812345678", "phone_en": "+86 13812345678", "bank_en": "6222"},
        {"award": "", "award_en": "", "phone": "", "phone_en": ""},
        {"award": "A", "award_en": "A", "phone": ""},
    ]
    assert masked_rows(columns, rows) == [
        {"award": "一等奖", "award_en": "First prize", "phone": "138****5678", "phone_en": "+86****5678"},
        {"award": "", "phone": ""},
        {"award": "A", "phone": ""},
    ]
