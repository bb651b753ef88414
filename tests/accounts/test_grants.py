"""Roles: who may give which, which exclude each other, and that they count at once."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.accounts.enums import Role
from app.accounts.operations.grants import AccountDisabled, DutiesCollide, SelfGrant, WrongScope, end_role, grant_role
from app.accounts.operations.organizations import add_member, remove_member
from app.accounts.operations.users import LastAdministrator
from app.accounts.policies import can_grant_role, can_view_organization, grantable_roles
from app.accounts.queries import grants_of
from app.core.authz import SYSTEM, Actor, Grant
from tests.conftest import NOW
from tests.factories.accounts import acting, grant, make_organization, make_user


def give(session: Session, user: object, role: Role, actor: Actor = SYSTEM, **scope: object) -> object:
    return grant_role(session, user=user, role=role, actor=actor, now=NOW, **scope)  # type: ignore[arg-type]


def test_a_role_in_an_organization_reaches_everything_below(session: Session) -> None:
    city = make_organization(session)
    district = make_organization(session, parent=city)
    park = make_organization(session, parent=district)
    make_organization(session)
    user = make_user(session)
    give(session, user, Role.HOST, organization=district)
    assert grants_of(session, user.id) == {Grant("host", district.id, None), Grant("host", park.id, None)}


def test_giving_twice_gives_once(session: Session) -> None:
    user, office = make_user(session), make_organization(session)
    assert give(session, user, Role.HOST, organization=office) is give(session, user, Role.HOST, organization=office)


def test_nobody_gives_a_role_to_themselves_or_takes_one_from_themselves(session: Session) -> None:
    user, office = make_user(session), make_organization(session)
    grant(session, user, Role.HOST, organization=office)
    me = acting(session, user)
    with pytest.raises(SelfGrant):
        give(session, user, Role.ORGANIZER, me, organization=office)
    with pytest.raises(SelfGrant):
        end_role(session, grant=grant(session, user, Role.FINANCE, organization=office), reason="", actor=me, now=NOW)


@pytest.mark.parametrize(("role", "scope"), [
    (Role.HOST, "platform"), (Role.SYSTEM_ADMIN, "organization"), (Role.AUDITOR, "organization"), (Role.SCORER, "organization"),
    (Role.JUDGE, "organization"), (Role.SUPERVISOR, "platform"),
])  # fmt: skip
def test_a_role_is_held_only_where_it_exists(session: Session, role: Role, scope: str) -> None:
    office = make_organization(session)
    with pytest.raises(WrongScope):
        give(session, make_user(session), role, **({"organization": office} if scope == "organization" else {}))


@pytest.mark.parametrize(("first", "second"), [
    (Role.SYSTEM_ADMIN, Role.AUDITOR), (Role.AUDITOR, Role.SYSTEM_ADMIN), (Role.SYSTEM_ADMIN, Role.HOST), (Role.HOST, Role.AUDITOR),
    (Role.SUPERVISOR, Role.ORGANIZER), (Role.HOST, Role.SUPERVISOR),
])  # fmt: skip
def test_powers_that_watch_each_other_are_not_in_one_hand(session: Session, first: Role, second: Role) -> None:
    user, office = make_user(session), make_organization(session)

    def where(role: Role) -> dict[str, object]:
        return {} if role in {Role.SYSTEM_ADMIN, Role.AUDITOR} else {"organization": office}

    give(session, user, first, **where(first))
    with pytest.raises(DutiesCollide):
        give(session, user, second, **where(second))


def test_one_may_watch_over_one_office_and_work_in_another(session: Session) -> None:
    user, ours, theirs = make_user(session), make_organization(session), make_organization(session)
    give(session, user, Role.SUPERVISOR, organization=ours)
    give(session, user, Role.ORGANIZER, organization=theirs)
    with pytest.raises(DutiesCollide):
        give(session, user, Role.ORGANIZER, organization=make_organization(session, parent=ours))


def test_a_disabled_account_gets_no_role(session: Session) -> None:
    with pytest.raises(AccountDisabled):
        give(session, make_user(session, disabled_at=NOW), Role.HOST, organization=make_organization(session))


def test_the_last_administrator_keeps_the_role(session: Session) -> None:
    only = grant(session, make_user(session), Role.SYSTEM_ADMIN)
    disabled = make_user(session, disabled_at=NOW)
    grant(session, disabled, Role.SYSTEM_ADMIN)
    with pytest.raises(LastAdministrator):
        end_role(session, grant=only, reason="", actor=SYSTEM, now=NOW)


def test_leaving_an_organization_ends_the_roles_held_there(session: Session) -> None:
    user, office = make_user(session), make_organization(session)
    membership = add_member(session, organization=office, user=user, actor=SYSTEM, now=NOW)
    give(session, user, Role.ORGANIZER, organization=office)
    session.flush()
    remove_member(session, membership=membership, reason="moved", actor=SYSTEM, now=NOW)
    session.flush()
    assert grants_of(session, user.id) == frozenset()


def test_hosts_give_what_hosts_may_give_and_only_in_their_own_house(session: Session) -> None:
    user, ours, theirs = make_user(session), make_organization(session), make_organization(session)
    grant(session, user, Role.HOST, organization=ours)
    host = acting(session, user)
    assert can_grant_role(host, Role.ORGANIZER, organization_id=ours.id)
    assert not can_grant_role(host, Role.ORGANIZER, organization_id=theirs.id)
    assert not can_grant_role(host, Role.SYSTEM_ADMIN)
    assert Role.SYSTEM_ADMIN not in grantable_roles(host, organization_id=ours.id)
    assert grantable_roles(host, organization_id=theirs.id) == []
    assert not can_view_organization(host, theirs.id)


def test_organizers_give_only_the_hands_they_need(session: Session) -> None:
    user, office = make_user(session), make_organization(session)
    grant(session, user, Role.ORGANIZER, organization=office)
    organizer = acting(session, user)
    assert grantable_roles(organizer, organization_id=office.id) == [Role.NEED_OWNER]
    assert not can_grant_role(organizer, Role.HOST, organization_id=office.id)
