"""The organizer's pages: the table, the formal check, one entry; what strangers find there, and what each page costs."""

from __future__ import annotations

import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from app.accounts.enums import Role
from app.audit.models import JournalEvent, Reading
from app.calls.models import Stage
from app.calls.rules import Disclosure, StageRules
from app.core import clock
from app.entries.enums import EntryState
from app.entries.exports import entries_workbook
from app.entries.models import Entry, SavedView
from app.entries.queries.table import COLUMNS, read_view
from app.notify.models import Message
from tests.factories.accounts import acting, grant, make_organization, make_user
from tests.factories.entries import make_accepted, make_call, make_edition, make_entry, make_submitted
from tests.factories.entries import words as text_of
from tests.support.client import html, words
from tests.support.counting import counted_statements


@pytest.fixture
def edition(session):
    return make_edition(session, host=make_organization(session))


@pytest.fixture
def call(session, edition):
    return make_call(session, edition)


@pytest.fixture
def staff(client, session, edition):
    officer = make_user(session, "Officer")
    grant(session, officer, Role.ORGANIZER, edition=edition)
    grant(session, officer, Role.HOST, edition=edition)
    return client.sign_in(officer)


def url(edition, rest: str = "") -> str:
    return f"/manage/{edition.code}/entries/{rest}"


def titles(response) -> list[str]:
    """The title column: the last head of each row."""
    return [row.select("th")[-1].get_text(strip=True) for row in html(response).select("tbody tr") if row.select("th")]


PAGES = ["", "export.xlsx", "{entry}", "{entry}/judges-copy", "{entry}/files/0/view", "check/"]


@pytest.mark.parametrize("rest", PAGES)
def test_every_page_answers_the_staff_and_is_not_there_for_others(client, staff, session, edition, call, rest):
    entry = make_accepted(session, call)
    session.scalars(select(Stage)).first().rules = StageRules(disclosure=Disclosure(blind=True))  # else there is no copy for judges
    session.commit()
    path = f"/manage/{edition.code}/check/" if rest == "check/" else url(edition, rest.format(entry=entry.code))
    assert staff.get(path).status_code == 200
    other = make_user(session)
    grant(session, other, Role.ORGANIZER, edition=make_edition(session))
    assert client.sign_in(other).get(path).status_code == 404
    assert client.sign_in(make_user(session)).get(path).status_code == 404
    assert client.sign_out().get(path).status_code == 303


def test_drafts_are_nowhere_to_be_seen(staff, session, edition, call):
    draft = make_entry(session, call, title="Secret draft")
    session.commit()
    assert "Secret draft" not in words(staff.get(url(edition)))
    assert staff.get(url(edition, draft.code)).status_code == 404


def test_an_entry_of_another_edition_is_not_found_through_mine(staff, session, edition):
    foreign = make_submitted(session, make_call(session))
    session.commit()
    assert staff.get(url(edition, foreign.code)).status_code == 404
    assert staff.post(url(edition, f"{foreign.code}/decide"), data={"decision": "pass"}).status_code == 404


def test_the_table_costs_the_same_for_one_row_and_three_and_at_most_six_statements(staff, session, edition, call):
    make_submitted(session, call)
    session.commit()
    with counted_statements() as one:
        staff.get(url(edition))
    make_submitted(session, call)
    make_submitted(session, call)
    session.commit()
    with counted_statements() as three:
        staff.get(url(edition))
    assert len(one) == len(three)
    assert len(three) <= 6, three


def test_english_readers_see_divisions_by_their_english_names(staff, session, edition, call):
    call.name, call.name_en = "创业组", "Founders"
    make_submitted(session, call)
    session.commit()
    assert "创业组" in words(staff.get(url(edition)))
    staff.post("/language/en")
    shown = words(staff.get(url(edition)))
    assert ("创业组" in shown, shown.count("Founders")) == (False, 2)


def test_search_finds_two_chinese_characters_and_takes_percent_as_itself(staff, session, edition, call):
    make_submitted(session, call, title="智能水泵控制系统")
    make_submitted(session, call, title="100% green")
    make_submitted(session, call, title="Plain")
    session.commit()
    assert titles(staff.get(url(edition, "?q=水泵"))) == ["智能水泵控制系统"]
    assert titles(staff.get(url(edition, "?q=%25"))) == ["100% green"]
    assert titles(staff.get(url(edition, "?q=_"))) == []
    assert titles(staff.get(url(edition, "?q=水泵 智能"))) == ["智能水泵控制系统"]


def test_filters_sorting_and_pages(staff, session, edition, call):
    for title in ("B", "A", "C"):
        make_submitted(session, call, title=title)
    make_accepted(session, make_call(session, edition), title="D")
    session.commit()
    assert titles(staff.get(url(edition, "?sort=title"))) == ["A", "B", "C", "D"]
    assert titles(staff.get(url(edition, "?sort=-title"))) == ["D", "C", "B", "A"]
    assert titles(staff.get(url(edition, "?state=accepted"))) == ["D"]
    assert titles(staff.get(url(edition, f"?call={call.code}&sort=title"))) == ["A", "B", "C"]
    assert titles(staff.get(url(edition, "?page=2"))) == []


@pytest.mark.parametrize(
    "query", ["sort=password_hash", "cols=answers,leader_id", "state=nonsense", "page=-1", "page=99999999999", "size=100000", "call=%00"]
)
def test_what_is_not_offered_is_as_if_not_asked(staff, session, edition, call, query):
    make_submitted(session, call, title="A")
    session.commit()
    assert staff.get(url(edition, f"?{query}")).status_code == 200


def test_a_view_reads_back_what_it_wrote():
    view = read_view({"q": "pump", "state": ["accepted"], "cols": "title,score", "sort": "-score", "size": "250", "page": "3"})
    again = read_view(view.parameters())
    assert again == view
    assert set(view.columns) <= set(COLUMNS)


def test_the_export_holds_the_view_s_columns_as_plain_texts(staff, session, edition, call):
    make_submitted(session, call, title='=HYPERLINK("http://x")')
    make_submitted(session, call, title="0012")
    session.commit()
    answer = staff.get(url(edition, "export.xlsx?cols=title,unit&sort=title"))
    rows = CalamineWorkbook.from_filelike(BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows[1:]] == ["0012", '=HYPERLINK("http://x")']
    assert len(rows[0]) == 2
    exported = session.scalars(select(JournalEvent).where(JournalEvent.name == "entries.entries_exported")).all()
    assert len(exported) == 1


def test_saved_views_are_one_s_own(client, staff, session, edition):
    assert staff.post(url(edition, "views?state=accepted"), data={"name": "Ready"}).status_code == 303
    assert staff.post(url(edition, "views?state=rejected"), data={"name": "Ready"}).status_code == 303
    view = session.scalars(select(SavedView)).one()
    assert view.parameters == {"state": ["rejected"]}
    assert "Ready" in words(staff.get(url(edition)))
    colleague = make_user(session)
    grant(session, colleague, Role.ORGANIZER, edition=edition)
    assert client.sign_in(colleague).post(url(edition, f"views/{view.id}/delete")).status_code == 404


class TestDeciding:
    @pytest.fixture
    def entry(self, session, edition, call):
        stage = session.scalars(select(Stage).where(Stage.edition_id == edition.id, Stage.position == 0)).one()
        stage.rules = StageRules(checklist=[text_of("Complete"), text_of("Signed")])
        made = make_submitted(session, call, title="Pump")
        session.commit()
        return made

    def decide(self, staff, edition, entry, **fields):
        return staff.post(url(edition, f"{entry.code}/decide"), data=fields)

    def test_passing_needs_every_point(self, staff, session, edition, entry):
        assert self.decide(staff, edition, entry, decision="pass", checklist=["0"]).status_code == 422
        assert self.decide(staff, edition, entry, decision="pass", checklist=["0", "1"]).status_code == 303
        session.refresh(entry)
        assert entry.state == EntryState.ACCEPTED

    def test_returning_names_fields_reason_and_time(self, staff, session, edition, entry):
        due = clock.local(clock.now() + timedelta(days=3), edition.zone).strftime("%Y-%m-%dT%H:%M")
        page = html(self.decide(staff, edition, entry, decision="return"))
        assert {str(link["href"]) for link in page.select(".error-summary a")} == {"#reason", "#open_fields", "#due_at"}
        assert self.decide(staff, edition, entry, decision="return", reason="too short", open_fields=["summary"]).status_code == 422
        assert self.decide(staff, edition, entry, decision="return", reason="", open_fields=["summary"], due_at=due).status_code == 422
        assert self.decide(staff, edition, entry, decision="return", reason="too short", due_at=due).status_code == 422
        assert (
            self.decide(staff, edition, entry, decision="return", reason="too short", open_fields=["summary"], due_at=due).status_code
            == 303
        )
        session.refresh(entry)
        assert (entry.state, entry.open_fields) == (EntryState.RETURNED, ["summary"])

    def test_an_empty_return_is_told_all_its_faults_at_once_beside_their_fields(self, staff, session, edition, entry):
        page = html(self.decide(staff, edition, entry, decision="return"))
        told = {str(link["href"])[1:] for link in page.select(".error-summary a")}
        assert told == {"reason", "open_fields", "due_at"}
        assert all(page.select_one(f"#{name}-error") for name in told)
        passing = html(self.decide(staff, edition, entry, decision="pass"))
        assert not {f"#{name}" for name in told} & {str(link["href"]) for link in passing.select(".error-summary a")}

    def test_rejecting_needs_a_reason_that_the_team_reads(self, staff, session, edition, entry):
        assert self.decide(staff, edition, entry, decision="reject", reason="").status_code == 422
        assert self.decide(staff, edition, entry, decision="reject", reason="off topic").status_code == 303
        mail = session.scalars(select(Message).where(Message.template == "entries/refused")).one()
        assert "off topic" in mail.body_text

    def test_a_decision_by_mistake_or_twice_is_refused_on_the_page(self, staff, session, edition, entry):
        assert self.decide(staff, edition, entry, decision="perhaps").status_code == 422
        self.decide(staff, edition, entry, decision="reject", reason="off topic")
        assert self.decide(staff, edition, entry, decision="reject", reason="off topic").status_code == 422

    def test_nobody_checks_an_entry_of_their_own(self, client, session, edition, entry):
        from app.accounts.models import User

        leader = session.get_one(User, entry.leader_id)
        grant(session, leader, Role.ORGANIZER, edition=edition)
        assert self.decide(client.sign_in(leader), edition, entry, decision="reject", reason="off topic").status_code == 403

    def test_a_supervisor_reads_and_changes_nothing(self, client, session, edition, entry):
        supervisor = make_user(session)
        grant(session, supervisor, Role.SUPERVISOR, edition=edition)
        client.sign_in(supervisor)
        assert client.get(url(edition, entry.code)).status_code == 200
        assert self.decide(client, edition, entry, decision="reject", reason="off topic").status_code == 403
        assert client.post(url(edition, "bulk"), data={"action": "accept", "ids": [entry.id]}).status_code == 403

    def test_who_opened_an_entry_or_a_file_is_noted(self, staff, session, edition, entry):
        staff.get(url(edition, entry.code))
        staff.get(url(edition, f"{entry.code}/files/0/save"))
        assert [r.subject for r in session.scalars(select(Reading).order_by(Reading.id))] == ["entry", "entry_file"]


class TestSensitive:
    def test_a_sensitive_answer_is_masked_until_a_reason_is_given(self, staff, session, edition, call):
        entry = make_submitted(session, call, answers={"summary": "x", "id_card": "320506199001011234"})
        session.commit()
        assert "320506199001011234" not in words(staff.get(url(edition, entry.code)))
        path = url(edition, f"{entry.code}/reveal")
        assert staff.post(path, data={"field": "id_card", "reason": ""}).status_code == 303
        assert "320506199001011234" in words(staff.post(path, data={"field": "id_card", "reason": "compare with the card"}))
        assert staff.post(path, data={"field": "summary", "reason": "compare"}).status_code == 404
        assert len(session.scalars(select(JournalEvent).where(JournalEvent.name == "entries.answer_revealed")).all()) == 1


class TestSeveral:
    def test_a_preview_shows_who_is_affected_and_changes_nothing(self, staff, session, edition, call):
        waiting, done = make_submitted(session, call, title="Waiting"), make_accepted(session, call, title="Done")
        session.commit()
        page = html(staff.post(url(edition, "bulk"), data={"action": "accept", "ids": [waiting.id, done.id]}))
        assert [i["value"] for i in page.select("input[name=ids]")] == [str(waiting.id)]
        session.refresh(waiting)
        assert waiting.state == EntryState.SUBMITTED

    def test_then_all_are_accepted_and_foreign_ids_are_not_touched(self, staff, session, edition, call):
        mine = [make_submitted(session, call) for _n in range(3)]
        foreign = make_submitted(session, make_call(session))
        session.commit()
        ids = [e.id for e in mine] + [foreign.id, "x", "99999999999999999"]
        assert staff.post(url(edition, "bulk"), data={"action": "accept", "step": "apply", "ids": ids}).status_code == 303
        session.expire_all()
        assert [session.get_one(Entry, e.id).state for e in mine] == [EntryState.ACCEPTED] * 3
        assert session.get_one(Entry, foreign.id).state == EntryState.SUBMITTED

    def test_a_message_goes_to_every_team_chosen(self, staff, session, edition, call):
        chosen = [make_submitted(session, call) for _n in range(2)]
        session.commit()
        fields = {"action": "message", "step": "apply", "ids": [e.id for e in chosen], "subject": "Rooms", "text": "Room 3."}
        assert staff.post(url(edition, "bulk"), data={**fields, "text": ""}).status_code == 422
        assert staff.post(url(edition, "bulk"), data=fields).status_code == 303
        assert len(session.scalars(select(Message).where(Message.template == "entries/message")).all()) == 2

    def test_nothing_chosen_is_said(self, staff, session, edition):
        assert staff.post(url(edition, "bulk"), data={"action": "accept"}).status_code == 303
        assert staff.post(url(edition, "bulk"), data={"action": "nonsense", "ids": ["1"]}).status_code == 303


def test_next_and_previous_follow_the_list(staff, session, edition, call):
    made = {title: make_submitted(session, call, title=title) for title in ("A", "B", "C")}
    session.commit()
    page = html(staff.get(url(edition, f"{made['B'].code}?sort=title")))
    assert made["A"].code in page.select_one("a[rel=prev]")["href"]
    assert made["C"].code in page.select_one("a[rel=next]")["href"]


def test_an_actor_with_a_platform_role_alone_sees_no_entry(client, session, edition, call):
    admin = make_user(session)
    grant(session, admin, Role.SYSTEM_ADMIN)
    entry = make_submitted(session, call)
    session.commit()
    assert client.sign_in(admin).get(url(edition, entry.code)).status_code == 404
    assert acting(session, admin).holds(Role.SYSTEM_ADMIN)


PAYLOADS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(1)",
    "\t=1",
    "＝1",
    "＋1",
    "＠x",
    "=cmd|' /C calc'!A0",
    "<script>",
    "'=1",
    '"=1',
    "http://x",
    "1e5",
    "007",
]


def test_no_text_becomes_a_formula_a_link_or_a_number_in_the_file(session, edition, call):
    rows = [type("Row", (), {"c_title": text}) for text in PAYLOADS]
    content = entries_workbook(rows, ("title",), {"title": "Title"}, edition.zone)
    with zipfile.ZipFile(BytesIO(content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert [row[0] for row in CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()][1:] == PAYLOADS


def test_chinese_titles_sort_by_their_sound(staff, session, edition, call):
    for title in ("智能泵", "安全阀", "轴承"):
        make_submitted(session, call, title=title)
    session.commit()
    assert titles(staff.get(url(edition, "?sort=title"))) == ["安全阀", "智能泵", "轴承"]


def test_an_empty_queue_says_that_nothing_waits_and_an_empty_search_that_nothing_fits(staff, session, edition, call):
    make_accepted(session, call)
    session.commit()
    queue, waits_not, fits_not = f"/manage/{edition.code}/check/", "没有待形式审查的项目", "没有符合筛选条件的项目"
    said = {query: [text in words(staff.get(queue + query)) for text in (waits_not, fits_not)]
            for query in ("", "?q=nobody", "?state=returned", "?state=accepted")}  # fmt: skip
    assert said == {"": [True, False], "?q=nobody": [False, True], "?state=returned": [False, True], "?state=accepted": [False, False]}
