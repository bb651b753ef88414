"""Separation of duties, read from the matrix: who watches does not write, who runs the site runs no contest, who asks does not decide."""

from __future__ import annotations

import pytest

from app.accounts.enums import Role
from app.accounts.rules.duties import EXCLUSIVE_ANYWHERE, EXCLUSIVE_WITHIN, GIVES, PARTICIPANT_ROLES

from .crowd import ROLES
from .tables import entries

#: What everybody may change: the own account, session and messages, and the forms of the public site.
OWN = ("accounts.", "notify.my.", "entries.join.", "entries.eligibility.", "judging.invitation.", "language", "privacy.my.")


#: What watchers do for their own work; nothing of a contest changes by it: chains walked, files fetched, witnesses named, alarms closed.
WATCHING = frozenset({
    "admin.supervise.walk", "admin.supervise.export", "admin.witnessing.add", "admin.witnessing.remove",
    "admin.journal.walk", "admin.journal.export", "admin.site_witnessing.site_add", "admin.site_witnessing.site_remove",
    "admin.alarms.close", "results.manage.order_file", "results.certificates.order_all",
})  # fmt: skip


def changes(role: str) -> set[str]:
    """The operations that change something and let the role in, in any phase; the own account aside."""
    column = ROLES.index(role)
    return {
        entry.operation.split()[1] for entry in entries()
        if not entry.operation.startswith("GET ") and "+" in {row[column] for row in entry.symbols.values()}
        and not entry.operation.split()[1].startswith(OWN)
    }  # fmt: skip


def test_a_supervisor_changes_nothing_but_the_freeze() -> None:
    assert changes("supervisor") - WATCHING == {"admin.supervise.freeze", "admin.supervise.unfreeze"}


@pytest.mark.parametrize("role", ["auditor", "stranger", "viewer"])
def test_who_only_reads_changes_nothing(role: str) -> None:
    assert changes(role) - WATCHING - {"entries.members.answer_listed"} == set()


def test_the_administrator_touches_no_contest_and_no_record() -> None:
    assert {name.split(".")[0] for name in changes("admin")} <= {"admin", "privacy"}


def test_nobody_beside_the_judge_writes_on_a_sheet() -> None:
    writers = {role for role in ROLES if {"judging.desk.save", "judging.desk.sign_off"} & changes(role)}
    assert writers == {"judge"}


def test_what_the_host_decides_the_organizer_cannot() -> None:
    decided = changes("host") - changes("organizer")
    for name in ("calls.manage.publish", "calls.manage.send_back", "calls.manage.decide", "results.manage.release",
                 "results.notices.publish", "results.notices.withdraw", "judging.reopening.decide", "calls.manage.archive"):  # fmt: skip
        assert name in decided


def test_the_three_powers_exclude_each_other_and_no_role_gives_a_power_of_the_site() -> None:
    for pair in ((Role.SYSTEM_ADMIN, Role.AUDITOR), (Role.SYSTEM_ADMIN, Role.ORGANIZER), (Role.SYSTEM_ADMIN, Role.HOST),
                 (Role.AUDITOR, Role.ORGANIZER), (Role.AUDITOR, Role.HOST)):  # fmt: skip
        assert frozenset(pair) in EXCLUSIVE_ANYWHERE
    assert {frozenset((Role.SUPERVISOR, role)) for role in (Role.HOST, Role.ORGANIZER)} <= EXCLUSIVE_WITHIN
    given = {role for roles in GIVES.values() for role in roles}
    assert given & ({Role.SYSTEM_ADMIN, Role.AUDITOR} | (PARTICIPANT_ROLES - {Role.NEED_OWNER})) == set()
