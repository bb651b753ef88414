"""What judges and teams read of a frozen edition before they try to change anything in it."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.calls.operations.freezing import freeze_edition, unfreeze_edition
from app.core.authz import SYSTEM
from tests.conftest import NOW
from tests.factories.judging import make_scene
from tests.support.client import Client, words

REASON = "a complaint about judge Lin"
NOTE = "监督人员已冻结本赛事，解除前不能作任何修改。"


@pytest.mark.parametrize("of_team", [False, True])
def test_the_freeze_stands_above_what_cannot_be_changed_and_its_reason_does_not(client: Client, session: Session, of_team: bool) -> None:
    scene = make_scene(session)
    if of_team:
        entry = scene.entries[0]
        reader, pages = session.get_one(User, entry.leader_id), [f"/my/entries/{entry.code}", f"/my/entries/{entry.code}/team"]
    else:
        reader = scene.judges[0]
        pages = ["/desk/", f"/desk/assignments/{scene.assignment(0, 0).id}", f"/desk/seats/{scene.seats[0].id}/sign-off"]
    freeze_edition(session, edition=scene.edition, reason=REASON, actor=SYSTEM, now=NOW)
    session.commit()
    client.sign_in(reader)
    for page in pages:
        shown = words(client.get(page))
        assert (NOTE in shown, REASON in shown) == (True, False), page
    unfreeze_edition(session, edition=scene.edition, reason="looked into", actor=SYSTEM, now=NOW)
    session.commit()
    assert [page for page in pages if NOTE in words(client.get(page))] == []
