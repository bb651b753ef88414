"""Readers of English meet the English name of everything that has one, on every page that they can open."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import Connection, String, cast, update

from app.accounts.models import User
from app.tables import metadata

from .addresses import Addresses
from .crawling import endpoint, open_to
from .story import Contest, telling

#: Pages on which both names stand on purpose: where they are typed, chosen by the office, or shown as what they are.
BOTH = {"accounts.invitations.show"}
CHINESE = "本名"


def rename(connection: Connection) -> int:
    """Give everything that has an English name a Chinese one that cannot be overlooked; how many tables."""
    named = [
        (table, word) for table in metadata.sorted_tables for word in ("name", "title", "level_name")
        if word in table.c and f"{word}_en" in table.c
    ]  # fmt: skip
    for table, word in named:
        connection.execute(update(table).values({word: CHINESE + cast(table.c.id, String), f"{word}_en": f"English {table.name}"}))
    return len(named)


@pytest.mark.parametrize("role", ["visitor", "leader", "judge", "organizer", "host", "supervisor", "officer", "admin", "auditor"])
@pytest.mark.parametrize("phase", ["judging", "released"])
def test_no_page_in_english_names_anything_in_chinese_only(
    app: Flask, connection: Connection, alpha: Contest, beta: Contest, crowd_of: Any, phase: str, role: str
) -> None:
    for _told in telling(alpha, beta, until=phase):
        pass
    assert rename(connection) > 8
    connection.execute(update(User.__table__).values(locale="en"))
    alpha.session.expire_all()
    crowd, found, read = crowd_of(), [], 0
    for path in open_to(role, phase, Addresses(app, alpha.session, alpha)):
        answer = crowd.ask(role, "GET", path, headers={"Accept-Language": "en"})
        if answer.mimetype != "text/html" or answer.status_code != 200:
            answer.close()
            continue
        tree = BeautifulSoup(answer.get_data(as_text=True), "html.parser")
        answer.close()
        assert [html["lang"] for html in tree.select("html")] == ["en"]
        for box in tree.select("textarea, input"):
            box.decompose()
        read += 1
        lines = [line for line in tree.get_text("\n").splitlines() if CHINESE in line]
        found += [f"{endpoint(crowd, path)}: {line.strip()}" for line in lines if endpoint(crowd, path) not in BOTH]
    assert (sorted(set(found)), read > 2) == ([], True)
