"""Rights are asked again when a mail goes: whoever lost the right while it waited gets nothing, and the journal says why."""

from __future__ import annotations

import ast
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.enums import Role, TokenPurpose
from app.accounts.models import RoleGrant, User
from app.accounts.operations.grants import end_role
from app.accounts.operations.tokens import issue_token, revoke_token
from app.accounts.operations.users import disable_user
from app.audit.enums import AlarmKind
from app.audit.models import Alarm, JournalEvent
from app.core import clock
from app.core.authz import SYSTEM
from app.entries.operations.teams import answer_invitation, invite_member, remove_member
from app.judging.models import Seat
from app.judging.operations.seats import remove_seat
from app.notify import jobs
from app.notify.enums import MessageState
from app.notify.models import Message
from app.notify.operations import queue_message, release_message
from app.notify.receivers import CHECKS, OWNER
from tests.conftest import NOW
from tests.factories.accounts import acting, grant, make_user
from tests.factories.entries import make_entry
from tests.factories.judging import make_scene
from tests.servers import ROOT

Revoke = Callable[[], object]


def held(session: Session, to: User | str, rests_on: str, edition_id: int | None = None, batch: str = "b") -> Message:
    """A mail that waits to be released."""
    context = {"name": "林", "link": "https://example.org/x", "at": NOW}
    message = queue_message(
        session, template="accounts/password_changed", to=to, locale="zh_CN", context=context, dedup=rests_on or "d", now=NOW,
        rests_on=rests_on, edition_id=edition_id, batch=batch, hold=True,
    )  # fmt: skip
    session.commit()
    return message


def released(session: Session, message: Message) -> MessageState:
    """Somebody lets it go; what became of it."""
    release_message(session, message=message, actor=SYSTEM, now=clock.now() - timedelta(seconds=1))
    session.commit()
    jobs.send_one(message.id)
    session.refresh(message)
    return message.state


def a_judge(session: Session) -> tuple[Message, Revoke]:
    scene = make_scene(session)
    scene.judge(session)
    seat = session.scalars(select(Seat).where(Seat.user_id.is_not(None))).first()
    assert seat is not None
    message = held(session, session.get_one(User, seat.user_id), f"seat:{seat.id}", scene.edition.id)
    return message, lambda: remove_seat(session, seat=seat, reason="conflict", actor=SYSTEM, now=NOW)


def an_organizer(session: Session) -> tuple[Message, Revoke]:
    scene = make_scene(session)
    message = held(session, scene.organizer, f"organizer:{scene.edition.id}", scene.edition.id)
    return message, lambda: ended(session, scene.organizer)


def ended(session: Session, user: User) -> None:
    for held_role in session.scalars(select(RoleGrant).where(RoleGrant.user_id == user.id, RoleGrant.ended_at.is_(None))).all():
        end_role(session, grant=held_role, reason="moved on", actor=SYSTEM, now=NOW)


def a_member(session: Session) -> tuple[Message, Revoke]:
    leader, person = make_user(session, "Leader"), make_user(session, "Member")
    entry = make_entry(session, leader=leader)
    who = acting(session, leader)
    member, _secret = invite_member(session, entry=entry, name="M", email=person.email, actor=who, now=NOW)
    answer_invitation(session, member=member, confirm=True, actor=acting(session, person), now=NOW)
    message = held(session, person, f"member:{member.id}", entry.edition_id)
    return message, lambda: remove_member(session, entry=entry, member_id=member.id, actor=who, now=NOW)


def an_invited_person(session: Session) -> tuple[Message, Revoke]:
    leader = make_user(session, "Leader")
    entry = make_entry(session, leader=leader)
    member, _secret = invite_member(session, entry=entry, name="M", email="m@example.org", actor=acting(session, leader), now=NOW)
    message = held(session, "m@example.org", f"invited:{member.id}", entry.edition_id)
    return message, lambda: remove_member(session, entry=entry, member_id=member.id, actor=acting(session, leader), now=NOW)


def a_link(session: Session) -> tuple[Message, Revoke]:
    token, _secret = issue_token(
        session, purpose=TokenPurpose.INVITE_STAFF, email="s@example.org", lifetime=timedelta(days=9000), actor=SYSTEM, now=NOW
    )
    message = held(session, "s@example.org", f"link:{token.id}")
    return message, lambda: revoke_token(session, token=token, actor=SYSTEM, now=NOW)


def a_supervisor_of_an_alarm(session: Session) -> tuple[Message, Revoke]:
    person = make_user(session, "Auditor")
    grant(session, person, Role.AUDITOR)
    alarm = Alarm(kind=AlarmKind.CHAIN, key="k", detail="d", raised_at=NOW)
    session.add(alarm)
    session.flush()
    return held(session, person, f"alarm:{alarm.id}"), lambda: ended(session, person)


def an_account(session: Session) -> tuple[Message, Revoke]:
    person = make_user(session, "Owner")
    return held(session, person, OWNER), lambda: disable_user(session, user=person, reason="left", actor=SYSTEM, now=NOW)


KINDS = [a_judge, an_organizer, a_member, an_invited_person, a_link, a_supervisor_of_an_alarm, an_account]


@pytest.mark.parametrize("kind", KINDS)
def test_who_keeps_the_right_gets_the_mail(app: Flask, session: Session, kind: Callable[[Session], tuple[Message, Revoke]]) -> None:
    message, _revoke = kind(session)
    assert released(session, message) == MessageState.SENT


@pytest.mark.parametrize("kind", KINDS)
def test_who_lost_the_right_while_it_waited_gets_nothing(
    app: Flask, session: Session, kind: Callable[[Session], tuple[Message, Revoke]]
) -> None:
    message, revoke = kind(session)
    revoke()
    session.commit()
    mails = app.extensions["jiebang"].var / "mail"
    mails.mkdir(exist_ok=True)
    before = set(mails.iterdir())
    assert (released(session, message), message.sent_at, message.sealed) == (MessageState.DROPPED, None, None)
    fact = session.scalars(select(JournalEvent).where(JournalEvent.name == "notify.message_dropped")).one()
    assert (fact.subject_id, str(message.edition_id) in fact.chain) == (message.id, message.edition_id is not None)
    assert set(mails.iterdir()) == before


def test_a_mail_to_an_account_goes_to_the_address_that_it_has_now(session: Session) -> None:
    message, _revoke = an_account(session)
    session.get_one(User, message.user_id).email = "new@example.org"
    session.commit()
    assert (released(session, message), message.email) == (MessageState.SENT, "new@example.org")


def test_what_nobody_knows_entitles_nobody(session: Session) -> None:
    assert released(session, held(session, "a@example.org", "nonsense:1")) == MessageState.DROPPED


def test_every_mail_of_the_product_rests_on_something_that_is_asked() -> None:
    """Each call of ``queue_message`` names what it rests on, and each name has its check."""
    named = set()
    for path in (ROOT / "app").rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "queue_message":
                value = next(keyword.value for keyword in call.keywords if keyword.arg == "rests_on")
                named.add(OWNER if isinstance(value, ast.Name) else ast.unparse(value).lstrip("f").strip("'\"").partition(":")[0])
    assert named - {OWNER} == set(CHECKS)
