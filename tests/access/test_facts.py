"""Every change is a fact: what a form stores, it stores in one transaction with a row of the journal."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection

from tests.support.sweeping import Form, Sweep
from tests.support.writes import written

from .addresses import Addresses
from .crawling import open_to
from .crowd import TRACES
from .story import Contest, telling

#: Who fills in forms in which phase.
STORIES = {
    "open": ("leader",), "judging": ("judge", "organizer", "host", "supervisor"), "released": ("organizer", "host", "officer", "admin"),
}  # fmt: skip
#: What only keeps the machinery going: who is signed in, the head of a chain.
MACHINERY = TRACES | {"journal_heads"}
#: What a form stores without a fact: a view of one's own, that one has read, a wrong password counted, a walk that is asked for.
WITHOUT = {
    "entries.table.save_view": {"saved_views"}, "entries.table.delete_view": {"saved_views"}, "notify.my.read_all": {"messages"},
    "admin.organizations.edit": {"organizations"},  # the order of names is worked out anew where the story left it out
    "accounts.my.confirm": {"sign_in_attempts"}, "admin.supervise.walk": {"chain_points"}, "admin.journal.walk": {"chain_points"},
}  # fmt: skip
#: What is done after a fact that ordered it: a mail is sent, a long file is made.
FOLLOWING = {"messages", "downloads"}
#: Typed where a form asks for it and nothing stands there yet.
TYPED = {"reason": "because it was asked for", "remark": "looked at", "question": "why so", "comment": "a word", "name": "Somebody"}


def typed(form: Form) -> dict[str, Any]:
    """The form as it was found, with its empty questions answered."""
    return form.data | {name: TYPED[name] for name in form.names if name in TYPED and not form.data.get(name)}


def untold(transactions: list[set[str]], endpoint: str) -> set[str]:
    """What was stored without a fact. Once there is one, it is told and mails are sent in transactions of their own."""
    found, has_fact = set(), False
    for tables in transactions:
        has_fact |= "journal_events" in tables
        rest = tables - MACHINERY - WITHOUT.get(endpoint, set())
        if "journal_events" not in tables and not (has_fact and ("deliveries" in tables or rest <= FOLLOWING)):
            found |= rest
    return found


@pytest.mark.parametrize("phase", STORIES)
def test_whatever_a_form_stores_is_in_the_journal(
    app: Flask, connection: Connection, alpha: Contest, beta: Contest, crowd_of: Any, phase: str
) -> None:
    for _told in telling(alpha, beta, until=phase):
        pass
    crowd, silent, told = crowd_of(), defaultdict(set), set()
    for role in STORIES[phase]:
        sweep = Sweep(app, connection, {role: app.test_client().sign_in(crowd.people[role])})  # type: ignore[attr-defined]
        sweep.explore(role, tuple(open_to(role, phase, Addresses(app, alpha.session, alpha))), samples=1)
        for endpoint, forms in sorted(sweep.forms.items()):
            for form in forms.values():
                with written(connection) as writes:
                    crowd.ask(role, "POST", form.action, data=typed(form), content_type="multipart/form-data").close()
                told |= {endpoint} if any("journal_events" in transaction for transaction in writes.kept) else set()
                silent[endpoint] |= untold(writes.kept, endpoint)
    assert ({name: found for name, found in silent.items() if found}, len(told) > 10) == ({}, True), sorted(told)
