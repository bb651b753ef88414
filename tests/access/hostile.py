"""Words that would run, break out or lead astray wherever a page, a mail or a PDF printed them as anything but text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import cycle
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from app.core.types import JSONText, SealedJSON, StructText
from app.tables import metadata

#: What a script of ours would call, and the element that a break-out would bring to life.
CALL, TAG = "zqrun()", "zqx"
#: What a template engine would have made of its part.
COMPUTED = str(7919 * 7907)
_HANDLERS = ("onerror", "onload", "onclick", "onmouseover", "onfocus", "ontoggle", "onanimationstart", "onpointerrawupdate")
_MARKUP = (
    f"<script>{CALL}</script>", f"</script><script>{CALL}</script>", f"</title><{TAG}>", f"</textarea><{TAG}>", f"</style><{TAG}>",
    f"--><{TAG}>", f"]]><{TAG}>", f"<{TAG}/onclick={CALL}>", f"<iframe srcdoc='<{TAG}>'>", f"<object data=data:,{CALL}>",
    f"<a href=javascript:{CALL}>x</a>", "<base href=//zq.example>", f"<form action=//zq.example><{TAG}>", f"<math><mi xlink:href=x><{TAG}>",
    f"<noscript><{TAG}></noscript>", f"<template><{TAG}></template>", "<img src=//zq.example/p>", "<link rel=stylesheet href=//zq.example>",
    "<meta http-equiv=refresh content=0;//zq.example>", f"<svg><animate onbegin={CALL}>", f"&lt;{TAG}&gt;<{TAG}>", f"\\u003c{TAG}\\u003e",
    f"<scr\tipt>{CALL}</scr\tipt>", f"<<{TAG}>>", f"<{TAG.upper()}>", f"<!--><{TAG}>", f"<?xml?><{TAG}>", f"＜{TAG}＞<{TAG}>",
)  # fmt: skip
_ATTRIBUTES = tuple(f"{quote} {handler}={CALL} x={quote}" for quote in ('"', "'", "`") for handler in _HANDLERS)
_IMAGES = tuple(f"<img src=x {handler}={CALL}>" for handler in _HANDLERS) + tuple(f"<svg {handler}={CALL}>" for handler in _HANDLERS)
_LINKS = (
    f"javascript:{CALL}", f"JaVaScRiPt:{CALL}", f"java\tscript:{CALL}", f"\x01javascript:{CALL}", f"data:text/html,<{TAG}>",
    f"vbscript:{CALL}",
    f"[x](javascript:{CALL})", "![x](//zq.example/p)", f"<javascript:{CALL}>", f"[x]: javascript:{CALL}", "//zq.example", "\\\\zq.example",
)  # fmt: skip
_TEMPLATES = (
    "{{7919*7907}}", "${7919*7907}", "#{7919*7907}", "<%= 7919*7907 %>", "{%print(7919*7907)%}", "{0.__class__}", "{name.__init__}",
    "{0!r:>99999}", "%(name)s",
    "%s%n%x", "{{config}}", "{{self._TemplateReference__context}}",
    "$(touch /tmp/zq)", "`id`", "=7919*7907", "@SUM(1)", "+7919*7907|' /C calc'!A0",
)  # fmt: skip
_WRITING = (
    "\u202egnp.exe\u202c", "\u2066\u2067evil\u2069", "\u200b\u200d\ufeff", "\u2028\u2029", "Z\u0337\u0351a\u0338l", "\U0001f984" * 20,
    "W" * 40, "长" * 40, "\u202e\u2066\u05d0\u05d1\u05d2\u2069\u202c", "a\r\nBcc: zq@zq.example", "\ufffe\uffff", "\ufdfa" * 10,
    "'; DROP TABLE users;--", "../../etc/passwd", "\x7f\x1b[31mred",
)  # fmt: skip
PAYLOADS = (*_MARKUP, *_ATTRIBUTES, *_IMAGES, *_LINKS, *_TEMPLATES, *_WRITING)

#: Columns of people's own words that the story leaves empty.
EMPTY = {
    "reason",
    "remark",
    "note",
    "name_en",
    "title_en",
    "body_en",
    "comment",
    "decline_reason",
    "left_reason",
    "revoked_reason",
    "address",
}
#: What does not change once it is written, and what the machinery itself writes.
OUTSIDE = {
    "journal_events",
    "readings",
    "sheet_saves",
    "messages",
    "checkpoints",
    "chain_points",
    "deliveries",
    "settings",
    "alarms",
    "tokens",
}


def plant(connection: Connection, mark: str) -> set[str]:
    """Put a payload wherever a person's words stand: those begin with ``mark``, in columns and inside documents. The columns' names."""
    turn, places = cycle(PAYLOADS), set()
    for table in metadata.sorted_tables:
        if table.name in OUTSIDE:
            continue
        for row in connection.execute(select(table)).mappings().all():
            changed = {
                name: value for column in table.columns for name in [column.name]
                if (value := _armed(column, row[column], mark, turn)) != row[column]
            }  # fmt: skip
            if changed:
                key = [column == row[column] for column in table.primary_key.columns]
                connection.execute(table.update().where(*key).values(changed))
                places |= {f"{table.name}.{name}" for name in changed}
    return places


def _armed(column: Any, value: Any, mark: str, turn: Iterator[str]) -> Any:
    if isinstance(column.type, JSONText | SealedJSON | StructText):
        text = msgspec.json.encode(value, order="sorted").decode()
        return value if f"{mark} " not in text else column.type.process_result_value(_spelled(text, mark, turn, as_json=True), None)
    if not isinstance(value, str) or column.foreign_keys:
        return value
    armed = _spelled(value, mark, turn)
    room = getattr(column.type, "length", None) or len(armed)
    if value == "" and column.name in EMPTY:
        armed = next(turn)
    return armed if len(armed) <= room else value


def _spelled(text: str, mark: str, turn: Iterator[str], *, as_json: bool = False) -> str:
    """The text with a payload in place of each mark that begins words; addresses and codes keep theirs."""
    head, *rest = text.split(f"{mark} ")
    for part in rest:
        payload = next(turn)
        head += (json.dumps(payload, ensure_ascii=False)[1:-1] if as_json else payload) + " " + part
    return head
