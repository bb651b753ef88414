"""Steps with weight ask who is there (trust: SESS-06): the views below call one of the gates, themselves or through a part of theirs."""

from __future__ import annotations

import pytest
from flask import Flask

from .source import calls_in, functions
from .test_routes import defined

GATES = {"require_recent_sign_in", "require_signing_proof"}
WEIGHTY = {
    "signing": ("judging.desk.sign_off",),
    "publishing": ("calls.manage.publish", "results.manage.release", "results.notices.publish", "talent.office.publish"),
    "rules and weights": ("calls.manage.decide", "calls.manage.open_stage", "judging.reopening.decide"),
    "roles": (
        "admin.roles.index", "admin.roles.end", "accounts.organizations.show", "accounts.organizations.give_role",
        "accounts.organizations.end_role", "accounts.organizations.remove_member", "calls.manage.staff", "calls.manage.end_staff",
    ),
    "personal data and scores as files": ("entries.table.export", "talent.office.records_xlsx", "results.manage.marks_xlsx"),
    "accounts": ("admin.users.disable", "admin.users.enable", "admin.users.end_sessions", "admin.users.start_reset",
                 "admin.users.remove_factor"),
    "keys and factors": ("accounts.keys.options", "accounts.keys.add", "accounts.keys.remove", "accounts.factor.index",
                         "accounts.factor.remove", "accounts.factor.renew_codes"),
    "settings": ("admin.settings.index",),
    "freezing": ("admin.supervise.freeze",),
    "selection": ("talent.office.confirm",),
}  # fmt: skip


def asks(app: Flask, endpoint: str) -> bool:
    path, view = defined(app.view_functions[endpoint])
    parts = {node.name: calls_in(node) for node in functions(path)}
    reached, waiting = set(), {view.name}
    while waiting:
        name = waiting.pop()
        reached.add(name)
        if parts[name] & GATES:
            return True
        waiting |= (parts[name] & set(parts)) - reached
    return False


@pytest.mark.parametrize(("step", "endpoint"), [(step, endpoint) for step, endpoints in WEIGHTY.items() for endpoint in endpoints])
def test_a_step_with_weight_asks_who_is_there(app: Flask, step: str, endpoint: str) -> None:
    assert asks(app, endpoint), f"{step}: call one of {sorted(GATES)} first"


def test_a_page_without_weight_does_not(app: Flask) -> None:
    """Guards the test above: the reading of the source tells the two apart."""
    assert not asks(app, "accounts.profile.index")
