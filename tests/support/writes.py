"""Which tables statements write to, transaction by transaction: seen at the connection, so nothing undone or unchanged escapes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, event

_WRITE = re.compile(r"\s*(?:INSERT(?:\s+OR\s+\w+)?\s+INTO|UPDATE|DELETE\s+FROM|REPLACE\s+INTO)\s+\"?(\w+)", re.I)


@dataclass
class Writes:
    """The tables of every INSERT, UPDATE and DELETE: of what was kept by each transaction, of what was undone, of the one going on."""

    kept: list[set[str]] = field(default_factory=list)
    undone: list[set[str]] = field(default_factory=list)
    going: set[str] = field(default_factory=set)

    @property
    def all(self) -> set[str]:
        return set().union(*self.kept, *self.undone, self.going)

    def end(self, into: list[set[str]]) -> None:
        """A transaction is over (in tests each one is a savepoint of the connection that all share)."""
        if self.going:
            into.append(self.going)
            self.going = set()


@contextmanager
def written(connection: Connection) -> Iterator[Writes]:
    """What is written on the connection within."""
    seen = Writes()

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if found := _WRITE.match(statement):
            seen.going.add(found[1])

    hooks = {
        "before_cursor_execute": note,
        "release_savepoint": lambda *_: seen.end(seen.kept),
        "rollback_savepoint": lambda *_: seen.end(seen.undone),
    }
    for name, hook in hooks.items():
        event.listen(connection, name, hook)
    try:
        yield seen
    finally:
        for name, hook in hooks.items():
            event.remove(connection, name, hook)
