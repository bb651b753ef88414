"""What is not mine answers like what is not there; hidden words find nothing; names and numbers tell no order."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.calls.models import Call
from app.core.codes import code
from app.entries.models import Entry
from app.entries.operations.checking import draw_public_code
from app.judging.models import Assignment
from app.judging.operations.assigning import apply_plan
from app.judging.operations.proposing import propose_plan
from tests.conftest import NOW
from tests.factories.accounts import acting, make_user
from tests.factories.entries import make_call
from tests.factories.judging import make_scene

from .addresses import NOTHING, NOWHERE, Addresses
from .crowd import Crowd
from .reading import within
from .story import Contest, telling
from .tables import entries


@pytest.fixture
def crowd(alpha: Contest, beta: Contest, crowd_of: Any) -> Crowd:
    """Both contests released: everything exists in both."""
    for _told in telling(alpha, beta, until="released"):
        pass
    return crowd_of()  # type: ignore[no-any-return]


#: New in every answer, or counted from what is.
FRESH = {"Set-Cookie", "ETag", "Date", "Content-Length", "Content-Security-Policy", "X-Request-Id"}


def shape(answer: Any, *echoes: str) -> tuple[Any, ...]:
    """Status, headers that mean something, words, links and fields; without what was asked, what is new in every answer, and the bell."""
    kept = {name: value for name, value in answer.headers.items() if name not in FRESH}
    body = within(answer.get_data()).replace(answer.headers.get("X-Request-Id", "no number"), "")
    answer.close()
    if answer.mimetype == "text/html":
        tree = BeautifulSoup(body, "html.parser")
        for gone in tree.select("[name=csrf_token], [name=key], script, meta, .bell"):
            gone.decompose()
        links = [str(tag.get(name)) for name in ("href", "action", "value") for tag in tree.select(f"[{name}]")]
        assert tree.select("main") or answer.status_code != 200, "a page without its main part would make all pages alike"
        body = " ".join(tree.get_text(" ").split()) + "\n".join(links)
    for echo in _spellings(echoes):
        body, kept = body.replace(echo, ""), {name: value.replace(echo, "") for name, value in kept.items()}
    return answer.status_code, tuple(sorted(kept.items())), body


def _spellings(words: tuple[str, ...]) -> list[str]:
    """The words as addresses may spell them, longest first."""
    return sorted({form for word in words for form in (word, quote(word), quote(word, safe=""), quote_plus(word))}, key=len, reverse=True)


@pytest.mark.parametrize("role", ["organizer", "judge", "leader", "officer"])
def test_another_tenants_thing_and_no_thing_answer_alike(app: Flask, beta: Contest, crowd: Crowd, role: str) -> None:
    """As if beta did not exist: its real numbers and codes, and invented ones, give the same bytes."""
    theirs, nothing, different, compared = Addresses(app, beta.session, beta), Addresses(app, beta.session, beta), [], 0
    nothing.values = {key: _invented(value) for key, value in nothing.values.items()}
    for entry in entries():
        method, endpoint = entry.operation.split()
        if endpoint.startswith(("site.public.", "accounts.", "entries.eligibility.", "admin.")) or "<" not in _rule(app, endpoint):
            continue
        paths = [address(endpoint, **entry.given) for address in (theirs, nothing)]
        there, absent = (shape(crowd.ask(role, method, path), path) for path in paths)
        compared += 1
        different += [f"{entry.operation}: {there[0]}, {absent[0]}"] if there != absent else []
    assert (different, compared > 100) == ([], True)


def _rule(app: Flask, endpoint: str) -> str:
    return next(app.url_map.iter_rules(endpoint)).rule


def _invented(value: Any) -> Any:
    return NOTHING if isinstance(value, int) else NOWHERE


@pytest.mark.parametrize(("role", "path"), [
    ("judge", "/desk/?q={}"), ("judge", "/desk/?status={}"), ("judge", "/desk/seats/{seat}/scores?sort={}"),
    ("judge", "/desk/seats/{seat}/scores?sort=-{}"), ("judge", "/desk/seats/{seat}/scores?q={}"), ("visitor", "/?q={}"),
    ("visitor", "/notices?q={}"), ("leader", "/my/messages/?q={}"), ("other leader", "/my/entries/?q={}"),
    ("foreign", "/manage/{theirs}/entries/?q={}"), ("organizer", "/manage/{mine}/entries/?sort={}"),
    ("organizer", "/manage/{mine}/entries/?sort=-{}"), ("organizer", "/manage/{mine}/entries/?cols={}"),
    ("officer", "/talent/people?q={}"), ("officer", "/talent/records?q={}"),
    ("supervisor", "/supervise/{mine}/journal?what={}"), ("supervisor", "/supervise/{mine}/journal?subject={}"),
])  # fmt: skip
def test_a_search_for_hidden_words_answers_like_one_for_nonsense(
    alpha: Contest, beta: Contest, crowd_of: Any, role: str, path: str
) -> None:
    """Names before judges, marks before everybody, another office's entries: true and false values give the same answer."""
    for _told in telling(alpha, beta, until="sealed"):
        pass
    crowd = crowd_of()
    places = {"seat": alpha.seats["judge"].id, "mine": alpha.edition.code, "theirs": beta.edition.code}
    asked = path.replace("{}", "%s").format(**places)
    words = (alpha.hidden, "73.09", alpha.people["leader"].email, "answers.card", "leader_id", "nonsense-word")
    answers = {shape(crowd.ask(role, "GET", asked % word), *words) for word in words}
    assert len(answers) == 1


@pytest.mark.parametrize("word", ["", "73.09", "card", "remark", "opinion", "third"])
def test_the_staffs_search_knows_no_draft_no_mark_no_answer_and_no_judge(alpha: Contest, beta: Contest, crowd_of: Any, word: str) -> None:
    """What the table does not show is not found either: a draft by its code, what stands in answers, on sheets and on seats."""
    for _told in telling(alpha, beta, until="sealed"):
        pass
    crowd, words = crowd_of(), (word or alpha.entries[2].code, "nonsense-word", alpha.entries[1].code)
    asked = [f"/manage/{alpha.edition.code}/entries/?q={quote_plus(each)}" for each in words]
    found, nothing, shown = (shape(crowd.ask("organizer", "GET", path), *words) for path in asked)
    assert found == nothing != shown


def test_neighbouring_numbers_lead_a_judge_nowhere(crowd: Crowd, alpha: Contest) -> None:
    mine = {row.id for row in alpha.session.scalars(select(Assignment).where(Assignment.seat_id == alpha.seats["judge"].id))}
    around = range(max(1, min(mine) - 1000), max(mine) + 60)
    hits = {number for number in around if crowd.ask("judge", "GET", f"/desk/assignments/{number}").status_code == 200}
    seat = alpha.seats["judge"].id
    near = range(max(1, seat - 40), seat + 40)
    seats = {number for number in near if crowd.ask("judge", "GET", f"/desk/seats/{number}/scores").status_code == 200}
    assert (hits, seats) == (mine, {seat})


def correlation(order: list[Any]) -> float:
    """Spearman's rank correlation between the places of the list and the order of its values."""
    ranks = {value: place for place, value in enumerate(sorted(order))}
    number = len(order)
    return 1 - 6 * sum((place - ranks[value]) ** 2 for place, value in enumerate(order)) / (number * (number**2 - 1))


def test_public_codes_say_nothing_of_the_order_of_handing_in(session: Session) -> None:
    """The codes that the formal check gives, 200 of them, in the order in which they are given."""
    call, given = make_call(session), []
    for _entry in range(200):
        given.append(draw_public_code(session, call.edition_id))
        session.add(Entry(call_id=call.id, edition_id=call.edition_id, public_code=given[-1], **row_of(session, call)))
    session.flush()
    assert (len(set(given)), abs(correlation(given)) < 0.2) == (200, True)


def row_of(session: Session, call: Call) -> dict[str, Any]:
    """What else an entry's row needs."""
    return {"code": code(), "title": "t", "leader_id": make_user(session).id, "form_version_id": call.form_version_id, "created_at": NOW,
            "changed_at": NOW}  # fmt: skip


def test_a_judges_addresses_and_queue_say_nothing_of_the_order_of_handing_in(app: Flask, session: Session) -> None:
    """Assignments are drawn: neither their numbers nor their places in the queue follow the entries."""
    scene = make_scene(session, entries=200, judges=2, assign=False)
    actor = acting(session, scene.organizer)
    plan = propose_plan(session, panel=scene.panel, seed="2026-03-20", everyone=True, actor=actor, now=NOW)
    apply_plan(session, plan=plan, actor=actor, now=NOW)
    for seat in scene.seats:
        rows = session.scalars(select(Assignment).join(Entry, Entry.id == Assignment.entry_id).where(Assignment.seat_id == seat.id)).all()
        by_number = [row.entry_id for row in sorted(rows, key=lambda row: row.id)]
        by_place = [row.entry_id for row in sorted(rows, key=lambda row: row.position)]
        assert (len(rows), abs(correlation(by_number)) < 0.2, abs(correlation(by_place)) < 0.2) == (200, True, True)
