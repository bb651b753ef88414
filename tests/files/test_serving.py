"""Delivery: the same bytes or none, saved by default, never run."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.admin.checks import Grade, run_checks
from app.audit.models import JournalEvent
from app.core import clock
from app.files.errors import FileMissing
from app.files.models import Blob
from app.files.operations.sweeping import altered_count, dangling, forget_unused, mark_altered, sweep_objects
from app.files.serving import send_blob
from app.files.setup import storage
from tests.conftest import NOW
from tests.factories.files import make_blob, pdf, picture


def sent(app, blob: Blob, **options: object):
    with app.test_request_context():
        response = send_blob(blob, **options)
        response.direct_passthrough = False
        response.make_sequence()
        response.close()
        return response


def test_a_file_is_saved_not_shown_and_cannot_run_or_be_cached(app, session):
    content = pdf()
    response = sent(app, make_blob(session, content, "计划.pdf"))
    assert response.get_data() == content
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"].startswith("attachment;")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert response.headers["Cache-Control"] == "no-store, private"


def test_only_pdf_and_pictures_are_shown_in_the_page(app, session):
    shown = sent(app, make_blob(session, picture(), "a.png"), inline=True)
    saved = sent(app, make_blob(session, b"plain words", "a.txt"), inline=True)
    assert shown.headers["Content-Disposition"].startswith("inline;")
    assert saved.headers["Content-Disposition"].startswith("attachment;")


def test_a_given_name_replaces_the_senders(app, session):
    header = sent(app, make_blob(session, name="Team Li Hua.pdf"), name="A-017_report.pdf").headers["Content-Disposition"]
    assert "Li Hua" not in header
    assert "A-017_report.pdf" in header


def test_one_flipped_byte_and_nothing_is_delivered(app, session):
    blob = make_blob(session)
    content = bytearray(storage().fetch(blob.key, blob.sha256).read_bytes())
    content[20] ^= 1
    flipped = storage().temporary()
    flipped.write_bytes(bytes(content))
    storage().delete(blob.key)
    storage().put(blob.key, flipped)
    with pytest.raises(FileMissing):
        sent(app, blob)
    assert blob in dangling(session, store=storage())
    wrong = {one.id for one in dangling(session, store=storage())}
    assert mark_altered(session, wrong=wrong, now=NOW) == 1
    session.flush()
    assert altered_count(session) == 1
    facts = select(JournalEvent).where(JournalEvent.name == "files.file_altered")
    assert [json.loads(fact.payload)["id"] for fact in session.scalars(facts)] == [blob.id]
    lines = {(line.topic, line.grade) for line in run_checks(app.extensions["jiebang"], clock.now())}
    assert ("存储的文件", Grade.FAIL) in lines or ("Stored files", Grade.FAIL) in lines
    assert mark_altered(session, wrong=wrong, now=NOW) == 0
    assert len(session.scalars(facts).all()) == 1, "told once"
    mark_altered(session, wrong=(), now=NOW)
    session.flush()
    assert altered_count(session) == 0


def test_a_missing_object_is_refused_too(app, session):
    blob = make_blob(session)
    storage().delete(blob.key)
    with pytest.raises(FileMissing):
        sent(app, blob)


def test_files_attached_to_nothing_are_forgotten_after_a_day_and_their_bytes_removed(app, session):
    blob = make_blob(session)
    assert forget_unused(session, now=NOW + timedelta(days=1)) == 0
    key = blob.key
    assert forget_unused(session, now=NOW + timedelta(days=1, seconds=1)) >= 1
    assert session.scalar(select(Blob).where(Blob.key == key)) is None
    sweep_objects(session, store=storage(), now=clock.now())
    assert key in dict(storage().objects()), "younger than a day: an upload may still be on its way"
    sweep_objects(session, store=storage(), now=clock.now() + timedelta(days=1, seconds=5))
    assert key not in dict(storage().objects())
