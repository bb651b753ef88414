"""The error tree: what a person can understand and act on, and sentences for the database's own refusals."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

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
    """The refusal for the first known constraint name within the driver's message, if any."""
    for name, sentence in CONSTRAINT_SENTENCES.items():
        if name in text:
            return ConstraintBroken(sentence)
    return None
