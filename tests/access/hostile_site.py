"""Run as a program with a folder: a contest with hostile words everywhere, in a database of its own. Prints cookies and pages by role."""

from __future__ import annotations

import json
import os
import re
import sys

from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import db
from app.factory import create_app
from tests.access.addresses import Addresses
from tests.access.crawling import open_to
from tests.access.hostile import plant
from tests.access.story import Contest, telling
from tests.support.client import Client

#: Read one page of each kind; files are no pages.
READERS = ("leader", "organizer", "judge", "host", "supervisor", "officer", "visitor")
FILES = re.compile(r"\.(pdf|xlsx|csv|zip|ics|svg|json|txt)$|/(view|save|note|picture)$|/files/|/join/|/awake$|healthz|readyz")

os.environ["JIEBANG_VAR"] = sys.argv[1]  # after the tests' own folder
app = create_app()
app.test_client_class = Client
pages: dict[str, dict[str, object]] = {}
with app.app_context(), Session(db.engine, expire_on_commit=False) as session:
    contest = Contest(session, "alpha")
    for phase in telling(contest, until="released"):
        if phase in {"open", "judging", "released"}:
            contest.commit()
            with db.engine.begin() as connection:  # type: ignore[union-attr]
                plant(connection, contest.mark)
            session.expire_all()
    address, seen = Addresses(app, session, contest), set()
    contest.people["officer"]
    clock.read_from(None)
    for role in READERS:
        found = [path for path in open_to(role, "released", address) if path not in seen and not FILES.search(path)]
        seen.update(found)
        browser = app.test_client()
        if role != "visitor":
            browser.sign_in(contest.people[role])  # type: ignore[attr-defined]
        cookie = browser.get_cookie("session")
        pages[role] = {"cookie": cookie.value if cookie else "", "paths": sorted(found)}
        db.release()
print(json.dumps(pages))
