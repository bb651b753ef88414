"""Every form of the organizer's pages, fed with what no page would send."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.accounts.enums import Role
from app.calls.queries import calls_in, edition_by_code, stages_in
from app.calls.rules import StageRules
from tests.factories.accounts import grant, make_user
from tests.factories.calls import make_edition, make_published
from tests.support.client import words

JUNK: list[dict[str, Any]] = [
    {},
    {"reason": "\x00", "title": "a\x00b", "name": "\x00", "decision": "maybe", "way": "sideways"},
    {"opens_at": "2026-13-45T99:99", "closes_at": "9999999999", "calls": ["-1", "x"], "number": "9" * 400, "min_judges": "1e9"},
    {
        "lines-0-id": "999999999",
        "lines-0-name": "x" * 5000,
        "lines-0-code": "; drop",
        "criteria-0-name": "长" * 300,
        "criteria-0-full": "NaN",
    },
    {
        "conditions-0-kind": "age_max",
        "conditions-0-value": "fifty",
        "team_min": "-5",
        "team_max": "x",
        "grace_minutes": "",
        "form_version_id": "77777",
    },
    {"criteria-0-name": "A", "criteria-0-bands": "no band\n" * 30, "full": "-1", "step": "7", "mode": "none", "decimals": "99"},
    {"faq-0-q": "<script>", "faq-0-a": "=1+1", "email": "nobody@example.org", "role": "system_admin", "file": "not a file"},
    {"kind": "no_such_kind", "name": "S", "opens_at": "2026-05-02T10:00", "closes_at": "2026-05-01T10:00", "reason": "long enough"},
    {f"awards-{n}-name": "x" for n in range(500)},
]  # fmt: skip


def addresses(app: Flask, code: str, call: str, stage: int) -> list[str]:
    """Every address of these pages that takes a POST."""
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("calls.manage.") and "POST" in (rule.methods or ()):
            values = {"code": code, "call_code": call, "stage_id": stage, "axis": "tracks", "group": "*"}
            wanted = {name: values.get(name, 99999) for name in rule.arguments}
            found.append(app.url_map.bind("localhost").build(rule.endpoint, wanted))
    return found


@pytest.mark.parametrize("junk", JUNK, ids=range(len(JUNK)))
@pytest.mark.parametrize("is_published", [False, True], ids=["draft", "published"])
def test_nothing_breaks_and_nothing_changes(app: Flask, client: FlaskClient, session: Session, junk: dict[str, Any], is_published: bool):
    edition = make_published(session) if is_published else make_edition(session)
    user = make_user(session)
    grant(session, user, Role.HOST, organization=edition.host)
    grant(session, user, Role.ORGANIZER, organization=edition.host)
    session.commit()
    client.sign_in(user)
    call, stage = calls_in(session, edition)[0], stages_in(session, edition)[1]
    rules, conditions = stage.rules, call.rules
    skipped = ("/open", "/seal", "/publish", "/archive", "/remove", "/move", "/request-publication")
    for path in addresses(app, edition.code, call.code, stage.id):
        if not path.endswith(skipped):
            answer = client.post(path, data=junk)
            assert answer.status_code in (303, 403, 404, 409, 422), f"{path}: {answer.status_code}"
    session.expire_all()
    kept = edition_by_code(session, edition.code)
    assert kept is not None
    assert (kept.title, kept.state) == (edition.title, edition.state)
    assert stages_in(session, kept)[1].rules == rules
    assert calls_in(session, kept)[0].rules == conditions


def test_ids_of_another_edition_are_not_there(client: FlaskClient, session: Session):
    mine, other = make_edition(session), make_edition(session)
    user = make_user(session)
    grant(session, user, Role.ORGANIZER, organization=mine.host)
    session.commit()
    client.sign_in(user)
    foreign = stages_in(session, other)[1]
    for path in ("", "/dates", "/rubrics/*"):
        assert client.get(f"/manage/{mine.code}/stages/{foreign.id}{path}").status_code == 404
        assert client.post(f"/manage/{mine.code}/stages/{foreign.id}{path}").status_code == 404
    assert foreign.rules != StageRules()


def test_a_file_that_is_not_what_it_says_is_refused(client: FlaskClient, session: Session):
    edition = make_edition(session)
    user = make_user(session)
    grant(session, user, Role.ORGANIZER, organization=edition.host)
    session.commit()
    client.sign_in(user)
    fake = {"title": "通知", "file": (io.BytesIO(b"MZ\x90\x00 program"), "notice.pdf")}
    answer = client.post(f"/manage/{edition.code}/news/files", data=fake, content_type="multipart/form-data")
    assert answer.status_code == 422
    real = {"title": "通知", "file": (io.BytesIO(b"\x89PNG\r\n\x1a\n"), "x.exe")}
    assert client.post(f"/manage/{edition.code}/news/files", data=real, content_type="multipart/form-data").status_code == 422
    assert "通知" not in words(client.get(f"/contests/{edition.code}"))
