"""What of a person may be made public: names in full, numbers masked, and nothing whose kind is not known."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

#: Kinds of column that may stand in a published list; phone, id_number, bank and email are masked always.
KINDS = ("text", "number", "name", "phone", "id_number", "bank", "email")
_ID = re.compile(r"(?<![0-9A-Za-z])(\d{4})\d{10}(\d{3}[\dXx])(?![0-9A-Za-z])")
_PHONE = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)")


@dataclass(frozen=True)
class Column:
    """A column of a published list, titled in both languages."""

    key: str
    title: str
    title_en: str = ""
    kind: str = "text"

    def data(self) -> dict[str, str]:
        return asdict(self)


def mask(kind: str, text: str) -> str:
    """The text as it may be published: phone ``138****1234``, ID ``3205**********1234``, bank account its last four digits."""
    text = text.strip()
    if not text:
        return ""
    if kind == "phone":
        return f"{text[:3]}****{text[-4:]}" if len(text) >= 11 else "****"
    if kind == "id_number":
        return f"{text[:4]}{'*' * (len(text) - 8)}{text[-4:]}" if len(text) >= 15 else "*" * len(text)
    if kind == "bank":
        return f"**** {text[-4:]}" if len(text) >= 8 else "****"
    if kind == "email":
        name, at, host = text.partition("@")
        return f"{name[:1]}***{at}{host}"
    return scrub(text)


def scrub(text: str) -> str:
    """Free text with ID and mobile numbers masked, wherever somebody typed them."""
    return _PHONE.sub(r"\1****\2", _ID.sub(r"\1**********\2", text))


def masked_rows(columns: Sequence[Column], rows: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """The rows with only the declared columns, each masked by its kind; ``<key>_en`` is the same cell in English where it differs."""
    return [{key: mask(kind, str(row.get(key, ""))) for key, kind in _cells(columns, row)} for row in rows]


def _cells(columns: Sequence[Column], row: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for column in columns:
        yield column.key, column.kind
        if row.get(f"{column.key}_en", "") not in ("", row.get(column.key, "")):
            yield f"{column.key}_en", column.kind
