"""The data inventory covers every column, and says the same as the document that is generated from it."""

from __future__ import annotations

from collections import Counter

import pytest
from flask import Flask

from app.core.inventory import KEPT_FOR, Basis, Erasure, Reader
from app.privacy.documents import FILES, inventory_markdown
from app.privacy.inventory import holdings
from app.tables import metadata

from .source import ROOT

HOW = "name the column in app/<feature>/inventory.py, then run `make inventory`"


def held() -> Counter[str]:
    return Counter(f"{row.table}.{name}" for row in holdings() for _kind, names in row.columns() for name in names)


def test_every_column_stands_in_exactly_one_class() -> None:
    columns = {f"{table.name}.{column.name}" for table in metadata.tables.values() for column in table.columns}
    listed = held()
    assert sorted(columns - set(listed)) == [], HOW
    assert sorted(set(listed) - columns) == [], "the inventory names columns that do not exist"
    assert [name for name, times in listed.items() if times > 1] == []


def test_personal_data_have_a_ground_and_a_way_to_be_erased() -> None:
    without = [row.table for row in holdings() if row.is_personal and (row.basis == Basis.NONE or row.erasure == Erasure.NOTHING)]
    assert without == []


def test_nobody_but_the_program_reads_secrets_alone() -> None:
    bare = [row.table for row in holdings() if not row.readers or (row.readers == (Reader.EVERYBODY,) and (row.sensitive or row.secret))]
    assert bare == []


def test_security_logs_stay_for_six_months_at_least() -> None:
    short = [row.table for row in holdings() if row.keep in KEPT_FOR and row.basis == Basis.DUTY and KEPT_FOR[row.keep].days < 184]
    assert short == []


@pytest.mark.parametrize(("locale", "name"), FILES.items())
def test_the_document_is_up_to_date(app: Flask, locale: str, name: str) -> None:
    with app.test_request_context():
        assert (ROOT / name).read_text(encoding="utf-8") == inventory_markdown(locale), "run `make inventory`"
