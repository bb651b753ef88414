"""The editor of conditions: nothing of a stored condition is lost, and a wrong limit is said beside its input."""

from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.accounts.enums import Role
from app.calls.forms.conditions import condition, condition_line
from app.calls.models import Edition
from app.calls.presets import PRESETS
from app.calls.queries import calls_in
from tests.factories.accounts import grant, make_user
from tests.factories.calls import make_edition


def test_every_condition_of_the_presets_survives_the_editor():
    rules = [rule for preset in PRESETS.values() for call in preset.call_rules.values() for rule in call.eligibility]
    assert rules
    assert [condition(condition_line(rule)) for rule in rules] == rules


def test_a_wrong_limit_is_said_beside_it_and_kept(client: FlaskClient, session: Session):
    edition = make_edition(session)
    page = _division(client, session, edition)
    sent = client.post(page, data={**TEAM, "conditions-0-kind": "age_max", "conditions-0-value": "fifty"})
    assert sent.status_code == 422
    assert 'id="conditions-0-value-error"' in sent.text
    assert 'value="fifty"' in sent.text
    session.expire_all()
    assert all(rule.value != "fifty" for rule in calls_in(session, edition)[0].rules.eligibility)


def test_the_inputs_follow_the_kind_before_anything_is_saved(client: FlaskClient, session: Session):
    edition = make_edition(session)
    page = _division(client, session, edition)
    before = calls_in(session, edition)[0].rules.eligibility
    shown = client.post(page, data={**TEAM, "conditions-0-kind": "paid_in_min", "conditions-0-value": "100", "add": "look"})
    assert 'name="conditions-0-other"' in shown.text
    assert 'name="conditions-0-on"' not in shown.text
    session.expire_all()
    assert calls_in(session, edition)[0].rules.eligibility == before


def _division(client: FlaskClient, session: Session, edition: Edition) -> str:
    user = make_user(session)
    grant(session, user, Role.ORGANIZER, organization=edition.host)
    client.sign_in(user)
    return f"/manage/{edition.code}/divisions/{calls_in(session, edition)[0].code}"


TEAM = {"team_min": "1", "team_max": "9", "grace_minutes": "0"}
