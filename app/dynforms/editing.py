"""Changes of a definition as pure functions: each takes a schema and gives the next one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import msgspec

from app.core.codes import code

from .schema import Column, Condition, Field, FieldKind, FormSchema, Option, Section, ShowIf, Text

T = TypeVar("T", Field, Section)
SEPARATOR = "|"


def new_key(prefix: str = "f") -> str:
    """A key nobody has to think of."""
    return f"{prefix}_{code(6).lower()}"


def add_field(schema: FormSchema, kind: FieldKind, section: str, label: str) -> tuple[FormSchema, str]:
    """A new field at the end of its section."""
    key = new_key()
    made = Field(key=key, kind=kind, label=Text(zh=label), section=section)
    places = [place for place, field in enumerate(schema.fields) if field.section == section]
    after = places[-1] + 1 if places else len(schema.fields)
    return msgspec.structs.replace(schema, fields=[*schema.fields[:after], made, *schema.fields[after:]]), key


def replace_field(schema: FormSchema, field: Field) -> FormSchema:
    return msgspec.structs.replace(schema, fields=[field if old.key == field.key else old for old in schema.fields])


def remove_field(schema: FormSchema, key: str) -> FormSchema:
    return msgspec.structs.replace(schema, fields=[field for field in schema.fields if field.key != key])


def order_fields(schema: FormSchema, keys: Sequence[str]) -> FormSchema:
    """The fields in the order of ``keys``; those not named keep their order at the end."""
    rank = {key: place for place, key in enumerate(keys)}
    return msgspec.structs.replace(schema, fields=sorted(schema.fields, key=lambda f: rank.get(f.key, len(rank))))


def move(schema: FormSchema, key: str, step: int) -> FormSchema:
    """One place up (-1) or down (1)."""
    keys = [field.key for field in schema.fields]
    if key not in keys:
        return schema
    place = keys.index(key)
    target = min(max(place + step, 0), len(keys) - 1)
    keys.insert(target, keys.pop(place))
    return order_fields(schema, keys)


def set_sections(schema: FormSchema, sections: list[Section]) -> FormSchema:
    """Replace the sections; fields of one that went lose their section."""
    kept = {section.key for section in sections}
    fields = [f if f.section in kept else msgspec.structs.replace(f, section="") for f in schema.fields]
    return msgspec.structs.replace(schema, sections=sections, fields=fields)


def read_options(text: str) -> list[Option]:
    """Answers to choose from, one a line: ``key | 中文 | English``; key and English may be left out."""
    return [Option(key, label) for key, label, _rest in _lines(text, "o")]


def write_options(options: Sequence[Option]) -> str:
    return "\n".join(f"{o.key} | {o.label.zh} | {o.label.en}" for o in options)


#: The kinds of a column as they are typed, in both languages.
_EN = {kind: kind.value for kind in (FieldKind.TEXT, FieldKind.NUMBER, FieldKind.MONEY, FieldKind.DATE, FieldKind.YES_NO)}
_ZH = dict(zip(_EN, ("文字", "数值", "金额", "日期", "是否"), strict=True))
COLUMN_KINDS = {word: kind for words in (_EN, _ZH) for kind, word in words.items()}


def read_columns(text: str) -> list[Column]:
    """Columns, one a line: ``key | 中文 | English | kind | required``; all but the label may be left out."""
    made = []
    for key, label, rest in _lines(text, "c"):
        kind = COLUMN_KINDS.get(rest[0].lower() if rest else "", FieldKind.TEXT)
        made.append(Column(key=key, label=label, kind=kind, required=len(rest) > 1 and rest[1].lower() in {"required", "必填", "*"}))
    return made


def unknown_kinds(text: str) -> list[str]:
    """Words in the place of a column's kind that mean none."""
    return [rest[0] for _key, _label, rest in _lines(text, "c") if rest and rest[0] and rest[0].lower() not in COLUMN_KINDS]


def write_columns(columns: Sequence[Column], locale: str = "en") -> str:
    """As ``read_columns`` reads them, in the words of the language."""
    words, required = (_EN, "required") if locale.startswith("en") else (_ZH, "必填")
    return "\n".join(
        SEPARATOR.join([f"{c.key} ", f" {c.label.zh} ", f" {c.label.en} ", f" {words[c.kind]}"])
        + (f" {SEPARATOR} {required}" if c.required else "")
        for c in columns
    )


def _lines(text: str, prefix: str) -> list[tuple[str, Text, list[str]]]:
    found = []
    for line in (text or "").splitlines():
        parts = [part.strip() for part in line.split(SEPARATOR)]
        if not any(parts):
            continue
        if len(parts) == 1:
            parts = [new_key(prefix), parts[0]]
        elif len(parts) == 2 and not parts[0].isascii():  # the two names without a key
            parts = [new_key(prefix), *parts]
        found.append((parts[0] or new_key(prefix), Text(zh=parts[1], en=parts[2] if len(parts) > 2 else ""), parts[3:]))
    return found


#: What may be typed for yes and no; anything else is no value.
YES_OR_NO = dict.fromkeys(("yes", "true", "1", "是", "y"), True) | dict.fromkeys(("no", "false", "0", "否", "n"), False)


def read_conditions(join: str, rows: Sequence[tuple[str, str, str]], schema: FormSchema) -> ShowIf | None:
    """Conditions from the editor's rows (field, comparison, value); empty rows are dropped."""
    fields = {field.key: field for field in schema.fields}
    made = [Condition(key, op, _value(fields.get(key), op, value)) for key, op, value in rows if key and op]
    return ShowIf("any" if join == "any" else "all", made) if made else None


def _value(field: Field | None, op: str, text: str) -> str | bool | list[str] | None:
    """The value as the answers hold it: a key for choices (labels are understood too), yes or no, or the text itself."""
    if op in {"empty", "filled"}:
        return None
    if field is not None and field.kind in {FieldKind.YES_NO, FieldKind.DECLARATION}:
        return YES_OR_NO.get(text.strip().lower())
    labels = {label: option.key for option in (field.options if field else []) for label in (option.label.zh, option.label.en) if label}
    if op in {"in", "not_in"}:
        return [labels.get(part.strip(), part.strip()) for part in text.replace("，", ",").split(",") if part.strip()]
    return labels.get(text.strip(), text.strip())
