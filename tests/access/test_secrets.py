"""Canaries: strings that one may read and another may not, looked for in everything that each person can fetch, in each phase.

Headers, pages, files with their properties, error pages and mails are read. A score, a judge, a team's name or another tenant's word in
the wrong hands is found wherever it stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.audit.models import JournalEvent
from app.notify.models import Message

from .addresses import Addresses
from .crawling import crawl, is_public, open_to
from .crowd import ROLES
from .reading import readable
from .story import MARKS, PHASES, TOTAL, Contest, telling
from .tables import entries

JUDGES = ("judge", "other judge", "recused")
TEAM = ("leader", "viewer", "other leader")
STAFF = ("organizer", "host", "supervisor")
SITE = ("admin", "auditor")  # they run the site of all tenants
#: Marks and totals by the judge who gave them, as written on pages.
GIVEN = {
    "judge": tuple(map(str, (*MARKS.values(), TOTAL, "41.11", "66.36"))), "third judge": ("44.44", "33.33", "77.77", "45.55", "70.80"),
    "recused": ("42.22", "67.47"), "fourth judge": ("46.66", "71.91", "47.77", "73.02"), "other judge": ("48.88", "74.13"),
}  # fmt: skip
#: What the judges gave the entry of each team in the end.
OWN = dict.fromkeys(("leader", "viewer"), ("43.07", "30.02", "73.09", "45.55", "70.80", "46.66", "71.91")) | {
    "other leader": ("41.11", "66.36", "42.22", "67.47", "44.44", "33.33", "77.77", "47.77", "73.02", "48.88", "74.13"),
}  # fmt: skip
RELEASED = PHASES[PHASES.index("released") :]
SEALED = PHASES[PHASES.index("sealed") :]


def secrets(role: str, phase: str, contest: Contest, *, public: bool) -> list[str]:
    """What this person must not read on a page of this kind in this phase."""
    judges = {key: (contest.people[key].name, contest.people[key].email) for key in GIVEN}
    own = judges.get(role, ("", ""))
    names = [text for key, pair in judges.items() if key != role for text in pair if not any(text in mine for mine in own)]
    opinions = [f"{contest.mark} opinion of {key}" for key in GIVEN if key != role]
    private = [f"private {opinion}" for opinion in opinions]
    marks = [mark for key, given in GIVEN.items() if key != role for mark in given]
    if role in JUDGES:
        return [*names, *opinions, *marks, *([] if public and phase in RELEASED else [contest.hidden])]
    if role in STAFF:
        return private if phase in SEALED else [*private, *opinions, *marks]
    if phase in RELEASED:  # a team reads what its own entry was given, without who gave it
        return [*names, *private, *(mark for mark in marks if mark not in OWN.get(role, ()))]
    return [*names, *opinions, *marks, *([] if role in TEAM else [contest.hidden])]


def leaks(text: str, hidden: list[str]) -> list[str]:
    lower = text.lower()
    return [word for word in hidden if word.lower() in lower]


@pytest.mark.parametrize("phase", ["open", "judging", "sealed", "released"])
def test_nobody_fetches_what_is_not_theirs_to_know(app: Flask, alpha: Contest, beta: Contest, crowd_of: Any, phase: str) -> None:
    for _told in telling(alpha, beta, until=phase):
        pass
    crowd, address, found = crowd_of(), Addresses(app, alpha.session, alpha), []
    for role in ROLES:
        if role in SITE:
            continue
        for name, path, text in crawl(crowd, role, open_to(role, phase, address)):
            public = is_public(name)
            foreign = beta if role != "foreign" else alpha
            hidden = secrets(role, phase, alpha, public=public) if role != "foreign" else []
            hidden += [foreign.mark] if not public else [foreign.hidden] if phase not in RELEASED else []
            found += [f"{role} reads {word} at {path}" for word in leaks(text.replace(path, ""), hidden)]
    assert (found, dict(crowd.changed_by_reading)) == ([], {})


@pytest.mark.parametrize("phase", ["judging", "sealed"])
def test_refusals_and_broken_input_tell_judges_nothing(app: Flask, alpha: Contest, beta: Contest, crowd_of: Any, phase: str) -> None:
    for _told in telling(alpha, beta, until=phase):
        pass
    crowd, address, found = crowd_of(), Addresses(app, alpha.session, alpha), []
    for role in JUDGES:
        hidden = [*secrets(role, phase, alpha, public=False), beta.mark]
        for entry in entries():
            method, endpoint = entry.operation.split()
            path = address(endpoint, **entry.given)
            if method == "POST" and not is_public(endpoint) and not endpoint.startswith("accounts."):
                sent = {"mark-tech": "9999", "key": "k" * 16, "version": "0", "comment": "x" * 9000, "reason": ""}
                text = readable(crowd.ask(role, "POST", path, data=sent)).replace(path, "")
                found += [f"{role} reads {word} in the refusal of {path}" for word in leaks(text, hidden)]
    assert found == []


def test_mails_and_journal_keep_tenants_judges_and_teams_apart(alpha: Contest, beta: Contest) -> None:
    """Each message by its receiver: another tenant's words in none, a judge's name in no team's, a team's name in no judge's."""
    found = []
    for phase in telling(alpha, beta):
        for mine, theirs in ((alpha, beta), (beta, alpha)):
            for message, text in _mails(mine):
                found += [f"{phase}: {message.email} reads {word}" for word in leaks(text, [theirs.mark, theirs.hidden])]
                judge, team = _is_judge(mine, message.email), mine.hidden in message.email
                words = [mine.hidden] if judge else [mine.people[key].name for key in GIVEN] if team else []
                words += [mark for given in GIVEN.values() for mark in given] if phase not in RELEASED else []
                found += [f"{phase}: {message.email} reads {word}" for word in leaks(text, words)]
    assert found == []
    assert alpha.people["leader"].email in {message.email for message, _text in _mails(alpha)}
    for mine, theirs in ((alpha, beta), (beta, alpha)):
        rows = mine.session.scalars(select(JournalEvent.payload).where(JournalEvent.chain == f"edition:{mine.edition.id}")).all()
        assert [row for row in rows if row and theirs.mark in row] == []


def _mails(contest: Contest) -> Iterator[tuple[Message, str]]:
    wanted = select(Message).where(Message.email.contains(f"{contest.mark}.example")).order_by(Message.id)
    for message in contest.session.scalars(wanted.execution_options(populate_existing=True)):
        yield message, "\n".join(str(getattr(message, part)) for part in ("subject", "body_text", "body_html", "link"))


def _is_judge(contest: Contest, email: str) -> bool:
    return any(contest.people[key].email == email for key in GIVEN)
