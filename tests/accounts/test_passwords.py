"""Which passwords are accepted: ASVS 5 by default, the 等保 profile where it is switched on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.accounts import engine
from app.accounts.models import User
from app.accounts.operations.passwords import PasswordRefused, PasswordUsedBefore, put_password
from app.accounts.operations.signing_in import has_stale_password
from app.accounts.rules.common_passwords import common_passwords
from app.accounts.rules.passwords import PasswordPolicy, password_fault
from app.core.authz import SYSTEM
from app.settings.operations.settings import change_setting
from tests.conftest import NOW
from tests.factories.accounts import make_user

POLICY = PasswordPolicy()
GOOD = "harbour lantern 41 quilt"


def test_the_list_of_common_passwords_is_long_enough() -> None:
    assert len([word for word in common_passwords() if len(word) >= 8]) > 3000
    assert len([word for word in common_passwords() if len(word) >= 12]) > 3000


@pytest.mark.parametrize("password", [
    "x" * 7, "harbour 41q", "password2024!", "Passw0rd@2024", "P@ssw0rd!2024", "qwertyuiop123", "123456789012", "1qaz2wsx3edc",
    "abcdefghijkl", "zyxwvutsrqpo", "aaaaaaaaaaaa", "abcabcabcabc", "mimamimamima", "woaini5201314", "zhangwei@2024", "zhangwei1234",
    "admin@123456", "administrator", "letmeinletmein", "20240101woaini", "welcome2025!", "iloveyou1314", "jiebangjiebang", "rencai2026!!",
    "qazwsxedcrfv", "000000000000", "!@#password123", "superman123456", "wangfang2000!",
])  # fmt: skip
def test_weak_passwords_are_refused(password: str) -> None:
    assert password_fault(password, POLICY) is not None


@pytest.mark.parametrize("password", [
    GOOD, "x7#Qm!p2Wd9$", "纸船 灯塔 山雀 七月里的雨 天台", "😀 teapot 😃 comet 17", "river-lamp-onion-77",
    "a" * 3 + "bcdefg ladder" * 4, "  spaces are kept  ",
    "tall ships 9 " * 15,
])  # fmt: skip
def test_long_unusual_passwords_are_accepted_whatever_their_characters(password: str) -> None:
    assert password_fault(password, POLICY) is None


def test_nul_and_absurd_length_are_refused() -> None:
    assert password_fault("harbour\x00lantern 41", POLICY) is not None
    assert password_fault("harbour lantern " * 40, POLICY) is not None


def test_names_that_others_know_are_refused() -> None:
    assert password_fault("gaoxiaomei77", POLICY, about=("高小梅", "gaoxiaomei@example.org")) is not None
    assert password_fault("wuzhong-2031", PasswordPolicy(own_words=("wuzhong",)), about=()) is not None
    assert password_fault("wuzhong harbour lantern", PasswordPolicy(own_words=("wuzhong",))) is None


def test_the_password_is_compared_exactly(session: Session) -> None:
    user = make_user(session)
    put_password(session, user=user, password="  Spaces are kept é ", now=NOW)
    assert engine.fits(user.password_hash, "  Spaces are kept é ")
    for other in ("Spaces are kept é", "  spaces are kept é ", "  Spaces are kept e\u0301 ", "  Spaces are kept é"):
        assert not engine.fits(user.password_hash, other)


def test_a_long_password_is_not_cut(session: Session) -> None:
    user = make_user(session)
    long = "tall ships and lanterns " * 8
    put_password(session, user=user, password=long, now=NOW)
    assert engine.fits(user.password_hash, long)
    assert not engine.fits(user.password_hash, long[:-1])
    assert not engine.fits(user.password_hash, long[:72])


def dengbao(session: Session) -> User:
    change_setting(session, key="dengbao_profile", value=True, actor=SYSTEM, now=NOW)
    user = make_user(session)
    put_password(session, user=user, password="Harbour Lantern 41", now=NOW)
    return user


def test_without_the_profile_neither_kinds_nor_age_matter(session: Session) -> None:
    user = make_user(session)
    put_password(session, user=user, password="harbourlanternquilt", now=NOW)
    assert not has_stale_password(session, user=user, now=NOW + timedelta(days=1000))
    put_password(session, user=user, password="harbourlanternquilt", now=NOW)


def test_the_profile_asks_for_three_kinds_of_characters(session: Session) -> None:
    user = dengbao(session)
    with pytest.raises(PasswordRefused):
        put_password(session, user=user, password="harbourlanternquilt", now=NOW)


def test_the_profile_wants_a_new_password_after_ninety_days(session: Session) -> None:
    user = dengbao(session)
    assert not has_stale_password(session, user=user, now=NOW + timedelta(days=89))
    assert has_stale_password(session, user=user, now=NOW + timedelta(days=90))


def test_the_profile_refuses_the_last_five(session: Session) -> None:
    user = dengbao(session)
    for number in range(4):
        put_password(session, user=user, password=f"Teapot Comet {number} Ladder", now=NOW)
    with pytest.raises(PasswordUsedBefore):
        put_password(session, user=user, password="Harbour Lantern 41", now=NOW)
    put_password(session, user=user, password="Violet Umbrella 7", now=NOW)
    put_password(session, user=user, password="Harbour Lantern 41", now=NOW)
