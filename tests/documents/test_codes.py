"""Verification codes: random, checkable as typed, revocable."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.core.errors import ConstraintBroken
from app.core.uow import atomic
from app.documents.operations import issue_code, revoke_code
from app.documents.operations.codes import CodeNotFound
from app.documents.queries import verify_code
from tests.conftest import NOW


def test_a_code_is_found_however_it_is_typed(session: Session) -> None:
    row = issue_code(session, kind="certificate", subject_id=1, facts={"holder": "张三"}, digest="d", now=NOW)
    typed = f" {row.code[:4].lower()}-{row.code[4:8]} {row.code[8:]} "
    found = verify_code(session, typed)
    assert found is not None
    assert (found.kind, found.facts, found.is_valid) == ("certificate", {"holder": "张三"}, True)


def test_unknown_and_absurd_codes_are_simply_not_found(session: Session) -> None:
    assert [verify_code(session, text) for text in ("", "X", "\x00", "9" * 5000, "%", "' OR 1=1")] == [None] * 6


def test_a_revoked_code_says_why(session: Session) -> None:
    row = issue_code(session, kind="certificate", subject_id=1, facts={}, now=NOW)
    revoke_code(session, kind="certificate", subject_id=1, reason="misspelt name", now=NOW)
    found = verify_code(session, row.code)
    assert found is not None
    assert (found.is_valid, found.revoked_reason) == (False, "misspelt name")


def test_a_code_cannot_be_revoked_where_there_is_none(session: Session) -> None:
    with pytest.raises(CodeNotFound):
        revoke_code(session, kind="certificate", subject_id=99, reason="no such thing", now=NOW)


def test_one_thing_has_one_code(session: Session) -> None:
    def issue_twice() -> None:
        with atomic() as inner:
            issue_code(inner, kind="certificate", subject_id=7, facts={}, now=NOW)
            issue_code(inner, kind="certificate", subject_id=7, facts={}, now=NOW)

    with pytest.raises(ConstraintBroken):
        issue_twice()


def test_codes_are_not_a_sequence(session: Session) -> None:
    made = [issue_code(session, kind="x", subject_id=n, facts={}, now=NOW).code for n in range(50)]
    assert len(set(made)) == 50
    assert sorted(made) != made
