"""What a person holds, read in one statement."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.accounts.enums import Role
from app.accounts.queries import standing_of
from app.core.authz import Grant
from tests.factories.accounts import grant, make_organization, make_user
from tests.support.counting import counted_statements


def test_a_role_in_an_office_reaches_everything_below_it_and_nothing_beside_it(session: Session) -> None:
    city = make_organization(session, "City")
    district = make_organization(session, "District", parent=city)
    make_organization(session, "Other city")
    user = make_user(session)
    grant(session, user, Role.HOST, organization=city)
    grants, organizations = standing_of(session, user.id)
    assert grants == {Grant("host", city.id, None), Grant("host", district.id, None)}
    assert organizations == frozenset()


def test_platform_roles_have_no_scope_and_all_is_read_in_one_statement(session: Session) -> None:
    user = make_user(session)
    grant(session, user, Role.AUDITOR)
    with counted_statements() as seen:
        assert standing_of(session, user.id)[0] == {Grant("auditor", None, None)}
    assert len(seen) == 1
