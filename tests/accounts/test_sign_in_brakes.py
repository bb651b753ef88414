"""Guessing is slowed: by account and network with growing delays, never by a lock that others could trigger cheaply."""

from __future__ import annotations

import statistics
import time
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.enums import Role
from app.accounts.models import SignInAttempt
from app.accounts.operations import signing_in
from app.accounts.operations.proof import TooManyAttempts, WrongPassword, check_password, mark_of
from app.accounts.operations.signing_in import Outcome
from app.accounts.rules.throttling import ACCOUNT, NETWORK, PAIR, Tally, wait
from app.core.authz import VISITOR
from app.core.uow import atomic
from tests.conftest import NOW
from tests.factories.accounts import grant, make_user
from tests.support.client import words

from .people import PASSWORD, member, sign_in


def attempt(session: Session, *, password: str = "wrong wrong wrong", email: str = "lin@example.org", network: str = "10.0.0.1",
            after: timedelta = timedelta()) -> Outcome:  # fmt: skip
    found = signing_in.check_credentials(session, email=email, password=password, network=network, actor=VISITOR, now=NOW + after)
    session.flush()
    return found.outcome


def test_delays_double_up_to_a_longest() -> None:
    assert [PAIR.delay(failures).total_seconds() for failures in (0, 4, 5, 6, 7, 30)] == [0, 0, 5, 10, 20, 900]
    assert ACCOUNT.delay(1000) == timedelta(seconds=30)
    assert NETWORK.delay(49) == timedelta()


def test_the_longest_of_the_three_delays_counts() -> None:
    now = NOW + timedelta(seconds=1)
    assert wait(now, pair=Tally(5, NOW), account=Tally(5, NOW), network=Tally(5, NOW)) == timedelta(seconds=4)
    assert wait(now, pair=Tally(4, NOW), account=Tally(4, NOW), network=Tally(4, NOW)) <= timedelta()


def test_after_five_wrong_passwords_even_the_right_one_has_to_wait(session: Session) -> None:
    member(session)
    assert [attempt(session) for _ in range(5)] == [Outcome.REFUSED] * 5
    with pytest.raises(TooManyAttempts):
        attempt(session, password=PASSWORD)
    assert attempt(session, password=PASSWORD, after=timedelta(seconds=5)) == Outcome.WELCOME


def test_from_another_network_the_owner_gets_in_within_half_a_minute(session: Session) -> None:
    member(session)
    for number in range(50):
        attempt(session, network="10.0.0.1", after=timedelta(hours=number * 0.3 % 20))
    assert attempt(session, password=PASSWORD, network="10.9.9.9", after=timedelta(hours=20, seconds=30)) == Outcome.WELCOME


def test_a_success_clears_the_count_of_the_account(session: Session) -> None:
    member(session)
    for _ in range(4):
        attempt(session)
    assert attempt(session, password=PASSWORD) == Outcome.WELCOME
    assert [attempt(session) for _ in range(4)] == [Outcome.REFUSED] * 4


def test_one_network_that_tries_many_accounts_is_slowed_although_it_signs_in_in_between(session: Session) -> None:
    member(session)
    for number in range(50):
        attempt(session, email=f"target{number}@example.org")
    with pytest.raises(TooManyAttempts):
        attempt(session, password=PASSWORD)


def test_unknown_accounts_are_braked_like_known_ones(client: FlaskClient, session: Session) -> None:
    member(session)
    pages = []
    for email in ("lin@example.org", "nobody@example.org"):
        for _ in range(5):
            sign_in(client, email, "wrong wrong wrong")
        answer = sign_in(client, email, "wrong wrong wrong")
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "5")
        pages.append(words(answer))
    assert pages[0] == pages[1]


def test_a_waiting_attempt_is_not_counted_so_nobody_can_prolong_the_wait(client: FlaskClient, session: Session) -> None:
    member(session)
    for _ in range(12):
        sign_in(client, password="wrong wrong wrong")
    assert session.scalar(select(func.count(SignInAttempt.id))) == 5


def test_attempts_name_neither_address_nor_network(client: FlaskClient, session: Session) -> None:
    member(session)
    sign_in(client, password="wrong wrong wrong")
    row = session.scalars(select(SignInAttempt)).one()
    assert "lin" not in row.account
    assert "127.0.0.1" not in row.network


def test_a_wrong_proof_inside_a_session_is_counted_although_the_step_is_undone(session: Session) -> None:
    user = member(session)
    for _ in range(5):
        with pytest.raises(WrongPassword), atomic() as inner:
            check_password(inner, user_id=user.id, password="not this one", now=NOW)
    with pytest.raises(TooManyAttempts), atomic() as inner:
        check_password(inner, user_id=user.id, password=PASSWORD, now=NOW)


def known_to_unknown(session: Session, *, times: int, apart: timedelta) -> float:
    """How many times as much work a sign-in of a known address is as one of an unknown one: medians of so many each.

    The processor time of this thread, because the wall clock also measures what else the machine does.
    """
    member(session)
    durations: dict[str, list[float]] = {"lin@example.org": [], "nobody@example.org": []}
    attempt(session, email="warm@example.org", network="10.1.0.1")
    for number in range(times):
        for email, seen in durations.items():
            begun = time.thread_time()
            attempt(session, email=email, network=f"10.2.{number}.1", after=number * apart)
            seen.append(time.thread_time() - begun)
    known, unknown = (statistics.median(seen) for seen in durations.values())
    return known / unknown


def test_known_and_unknown_addresses_take_equally_long(app: Flask, session: Session) -> None:
    assert 0.6 < known_to_unknown(session, times=15, apart=timedelta(hours=1)) < 1.6


@pytest.mark.slow
def test_two_hundred_sign_ins_tell_nothing_by_their_duration(app: Flask, session: Session) -> None:
    """Medians of known and unknown addresses within a fifth of each other (ASVS 6.3.8)."""
    assert 0.8 < known_to_unknown(session, times=100, apart=timedelta(days=1)) < 1.2


@pytest.mark.slow
@pytest.mark.parametrize("page", ["/reset", "/sign-up"])
def test_asking_for_a_link_tells_nothing_by_its_duration(app: Flask, client: FlaskClient, session: Session, page: str) -> None:
    for number in range(40):
        member(session, f"known{number}@example.org")
    durations: dict[str, list[float]] = {"known": [], "nobody": []}
    for number in range(40):
        for kind, seen in durations.items():
            begun = time.thread_time()
            place = {"REMOTE_ADDR": f"10.4.{number}.{len(kind)}"}
            answer = client.post(page, data={"email": f"{kind}{number}@example.org"}, environ_overrides=place)
            seen.append(time.thread_time() - begun)
            assert answer.status_code == 303
    known, unknown = (statistics.median(seen) for seen in durations.values())
    assert 0.8 < known / unknown < 1.2


def test_fifty_wrong_tries_delay_the_guesser_and_the_owner_is_let_in_from_elsewhere(session: Session) -> None:
    """The whole promise in figures: the guesser waits a quarter of an hour, the owner elsewhere half a minute at most."""
    user, waits, moment = member(session), [], timedelta()
    while len(waits) < 50:
        try:
            attempt(session, after=moment)
            waits.append(0)
        except TooManyAttempts as error:
            waits[-1] += error.seconds
            moment += timedelta(seconds=error.seconds)
    assert waits[:8] == [0, 0, 0, 0, 5, 10, 20, 40]
    assert max(waits) == 900
    with pytest.raises(TooManyAttempts) as refused:
        attempt(session, password=PASSWORD, network="10.9.9.9", after=moment)
    assert refused.value.seconds <= 30
    assert attempt(session, password=PASSWORD, network="10.9.9.9", after=moment + timedelta(seconds=30)) == Outcome.WELCOME
    assert session.scalar(select(func.count(SignInAttempt.id)).where(SignInAttempt.account == mark_of(user.email, "account"))) == 51


def test_an_administrator_lifts_the_wait(client: FlaskClient, session: Session) -> None:
    user, admin = member(session), make_user(session)
    grant(session, admin, Role.SYSTEM_ADMIN)
    for _ in range(6):
        sign_in(client, password="wrong wrong wrong")
    assert sign_in(client).status_code == 429
    client.sign_in(admin)  # type: ignore[attr-defined]
    client.post(f"/admin/users/{user.id}/release-brakes")
    client.post("/my/sign-out")
    assert sign_in(client).location == "/my/"


def test_an_old_hash_is_renewed_at_the_next_sign_in(session: Session) -> None:
    from argon2 import PasswordHasher

    user = member(session)
    user.password_hash = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    session.flush()
    assert attempt(session, password=PASSWORD) == Outcome.WELCOME
    assert "m=19456,t=2,p=1" in (user.password_hash or "")


def test_nobody_fills_a_mailbox_with_links(client: FlaskClient, session: Session) -> None:
    member(session)
    answers = [client.post("/reset", data={"email": "lin@example.org"}).status_code for _ in range(8)]
    assert answers == [303] * 5 + [429] * 3
    assert client.post("/sign-up", data={"email": "lin@example.org"}).status_code == 429
    assert client.post("/reset", data={"email": "another@example.org"}).status_code == 303
