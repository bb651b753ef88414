"""Rights at the moment of asking: what ends acts on the next request, what is signed moves nothing that others see, what is released
appears at once and whole.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import RoleGrant
from app.accounts.operations.grants import end_role
from app.core import clock
from app.core.authz import SYSTEM
from app.core.db import db
from app.core.uow import atomic
from app.entries.operations.handing_in import withdraw_entry
from app.entries.operations.teams import remove_member
from app.judging.models import SheetSave
from app.judging.operations.conflicts import set_conflict
from app.results.models import ResultRun
from app.results.operations.runs import release_run
from tests.support.racing import race, racing_ground

from .addresses import Addresses
from .crawling import crawl, open_to
from .crowd import visit
from .story import Contest, deliver_everything, telling
from .test_indistinguishable import shape

FRESH = "/my/security/second-factor/"  # proposes a new secret each time
MARKS = {"mark-tech": "50.00", "mark-market": "30.00", "key": "k" * 20, "version": "0", "comment": "late"}


def test_an_open_sheet_and_its_files_are_gone_with_the_next_request_after_a_conflict(app: Flask, alpha: Contest) -> None:
    """The page stands open in the judge's browser; the organizer finds the conflict; saving, files and printing find nothing."""
    for _told in telling(alpha, until="judging"):
        pass
    entry, judge = alpha.entries[0], alpha.people["fourth judge"]
    sheet = f"/desk/assignments/{alpha.assignment('fourth judge', entry).id}"
    pages = (sheet, f"{sheet}/files/1", f"{sheet}/print", f"{sheet}/print.pdf")
    assert [visit(app, judge, page).status_code for page in pages] == [200] * 4
    set_conflict(alpha.session, seat=alpha.seats["fourth judge"], entry_id=entry.id, reason="cousin", actor=alpha.by("organizer"),
                 now=clock.now())  # fmt: skip
    alpha.commit()
    saves = select(SheetSave.id)
    before = alpha.session.scalars(saves).all()
    refused = [visit(app, judge, page).status_code for page in pages] + [visit(app, judge, sheet, "POST", data=MARKS).status_code]
    assert (refused, alpha.session.scalars(saves).all()) == ([404] * 5, before)


def test_who_steps_aside_cannot_tell_whether_the_entry_still_exists(app: Flask, alpha: Contest) -> None:
    """Withdrawn or still there: every page of the judge who stepped aside stays the same to the byte."""
    for _told in telling(alpha, until="judging"):
        pass
    sheet = f"/desk/assignments/{alpha.assignment('recused', alpha.entries[0]).id}"
    pages = ("/desk/", "/desk/?status=recused", f"/desk/seats/{alpha.seats['recused'].id}/scores", sheet, f"{sheet}/files/1")
    before = [shape(visit(app, alpha.people["recused"], page)) for page in pages]
    assert [answer[0] for answer in before] == [200, 200, 200, 404, 404]
    assert not [page for page in before if "pump 0" in page[2]]
    entry = alpha.entries[0]
    withdraw_entry(alpha.session, entry=entry, reason="sold the company", actor=alpha.by("leader"), now=clock.now())
    alpha.commit()
    assert [shape(visit(app, alpha.people["recused"], page)) for page in pages] == before


def test_a_removed_member_loses_page_file_and_unsaved_work(app: Flask, alpha: Contest) -> None:
    for _told in telling(alpha, until="open"):
        pass
    entry, viewer = alpha.entries[0], alpha.people["viewer"]
    file = Addresses(app, alpha.session, alpha)("entries.files.download", mode="save")
    pages = (f"/my/entries/{entry.code}", file, f"/my/entries/{entry.code}/receipts/1.pdf", f"/my/entries/{entry.code}/team")
    assert [visit(app, viewer, page).status_code for page in pages] == [200] * 4
    remove_member(alpha.session, entry=entry, member_id=alpha.member("viewer").id, actor=alpha.by("leader"), now=clock.now())
    alpha.commit()
    assert [visit(app, viewer, page).status_code for page in pages] == [404] * 4
    autosave = visit(app, viewer, f"/my/entries/{entry.code}/sections/about/autosave", "POST", data={"x_summary": "mine"})
    alpha.session.refresh(entry)
    assert (autosave.status_code, "mine" in str(entry.answers)) == (404, False)


def test_an_organizer_whose_role_ended_changes_nothing_from_an_open_page(app: Flask, alpha: Contest) -> None:
    for _told in telling(alpha, until="checking"):
        pass
    page = f"/manage/{alpha.edition.code}/about"
    assert visit(app, alpha.people["organizer"], page).status_code == 200
    held = select(RoleGrant).where(RoleGrant.user_id == alpha.people["organizer"].id, RoleGrant.ended_at.is_(None))
    for grant in alpha.session.scalars(held).all():
        end_role(alpha.session, grant=grant, reason="moved on", actor=SYSTEM, now=clock.now())
    alpha.commit()
    sent = visit(app, alpha.people["organizer"], page, "POST", data={"title": "taken over"})
    alpha.session.refresh(alpha.edition)
    assert (sent.status_code, alpha.edition.title) == (404, "zqalpha contest")


@pytest.mark.parametrize("role", ["fourth judge", "other judge", "recused", "leader", "other leader"])
def test_nothing_that_others_see_moves_when_a_sheet_is_saved_and_signed(
    app: Flask, alpha: Contest, beta: Contest, crowd_of: Any, role: str
) -> None:
    """No count, no average, no time, no order: every page is the same before and after another judge's save and signature."""
    for _told in telling(alpha, beta, until="judging"):
        pass
    crowd = crowd_of()
    crowd.people[role] = alpha.people[role]
    crowd.cookies[role] = crowd.cookies.get(role) or crowd._signed_in(alpha.people[role])
    column = "judge" if role == "fourth judge" else role
    starts = [
        path
        for path in open_to(column, "judging", Addresses(app, alpha.session, alpha))
        if "/desk/" not in path and not path.startswith(FRESH)
    ]
    if role in alpha.seats:
        own = [alpha.assignment(role, entry).id for entry in alpha.entries[:2] if role != "other judge" or entry is alpha.entries[1]]
        starts += ["/desk/", f"/desk/seats/{alpha.seats[role].id}/scores", *(f"/desk/assignments/{number}" for number in own)]
    paths = [path for _name, path, _text in crawl(crowd, role, starts) if path != FRESH]
    before = {path: shape(crowd.ask(role, "GET", path)) for path in paths}
    moment = clock.now()
    alpha.score("judge", alpha.entries[1], moment, {"tech": Decimal("41.11"), "market": Decimal("25.25")})
    alpha.sign("judge", alpha.entries[1], moment)
    alpha.sign("third judge", alpha.entries[1], moment)
    alpha.commit()
    deliver_everything()
    after = {path: shape(crowd.ask(role, "GET", path)) for path in before}
    assert ([path for path in before if before[path] != after[path]], len(before) > 10) == ([], True)


@pytest.mark.parametrize("role", ["visitor", "stranger", "leader", "other leader", "judge", "officer"])
def test_nothing_that_others_see_moves_when_judges_are_named_and_assigned(
    app: Flask, alpha: Contest, beta: Contest, crowd_of: Any, role: str
) -> None:
    """Who judges, and how many, is nobody's but the staff's: every page is the same before and after a further panel has its entries."""
    for _told in telling(alpha, beta, until="judging"):
        pass
    crowd, moment = crowd_of(), clock.now()
    starts = [path for path in open_to(role, "judging", Addresses(app, alpha.session, alpha)) if not path.startswith(FRESH)]
    paths = [path for _name, path, _text in crawl(crowd, role, starts) if path != FRESH and ".xlsx" not in path]  # it says when it was made
    before = {path: shape(crowd.ask(role, "GET", path)) for path in paths}
    alpha.add_person("late judge")
    alpha.add_panel("third panel", {"late judge": alpha.entries[:2]}, moment)
    alpha.commit()
    deliver_everything()
    assert alpha.assignment("late judge", alpha.entries[0]).state == "active"
    after = {path: shape(crowd.ask(role, "GET", path)) for path in before}
    assert ([path for path in before if before[path] != after[path]], len(before) > 5) == ([], True)


def test_a_release_is_whole_or_not_there_for_everybody_who_polls(app: Flask, tmp_path: Path) -> None:
    """Five roles ask without pause while the result is released: each answer is the one before or the one after, never a mixture."""
    with racing_ground(app, tmp_path), Session(db.engine, expire_on_commit=False) as session:
        try:
            _poll_across_release(app, Contest(session, "alpha"))
        finally:
            clock.read_from(None)


def _poll_across_release(app: Flask, contest: Contest) -> None:
    for _told in telling(contest, until="sealed"):
        pass
    assert contest.run is not None
    run_id, host, code, name = contest.run.id, contest.by("host"), contest.entries[0].code, contest.edition.code
    pages = {
        "visitor": ["/", f"/contests/{name}", "/notices"], "leader": [f"/my/entries/{code}/result", f"/my/entries/{code}"],
        "other leader": [f"/contests/{name}"], "judge": ["/desk/", f"/contests/{name}"],
        "supervisor": [f"/manage/{name}/results/"],  # the page of the run changes once more, when its figures are worked out
    }  # fmt: skip
    browsers = {role: app.test_client().sign_in(contest.people[role]) if role != "visitor" else app.test_client() for role in pages}  # type: ignore[attr-defined]
    contest.commit()
    now, done, seen = clock.now() + timedelta(hours=1), Event(), defaultdict(set)

    def poll(role: str) -> None:
        last = 0
        while last < 2:  # twice more after the release
            last += done.is_set()
            for page in pages[role]:
                seen[role, page].add(shape(browsers[role].get(page)))
                db.release()  # the next page reads anew

    def release() -> None:
        done.wait(0.5)
        with atomic() as session:
            release_run(session, run=session.get_one(ResultRun, run_id), actor=host, now=now)
        done.set()

    outcomes = race(app, [release, *(lambda role=role: poll(role) for role in pages)])
    assert [outcome for outcome in outcomes if outcome is not None] == []
    assert {key: len(answers) for key, answers in seen.items() if len(answers) > 2} == {}
    changed = {key for key, answers in seen.items() if len(answers) == 2}
    assert {("leader", f"/my/entries/{code}/result"), ("visitor", f"/contests/{name}")} <= changed
    statuses = {answer[0] for answer in seen["leader", f"/my/entries/{code}/result"]}
    assert statuses == {404, 200}
