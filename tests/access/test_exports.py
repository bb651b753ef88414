"""Files with scores: before sign-off there are none, afterwards each one asks who is there and leaves a receipt."""

from __future__ import annotations

import hashlib
import zipfile
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select

from app.audit.models import JournalEvent
from app.core import clock

from .reading import readable
from .story import HOUR, MARKS, PHASES, TOTAL, Contest, telling


@pytest.mark.parametrize("phase", PHASES[PHASES.index("judging") :])
def test_the_staffs_table_holds_no_mark_before_the_result_is_released(alpha: Contest, beta: Contest, crowd_of: Any, phase: str) -> None:
    for _told in telling(alpha, beta, until=phase):
        pass
    crowd, path = crowd_of(), f"/manage/{alpha.edition.code}/entries/export.xlsx"
    for query in ("", "?cols=public_code,title,score", "?cols=score&sort=-score"):
        text = readable(crowd.ask("organizer", "GET", path + query))
        marks = [str(mark) for mark in (*MARKS.values(), TOTAL, "44.44", "33.33") if str(mark) in text]
        assert marks == [], query
        assert ("public_code" in query or not query) == (f"{alpha.mark} pump" in text)


@pytest.mark.parametrize("name", ["marks.xlsx", "summary.pdf"])
def test_a_file_with_all_scores_asks_who_is_there_and_leaves_a_receipt(
    alpha: Contest, beta: Contest, crowd_of: Any, app: Any, name: str
) -> None:
    for _told in telling(alpha, beta, until="sealed"):
        pass
    assert alpha.run is not None
    path, now = f"/manage/{alpha.edition.code}/results/{alpha.run.id}/{name}", clock.now()
    browser = app.test_client().sign_in(alpha.people["organizer"])
    clock.read_from(lambda: now + HOUR / 6)
    taken = select(JournalEvent).where(JournalEvent.name == "results.scores_exported").execution_options(populate_existing=True)
    assert browser.get(path).headers["Location"].startswith("/my/confirm")
    assert alpha.session.scalars(taken).all() == []
    browser.sign_in(alpha.people["organizer"])
    content = browser.get(path).data
    receipt = alpha.session.scalars(taken).one()
    assert receipt.actor_id == alpha.people["organizer"].id
    assert hashlib.sha256(content).hexdigest() in (receipt.payload or "")
    if name == "marks.xlsx":
        assert any(
            "43.07" in zipfile.ZipFile(BytesIO(content)).read(part).decode() for part in zipfile.ZipFile(BytesIO(content)).namelist()
        )
