"""Whose an edition is: the lists and the policies say the same."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.enums import Role
from app.calls.models import Edition
from app.calls.policies import holds_in
from app.calls.queries.editions import STAFF, held_by
from app.core.authz import Actor, Grant
from tests.factories.accounts import make_organization
from tests.factories.calls import make_edition


@pytest.mark.parametrize("role", STAFF)
def test_a_role_leads_to_the_editions_that_its_policy_allows_and_to_no_other(session: Session, role: Role) -> None:
    edition, other = make_edition(session), make_edition(session)
    edition.organizer = make_organization(session)
    session.flush()
    places = {
        "in it": Grant(role, edition_id=edition.id),
        "in its host": Grant(role, organization_id=edition.host_id),
        "in its organizer": Grant(role, organization_id=edition.organizer_id),
        "in another": Grant(role, edition_id=other.id),
        "of another kind": Grant(Role.FINANCE, organization_id=edition.host_id),
    }
    said = {}
    for place, grant in places.items():
        actor = Actor(user_id=1, grants=frozenset({grant}))
        found = session.scalars(select(Edition.id).where(held_by(actor, *STAFF))).all()
        assert [edition_id in found for edition_id in (edition.id, other.id)] == [
            any(holds_in(actor, each, thing) for each in STAFF) for thing in (edition, other)
        ]
        said[place] = edition.id in found
    expected = {"in it": True, "in its host": True, "in its organizer": role != Role.HOST, "in another": False, "of another kind": False}
    assert said == expected
