"""A score sheet as sent. It is read by hand, not through WTForms: this is the hottest page of the house."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from app.core.forms import text_fault, tidy
from app.judging.rules import Item, check_mark, read_mark

MAX_REMARK = 1000
MAX_COMMENT = 5000
MAX_KEY = 64


@dataclass
class Line:
    """One item of the sheet as typed, with what is wrong about it."""

    item: Item
    text: str = ""
    remark: str = ""
    value: Decimal | None = None
    errors: list[str] = field(default_factory=list)
    remark_errors: list[str] = field(default_factory=list)
    stored: str | None = None

    @property
    def mark_name(self) -> str:
        return f"mark-{self.item.key}"

    @property
    def remark_name(self) -> str:
        return f"remark-{self.item.key}"


class SheetForm:
    """A score sheet as sent, or as stored. Everything typed is kept, right or wrong."""

    def __init__(self, items: tuple[Item, ...], content: Mapping[str, Any], revision: int) -> None:
        marks, remarks = content.get("marks", {}), content.get("remarks", {})
        self.lines = [Line(item, marks.get(item.key, ""), remarks.get(item.key, "")) for item in items]
        self.comment: str = content.get("comment", "")
        self.private_note: str = content.get("private_note", "")
        self.version = revision
        self.key = ""
        self.field_errors: dict[str, str] = {}
        self.form_errors: list[str] = []
        self.stored: dict[str, str] = {}

    def read(self, sent: Mapping[str, str], header_key: str = "") -> bool:
        """Take what was sent; True when every value can be stored."""
        for line in self.lines:
            line.text = sent.get(line.mark_name, "").strip()
            line.remark = self._text(sent, line.remark_name, MAX_REMARK, line.remark_errors)
            line.value = self._mark(line)
        self.comment = self._text(sent, "comment", MAX_COMMENT)
        self.private_note = self._text(sent, "private_note", MAX_COMMENT)
        self.version = _whole(sent.get("version", ""))
        self.key = nonce(header_key or sent.get("key", ""))
        if self.version < 0 or not self.key:
            self.form_errors.append(_("This page is out of date. Please reload it; what you typed is kept."))
        return not self.errors and not self.form_errors

    def _mark(self, line: Line) -> Decimal | None:
        if not line.text:
            return None
        try:
            value = read_mark(line.text)
        except ValueError:
            line.errors.append(_("Please enter a number in plain digits, for example 87.5."))
            return None
        fault = check_mark(line.item, value)
        if fault:
            line.errors.append(fault)
            return None
        return value

    def _text(self, sent: Mapping[str, str], name: str, limit: int, errors: list[str] | None = None) -> str:
        text = str(tidy(sent.get(name, "")))
        fault = text_fault(text, limit)
        if fault:
            self.field_errors[name] = fault
            if errors is not None:
                errors.append(fault)
        return text

    def refuse(self, faults: Mapping[str, str]) -> None:
        """Put an operation's faults beside their lines."""
        for line in self.lines:
            if line.item.key in faults:
                line.errors.append(faults[line.item.key])

    def compare(self, content: Mapping[str, Any], revision: int) -> None:
        """Show what is stored beside what was typed; the next save goes on from the stored revision."""
        marks, remarks = content.get("marks", {}), content.get("remarks", {})
        for line in self.lines:
            stored = marks.get(line.item.key, "")
            if _plain(stored) != _plain(line.text):
                self.stored[line.mark_name] = stored or "–"
            if remarks.get(line.item.key, "") != line.remark:
                self.stored[line.remark_name] = remarks.get(line.item.key, "") or "–"
        for name in ("comment", "private_note"):
            if content.get(name, "") != getattr(self, name):
                self.stored[name] = content.get(name, "") or "–"
        self.version = revision

    @property
    def errors(self) -> dict[str, list[str]]:
        """Messages by field name, for the page's script."""
        found = {line.mark_name: line.errors for line in self.lines if line.errors}
        return found | {name: [text] for name, text in self.field_errors.items()}

    def values(self) -> dict[str, Any]:
        """Plain data for the operation."""
        return {
            "marks": {line.item.key: line.value for line in self.lines},
            "remarks": {line.item.key: line.remark for line in self.lines},
            "comment": self.comment, "private_note": self.private_note, "key": self.key, "revision": self.version,
        }  # fmt: skip


def named(content: Mapping[str, Any]) -> dict[str, str]:
    """Stored content by the names of the fields."""
    named = {f"mark-{key}": value for key, value in content.get("marks", {}).items()}
    named |= {f"remark-{key}": text for key, text in content.get("remarks", {}).items()}
    return named | {"comment": content.get("comment", ""), "private_note": content.get("private_note", "")}


def _plain(text: str) -> str:
    try:
        return f"{read_mark(text).normalize():f}" if text else ""
    except ValueError:
        return text


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def nonce(text: str) -> str:
    """The save's own word as pages make it; nothing for anything else."""
    return text if 8 <= len(text) <= MAX_KEY and text.isascii() and text.replace("-", "").replace("_", "").isalnum() else ""
