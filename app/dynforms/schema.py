"""What a form is: typed, frozen data. Texts come in both languages; keys are stable and name the answers."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct


class FieldKind(StrEnum):
    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    CHOICE = "choice"
    MULTI_CHOICE = "multi_choice"
    YES_NO = "yes_no"
    PERSON = "person"
    ORGANIZATION = "organization"
    FILE = "file"
    TABLE = "table"
    DECLARATION = "declaration"
    HEADING = "heading"


class Visibility(StrEnum):
    """Who sees an answer. ``BLIND_SAFE`` also in the judges' blind copy; ``JUDGES`` only where the stage is not blind."""

    PUBLIC = "public"
    BLIND_SAFE = "blind_safe"
    JUDGES = "judges"
    STAFF = "staff"
    SENSITIVE = "sensitive"


class Text(Struct, frozen=True):
    """A text in both languages; English falls back to Chinese."""

    zh: str = ""
    en: str = ""

    def say(self, locale: str) -> str:
        return self.en if locale.startswith("en") and self.en else self.zh or self.en


class Option(Struct, frozen=True):
    key: str
    label: Text


class Condition(Struct, frozen=True):
    """One comparison with another field's answer: eq, ne, in, not_in, lt, le, gt, ge, empty, filled."""

    field: str
    op: str
    value: str | int | bool | list[str] | None = None


class ShowIf(Struct, frozen=True):
    """Conditions joined by all or any."""

    join: str = "all"
    conditions: list[Condition] = []


class Column(Struct, frozen=True):
    """A column of a table field."""

    key: str
    label: Text
    kind: FieldKind = FieldKind.TEXT
    required: bool = False
    options: list[Option] = []


class Field(Struct, frozen=True):
    """One question. Limits not named are absent; numbers are decimal strings, because JSON numbers are not exact."""

    key: str
    kind: FieldKind
    label: Text
    hint: Text = Text()
    section: str = ""
    required: bool = False
    visibility: Visibility = Visibility.BLIND_SAFE
    max_chars: int | None = None
    max_words: int | None = None
    low: str | None = None
    high: str | None = None
    places: int = 2
    unit: str = ""
    options: list[Option] = []
    file_types: list[str] = []
    max_mb: int = 20
    max_files: int = 1
    max_pages: int | None = None
    columns: list[Column] = []
    min_rows: int = 0
    max_rows: int = 20
    body: Text = Text()
    show_if: ShowIf | None = None
    required_after: datetime | None = None
    frozen_after: datetime | None = None


class Section(Struct, frozen=True):
    key: str
    title: Text
    intro: Text = Text()


class FormSchema(Struct, frozen=True):
    """A whole form: sections in order, fields in order."""

    title: Text = Text()
    sections: list[Section] = []
    fields: list[Field] = []

    def field(self, key: str) -> Field | None:
        return next((f for f in self.fields if f.key == key), None)

    def of_section(self, key: str) -> list[Field]:
        return [f for f in self.fields if f.section == key]
