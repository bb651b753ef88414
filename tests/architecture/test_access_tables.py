"""Every operation of the site has its place in the access matrix, where ``tests/access`` compares it with what the site answers."""

from __future__ import annotations

from collections import Counter

from flask import Flask

from tests.access.addresses import operations
from tests.access.tables import entries

#: Asked elsewhere: it opens a connection of its own, which a test's one connection cannot give (tests/core/test_app.py).
APART = frozenset({"GET readyz"})


def test_every_operation_of_the_site_is_listed_once(app: Flask) -> None:
    listed = Counter(entry.operation for entry in entries())
    assert [operation for operation, times in listed.items() if times > 1] == []
    known, real = {*listed, *APART}, set(operations(app))
    hint = "say in tests/access/matrix/<feature>.toml who may, in which phase; then run tests/access/test_matrix.py"
    assert (sorted(real - known), sorted(known - real)) == ([], []), hint
