"""Long files: for their requester alone, while the rights last, for less than a day; a lost worker loses nothing."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts.enums import Role
from app.accounts.models import RoleGrant
from app.audit.models import JournalEvent, Reading
from app.core import clock
from app.downloads.enums import DownloadState
from app.downloads.errors import TooManyOrdered
from app.downloads.jobs import make_download, remove_old_downloads, take_up_downloads
from app.downloads.kinds import KINDS
from app.downloads.models import Download
from app.downloads.operations import begin_making, order_download
from app.downloads.operations.ordering import KEPT, MOST_WAITING
from app.downloads.queries import PATIENCE
from app.files.models import Blob
from app.files.setup import storage
from app.notify.models import Message
from tests.factories.accounts import acting, grant, make_organization, make_user
from tests.factories.entries import make_call, make_edition, make_submitted
from tests.support.client import html, words


@pytest.fixture
def edition(session):
    made = make_edition(session, host=make_organization(session))
    call = make_call(session, made)
    for title in ("Pump", "=cmd|' /C calc'!A0"):
        make_submitted(session, call=call, title=title)
    return made


@pytest.fixture
def officer(session, edition):
    user = make_user(session, "Officer")
    grant(session, user, Role.ORGANIZER, edition=edition)
    session.commit()
    return user


def order(session, edition, user, view=None) -> Download:
    params = {"edition_id": edition.id, "view": view or {}}
    row = order_download(
        session, kind="entries.table", params=params, title="Entries", locale="en", actor=acting(session, user), now=clock.now()
    )
    session.commit()
    return row


def test_ordered_on_the_page_made_in_the_background_and_saved_by_the_requester(client, session, edition, officer) -> None:
    client.sign_in(officer)
    answer = client.post(f"/manage/{edition.code}/entries/export?cols=title")
    page = client.get(answer.headers["Location"])
    assert edition.code in words(page)
    link = html(page).select_one("main a[href$='/file']")["href"]
    content = client.get(link)
    row = session.scalars(select(Download)).one()
    assert zipfile.is_zipfile(io.BytesIO(content.data))
    assert content.headers["Content-Disposition"].startswith("attachment;")
    assert content.headers["Cache-Control"] == "no-store, private"
    assert row.expires_at - row.ready_at == KEPT < timedelta(hours=24)
    facts = set(session.scalars(select(JournalEvent.name).where(JournalEvent.name.startswith("downloads."))))
    assert facts == {"downloads.download_ordered", "downloads.download_made", "downloads.download_fetched"}
    assert session.scalars(select(Reading).where(Reading.subject == "download")).one().actor_id == officer.id
    message = session.scalars(select(Message).where(Message.template == "downloads/ready")).one()
    assert message.user_id == officer.id
    assert row.code not in message.body_text


def test_the_page_that_asks_again_by_itself_gets_its_part_alone(client, session, edition, officer) -> None:
    row = order(session, edition, officer)
    row.state = DownloadState.WAITING
    session.commit()
    client.sign_in(officer)
    part = client.get(f"/my/downloads/{row.code}", headers={"HX-Request": "true"})
    assert part.status_code == 200
    assert "<html" not in part.text
    assert "排队中" in words(part)
    assert html(part).select_one("#download[hx-trigger]") is not None


def test_the_address_cannot_be_guessed_and_opens_for_nobody_else(client, session, edition, officer) -> None:
    row = order(session, edition, officer)
    make_download(row.id)
    assert len(row.code) == 43, "256 random bits"
    other = make_user(session, "Other")
    grant(session, other, Role.HOST, edition=edition)
    session.commit()
    client.sign_in(other)
    assert client.get(f"/my/downloads/{row.code}").status_code == 404
    assert client.get(f"/my/downloads/{row.code}/file").status_code == 404
    assert row.code not in client.get("/my/downloads/").get_data(as_text=True)


def test_who_has_lost_the_right_gets_the_file_no_more(client, session, edition, officer) -> None:
    row = order(session, edition, officer)
    make_download(row.id)
    client.sign_in(officer)
    assert client.get(f"/my/downloads/{row.code}/file").status_code == 200
    for held in session.scalars(select(RoleGrant).where(RoleGrant.user_id == officer.id)):
        session.delete(held)
    session.commit()
    assert client.get(f"/my/downloads/{row.code}/file").status_code == 404


def test_after_half_a_day_the_file_and_its_bytes_are_gone(client, session, edition, officer) -> None:
    row = order(session, edition, officer)
    make_download(row.id)
    key = row.blob.key
    row.expires_at = clock.now()
    session.commit()
    client.sign_in(officer)
    assert client.get(f"/my/downloads/{row.code}/file").status_code == 404, "the hour of removal has not come, its time has"
    remove_old_downloads()
    session.expire_all()
    assert row.state == DownloadState.EXPIRED
    assert key not in dict(storage().objects())
    assert session.scalar(select(Blob).where(Blob.key == key)) is None
    assert "保留时间已过" in words(client.get(f"/my/downloads/{row.code}"))


def test_the_same_order_is_made_once_and_not_too_many_at_a_time(session, edition, officer) -> None:
    first = order(session, edition, officer)
    first.state = DownloadState.WAITING
    first.blob_id = None
    session.commit()
    assert order(session, edition, officer).id == first.id
    session.add_all(
        Download(
            code=f"{n:043d}", kind="entries.table", title="x", params={"n": n}, locale="en", requester_id=officer.id, ordered_at=clock.now()
        )
        for n in range(MOST_WAITING)
    )
    session.commit()
    with pytest.raises(TooManyOrdered):
        order(session, edition, officer, {"q": "other"})


def test_a_lost_worker_loses_nothing_and_two_do_not_make_it_twice(session, edition, officer) -> None:
    now = clock.now()
    row = Download(
        code="c" * 43, kind="entries.table", title="x", params={"edition_id": edition.id, "view": {}}, locale="en", requester_id=officer.id,
        ordered_at=now - 2 * PATIENCE,
    )  # fmt: skip
    session.add(row)
    session.commit()
    assert begin_making(session, download=row, now=now - PATIENCE) is True
    session.commit()
    assert begin_making(session, download=row, now=now - timedelta(minutes=1)) is False
    session.commit()
    take_up_downloads()
    session.expire_all()
    assert (row.state, row.attempts) == (DownloadState.READY, 2)


def test_what_fails_is_tried_again_and_then_said(client, session, edition, officer, caplog) -> None:
    row = Download(
        code="d" * 43, kind="entries.table", title="x", params={"edition_id": edition.id}, locale="en", requester_id=officer.id,
        ordered_at=clock.now(),
    )  # fmt: skip
    session.add(row)
    session.commit()
    for _attempt in range(3):
        make_download(row.id)
    session.expire_all()
    assert (row.state, row.attempts) == (DownloadState.FAILED, 3)
    assert "could not be made" in caplog.text
    client.sign_in(officer)
    assert "系统出现问题" in words(client.get(f"/my/downloads/{row.code}"))


def test_every_kind_says_for_whom_it_is(app) -> None:
    declared = {name: (kind.audience, kind.holds_scores) for name, kind in KINDS.items()}
    sealed = "staff and supervisors, after the stage is sealed"
    assert declared == {
        "entries.table": ("staff", False), "results.certificates_zip": (sealed, False), "results.certificates_booklet": (sealed, False),
        "results.ranking_pdf": (sealed, False), "results.summary_pdf": (sealed, True), "results.marks_xlsx": (sealed, True),
        "results.marks_csv": (sealed, True),
    }  # fmt: skip


def test_what_was_ordered_with_a_right_that_has_ended_is_not_made(session, edition, officer) -> None:
    """The role ends between the order and its making: no file comes into being, and no mail says that one is ready."""
    row = order(session, edition, officer)
    row.state, row.blob_id, row.attempts = DownloadState.WAITING, None, 0
    session.query(Message).delete()
    for held in session.scalars(select(RoleGrant).where(RoleGrant.user_id == officer.id)):
        session.delete(held)
    session.commit()
    make_download(row.id)
    assert (row.state, row.blob_id, row.attempts) == (DownloadState.FAILED, None, 0)
    assert "right" in row.failure
    assert session.scalars(select(Message)).all() == []
