"""The team's pages over HTTP."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from app.accounts.models import User
from app.calls.enums import StageState
from app.calls.models import Stage, StageRuleVersion
from app.core import clock
from app.core.crypto import Signer
from app.core.display import instant
from app.entries.enums import EntryState, MemberState
from app.entries.models import Entry, EntryFile, EntryMember, EntryVersion, PartnerOrganization, StageEntry
from app.entries.operations import teams
from app.entries.operations.attaching import current_files
from app.entries.operations.checking import return_entry
from app.entries.operations.content import canonical
from app.entries.operations.drafts import save_answers
from app.entries.operations.tickets import issue_ticket, ticket_time
from app.entries.rules.merging import token_for
from tests.accounts.people import member, sign_in
from tests.factories.accounts import acting, make_user
from tests.factories.entries import hand_in, leader_of, make_accepted, make_call, make_entry
from tests.factories.files import pdf
from tests.support.client import html, words

TODAY = clock.now()


def open_call(session, **values):
    return make_call(session, opens_at=TODAY - timedelta(days=2), closes_at=TODAY + timedelta(days=9), **values)


@pytest.fixture
def entry(session) -> Entry:
    return make_entry(session, open_call(session), now=TODAY)


@pytest.fixture
def team(client, entry, session):
    return client.sign_in(session.get_one(User, entry.leader_id))


def url(entry: Entry, rest: str = "") -> str:
    return f"/my/entries/{entry.code}{rest}"


PAGES = ["", "/basics", "/sections/about", "/sections/team", "/team", "/submit", "/files/plan"]


@pytest.mark.parametrize("rest", PAGES)
def test_every_page_of_an_entry_answers_its_team_and_nobody_else(client, team, entry, session, rest):
    assert team.get(url(entry, rest)).status_code == 200
    stranger = client.sign_in(make_user(session))
    there, nowhere = stranger.get(url(entry, rest)), stranger.get(f"/my/entries/ABCDEFGH{rest}")
    assert (there.status_code, nowhere.status_code) == (404, 404)
    assert entry.title not in words(there)
    assert client.sign_out().get(url(entry, rest)).status_code == 303


def test_my_entries_lists_mine_with_a_status_in_words(team, entry):
    page = words(team.get("/my/entries/"))
    assert entry.title in page
    assert entry.code in page


def test_a_section_is_saved_without_script(team, entry, session):
    token = token_for(["summary", "turnover"], entry.answers)
    sent = {"x_summary": "Plain words", "x_turnover": "12.5", "version": token}
    assert team.post(url(entry, "/sections/about"), data=sent).status_code == 303
    session.refresh(entry)
    assert entry.answers == {"summary": "Plain words", "turnover": "12.5"}


def test_bad_input_stays_on_the_page_beside_its_field_and_is_not_stored(team, entry, session):
    answer = team.post(url(entry, "/sections/about"), data={"x_summary": "New", "x_turnover": "1e9"})
    page = html(answer)
    assert answer.status_code == 422
    assert page.select_one("[name=x_turnover]")["value"] == "1e9"
    assert page.select_one("#x_turnover-error") is not None
    session.refresh(entry)
    assert entry.answers == {"summary": "A better pump."}


def autosave(team, entry, **fields):
    return team.post(url(entry, "/sections/about/autosave"), data=fields, headers={"Accept": "application/json", "Idempotency-Key": "k"})


def test_autosave_answers_with_a_token_that_carries_on(team, entry, session):
    token = html(team.get(url(entry, "/sections/about"))).select_one("form[data-autosave-url] [name=version]")["value"]
    for text in ("one", "two", "three"):
        answer = autosave(team, entry, x_summary=text, x_turnover="", version=token)
        assert answer.status_code == 200
        token = answer.json["version"]
    assert answer.json["shown"] == {"summary": True, "turnover": True, "plan": True, "contact": True, "works": True, "id_card": True}
    session.refresh(entry)
    assert entry.answers["summary"] == "three"


def test_a_stale_autosave_is_409_with_both_values_and_a_way_on(team, entry, session):
    token = token_for(["summary", "turnover"], entry.answers)
    save_answers(session, entry=entry, values={"summary": "hers"}, actor=leader_of(session, entry), now=TODAY)
    session.commit()
    answer = autosave(team, entry, x_summary="his", x_turnover="", version=token)
    assert (answer.status_code, answer.json["theirs"]) == (409, {"x_summary": "hers"})
    assert autosave(team, entry, x_summary="his", x_turnover="", version=answer.json["version"]).status_code == 200
    session.refresh(entry)
    assert entry.answers["summary"] == "his"


def test_a_save_names_who_changed_the_other_fields_meanwhile(team, entry, session):
    token = token_for(["summary", "turnover"], entry.answers)
    alone = autosave(team, entry, x_summary="mine", x_turnover="", version=token)
    assert alone.json["others"] == ""
    her = leader_of(session, entry)
    other = acting(session, make_user(session, "Zhao Min"))
    save_answers(session, entry=entry, values={"turnover": "88"}, actor=other, now=TODAY)
    save_answers(session, entry=entry, values={"summary": "mine"}, actor=her, now=TODAY)
    session.commit()
    answer = autosave(team, entry, x_summary="mine again", x_turnover="", version=alone.json["version"])
    label = entry.form_version.schema.field("turnover").label.say("zh_CN")
    assert answer.json["others"] == f"Zhao Min 修改了“{label}”（{instant(TODAY)[-5:]}），刷新页面即可看到。"
    session.refresh(entry)
    assert entry.answers == {"summary": "mine again", "turnover": "88"}


def test_without_script_the_same_conflict_is_a_page_with_both_values(team, entry, session):
    token = token_for(["summary", "turnover"], entry.answers)
    save_answers(session, entry=entry, values={"summary": "hers, stored"}, actor=leader_of(session, entry), now=TODAY)
    session.commit()
    answer = team.post(url(entry, "/sections/about"), data={"x_summary": "his, typed", "version": token})
    page = html(answer)
    assert answer.status_code == 422
    assert "hers, stored" in page.get_text()
    assert page.select_one("[name=x_summary]").get_text().strip() == "his, typed"
    again = page.select_one("form[data-autosave-url] [name=version]")["value"]
    assert team.post(url(entry, "/sections/about"), data={"x_summary": "his, typed", "version": again}).status_code == 303


def test_autosave_refuses_what_cannot_be_stored_beside_the_field(team, entry):
    answer = autosave(team, entry, x_summary="fine", x_turnover="NaN")
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["x_turnover"])


def test_an_ended_session_and_a_stranger_cannot_autosave(client, team, entry, session):
    client.sign_out()
    assert autosave(client, entry, x_summary="x").status_code == 303
    assert autosave(client.sign_in(make_user(session)), entry, x_summary="x").status_code == 404


def test_columns_cannot_be_written_through_the_form(team, entry, session):
    extra = dict.fromkeys(Entry.__table__.columns.keys(), "1")
    autosave(team, entry, x_summary="fine", **extra)
    team.post(url(entry, "/basics"), data={**extra, "title": "T", "unit_name": "U", "unit_uscc": "", "area_code": ""})
    session.refresh(entry)
    assert (entry.state, entry.public_code, entry.title) == (EntryState.DRAFT, None, "T")


def test_a_malformed_credit_code_is_refused_beside_its_field_and_what_was_typed_stays(team, entry, session):
    partners = select(PartnerOrganization.name, PartnerOrganization.uscc).where(PartnerOrganization.entry_id == entry.id)
    for path, name, rest in (("/basics", "unit_uscc", {"title": "T", "unit_name": "U"}), ("/partners", "uscc", {"name": "澄湖大学"})):
        refused = team.post(url(entry, path), data={**rest, name: "12345"})
        assert refused.status_code == 422
        assert "统一社会信用代码由 18 位数字和大写字母组成" in words(refused)
        assert html(refused).select_one(f"input[name={name}]")["value"] == "12345"
    assert session.execute(partners).all() == []
    team.post(url(entry, "/partners"), data={"name": "澄湖大学", "uscc": "91110000600037341k"})
    assert session.execute(partners).all() == [("澄湖大学", "91110000600037341K")]


class TestFiles:
    def send(self, team, entry, content=None, name="new plan.pdf", **fields):
        data = {"file": (BytesIO(content or pdf(2)), name), **fields}
        return team.post(url(entry, "/files/plan"), data=data, headers={"Accept": "application/json"})

    def test_an_upload_answers_with_name_size_and_digest(self, team, entry, session):
        content = pdf(3)
        answer = self.send(team, entry, content)
        row = current_files(session, entry.id, "plan")[0]
        assert (answer.status_code, answer.json["size"], answer.json["name"]) == (200, len(content), "new plan.pdf")
        assert answer.json["sha256"] == row.blob.sha256

    def test_a_wrong_digest_means_damage_on_the_way(self, team, entry, session):
        before = [f.id for f in current_files(session, entry.id)]
        assert self.send(team, entry, sha256="0" * 64).status_code == 422
        assert [f.id for f in current_files(session, entry.id)] == before

    def test_a_refused_file_says_why_and_nothing_is_stored(self, team, entry, session):
        answer = self.send(team, entry, b"<html>", "a.pdf")
        assert answer.status_code == 422
        assert len(answer.json["message"]) > 4
        assert len(session.scalars(select(EntryFile).where(EntryFile.entry_id == entry.id)).all()) == 1

    def test_files_are_delivered_to_the_team_only(self, client, team, entry, session):
        row = current_files(session, entry.id)[0]
        shown, saved = team.get(url(entry, f"/files/{row.id}/view")), team.get(url(entry, f"/files/{row.id}/save"))
        assert shown.headers["Content-Disposition"].startswith("inline")
        assert saved.headers["Content-Disposition"].startswith("attachment")
        assert client.sign_in(make_user(session)).get(url(entry, f"/files/{row.id}/save")).status_code == 404

    def test_a_file_of_another_entry_is_not_found_through_mine(self, team, entry, session):
        other = current_files(session, make_entry(session, open_call(session), now=TODAY).id)[0]
        assert team.get(url(entry, f"/files/{other.id}/save")).status_code == 404
        assert team.post(url(entry, f"/files/{other.id}/remove")).status_code == 404


class TestHandingIn:
    def test_faults_lead_to_their_fields(self, team, entry, session):
        team.post(url(entry, "/sections/about"), data={"x_summary": ""})
        page = html(team.get(url(entry, "/submit")))
        links = [a["href"] for a in page.select(".callout a")]
        assert links == [url(entry, "/sections/about") + "#x_summary"]
        assert team.post(url(entry, "/submit"), data={"confirmed": "yes"}).status_code == 422

    def test_handing_in_gives_a_receipt_that_anybody_can_verify(self, app, team, entry, session):
        answer = team.post(url(entry, "/submit"), data={"confirmed": "yes"})
        version = session.scalars(select(EntryVersion).where(EntryVersion.entry_id == entry.id)).one()
        assert answer.location == url(entry, "/receipts/1")
        page = words(team.get(answer.location))
        assert version.receipt_code in page
        assert version.digest in page
        data = team.get(url(entry, "/receipts/1.json")).json
        signer: Signer = app.extensions["signer"]
        assert signer.public_key == data["public_key"]
        assert signer.verify(canonical(data["receipt"]), data["signature"])

    def test_the_declaration_must_be_confirmed(self, team, entry, session):
        answer = team.post(url(entry, "/submit"))
        assert answer.status_code == 422
        link = html(answer).select_one(".error-summary a")
        assert (link["href"], html(answer).select_one("#confirmed")["type"]) == ("#confirmed", "checkbox")
        session.refresh(entry)
        assert entry.state == EntryState.DRAFT

    def test_after_the_close_nothing_is_taken(self, team, entry, session):
        entry.call.closes_at = clock.now() - timedelta(microseconds=1)
        session.commit()
        assert team.post(url(entry, "/submit"), data={"confirmed": "yes"}).status_code == 422
        assert autosave(team, entry, x_summary="late").status_code == 422
        session.refresh(entry)
        assert (entry.state, entry.answers) == (EntryState.DRAFT, {"summary": "A better pump."})

    def test_withdrawing_needs_a_reason(self, team, entry, session):
        team.post(url(entry, "/withdraw"), data={"reason": ""})
        session.refresh(entry)
        assert entry.state == EntryState.DRAFT
        team.post(url(entry, "/withdraw"), data={"reason": "moving abroad"})
        session.refresh(entry)
        assert entry.state == EntryState.WITHDRAWN


def test_a_foreign_entry_and_none_at_all_look_the_same(client, entry, session):
    client.sign_in(make_user(session))
    pages = [client.get(f"/my/entries/{code}/submit") for code in (entry.code, "ABCDEFGH")]
    bodies = []
    for page, code in zip(pages, (entry.code, "ABCDEFGH"), strict=True):
        tree = html(page)
        for tag in tree.select("[name=csrf_token], [data-now]"):
            tag.attrs.pop("value", None)
            tag.attrs.pop("data-now", None)
        bodies.append(
            str(tree.select_one("main").get_text(" ", strip=True)).replace(code, "CODE").replace(page.headers["X-Request-Id"], "ID")
        )
    assert pages[0].status_code == pages[1].status_code == 404
    assert bodies[0] == bodies[1]


def test_a_returned_entry_shows_one_open_field_and_keeps_the_others_shut(client, entry, session):
    hand_in(session, entry, now=TODAY)
    staff = acting(session, make_user(session))
    due = TODAY + timedelta(days=3)
    return_entry(session, entry=entry, reason="too short", open_fields=["summary"], due_at=due, actor=staff, now=TODAY)
    session.commit()
    team = client.sign_in(session.get_one(User, entry.leader_id))
    assert "too short" in words(team.get(url(entry)))
    page = html(team.get(url(entry, "/sections/about")))
    assert [box["name"] for box in page.select("form[data-autosave-url] [name^=x_]")] == ["x_summary"]
    team.post(url(entry, "/sections/about"), data={"x_summary": "Longer.", "x_turnover": "99"})
    team.post(url(entry, "/basics"), data={"title": "Another"})
    upload = {"file": (BytesIO(pdf()), "late.pdf")}
    assert team.post(url(entry, "/files/plan"), data=upload, headers={"Accept": "application/json"}).status_code == 422
    session.refresh(entry)
    assert (entry.answers, entry.title == "Another") == ({"summary": "Longer."}, False)
    assert team.post(url(entry, "/submit"), data={"confirmed": "yes"}).status_code == 303


def test_a_member_who_may_only_read_reads(client, entry, session):
    reader = make_user(session)
    teams.invite_member(session, entry=entry, name="R", email=reader.email, actor=leader_of(session, entry), now=TODAY)
    member = session.scalars(select(EntryMember).where(EntryMember.email == reader.email)).one()
    teams.answer_invitation(session, member=member, confirm=True, actor=acting(session, reader), now=TODAY)
    session.commit()
    client.sign_in(reader)
    assert html(client.get(url(entry, "/sections/about"))).select("form[data-autosave-url]") == []
    assert client.post(url(entry, "/sections/about"), data={"x_summary": "mine"}).status_code == 403
    assert client.post(url(entry, "/submit"), data={"confirmed": "yes"}).status_code == 403
    assert client.post(url(entry, "/withdraw"), data={"reason": "just because"}).status_code == 403


def test_a_ticket_of_another_entry_or_altered_is_worth_nothing(app):
    ticket = issue_ticket("secret", 7, TODAY)
    assert ticket_time("secret", ticket, 7) == TODAY
    another = {"A": "B"}  # the last character is left alone: some of its bits say nothing, so another one may stand for the same bytes
    altered = [f"{ticket[:place]}{another.get(ticket[place], 'A')}{ticket[place + 1 :]}" for place in range(len(ticket) - 1)]
    for bad in (*altered, ticket[:-1], "", "nonsense", issue_ticket("other", 7, TODAY)):
        assert ticket_time("secret", bad, 7) is None, bad
    assert ticket_time("secret", ticket, 8) is None


def test_the_link_of_the_mail_survives_signing_in_and_changing_the_account(client, entry, session):
    invited, _other = member(session), member(session, "other@example.org", "Other")
    _row, secret = teams.invite_member(session, entry=entry, name="Lin", email=invited.email, actor=leader_of(session, entry), now=TODAY)
    session.commit()
    assert client.get(f"/join/{secret}").location == "/join/"
    assert client.get("/join/").location == "/sign-in?next=/join/"
    assert "您被邀请加入一个团队" in words(client.get("/sign-in?next=/join/"))
    sign_in(client, "other@example.org")
    page = html(client.get("/join/"))
    assert invited.email in page.select_one("main .actions form button").get_text()
    assert client.post("/my/sign-out", data={"next": "/join/"}).location == "/join/"
    assert "请以受邀人的身份登录" in words(client.get("/sign-in?next=/join/"))
    sign_in(client, invited.email)
    assert client.post("/join/", data={"answer": "confirm"}).location == url(entry)
    found = session.scalars(select(EntryMember).where(EntryMember.entry_id == entry.id, EntryMember.user_id == invited.id)).one()
    assert found.state == MemberState.CONFIRMED
    assert client.get("/join/").location == "/my/entries/", "the browser's back button, after the answer"
    page = words(client.get("/my/entries/"))
    assert ("当前没有打开的邀请" in page, "该链接已失效" in page) == (True, False)


def test_withdrawing_is_offered_until_a_stage_of_the_entry_is_sealed(client, session):
    entry = make_accepted(session)
    place = session.scalars(select(StageEntry).where(StageEntry.entry_id == entry.id)).one()
    session.commit()
    client.sign_in(session.get_one(User, entry.leader_id))
    link = f'form[action="{url(entry, "/withdraw")}"]'
    assert len(html(client.get(url(entry))).select(link)) == 1
    stage = session.get_one(Stage, place.stage_id)
    version = StageRuleVersion(stage_id=stage.id, number=1, rules=stage.rules, digest="0" * 64, frozen_at=TODAY)
    session.add(version)
    session.flush()
    stage.rule_version_id, stage.state, stage.sealed_at = version.id, StageState.SEALED, TODAY
    session.commit()
    assert html(client.get(url(entry))).select(link) == []
    client.post(url(entry, "/withdraw"), data={"reason": "moving abroad"})
    session.refresh(entry)
    assert entry.state == EntryState.ACCEPTED
