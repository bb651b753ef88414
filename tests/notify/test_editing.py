"""Mending a mail that waits: new words go, old words stay readable, a personal link cannot be lost or borrowed."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.audit.models import JournalEvent
from app.core.authz import SYSTEM
from app.notify.enums import MessageState
from app.notify.models import Message
from app.notify.operations import edit_message, queue_message, release_message
from app.notify.operations.editing import EmptyMessage, LinkLost, NothingChanged
from app.notify.operations.queueing import MessageGone, unsealed
from app.notify.queries import edits_of
from app.notify.receivers import OWNER
from app.notify.rendering import parted
from tests.conftest import NOW
from tests.factories.accounts import acting, make_user

LINK = "https://example.org/judge/" + "a" * 43


def held(session: Session, link: str = "https://example.org/x") -> Message:
    context = {"name": "林", "link": link, "at": NOW}
    return queue_message(
        session, template="accounts/password_changed", to="lin@example.org", locale="en", context=context, dedup="d", now=NOW, hold=True,
        rests_on=OWNER,
    )  # fmt: skip


def editor(session: Session) -> User:
    return make_user(session, "Gu Qinghe")


def test_new_words_wait_and_the_old_ones_stay(session: Session) -> None:
    message, person = held(session), editor(session)
    letter, end = parted(message.body_text)
    before = message.subject
    edit_message(session, message=message, subject=" Please\nread ", letter="Dear Lin,\n\nthe hall has changed.", reason="new hall",
                 actor=acting(session, person), now=NOW)  # fmt: skip
    assert (message.subject, message.state) == ("Please read", MessageState.HELD)
    assert message.body_text == f"Dear Lin,\n\nthe hall has changed.\n\n-- \n{end}"
    ((edit, name),) = edits_of(session, message)
    assert (edit.subject, edit.body_text, edit.reason, name) == (before, f"{letter}\n\n-- \n{end}", "new hall", "Gu Qinghe")
    last = session.scalars(select(JournalEvent).order_by(JournalEvent.id.desc())).first()
    assert last is not None
    assert (last.name, last.actor_id) == ("notify.message_edited", person.id)


def test_each_change_keeps_what_was_there_before_it(session: Session) -> None:
    message = held(session)
    for subject in ("first", "second"):
        edit_message(session, message=message, subject=subject, letter="text", reason="mend", actor=SYSTEM, now=NOW)
    assert [edit.subject for edit, _name in edits_of(session, message)] == ["Your password was changed", "first"]


def test_the_personal_link_survives_the_change(session: Session) -> None:
    message = held(session, LINK)
    edit_message(session, message=message, subject="Link", letter="Go to https://example.org/judge/⟦0⟧ please", reason="shorter",
                 actor=SYSTEM, now=NOW)  # fmt: skip
    assert "a" * 43 not in message.body_text
    assert "a" * 43 in unsealed(message)[0]


@pytest.mark.parametrize("letter", ["no link at all", "two ⟦0⟧ and ⟦0⟧", "another ⟦1⟧", "half ⟦0 ⟧"])
def test_a_link_is_neither_lost_nor_doubled_nor_invented(session: Session, letter: str) -> None:
    message = held(session, LINK)
    before = message.body_text
    with pytest.raises(LinkLost):
        edit_message(session, message=message, subject="Link", letter=letter, reason="mend", actor=SYSTEM, now=NOW)
    assert (message.body_text, edits_of(session, message)) == (before, [])


def test_addresses_of_other_sites_are_taken_apart_here_too(session: Session) -> None:
    message = held(session)
    edit_message(session, message=message, subject="x www.evil.example", letter="see https://evil.example/a", reason="mend",
                 actor=SYSTEM, now=NOW)  # fmt: skip
    assert (message.subject, parted(message.body_text)[0]) == ("x www. evil.example", "see https:// evil.example/a")


def test_what_has_left_what_is_empty_and_what_is_the_same_is_refused(session: Session) -> None:
    message = held(session)
    letter = parted(message.body_text)[0]
    with pytest.raises(NothingChanged):
        edit_message(session, message=message, subject=message.subject, letter=letter, reason="mend", actor=SYSTEM, now=NOW)
    with pytest.raises(EmptyMessage):
        edit_message(session, message=message, subject=" ", letter=letter, reason="mend", actor=SYSTEM, now=NOW)
    release_message(session, message=message, actor=SYSTEM, now=NOW)
    with pytest.raises(MessageGone):
        edit_message(session, message=message, subject="late", letter=letter, reason="mend", actor=SYSTEM, now=NOW)


@pytest.mark.parametrize(
    "word", ["{{7*7}}", "{{config}}", "{%print(7*7)%}", "{0.__class__}", "{name.__init__}", "{0!r:>9999999}", "%(name)s", "${x}"]
)
def test_nothing_of_a_template_in_typed_words_is_evaluated(session: Session, word: str) -> None:
    """Words of people are never a template: neither those typed over a mail nor those that a mail quotes."""
    message = held(session)
    edit_message(session, message=message, subject=f"About {word}", letter=f"Dear {word}.", reason="mend", actor=SYSTEM, now=NOW)
    assert (message.subject, parted(message.body_text)[0]) == (f"About {word}", f"Dear {word}.")
    quoted = queue_message(
        session, template="accounts/password_changed", to="lin@example.org", locale="en", dedup=f"q{word}", now=NOW, rests_on=OWNER,
        context={"name": word, "link": "https://example.org/x", "at": NOW},
    )  # fmt: skip
    assert f"{word}," in quoted.body_text
    assert len(quoted.body_text) < 5000
