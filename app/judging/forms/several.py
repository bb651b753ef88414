"""Several judges at once: lines typed, or pasted from a table, each read by the form of one seat."""

from __future__ import annotations

import csv
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length

from app.core.forms import Form
from app.judging.enums import SeatCategory

from .panels import SeatForm

MOST = 200
COLUMNS = ("name", "email", "category", "unit")
HEADS = frozenset({"e-mail", "email", "mail", "邮箱", "电子邮箱", "邮件", "电子邮件"})


@dataclass(frozen=True)
class SeatLine:
    """One line as read: its number, its cells, and what is wrong with it; ``category`` is none where the word is not known."""

    number: int
    name: str
    email: str
    unit: str
    category: SeatCategory | None
    said: str
    faults: tuple[str, ...]

    def values(self) -> dict[str, Any]:
        """Plain data for the operation; of a line without faults."""
        return {"name": self.name, "email": self.email, "unit": self.unit, "category": self.category}


class SeveralForm(Form):
    """Judges, one a line."""

    judges = TextAreaField(
        _l("Judges, one a line"),
        [InputRequired(), Length(max=20_000)],
        description=_l(
            "Name, e-mail, category, organization; the last two may be left out. Lines copied from a table can be pasted as they are."
        ),
    )
    seen = HiddenField()

    @property
    def was_looked_through(self) -> bool:
        """Whether these very lines stood on the page that was sent, and somebody said to add them."""
        return bool(self.seen.data) and self.seen.data == self.judges.data

    def validate_judges(self, field: TextAreaField) -> None:
        """No more lines than somebody can look through."""
        count = len(_rows(field.data or ""))
        if count > MOST:
            raise ValidationError(_("At most %(limit)s judges at once; these are %(count)s.", limit=MOST, count=count))

    def lines(self, taken: Collection[str]) -> list[SeatLine]:
        """What was typed, line by line; ``taken`` are the addresses that have a seat in the panel already."""
        seen: dict[str, int] = {}
        words = _words()
        return [_line(number, cells, taken, seen, words) for number, cells in _rows(self.judges.data or "")]


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """Lines with something in them, with their numbers; a head line copied along is left out."""
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    rows = [(number, _cells(line)) for number, line in lines]
    return rows[1:] if rows and len(rows[0][1]) > 1 and rows[0][1][1].lower() in HEADS else rows


def _cells(line: str) -> list[str]:
    """Split at tabs where there are any, as tables are copied; otherwise at commas, Chinese ones too, but not within quotes."""
    if "\t" in line:
        return [cell.strip() for cell in line.split("\t")]
    return [cell.strip() for cell in next(csv.reader([line.replace("，", ",")], skipinitialspace=True))]


def _line(number: int, cells: list[str], taken: Collection[str], seen: dict[str, int], words: Mapping[str, SeatCategory]) -> SeatLine:
    given = dict(zip(COLUMNS, [*cells, *[""] * len(COLUMNS)], strict=False))
    category = _category(given["category"], words)
    form = SeatForm(MultiDict(given | {"category": (category or SeatCategory.TECHNICAL).value}), meta={"csrf": False})
    form.tracks.choices = []
    form.validate()
    faults = [str(field.label.text) + _(": ") + " ".join(map(str, field.errors)) for field in form if field.errors]
    if category is None:
        known = _(", ").join(str(one.label) for one in SeatCategory)
        faults.append(_("“%(word)s” is no category. There are: %(known)s.", word=given["category"], known=known))
    if any(cells[len(COLUMNS) :]):
        faults.append(_("There is more in this line than name, e-mail, category and organization."))
    email = (form.email.data or "").lower()
    if email in seen:
        faults.append(_("This address stands in line %(number)s already.", number=seen[email]))
    elif email in taken:
        faults.append(_("This person already has a seat in this panel."))
    if email:
        seen.setdefault(email, number)
    return SeatLine(number, form.name.data or "", email, form.unit.data or "", category, given["category"], tuple(faults))


def _category(word: str, words: Mapping[str, SeatCategory]) -> SeatCategory | None:
    """The one that the word names, or begins to name; a technical expert where nothing is said, none where it fits several or no one."""
    word = word.casefold()
    if not word:
        return SeatCategory.TECHNICAL
    meant = {category for name, category in words.items() if name.startswith(word)}
    return words.get(word) or (meant.pop() if len(meant) == 1 else None)


def _words() -> dict[str, SeatCategory]:
    """The categories by their names in both languages and as stored."""
    words = {category.value: category for category in SeatCategory}
    for locale in ("zh_CN", "en"):
        with force_locale(locale):
            words |= {str(category.label).casefold(): category for category in SeatCategory}
    return words
