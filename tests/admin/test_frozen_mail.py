"""Mails of a frozen edition: neither mended nor released nor dropped until the supervisor releases the edition."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.calls.models import Edition
from app.calls.operations.freezing import freeze_edition, unfreeze_edition
from app.core.authz import SYSTEM
from app.notify.enums import MessageState
from app.notify.models import Message, MessageEdit
from app.notify.operations import queue_message
from app.notify.receivers import OWNER
from tests.conftest import NOW
from tests.factories.judging import Scene, make_scene
from tests.support.client import words

FROZEN = "The supervisor has frozen this edition."
EDIT = {"subject": "Mended", "letter": "The hall has changed.", "reason": "wrong hall"}
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def scene(session: Session) -> Scene:
    return make_scene(session)


def held(session: Session, edition: Edition) -> Message:
    message = queue_message(
        session, template="accounts/password_changed", to="lin@example.org", locale="en", dedup="d", now=NOW, rests_on=OWNER, hold=True,
        context={"name": "Lin", "at": NOW, "link": "https://example.org/x"}, edition_id=edition.id, batch="news",
    )  # fmt: skip
    session.commit()
    return message


def freeze(session: Session, edition: Edition) -> None:
    freeze_edition(session, edition=edition, reason="a complaint", actor=SYSTEM, now=NOW)
    session.commit()


STEPS: list[tuple[str, dict[str, str], Callable[[Message], bool]]] = [
    ("{id}/edit", EDIT, lambda mail: mail.subject == "Mended"),
    ("{id}/release", {}, lambda mail: mail.state != MessageState.HELD),
    ("{id}/drop", {"reason": "not needed"}, lambda mail: mail.state == MessageState.DROPPED),
    ("release-batch", {"batch": "news"}, lambda mail: mail.state != MessageState.HELD),
]


@pytest.mark.parametrize(("step", "sent", "done"), STEPS)
def test_nothing_happens_to_the_mail_of_a_frozen_edition(
    client: FlaskClient, session: Session, scene: Scene, step: str, sent: dict[str, str], done: Callable[[Message], bool]
) -> None:
    mail = held(session, scene.edition)
    before = (mail.subject, mail.body_text)
    freeze(session, scene.edition)
    client.sign_in(scene.organizer)
    address = f"/manage/{scene.edition.code}/outbox/" + step.format(id=mail.id)
    answer = client.post(address, data=sent, headers=ENGLISH, follow_redirects=True)
    assert FROZEN in words(answer)
    session.expire_all()
    assert (mail.subject, mail.body_text, mail.state) == (*before, MessageState.HELD)
    assert session.scalar(select(func.count(MessageEdit.id))) == 0


@pytest.mark.parametrize(("step", "sent", "done"), STEPS)
def test_once_the_edition_is_released_the_same_step_is_done(
    client: FlaskClient, session: Session, scene: Scene, step: str, sent: dict[str, str], done: Callable[[Message], bool]
) -> None:
    mail = held(session, scene.edition)
    freeze(session, scene.edition)
    unfreeze_edition(session, edition=scene.edition, reason="looked into", actor=SYSTEM, now=NOW)
    session.commit()
    client.sign_in(scene.organizer)
    address = f"/manage/{scene.edition.code}/outbox/" + step.format(id=mail.id)
    answer = client.post(address, data=sent, headers=ENGLISH, follow_redirects=True)
    assert FROZEN not in words(answer)
    session.expire_all()
    assert done(mail)
