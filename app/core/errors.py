"""The error tree: what a person can understand and act on, and sentences for the database's own refusals."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import lazy_gettext as _l

_SQLITE_UNIQUE = re.compile(r"UNIQUE constraint failed: (?P<columns>[\w.]+(?:, [\w.]+)*)")

#: Named database constraints and the sentence a person reads when one of them refuses a row. Features add theirs.
CONSTRAINT_SENTENCES: dict[str, object] = {}


class DomainError(Exception):
    """A refusal that the person can understand and act on; ``field`` puts the message beside that field."""

    message: object = _l("This is not possible right now.")

    def __init__(self, message: object | None = None, *, field: str | None = None) -> None:
        super().__init__(message if message is not None else self.message)
        self.message = message if message is not None else type(self).message
        self.field = field

    def __str__(self) -> str:
        return str(self.message)


class Forbidden(Exception):
    """The actor may not do this; the reason is shown."""

    def __init__(self, reason: object = "") -> None:
        super().__init__(reason)
        self.reason = reason


class NotFound(Exception):
    """There is no such thing, or not for this actor: the two are indistinguishable."""


class SavedElsewhere(DomainError):
    """Somebody else (or another tab) changed the row since it was read."""

    message = _l("This was changed elsewhere in the meantime. Your input is kept below; please compare and save again.")


class ConstraintBroken(DomainError):
    """The database refused the row; the sentence comes from the constraint's name."""

    message = _l("The database refused this change because it would break a rule.")


def explain_constraint(text: str) -> ConstraintBroken | None:
    """The refusal for the first known constraint named in the driver's message, if any."""
    named = text + " ".join(_unique_names(text))
    for name, sentence in CONSTRAINT_SENTENCES.items():
        if name in named:
            return ConstraintBroken(sentence)
    return None


def _unique_names(text: str) -> list[str]:
    """SQLite names the columns of a broken unique rule, not the rule: the names of those over exactly these columns."""
    from .db import Base  # noqa: PLC0415 -- leaf: the tables are known once the application runs

    found = _SQLITE_UNIQUE.search(text)
    if found is None:
        return []
    columns = found["columns"].split(", ")
    table = Base.metadata.tables.get(columns[0].partition(".")[0])
    wanted = {column.partition(".")[2] for column in columns}
    if table is None:
        return []
    rules: list[Any] = [*table.constraints, *(index for index in table.indexes if index.unique)]
    return [str(rule.name) for rule in rules if {c.name for c in getattr(rule, "columns", ())} == wanted and rule.name]
